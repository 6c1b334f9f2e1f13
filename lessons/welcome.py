"""The front door: what Beaker is, what you will do, and where to begin."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, page, prose, welcome_picture

words = prose.load("welcome")
controls.start_page("welcome")

left, right = st.columns([0.46, 0.54], gap="large", vertical_alignment="center")
with left:
    st.title("A drop of dye, run backwards", anchor=False)
    st.markdown(words.text("what"))
    if st.button(words.text("start"), type="primary", icon=":material/arrow_forward:", key="start"):
        st.switch_page(catalog.LESSONS[0].file)
    st.caption(words.text("needs"))
with right:
    welcome_picture.show(words.text("picture"))

st.header("What you will do", anchor=False)
for part, lessons in catalog.parts().items():
    st.subheader(part, anchor=False)
    with st.grid(3, min_column_width=280):
        for lesson in lessons:
            page.door(lesson)

st.header("How to use this course", anchor=False)
st.markdown(words.text("how"))
