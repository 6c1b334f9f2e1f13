"""The words of the drawn world, what may go with what, and which combinations training never sees.

Everything else follows these tables: drawing, captions, the prompt reader, the judge.
A change to any of them changes what trained weights mean, so it needs a new `WORLD_VERSION`.
"""

from __future__ import annotations

from dataclasses import dataclass

WORLD_VERSION = "1"

SUBJECTS = (
    "man", "woman", "king", "queen", "cat", "tabby cat", "dog", "corgi",
    "turtle", "fish", "bird", "horse", "robot", "house", "tree", "car",
)  # fmt: skip
COLOURS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "grey", "white",
)  # fmt: skip
NOTHING = "nothing"
# a headband glows, and a mask comes with a cape
WEARABLES = (NOTHING, "sunglasses", "hat", "headband", "cape", "scarf")
THINGS = (NOTHING, "basketball", "apple", "flower", "balloon")
PLACES = ("beach", "forest", "space", "city", "snow", "room", "underwater", "desert")
TIMES = ("day", "sunset", "night")

OUTDOORS = frozenset({"beach", "forest", "city", "snow", "desert"})
BUILT = frozenset({"house", "tree", "car"})  # wear nothing, and stay out of rooms and of the sea
CROWNED = frozenset({"king", "queen"})  # a crown leaves no room for a hat
COLOURS_OF = {  # subjects that do not come in every colour
    "tabby cat": ("orange", "yellow", "brown", "grey", "white"),
    "corgi": ("red", "orange", "yellow", "brown", "grey"),
    "tree": ("red", "orange", "yellow", "green", "pink", "white"),
}


@dataclass(frozen=True)
class Figure:
    """One figure. In a scene every field is set; in a reading of a prompt None means "not said"."""

    subject: str | None = None
    colour: str | None = None
    wearing: str | None = None


@dataclass(frozen=True)
class Scene:
    """One or two figures (left to right), a thing beside them, a place, a time of day.

    In a complete scene `time` is None exactly where no time of day applies. In a reading of a
    prompt (see `prompts`) None means "not said" everywhere.
    """

    figures: tuple[Figure, ...] = ()
    thing: str | None = None
    place: str | None = None
    time: str | None = None


def colours_of(subject: str) -> tuple[str, ...]:
    """The colours that `subject` comes in."""
    return COLOURS_OF.get(subject, COLOURS)


def wearables_of(subject: str) -> tuple[str, ...]:
    """What `subject` may wear; "nothing" is always first."""
    if subject in BUILT:
        return (NOTHING,)
    if subject in CROWNED:
        return tuple(w for w in WEARABLES if w != "hat")
    if subject == "fish":
        return tuple(w for w in WEARABLES if w not in {"cape", "scarf"})  # no neck to tie it to
    return WEARABLES


def places_of(subject: str) -> tuple[str, ...]:
    """Where `subject` may stand."""
    if subject in BUILT:
        return tuple(p for p in PLACES if p not in {"room", "underwater"})
    return PLACES


def times_of(place: str) -> tuple[str | None, ...]:
    """Times of day that `place` knows: none indoors, in space or under water."""
    return TIMES if place in OUTDOORS else (None,)


# Held-out blocks. A scene is held out when one of its figures, with the scene around it, matches
# every (attribute, value) of a block. Blocks of two attributes take away a pair that training
# never shows together; blocks of three leave each pair known and hide only the triple.
HELD_OUT: tuple[dict[str, str], ...] = (
    {"subject": "bird", "colour": "pink"},
    {"subject": "dog", "colour": "green"},
    {"subject": "car", "colour": "purple"},
    {"subject": "horse", "place": "space"},
    {"subject": "fish", "place": "desert"},
    {"colour": "pink", "place": "desert"},
    {"subject": "robot", "wearing": "scarf"},
    {"subject": "turtle", "wearing": "sunglasses", "thing": "basketball"},
    {"subject": "cat", "wearing": "cape", "place": "city"},
    {"subject": "queen", "colour": "blue", "place": "snow"},
    {"subject": "man", "wearing": "hat", "thing": "flower"},
)
HELD_OUT_PAIRS: tuple[frozenset[str], ...] = (  # two subjects never drawn in one picture
    frozenset({"king", "robot"}),
    frozenset({"cat", "fish"}),
)


def attributes(scene: Scene, figure: Figure) -> dict[str, str | None]:
    """One figure's view of a scene, as the held-out blocks name it."""
    return {
        "subject": figure.subject,
        "colour": figure.colour,
        "wearing": figure.wearing,
        "thing": scene.thing,
        "place": scene.place,
        "time": scene.time,
    }


def held_out_blocks(scene: Scene) -> list[dict[str, str]]:
    """Blocks that a scene, or a reading of a prompt, falls into; empty when training could have shown it."""
    found = []
    for block in HELD_OUT:
        views = (attributes(scene, figure) for figure in scene.figures)
        if any(all(view[key] == value for key, value in block.items()) for view in views):
            found.append(block)
    subjects = frozenset(figure.subject for figure in scene.figures)
    found += [{"subjects": " and ".join(sorted(pair))} for pair in HELD_OUT_PAIRS if pair == subjects]
    return found


def allowed(scene: Scene) -> str | None:
    """None when the tables allow everything the scene says, else one sentence naming what clashes."""
    if len(scene.figures) > 2:
        return "A picture here holds one or two figures, not more."
    if len(scene.figures) == 2 and (
        scene.thing not in (None, NOTHING) or any(f.wearing not in (None, NOTHING) for f in scene.figures)
    ):
        return "In pictures of two, the figures wear nothing and nothing stands beside them."
    clashes = (_clash(figure, scene.place) for figure in scene.figures if figure.subject is not None)
    if (clash := next(filter(None, clashes), None)) is not None:
        return clash
    if scene.time is not None and scene.place is not None and scene.place not in OUTDOORS:
        return f"There is no time of day in this place: {scene.place}."
    return None


def _clash(figure: Figure, place: str | None) -> str | None:
    """What one figure cannot be, wear or stand in, as a sentence."""
    subject, colour, wearing = figure.subject, figure.colour, figure.wearing
    if colour is not None and colour not in colours_of(subject):
        return f"A {subject} never comes in {colour} here; try {colours_of(subject)[0]}."
    if wearing is not None and wearing not in wearables_of(subject):
        worn = wearing if wearing == "sunglasses" else f"a {wearing}"
        return f"A {subject} never wears {worn} here."
    if place is not None and place not in places_of(subject):
        return f"A {subject} is never drawn in this place here: {place}."
    return None
