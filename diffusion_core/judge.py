"""The judge: looks at a picture, says what is in it, and compares that with what a prompt asked for.

It was trained on drawings, whose facts are known, and never took part in training the generator.
A picture is right when everything that its prompt names is right; what the prompt leaves open is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from pathlib import Path

import torch
from torch import Tensor

from diffusion_core.checkpoints import load_weights
from diffusion_core.nn.judge import ANSWERS, JudgeConfig, JudgeNetwork
from diffusion_core.shipped import ASSETS, ShippedFileError
from diffusion_core.world.vocabulary import Figure, Scene

JUDGE_FILE = ASSETS / "weights" / "judge.safetensors"
JUDGE_COMMAND = "python -m diffusion_core.train judge"
SURE = 0.5  # an answer counts when it is more likely than not; below this the judge cannot tell
OF_FIGURES, OF_SCENE = ("subject", "colour", "wearing"), ("thing", "place", "time")
ATTRIBUTES = ("figures", *OF_FIGURES, *OF_SCENE)

Value = str | int | None


@dataclass(frozen=True)
class Answer:
    """What the judge sees of one attribute, and how probable it finds that."""

    best: Value
    confidence: float

    @property
    def value(self) -> Value:
        """The answer where the judge is sure, else None: nothing of this kind to be seen."""
        return self.best if self.confidence >= SURE else None


@dataclass(frozen=True)
class Sight:
    """All answers for one picture, by the names of nn.judge.ANSWERS."""

    answers: Mapping[str, Answer]

    @property
    def scene(self) -> Scene:
        """The picture as a scene; None where the judge sees nothing or cannot tell."""
        count = int(self.answers["figures"].value or 0)
        seen = [Figure(*(self.answers[f"{name}{i + 1}"].value for name in OF_FIGURES)) for i in range(count)]
        return Scene(tuple(seen), *(self.answers[name].value for name in OF_SCENE))


@dataclass(frozen=True)
class Check:
    """One thing that a prompt named, and what the picture shows of it."""

    attribute: str  # one of ATTRIBUTES
    asked: Value
    answer: Answer
    figure: int | None = None  # which figure of the prompt; None for the whole picture

    @property
    def right(self) -> bool:
        """Whether the picture shows what was asked."""
        return self.answer.value == self.asked


@dataclass(frozen=True)
class Verdict:
    """A picture against its prompt: a check for each thing named, and which slots the figures were found in."""

    checks: tuple[Check, ...]
    slots: tuple[int, ...] = ()  # of each figure of the prompt: 1 left or alone, 2 right
    free: tuple[Check, ...] = ()  # where the prompt named sides: the checks if it had not, whichever order fits better

    @property
    def right(self) -> bool:
        """Whether all that was named is right. Of a prompt that names nothing every picture is right."""
        return all(check.right for check in self.checks)

    @property
    def wrong(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.right)

    @property
    def bound(self) -> bool:
        """Whether each figure named is there with the colour named for it, on whichever side."""
        return _bound(self.free or self.checks)

    @property
    def placed(self) -> bool | None:
        """Whether figures that are bound stand on the sides named; None where none were named or nothing is bound."""
        return _bound(self.checks) if self.free and self.bound else None


def _bound(checks: Iterable[Check]) -> bool:
    return all(check.right for check in checks if check.attribute in {"subject", "colour"})


def compare(sight: Sight, facts: Scene, sided: bool = False) -> Verdict:
    """Check a picture on what `facts` name, a partial scene as read_prompt gives it.

    A prompt's figures may stand on either side, whichever fits better, unless it named the sides (`sided`).
    How many figures there are is checked wherever the prompt names a subject.
    """
    orders = permutations((1, 2), len(facts.figures))
    best = max((Verdict(tuple(_checks(sight, facts, order)), order) for order in orders), key=_fit)
    if not sided or len(facts.figures) < 2:
        return best
    return Verdict(tuple(_checks(sight, facts, (1, 2))), (1, 2), best.checks)


def _fit(verdict: Verdict) -> tuple[int, int]:
    """How well an order of the figures fits; who it is counts before what it wears."""
    subjects = sum(c.right for c in verdict.checks if c.attribute == "subject")
    return subjects, sum(c.right for c in verdict.checks)


def _checks(sight: Sight, facts: Scene, slots: Sequence[int]) -> Iterator[Check]:
    seen = sight.answers
    if any(figure.subject is not None for figure in facts.figures):
        yield Check("figures", len(facts.figures), seen["figures"])
    for i, (figure, slot) in enumerate(zip(facts.figures, slots, strict=True)):
        for name in OF_FIGURES:
            if (asked := getattr(figure, name)) is not None:
                yield Check(name, asked, seen[f"{name}{slot}"], i)
    for name in OF_SCENE:
        if (asked := getattr(facts, name)) is not None:
            yield Check(name, asked, seen[name])


class Judge:
    """A trained network that can be asked about pictures."""

    def __init__(self, network: JudgeNetwork):
        self.network = network.eval().requires_grad_(False).to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def look(self, pictures: Tensor) -> list[Sight]:
        """Pictures (B, 3, 32, 32) in [−1, 1], values beyond are clipped → what is seen in each."""
        x = pictures.float().clamp(-1, 1).contiguous(memory_format=torch.channels_last)
        heads = {name: logits.softmax(1).max(1) for name, logits in self.network(x).items()}
        columns = {name: (p.tolist(), index.tolist()) for name, (p, index) in heads.items()}
        values = self.network.config.answers
        return [
            Sight({name: Answer(values[name][at[i]], p[i]) for name, (p, at) in columns.items()}) for i in range(len(x))
        ]

    def verdicts(self, pictures: Tensor, facts: Scene, sided: bool = False) -> list[Verdict]:
        """Every picture (B, 3, 32, 32) against one prompt: reading.scene and reading.sided."""
        return [compare(sight, facts, sided) for sight in self.look(pictures)]


def labels_of(scene: Scene) -> list[int]:
    """The true answers for a complete scene, as indices into ANSWERS; without figures: an empty place."""
    truth: dict[str, Value] = {"figures": len(scene.figures) or None}
    truth |= {name: getattr(scene, name) for name in OF_SCENE}
    for i, figure in enumerate(scene.figures):
        truth |= {f"{name}{i + 1}": getattr(figure, name) for name in OF_FIGURES}
    return [values.index(truth.get(name)) for name, values in ANSWERS.items()]


def load_judge(path: Path = JUDGE_FILE) -> Judge:
    """The shipped judge. Raises ShippedFileError with the command that makes it."""
    return Judge(_load_network(path))


@lru_cache(maxsize=2)
def _load_network(path: Path) -> JudgeNetwork:
    tensors, config, _ = load_weights(path, JUDGE_COMMAND)
    answers = {name: tuple(values) for name, values in config.pop("answers").items()}
    sizes = {name: tuple(config[name]) for name in ("channels", "blocks")}
    network = JudgeNetwork(JudgeConfig(answers, picture_size=config["picture_size"], **sizes))
    try:
        network.load_state_dict(tensors)
    except RuntimeError as mismatch:
        raise ShippedFileError(
            f"{path.name} does not fit this version's judge. Make it again with: {JUDGE_COMMAND}"
        ) from mismatch
    return network
