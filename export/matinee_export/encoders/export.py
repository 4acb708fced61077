"""Exports one encoder: weights found, networks written as ONNX, checked on real inputs, the better version kept.

In: an encoder's name, a choice of weights, some real texts and posters. Out: a folder that
`matinee.encoders.Encoder` opens, and an `EncoderRecord`. Networks are run with the runtime's own code, so that what
is checked is what is served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from matinee.errors import BadInputError, UnknownNameError
from matinee.images import open_image, preprocess
from matinee.networks import ImageNetwork, TextNetwork
from matinee.session import CPU
from matinee.text import Tokenizer, clean_text
from matinee.towers import EncoderSpec, ImageTower, TextTower
from matinee_export.encoders import optimum
from matinee_export.encoders.check import FASTER_IN_INT8
from matinee_export.encoders.choice import DEFAULT_MODELS, EncoderChoice
from matinee_export.encoders.int8_conv import quantize_convolutions
from matinee_export.encoders.int8_matmul import quantize_products
from matinee_export.encoders.parity import Run
from matinee_export.encoders.record import EncoderRecord, TowerRecord
from matinee_export.encoders.ship import Plan, Quantize, ship
from matinee_export.encoders.source import WeightSource, find_weights
from matinee_export.encoders.towers import TOKENIZER, Array, LoadedEncoder

QUANTIZERS: dict[tuple[str, str], Quantize] = {
    ("bert", "text"): quantize_products,
    ("clip", "text"): quantize_products,
    ("clip", "image"): quantize_products,
    ("resnet50", "image"): quantize_convolutions,
}
Item = TypeVar("Item")
Result = TypeVar("Result")

PRECISIONS = ("auto", "fp32", "int8")
EXPORTERS = ("torch", "optimum")

OPTIMUM_EXPORTS = ("bert",)
"""Encoders that are transformers models, the kind that optimum exports."""

CHECKED = 64
"""Most texts and posters that calibration and checks look at."""

SENTENCES = ("A thief and a detective circle each other in Los Angeles.", "Slow, but the ending is worth it.", "Funny!")
"""Texts that a network is compared with its original on where none are given."""


def export_encoder(
    name: str,
    folder: Path,
    *,
    choice: EncoderChoice,
    texts: Iterable[str] = (),
    posters: Iterable[Path] = (),
    seed: int = 0,
    precision: str = "auto",
    exporter: str = "torch",
    report: Callable[[str], None] = print,
) -> EncoderRecord:
    """Write the encoder `name` into `folder`: encoder.json, its networks and its tokenizer.

    Args:
        name: "bert", "resnet50" or "clip".
        folder: Where to write; made if it is not there.
        choice: Which weights, as `choose` gives them.
        texts: Real texts to check with and to judge int8 by; the first CHECKED that can be read are used.
        posters: Files of real posters, likewise, and to calibrate int8 with.
        seed: Seed of untrained weights.
        precision: "fp32"; "int8"; or "auto" for int8 where it is faster and keeps every bar, else fp32.
        exporter: "torch", or "optimum" where optimum-onnx is installed; it exports bert, torch the others.
        report: Takes lines for a person.

    Raises:
        UnknownNameError: An encoder, precision or exporter that is not there.
        BuildError: The weights cannot be had or read, or a network fails its check.
        MissingExtraError: A package that the choice needs is not installed.
    """
    known = (("encoder", name, DEFAULT_MODELS), ("precision", precision, PRECISIONS), ("exporter", exporter, EXPORTERS))
    for kind, value, valid in known:
        if value not in valid:
            raise UnknownNameError(kind, value, valid)
    source = find_weights(name, choice, seed, report)
    loaded = _load(name, source, seed, exporter, report)
    folder.mkdir(parents=True, exist_ok=True)
    job = _Job(name, folder, loaded.spec(name), precision, report)
    towers: dict[str, TowerRecord] = {}
    if loaded.text is not None:
        loaded.text.tokenizer.save(str(folder / TOKENIZER))
        plan = job.plan("text", job.tokens(loaded.text.tower, texts), job.open_text(loaded.text.tower))
        towers["text"] = ship(loaded.text, folder / loaded.text.tower.network, plan)
    if loaded.image is not None:
        plan = job.plan("image", job.pixels(loaded.image.tower, posters), job.open_image(loaded.image.tower))
        towers["image"] = ship(loaded.image, folder / loaded.image.tower.network, plan)
    job.save_spec(towers)
    return EncoderRecord(source.source, source.revision, source.licence, source.kind, loaded.dim, towers)


def _load(name: str, source: WeightSource, seed: int, exporter: str, report: Callable[[str], None]) -> LoadedEncoder:
    """The encoder in memory, with whatever its weights came in."""
    if source.file is not None and source.file.suffix == ".onnx":
        return optimum.load(name, source.file.parent)
    # Each encoder's module imports a library of its own that takes seconds.
    loaded: LoadedEncoder = import_module(f"matinee_export.encoders.{name}").load(source, seed)
    if exporter != "optimum":
        return loaded
    if name not in OPTIMUM_EXPORTS or source.file is None:
        report(f"{name}: optimum exports transformers models with weights, not this one; torch exports it")
        return loaded
    return _by_optimum(name, source.file.parent, loaded)


def _by_optimum(name: str, weights: Path, original: LoadedEncoder) -> LoadedEncoder:
    """What optimum exports from the folder `weights`, to be compared with the original."""
    with TemporaryDirectory() as folder:
        optimum.run_optimum(str(weights), Path(folder))
        exported = optimum.load(name, Path(folder))
    assert exported.text is not None, "what optimum exports reads texts"
    assert original.text is not None, "and so does its original"
    text = replace(exported.text, reference=original.text.reference, bar=original.text.bar)
    return replace(exported, text=text)


@dataclass(frozen=True)
class _Job:
    """What the networks of one encoder have in common while they are exported."""

    name: str
    folder: Path
    spec: EncoderSpec
    precision: str
    report: Callable[[str], None]

    def plan(self, kind: str, rows: Sequence[Array], opened: Callable[[Path], Run]) -> Plan:
        return Plan(
            who=f"{self.name} {kind}",
            rows=rows,
            open=opened,
            quantize=QUANTIZERS[self.name, kind],
            precision=self.precision,
            int8_is_faster=(self.name, kind) in FASTER_IN_INT8,
            report=self.report,
        )

    def tokens(self, tower: TextTower, texts: Iterable[str]) -> list[Array]:
        """Token ids of the first texts that can be read, (tokens,) each."""
        tokenizer = Tokenizer(self.folder / tower.tokenizer, tower.max_tokens, tower.pad_id)
        readable = list(islice(_those_that(clean_text, texts), CHECKED))
        return list(tokenizer.encode(readable or SENTENCES))

    def pixels(self, tower: ImageTower, posters: Iterable[Path]) -> list[Array]:
        """Pixels of the first posters that can be decoded, (3, crop, crop) each; seeded noise where there is none."""
        decoded = _those_that(lambda path: preprocess(open_image(path), tower), posters)
        noise = np.random.default_rng(0).standard_normal((2, 3, tower.crop, tower.crop), dtype=np.float32)
        return list(islice(decoded, CHECKED)) or list(noise)

    def open_text(self, tower: TextTower) -> Callable[[Path], Run]:
        return lambda path: TextNetwork(self.folder, self.spec, replace(tower, network=path.name), None, [CPU]).run

    def open_image(self, tower: ImageTower) -> Callable[[Path], Run]:
        return lambda path: ImageNetwork(self.folder, self.spec, replace(tower, network=path.name), None, [CPU]).run

    def save_spec(self, towers: dict[str, TowerRecord]) -> None:
        """Write encoder.json with the precisions that were shipped."""
        text, image = self.spec.text, self.spec.image
        shipped = replace(
            self.spec,
            text=replace(text, precision=towers["text"].precision) if text else None,
            image=replace(image, precision=towers["image"].precision) if image else None,
        )
        shipped.save(self.folder)


def _those_that(step: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of `step` for the items it can use, in order."""
    for item in items:
        try:
            yield step(item)
        except BadInputError:
            continue
