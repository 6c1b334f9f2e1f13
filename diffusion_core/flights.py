"""The passes of the network that are on their way, each on cores of its own.

While one pass is under way the steps of another are taken and published, and no core waits for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # torch is loaded on the engine's thread, when it is first needed
    from diffusion_core.courses import Course
    from diffusion_core.model import Model
    from diffusion_core.passes import Flight


class Flights:
    """For the engine's thread alone."""

    def __init__(self, cores: int | None, tell: Callable[[], None]):
        """cores: how many the passes may take at once, all by default; tell: called whenever a pass has landed."""
        self._cores, self._tell = cores, tell
        self._flying: list[Flight] = []

    @property
    def idle(self) -> int:
        """How many cores do nothing."""
        return max(0, self._all - sum(flight.cores for flight in self._flying))

    @property
    def _all(self) -> int:
        from diffusion_core.spread import CORES

        return self._cores or CORES

    def free(self, courses: Sequence[Course]) -> list[Course]:
        """Those of these courses that want another pass, and are in none just now."""
        flying = {id(course) for flight in self._flying for course in flight.courses}
        return [c for c in courses if id(c) not in flying and not (c.over or c.run.done)]

    def can_move(self, courses: Sequence[Course]) -> bool:
        """Whether one has landed, or one of these courses could be sent."""
        return any(flight.answer.done() for flight in self._flying) or bool(self.free(courses) and self.idle)

    def send(self, model: Model, courses: Sequence[Course], cores: int) -> None:
        """Begin a pass for all of them."""
        from diffusion_core.passes import send

        flight = send(model, courses, cores)
        self._flying.append(flight)
        flight.answer.add_done_callback(lambda _: self._tell())

    def landed(self) -> list[Flight]:
        """The passes that have come to their end, taken out; the oldest first."""
        landed = [flight for flight in self._flying if flight.answer.done()]
        self._flying = [flight for flight in self._flying if flight not in landed]
        return landed

    def forget(self) -> None:
        """Whatever is under way comes to nothing."""
        self._flying = []
