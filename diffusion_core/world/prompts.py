"""Reading a learner's prompt: any text in, out come the words that the network sees and what they say.

The network knows the captions' words and no others, so a prompt is rewritten in them: synonyms are
replaced, plurals made singular, slips of the pen mended, the rest left out and named. Nothing raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diffusion_core.world.captions import BESIDE, MAX_WORDS, PLACED, TIMED, WEARING
from diffusion_core.world.facts import facts_of
from diffusion_core.world.lexicon import Piece, pieces, tokens
from diffusion_core.world.vocabulary import NOTHING, Figure, Scene, allowed, held_out_blocks

MAX_CHARS = 400  # of a prompt are read
CONTENT = frozenset({"subject", "colour", "wearing", "thing", "place", "time", "side"})
_SHOWN = 30  # characters of a learner's word in a note
_NAMED = 4  # unknown words named one by one
_EMPTY = Scene()
_MODIFIERS = frozenset({"ignored", "colour", "unknown", "number"})
_A = Piece("a", ("a",), "article")
_AND = Piece("and", ("and",), "link")


@dataclass(frozen=True)
class Unknown:
    """A word the model never saw, and the nearest ones it did see (perhaps none)."""

    word: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A prompt as the network sees it (`words`) and what it says (`scene`; None and () = not said)."""

    words: tuple[str, ...]  # at most MAX_WORDS of CAPTION_WORDS, in the learner's order
    scene: Scene = _EMPTY
    unknown: tuple[Unknown, ...] = ()
    notes: tuple[str, ...] = ()  # sentences for the learner; words in *asterisks*
    held_out: tuple[dict[str, str], ...] = ()  # blocks of the vocabulary that training never showed
    understood: tuple[tuple[str, str], ...] = ()  # synonyms: (typed, read as)
    sided: bool = False  # left and right were named, so the order of the figures counts

    @property
    def unconditional(self) -> bool:
        """No words for the network: it draws whatever it likes."""
        return not self.words


def read_prompt(text: str) -> Reading:
    """Read any string; never raises, and takes time linear in the text (at most MAX_CHARS of it)."""
    found = list(pieces(tokens(text[:MAX_CHARS])))
    notes = [] if len(text) <= MAX_CHARS else [f"Only the first {MAX_CHARS} characters of a prompt are read."]
    found = _two_figures(_numbers(_negations(found, notes), notes), notes)
    unknown = _unknown(found)
    notes = [*_spelling_notes(found), *_unknown_notes(unknown), *notes]
    kept = _cut(_tidy(found), notes)
    words = _words(kept)
    scene, sided, clashes = facts_of(words)
    refusal = allowed(scene)
    notes += [*clashes, *([refusal] if refusal else [])]
    if not words:
        notes.append("No words are left for the model to follow, so it draws whatever it likes.")
    return Reading(words, scene, unknown, tuple(dict.fromkeys(notes)), tuple(held_out_blocks(scene)),
                   _understood(kept), sided)  # fmt: skip


def canonical(scene: Scene) -> str:
    """One plain caption of a partial scene: "a green turtle wearing sunglasses on the beach"."""
    who = " and ".join(_named(figure) for figure in scene.figures)
    thing = BESIDE[scene.thing][0] if scene.thing not in (None, NOTHING) else ""
    place = PLACED[scene.place][0] if scene.place else ""
    time = TIMED[scene.time][0] if scene.time else ""
    return " ".join(part for part in (who, thing, place, time) if part)


def _named(figure: Figure) -> str:
    noun = " ".join(part for part in (figure.colour, figure.subject) if part)
    article = "something" if not figure.subject else "an" if noun[0] in "aeiou" else "a"
    worn = WEARING[figure.wearing][0] if figure.wearing not in (None, NOTHING) else ""
    return " ".join(part for part in (article, noun, worn) if part)


def _star(word: str) -> str:
    return f"*{word}*" if len(word) <= _SHOWN else f"*{word[:_SHOWN]}…*"


def _said(found: Iterable[Piece]) -> str:
    return " ".join(word for piece in found if piece.kind in CONTENT for word in piece.words)


def _negations(found: list[Piece], notes: list[str]) -> list[Piece]:
    """Take out "no hat" and "without a red hat or scarf": training only ever said what is there."""
    kept: list[Piece] = []
    i = 0
    while i < len(found):
        if found[i].kind != "negation":
            kept.append(found[i])
            i += 1
            continue
        start, i = i, _end_of_negation(found, i + 1)
        phrase = " ".join(dict.fromkeys(piece.typed for piece in found[start:i]))
        notes.append(f"Captions only say what is there, so the model never learned *no*: {_star(phrase)} "
                     "is left out.")  # fmt: skip
    return kept


def _end_of_negation(found: list[Piece], i: int) -> int:
    """The index after the first thing denied, and after those that "or" adds to it."""
    skipped = {"ignored", "article", "negation"}
    while i < len(found) and (found[i].kind in skipped or found[i].words == ("wearing",)):
        i += 1
    if i < len(found) and found[i].kind == "link":  # "not in the snow", "not on a beach"
        return _end_of_negation(found, i + 1) if found[i].words != ("and",) else i
    while i < len(found) and found[i].kind == "colour":
        i += 1
    if i < len(found) and (found[i].kind in CONTENT or found[i].kind == "unknown"):
        i += 1
    if i < len(found) and found[i].typed in {"or", "nor"}:
        return _end_of_negation(found, i + 1)
    return i


def _numbers(found: list[Piece], notes: list[str]) -> list[Piece]:
    """Say "two red dogs" as the captions do: "a red dog and a red dog"; of things there is always one."""
    kept: list[Piece] = []
    start = None  # where the counted group begins in `kept`
    for i, piece in enumerate(found):
        if piece.kind == "number":
            counted = next((p.kind for p in found[i + 1 :] if p.kind not in _MODIFIERS), "")
            start = len(kept) if counted == "subject" else None
            if counted == "subject" and int(piece.extra) > 2:
                notes.append(f"A picture here holds one or two figures, so {_star(piece.typed)} became two.")
            if counted in {"thing", "wearing"}:
                notes.append(f"Things come one at a time here, so {_star(piece.typed)} became one.")
            if counted in {"subject", "thing", "wearing"} and not (kept and kept[-1].kind == "article"):
                kept.append(_A)
            continue
        kept.append(piece)
        if start is not None and piece.kind == "subject":
            kept += [_AND, _A, *(p for p in kept[start:] if p.kind in CONTENT)]
            start = None
    return kept


def _two_figures(found: list[Piece], notes: list[str]) -> list[Piece]:
    """Leave out every figure after the second, with the colour that belongs to it."""
    kept: list[Piece] = []
    dropped: list[str] = []
    after_dropped = False
    subjects = 0
    for i, piece in enumerate(found):
        if piece.kind == "subject":
            subjects += 1
            after_dropped = subjects > 2
            if after_dropped:
                dropped.append(" ".join(piece.words))
                while kept and (kept[-1].kind == "colour" or kept[-1].words == ("superhero",)):
                    kept.pop()
                continue
        worn = piece.kind == "colour" and (len(piece.words) > 1 or found[i - 1].words == ("in",))
        if not (after_dropped and worn):
            kept.append(piece)
    if dropped:
        names = ", ".join(_star(name) for name in dict.fromkeys(dropped))
        notes.append(f"A picture here holds one or two figures: the first two are kept, {names} left out.")
    return kept


def _tidy(found: list[Piece]) -> list[Piece]:
    """Drop what says nothing, and the little words that pointed to it: "on the (mountain)"."""
    kept: list[Piece] = []
    gap = False  # the little words to the left pointed at an unknown noun
    following = ""
    for piece in (p for p in reversed(found) if p.kind != "ignored"):
        after = kept[-1].kind if kept else ""
        if piece.kind == "unknown" and following in CONTENT:
            continue  # an adjective: "a fluffy cat"
        if piece.kind == "unknown":
            gap = True
        elif piece.kind in CONTENT:
            gap = False
            repeated = piece.kind in {"place", "time"} and bool(kept) and kept[-1].words == piece.words
            if piece.kind == "subject" and after == "article":  # a comma stood between: "a cat, a dog"
                kept.append(_AND)
            kept += [] if repeated else [piece]
        elif piece.kind == "article" and not gap and after in CONTENT:
            kept.append(piece)
        elif piece.kind == "link":
            kept += [piece] if not gap and after in CONTENT | {"article"} else []
            gap = False
        following = piece.kind
    return kept[::-1]


def _cut(kept: list[Piece], notes: list[str]) -> list[Piece]:
    length = 0
    for i, piece in enumerate(kept):
        length += len(piece.words)
        if length > MAX_WORDS:
            notes.append(f"The model reads {MAX_WORDS} words; what follows them is left out.")
            return _tidy(kept[:i])
    return kept


def _words(kept: list[Piece]) -> tuple[str, ...]:
    words = [word for piece in kept for word in piece.words]
    for i, word in enumerate(words[:-1]):
        if word in {"a", "an"}:  # a synonym may need the other article
            words[i] = "an" if words[i + 1][0] in "aeiou" else "a"
    return tuple(words)


def _unknown(found: list[Piece]) -> tuple[Unknown, ...]:
    pairs = {piece.typed: piece.extra for piece in found if piece.kind == "unknown"}
    return tuple(
        Unknown(typed[:_SHOWN], tuple(extra.split(", ")) if extra else ()) for typed, extra in pairs.items()
    )


def _unknown_notes(unknown: tuple[Unknown, ...]) -> list[str]:
    notes = []
    for item in unknown[:_NAMED]:
        nearest = " or ".join(map(_star, item.suggestions))
        advice = f"; try {nearest}" if nearest else ", so it is left out"
        notes.append(f"The model never saw {_star(item.word)}{advice}.")
    if len(unknown) > _NAMED:
        notes.append(f"It never saw {len(unknown) - _NAMED} more of these words either.")
    return notes


def _spelling_notes(found: list[Piece]) -> list[str]:
    return [f"Read {_star(piece.typed)} as *{' '.join(piece.words)}*." for piece in found if piece.misspelt]


def _understood(kept: list[Piece]) -> tuple[tuple[str, str], ...]:
    """Synonyms and what they were read as; the pieces of one phrase joined again."""
    pairs: dict[str, list[Piece]] = {}
    for piece in kept:
        if piece.typed != " ".join(piece.words) and not piece.misspelt:
            pairs.setdefault(piece.typed, []).append(piece)
    read = {typed: " ".join(dict.fromkeys(_said(found).split())) for typed, found in pairs.items()}
    return tuple((typed[:_SHOWN], ours) for typed, ours in read.items() if ours)
