"""Every way to put a picture together, by name.

A staging takes an empty `Scene` and a `Brief` and leaves a finished picture with its weight inside `brief.focus`.
"""

from __future__ import annotations

from matinee_sample.poster_art.composing import Staging
from matinee_sample.poster_art.designs import DESIGNS
from matinee_sample.poster_art.portraits import PORTRAITS
from matinee_sample.poster_art.views import VIEWS

STAGINGS: dict[str, Staging] = VIEWS | PORTRAITS | DESIGNS
