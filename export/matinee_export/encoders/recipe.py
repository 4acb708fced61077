"""The recipe of an encoder: everything that differs between encoders, as data.

`choose`, `find_weights` and `export_encoder` read it and are the same code for every encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matinee_export.encoders.quantization.variants import Variant
from matinee_export.encoders.weights.hub import Wanted
from matinee_export.encoders.weights.packages import Package


@dataclass(frozen=True)
class Pin:
    """A repository's fixed commit and its licence; a `revision` of None uses the newest commit and records its hash."""

    revision: str | None
    licence: str


@dataclass(frozen=True)
class Download:
    """A file of the default model's weights that another library may have downloaded before.

    Attributes:
        path: Returns the path where the other library stores it, whether or not it is there.
        revision: Identifier of its content, for the record.
    """

    path: Callable[[], Path]
    revision: str


@dataclass(frozen=True)
class EncoderRecipe:
    """The recipe of one encoder: its model, network, weights and variants.

    Attributes:
        name: Its name in a bundle, such as "bert".
        model: Its default model: a hub repository, or a name that `repository` turns into one.
        network: The module whose `load(source: WeightSource, seed: int)` returns its `LoadedEncoder`. It is imported
            only when needed, since each imports a library that takes seconds to load.
        wanted: Which files of a hub repository are needed.
        variants: For each of its networks, "text" and "image", the reduced-precision variants worth trying, probably
            the fastest first: a later one is taken if the earlier ones fail a threshold, or if it is clearly faster.
        pins: Commit and licence of known repositories, by name.
        repository: Returns the hub repository of a model's name; raises BuildError where there is none.
        package: A package with weights to fall back to, if there is one.
        download: A file with the default model's weights to fall back to, if another library may have downloaded one.
        by_optimum: Whether optimum can export it, which it can if this is a transformers model.
    """

    name: str
    model: str
    network: str
    wanted: Wanted
    variants: Mapping[str, tuple[Variant, ...]]
    pins: Mapping[str, Pin] = field(default_factory=dict)
    repository: Callable[[str], str] = str
    package: Package | None = None
    download: Download | None = None
    by_optimum: bool = False

    def pin(self, repository: str) -> Pin:
        """Return a repository's pin; for one without a pin, the newest commit and the licence "unknown"."""
        return self.pins.get(repository, Pin(None, "unknown"))

    def facts(self) -> dict[str, Any]:
        """Return, as JSON values, the parts of the recipe that an export depends on, besides the code of `network`."""
        return {
            "pins": {name: pin.revision for name, pin in self.pins.items()},
            "variants": {kind: [variant.name for variant in variants] for kind, variants in self.variants.items()},
        }
