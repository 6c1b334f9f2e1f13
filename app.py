"""Beaker: how diffusion models make pictures, by poking at a real one. Run with `streamlit run app.py`.

Streamlit reads this file twice: once as a module, for its `app`, the server; and as a script whenever a visitor opens a
page, presses or moves something.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value

from diffusion_core.shipped import ShippedFileError
from lessons import catalog
from lessons.shared import focus, kept_files, sockets, theming
from lessons.shared.studio import engines, runs, turnstile

HERE = Path(__file__).parent
STYLE = HERE / "lessons/shared/theme.css"
PAGES = "beaker_pages"


def pages() -> dict[str, list]:
    """The sidebar: the welcome page, then the lessons by part."""
    start = catalog.WELCOME
    shown = {"": [st.Page(start.file, title=start.title, icon=start.icon, default=True)]}
    for part, lessons in catalog.parts().items():
        shown[part] = [st.Page(each.file, title=each.title, icon=each.icon, url_path=each.url) for each in lessons]
    return shown


def draw() -> None:
    """One run for one visitor: the frame of all pages, and the page."""
    # Streamlit 1.67 leaves a fragment's container behind on the thread that it ran on; without this line the next
    # full run on that thread is drawn inside it.
    context_dg_stack.set(get_default_dg_stack_value())
    st.set_page_config(page_title="Beaker", page_icon=str(HERE / "static/icon.png"), layout="wide")
    logo = "logo-dark.svg" if theming.is_dark() else "logo-light.svg"
    st.logo(str(HERE / "static" / logo), size="large")
    if PAGES not in st.session_state:  # making sixteen pages asks the file system for as many paths, at every run
        st.session_state[PAGES] = pages()
    page = st.navigation(st.session_state[PAGES], expanded=True)
    st.html(STYLE)
    theming.follow_theme()
    focus.keep_focus()
    runs.enter(page.url_path)  # what another page still has running stops here
    try:
        with turnstile.PAGES.turn():
            page.run()
    except ShippedFileError as problem:  # a file of the course is not there: say which command makes it
        st.error(str(problem), icon=":material/inventory_2:")
    engines.warm()


if __name__ == "__main__":
    draw()
else:
    app = st.App(__file__, lifespan=sockets.sends_at_once, middleware=kept_files.MIDDLEWARE)
