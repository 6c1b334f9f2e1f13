"""What the player is told, as a pure function: tracks, curves and view in, one message of bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.shared.player.encode import ARRAYS, Frame, Numbers, encode_frames, pack, thin

PANELS = ("x_t", "x0_hat", "eps_hat", "cloud", "curve")
ALL_PANELS = (*PANELS, "histogram")
BADGES = ("live", "cached", "illustration")
MOST_TRACKS = 3


@dataclass(frozen=True)
class Badge:
    """How a track came about: kind is live, cached or illustration; text says seed, sampler, steps, …"""

    kind: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.kind not in BADGES:
            raise ValueError(f"badge kind must be one of {', '.join(BADGES)}, not {self.kind!r}")


@dataclass(frozen=True)
class Track:
    """One trajectory. `run_id` names its content: another picture, seed or setting is another run_id.

    Frame 0 is the state before any step, so N steps are N + 1 frames. `total` is how many frames there
    will be (None: as many as have come). `frames` may hold a tail that starts at `first_index`.
    """

    run_id: str
    title: str
    badge: Badge
    frames: Sequence[Frame]
    first_index: int = 0
    total: int | None = None

    @property
    def count(self) -> int:
        """Frames promised."""
        return max(self.total or 0, self.first_index + len(self.frames))


@dataclass(frozen=True)
class Curve:
    """A schedule to draw against t: rates in 0..1, one value for each t. `noise` may be left out."""

    t: Sequence[float]
    signal: Sequence[float]
    noise: Sequence[float] | None = None
    signal_name: str = "signal"
    noise_name: str = "noise"


def message(tracks: Sequence[Track], *, panels: Sequence[str], curve: Curve | Sequence[Curve] | None,
            running: bool, start: int | str, pixel: tuple[int, int] | None, words: Mapping[str, str],
            zoom: float = 1.0, link: tuple[str, str] | None = None, sent: Mapping[str, int] | None = None) -> bytes:
    """One message. While running, frames before `sent[run_id]` are left out: the browser has them."""
    _check(tracks, panels)
    numbers, arrays = Numbers(), _arrays(panels)
    told = [_track(track, numbers, arrays, (sent or {}).get(track.run_id, 0) if running else 0)
            for track in tracks]
    curves = [curve] if isinstance(curve, Curve) else list(curve or [])
    header = {"panels": list(panels), "tracks": told, "curves": [_curve(c) for c in curves],
              "running": running, "start": start, "zoom": zoom, "pixel": list(pixel) if pixel else None,
              "link": list(link) if link else None, "words": dict(words), "clipped": numbers.clipped}
    return pack(header, numbers)


def _check(tracks: Sequence[Track], panels: Sequence[str]) -> None:
    if not 1 <= len(tracks) <= MOST_TRACKS:
        raise ValueError(f"the player shows 1 to {MOST_TRACKS} tracks, not {len(tracks)}")
    if unknown := set(panels) - set(ALL_PANELS):
        raise ValueError(f"unknown panel {', '.join(sorted(unknown))}: choose among {', '.join(ALL_PANELS)}")


def _arrays(panels: Sequence[str]) -> list[str]:
    """Which pictures must travel: x_t always, for the cloud and the numbers."""
    return [name for name in ARRAYS if name == "x_t" or name in panels]


def _track(track: Track, numbers: Numbers, arrays: Sequence[str], sent: int) -> dict:
    skip = max(0, sent - track.first_index)
    kept = thin(track.frames[skip:], track.first_index + skip, track.count)
    count = len(thin([None] * track.count, 0, track.count)) if track.count else 0
    return {"run_id": track.run_id, "title": track.title, "count": count, "last": max(track.count - 1, 0),
            "badge": {"kind": track.badge.kind, "text": track.badge.text},
            **encode_frames(kept, numbers, arrays)}


def _curve(curve: Curve) -> dict:
    noise = None if curve.noise is None else [round(float(v), 5) for v in curve.noise]
    return {"t": [float(v) for v in curve.t], "signal": [round(float(v), 5) for v in curve.signal],
            "noise": noise, "signal_name": curve.signal_name, "noise_name": curve.noise_name}
