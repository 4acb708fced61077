"""What a poster is asked to show: the record that `choices` fills in and the stagings draw."""

from __future__ import annotations

from dataclasses import dataclass

from matinee_sample.poster_art.canvas import Cut
from matinee_sample.poster_art.faces import Look


@dataclass(frozen=True)
class Zone:
    """A part of the poster, as fractions: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the zone."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """As a fraction of the poster's width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """As a fraction of the poster's height."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Brief:
    """One poster's picture.

    Attributes:
        staging: How the picture is put together.
        ground: What lies behind.
        land: What stands on the horizon.
        emblem: The one thing the film is about.
        second: Another thing from it.
        cast: Three bodies, the leading one first.
        looks: Four faces, the leading one first.
        hair: For heads in profile, two of them.
        focus: Where the picture has room; the title lies elsewhere.
    """

    staging: str
    ground: str
    land: str
    emblem: Cut
    second: Cut
    cast: tuple[Cut, ...]
    looks: tuple[Look, ...]
    hair: tuple[str, str]
    focus: Zone
