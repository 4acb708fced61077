"""How an encoder is made: everything that sets one encoder apart from another, as data.

`choose`, `find_weights` and `export_encoder` read it and hold for every encoder alike.
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
    """A repository's fixed commit and licence; `revision` None takes the newest, whose hash is then recorded."""

    revision: str | None
    licence: str


@dataclass(frozen=True)
class Download:
    """A file of the default model's weights that another library may have downloaded before.

    Attributes:
        path: Returns where it lies, if it is there.
        revision: What fixes its content, to write down.
    """

    path: Callable[[], Path]
    revision: str


@dataclass(frozen=True)
class EncoderRecipe:
    """How one encoder is made.

    Attributes:
        name: What a bundle calls it, such as "bert".
        model: The model it is unless another one is named: a hub repository, or what `repository` takes.
        network: The module whose `load(source: WeightSource, seed: int)` returns its `LoadedEncoder`. It is imported
            only when it is needed: each imports a library that takes seconds.
        wanted: Which files of a hub repository are needed.
        variants: For each of its networks, "text" and "image", the reduced-precision variants worth trying, the likely
            fastest first: a later one is taken where an earlier one fails a threshold, or where it is clearly faster.
        pins: Commit and licence of repositories that are known, by name.
        repository: Returns the hub repository of a model's name; raises BuildError where there is none.
        package: A package with weights to fall back to, if there is one.
        download: A file with the default model's weights to fall back to, if another library leaves one.
        by_optimum: Whether optimum can export it: it is a transformers model.
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
        """Return what is known of a repository in advance."""
        return self.pins.get(repository, Pin(None, "unknown"))

    def facts(self) -> dict[str, Any]:
        """Return what an exported encoder depends on here, beside the code of `network`; JSON."""
        return {
            "pins": {name: pin.revision for name, pin in self.pins.items()},
            "variants": {kind: [variant.name for variant in variants] for kind, variants in self.variants.items()},
        }
