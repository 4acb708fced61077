"""What all stagings measure with: how large a stencil may be, where it stands, which ink shows up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matinee_sample.poster_art.brief import Brief, Zone
from matinee_sample.poster_art.canvas import HEIGHT, WIDTH, Box, Cut, Scene, luminance
from matinee_sample.poster_art.faces import Look, face, skin
from matinee_sample.poster_art.lands import LANDS, Land
from matinee_sample.poster_art.palettes import Colour
from matinee_sample.poster_art.towns import TOWNS

Staging = Callable[[Scene, Brief], None]
PLACES: dict[str, Land] = LANDS | TOWNS


def fit(cut: Cut, zone: Zone, share: float = 1.0) -> float:
    """The width, as a fraction of the scene's, at which a stencil fills `share` of a zone."""
    return share * min(zone.width, zone.height * HEIGHT / WIDTH * cut.aspect)


def stand(cut: Cut, x: float, foot: float, tall: float) -> Box:
    """The box of a stencil `tall` (fraction of the height) whose lowest point is at (x, foot)."""
    return x, foot - tall / 2, tall * HEIGHT / WIDTH * cut.aspect, 0.0


def against(scene: Scene, x: float, y: float, *inks: Colour) -> Colour:
    """Of some colours the one that stands out most from the picture around a point."""
    px, py = (int(min(0.999, max(0, v)) * side) for v, side in ((x, WIDTH), (y, HEIGHT)))
    patch = np.asarray(scene.image.crop((max(0, px - 40), max(0, py - 40), px + 40, py + 40)).resize((1, 1)))[0, 0]
    level = luminance((int(patch[0]), int(patch[1]), int(patch[2])))
    return max(inks, key=lambda ink: abs(luminance(ink) ** 0.5 - level**0.5))


def portrait(scene: Scene, look: Look, box: Box, light: Colour, shade: Colour, flip: bool) -> None:
    """A face: its skin in the colour of the light, then everything that is dark."""
    scene.stamp(skin(look), box, light, light, flip)
    scene.stamp(face(look), box, shade, scene.palette.accent, flip)
