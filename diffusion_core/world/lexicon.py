"""From free text to pieces: each piece is something the captions could say, or a word they never could.

Longest phrase first, in one pass from left to right, so the time is linear in the text.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from diffusion_core.world.captions import CAPTION_WORDS, OPENINGS
from diffusion_core.world.synonyms import EMOJI, IGNORED, NEAREST, NEGATIONS, NUMBERS, SYNONYMS
from diffusion_core.world.vocabulary import COLOURS, NOTHING, PLACES, SUBJECTS, THINGS, TIMES, WEARABLES

# What each caption word says. Words that are not here only tie others together.
FACTS: dict[str, tuple[str, str]] = {
    **{subject: ("subject", subject) for subject in SUBJECTS if " " not in subject},
    **{colour: ("colour", colour) for colour in COLOURS},
    **{wearing: ("wearing", wearing) for wearing in WEARABLES if wearing != NOTHING},
    **{"mask": ("wearing", "cape"), "superhero": ("wearing", "cape")},
    **{thing: ("thing", thing) for thing in THINGS if thing != NOTHING},
    **{place: ("place", place) for place in PLACES},
    **{time: ("time", time) for time in TIMES},
    **{"daylight": ("time", "day"), "sunny": ("time", "day")},
}

_LINKS = (
    *("in", "on", "at", "with", "and", "wearing", "holding", "beside", "next to"),
    *("left of", "right of", "to the left of", "to the right of", "to left of", "to right of"),
    *OPENINGS,
    *(opening.removeprefix("a ") for opening in OPENINGS),
)
# Units of the captions' own speech, and what kind each is. Words that captions only use inside a unit
# ("glowing", "playing", "as", "to") mean nothing to the model elsewhere.
UNITS: dict[str, str] = {
    **{word: kind for word, (kind, _) in FACTS.items()},
    **{f"{verb} {colour}": "colour" for verb in ("that is", "is") for colour in COLOURS},
    "tabby cat": "subject",
    "glowing headband": "wearing",
    "dressed as a superhero": "wearing",
    "dressed as superhero": "wearing",
    "playing basketball": "thing",
    "by day": "time",
    "by night": "time",
    "left": "side",
    "right": "side",
    **dict.fromkeys(_LINKS, "link"),
    **dict.fromkeys(("a", "an", "the"), "article"),
}


def _invert(table: dict[str, str]) -> dict[str, str]:
    return {typed.strip(): ours for ours, row in table.items() for typed in row.split(",")}


_PHRASES: dict[str, tuple[str, str]] = {  # phrase -> (kind, caption words, suggestions or number)
    **dict.fromkeys(IGNORED, ("ignored", "")),
    **{typed: ("unknown", nearest) for typed, nearest in _invert(NEAREST).items()},
    **{typed: ("synonym", ours) for typed, ours in _invert(SYNONYMS).items()},
    **dict.fromkeys(NEGATIONS, ("negation", "")),
    **{typed: ("number", str(value)) for typed, value in NUMBERS.items()},
    **{unit: (kind, unit) for unit, kind in UNITS.items()},
}
_LONGEST = max(phrase.count(" ") + 1 for phrase in _PHRASES)
_KNOWN_TOKENS = frozenset(token for phrase in _PHRASES for token in phrase.split())
_NAMES = [word for word in CAPTION_WORDS if word in FACTS]


def _less_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _slips() -> dict[str, str]:
    """Every word within one slip of the pen (a letter lost, added, changed, swapped) of a known word."""
    words = [p for p, (kind, _) in _PHRASES.items() if kind in {"synonym", *dict(FACTS.values())}]
    table: dict[str, str] = {}
    for word in sorted((w for w in words if " " not in w and len(w) > 3), key=lambda w: w not in FACTS):
        for slip in {word, *_less_one(word)}:
            table.setdefault(slip, word)
    return table


_SLIPS = _slips()


@dataclass(frozen=True)
class Piece:
    """A stretch of a prompt: what was typed, and the words that the network sees of it."""

    typed: str
    words: tuple[str, ...]
    kind: str  # as in UNITS, or one of unknown, ignored, negation, number
    extra: str = ""  # suggestions for an unknown word, the value of a number
    misspelt: bool = False


def tokens(text: str) -> list[str]:
    """Lower-case words of `text`; accents, punctuation and control characters are dropped."""
    text = "".join(f" {EMOJI[char]} " if char in EMOJI else char for char in text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(char for char in text if unicodedata.category(char) not in {"Mn", "Me", "Cf", "Cs"})
    text = re.sub(r"n['’]t\b", " not", text)
    text = re.sub(r"['’]s\b", "", text)
    return [_singular(token) for token in re.findall(r"[^\W_]+", text)]


def _singular(token: str) -> str:
    if token in _KNOWN_TOKENS:
        return token
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f")):
        stem = token.removesuffix(ending) + instead
        if token.endswith(ending) and stem in _KNOWN_TOKENS and len(stem) > 2:
            return stem
    return token


def pieces(words: list[str]) -> Iterator[Piece]:
    """Cut tokens into pieces, the longest known phrase first."""
    i = 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + n])
            if phrase in _PHRASES:
                yield from _known(phrase)
                break
        else:
            n = 1
            yield _unknown(words[i])
        i += n


def _known(phrase: str) -> Iterator[Piece]:
    kind, ours = _PHRASES[phrase]
    if kind == "synonym":  # in our words, which are units in turn
        yield from (replace(piece, typed=phrase) for piece in pieces(ours.split()))
    elif kind in {"unknown", "number", "ignored", "negation"}:
        yield Piece(phrase, (), kind, ours)
    else:
        yield Piece(phrase, tuple(ours.split()), kind)


def _unknown(token: str) -> Piece:
    """A word in no table: a slip of the pen, or a word to name with what is spelt like it."""
    meant = _spelt_nearly(token)
    if meant:
        found = list(_known(meant))
        kinds = [piece for piece in found if piece.kind in dict(FACTS.values())]
        if len(kinds) == 1:
            return replace(kinds[0], typed=token, misspelt=True)
    if (len(token) < 3 and token.isascii()) or token.isdigit():
        return Piece(token, (), "ignored")
    return Piece(token, (), "unknown", ", ".join(_spelt_like(token)))


def _spelt_nearly(token: str) -> str | None:
    if not 3 < len(token) <= 20:
        return None
    slips = (token, *sorted(_less_one(token)))
    near = [_SLIPS[slip] for slip in slips if slip in _SLIPS and abs(len(_SLIPS[slip]) - len(token)) < 2]
    near = [word for word in near if word[0] == token[0] or word[0] == token[1]]

    def closeness(word: str) -> tuple[bool, float]:  # "hrose" is a horse before it is a rose
        return word in FACTS, difflib.SequenceMatcher(None, word, token).ratio()

    return max(near, key=closeness, default=None)


@lru_cache(maxsize=4096)
def _spelt_like(token: str) -> tuple[str, ...]:
    if not token.isascii() or len(token) > 20:
        return ()
    return tuple(difflib.get_close_matches(token, _NAMES, n=2, cutoff=0.66))
