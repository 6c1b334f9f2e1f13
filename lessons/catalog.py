"""The lessons, in the order in which they are taught. Navigation, headers and "where next" read this list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One page of the course: where its script lies, where its URL points, what it promises."""

    file: str  # relative to app.py
    url: str
    title: str
    part: str
    minutes: int
    promise: str  # completes "At the end you can …"
    icon: str  # a Material symbol; Streamlit ships the font


WELCOME = Lesson("lessons/welcome.py", "", "Start here", "", 2, "", ":material/science:")

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        file="lessons/drop.py",
        url="a-drop-in-the-beaker",
        title="A drop in the beaker",
        part="Into static",
        minutes=10,
        promise="run a drop of dye backwards, and name the one thing that takes",
        icon=":material/water_drop:",
    ),
    Lesson(
        file="lessons/adrift.py",
        url="pixels-adrift",
        title="Pixels adrift",
        part="Into static",
        minutes=12,
        promise="say what one step of noise does to every pixel, and why nothing is left after a thousand",
        icon=":material/scatter_plot:",
    ),
    Lesson(
        file="lessons/forget.py",
        url="how-fast-to-forget",
        title="How fast to forget",
        part="Into static",
        minutes=15,
        promise="shape a noise schedule and name the step from which nobody could tell the picture",
        icon=":material/timeline:",
    ),
    Lesson(
        file="lessons/reverse.py",
        url="out-of-static",
        title="A picture out of static",
        part="Out of static",
        minutes=15,
        promise="turn pure noise into the picture you asked for, and say what each step did",
        icon=":material/filter_vintage:",
    ),
    Lesson(
        file="lessons/steps.py",
        url="one-step-or-many",
        title="One step or many?",
        part="Out of static",
        minutes=15,
        promise="say how many steps a picture needs, and why one step gives only an average",
        icon=":material/footprint:",
    ),
    Lesson(
        file="lessons/broken.py",
        url="break-it",
        title="Break it",
        part="Out of static",
        minutes=15,
        promise="tell six ways to go wrong by what they look like, and mend each",
        icon=":material/build:",
    ),
    Lesson(
        file="lessons/training_step.py",
        url="one-training-step",
        title="One training step, by hand",
        part="How it learns",
        minutes=15,
        promise="take a training step yourself, and say how the network’s answer is marked",
        icon=":material/exercise:",
    ),
    Lesson(
        file="lessons/grow.py",
        url="a-network-grows-up",
        title="A network grows up",
        part="How it learns",
        minutes=15,
        promise="say what a network learns first and what last, and why its loss does not tell you",
        icon=":material/psychiatry:",
    ),
    Lesson(
        file="lessons/inside.py",
        url="inside-the-u-net",
        title="Inside the U-Net",
        part="How it learns",
        minutes=15,
        promise="find your way through the network, and say what each of its connections is for",
        icon=":material/account_tree:",
    ),
    Lesson(
        file="lessons/back.py",
        url="how-much-can-it-bring-back",
        title="How much can it bring back?",
        part="How it learns",
        minutes=15,
        promise="tell what a network brought back out of noise from what it made up",
        icon=":material/restore_page:",
    ),
    Lesson(
        file="lessons/words.py",
        url="words-become-vectors",
        title="Words become vectors",
        part="With words",
        minutes=15,
        promise="say where a word's meaning comes from, and what the network hears when you type",
        icon=":material/hub:",
    ),
    Lesson(
        file="lessons/without.py",
        url="with-and-without",
        title="With and without",
        part="With words",
        minutes=15,
        promise="say what the network draws unasked, and until when words still count",
        icon=":material/hearing:",
    ),
    Lesson(
        file="lessons/guided.py",
        url="guidance-taken-apart",
        title="Guidance taken apart",
        part="With words",
        minutes=15,
        promise="say what guidance adds at a step, and what a higher scale gives and takes",
        icon=":material/call_split:",
    ),
    Lesson(
        file="lessons/attention.py",
        url="which-word-did-that",
        title="Which word did that?",
        part="With words",
        minutes=15,
        promise="point to where a word acts, and prove by changing it what it did",
        icon=":material/ads_click:",
    ),
    Lesson(
        file="lessons/workshop.py",
        url="prompt-workshop",
        title="Prompt workshop",
        part="With words",
        minutes=15,
        promise="repair a weak prompt, and prove with a count that it is better",
        icon=":material/construction:",
    ),
)


def lesson(file: str) -> Lesson:
    """The lesson of a script; `lesson(__file__)` at the top of every lesson."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    for entry in (WELCOME, *LESSONS):
        if entry.file.endswith(f"/{name}"):
            return entry
    raise KeyError(f"{name} is not in lessons/catalog.py: add a Lesson for it")


def number(entry: Lesson) -> int:
    """The lesson's place in the course, from 1."""
    return LESSONS.index(entry) + 1


def following(entry: Lesson) -> Lesson | None:
    """The lesson after this one; None after the last."""
    order = (WELCOME, *LESSONS)
    place = order.index(entry) + 1
    return order[place] if place < len(order) else None


def parts() -> dict[str, list[Lesson]]:
    """Lessons by part, in order, for the sidebar."""
    grouped: dict[str, list[Lesson]] = {}
    for entry in LESSONS:
        grouped.setdefault(entry.part, []).append(entry)
    return grouped
