"""Exports one encoder: finds its weights, writes its networks as ONNX, checks them on real inputs, keeps the best.

In: an encoder's recipe, a choice of weights, some real texts and posters. Out: a folder that
`matinee.encoders.Encoder` opens, and an `EncoderRecord`. Networks are run with the runtime's own code, so that the
checks cover the code that serves them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np

from matinee.encoders import Encoder
from matinee.errors import BadInputError, UnknownNameError
from matinee.images import prepare
from matinee.networks import ImageNetwork, TextNetwork
from matinee.session import best_provider
from matinee.text import Tokenizer, clean_text
from matinee.towers import EncoderSpec, ImageTower, TextTower, TowerT
from matinee_export.encoders.networks import optimum
from matinee_export.encoders.networks.towers import TOKENIZER, Array, LoadedEncoder
from matinee_export.encoders.quantization.variants import check_precision, measured_on_provider, variants_to_try
from matinee_export.encoders.recipe import EncoderRecipe
from matinee_export.encoders.record import EncoderRecord, TowerRecord
from matinee_export.encoders.selection.parity import Run
from matinee_export.encoders.selection.select import Plan, select
from matinee_export.encoders.selection.speed import Serve
from matinee_export.encoders.weights.choice import EncoderChoice
from matinee_export.encoders.weights.source import WeightSource, find_weights
from matinee_export.encoders.weights.weights_file import part_weights
from matinee_export.log import Log

Item = TypeVar("Item")
Result = TypeVar("Result")

EXPORTERS = ("torch", "optimum")

CHECKED = 64
"""Largest number of texts, and of posters, used for calibration and checks."""

SENTENCES = ("A thief and a detective circle each other in Los Angeles.", "Slow, but the ending is worth it.", "Funny!")
"""Stand-in inputs for comparing a text network with its original where no texts are given."""


def export_encoder(
    encoder: EncoderRecipe,
    folder: Path,
    *,
    choice: EncoderChoice,
    texts: Iterable[str] = (),
    posters: Iterable[Path] = (),
    seed: int = 0,
    precision: str = "auto",
    exporter: str = "torch",
    log: Log = print,
) -> EncoderRecord:
    """Write an encoder into `folder`: encoder.json, its networks and its tokenizer.

    Args:
        encoder: The recipe of the encoder.
        folder: Where to write; created if it does not exist.
        choice: Which weights to use, as returned by `choose`.
        texts: Real texts to calibrate and measure variants with; the first CHECKED that can be read are used.
        posters: Files of real posters, used in the same way.
        seed: Seed of untrained weights.
        precision: "auto" for the best variant as measured on this machine, "fp32", or a variant's name; see `variants`.
        exporter: "torch", or "optimum" where optimum-onnx is installed; torch exports the models that optimum cannot.
        log: Called with lines of progress for the user.

    Raises:
        UnknownNameError: There is no such precision or exporter.
        BuildError: The weights cannot be found or read, or a network fails its check.
        MissingExtraError: A package needed for the chosen weights or exporter is not installed.
    """
    check_precision(precision)
    if exporter not in EXPORTERS:
        raise UnknownNameError("exporter", exporter, EXPORTERS)
    source = find_weights(encoder, choice, seed, log)
    loaded = _load(encoder, source, seed, exporter, log)
    folder.mkdir(parents=True, exist_ok=True)
    job = _Job(encoder, folder, loaded.spec(encoder.name), precision, best_provider(), log)
    towers: dict[str, TowerRecord] = {}
    if loaded.text is not None:
        loaded.text.tokenizer.save(str(folder / TOKENIZER))
        words = loaded.text.tower
        towers["text"] = select(loaded.text, folder / words.network, job.text_plan(words, texts))
    if loaded.image is not None:
        looks = loaded.image.tower
        towers["image"] = select(loaded.image, folder / looks.network, job.image_plan(looks, posters))
    job.save_spec(towers)
    for tower in job.spec.towers.values():
        part_weights(folder / tower.network)
    return EncoderRecord(source.source, source.revision, source.licence, source.kind, loaded.dim, towers)


def _load(encoder: EncoderRecipe, source: WeightSource, seed: int, exporter: str, log: Log) -> LoadedEncoder:
    """Load the encoder into memory, from ONNX or from parameters, whichever its weights are."""
    if source.file is not None and source.file.suffix == ".onnx":
        return optimum.load(encoder.variants, source.file.parent)
    loaded: LoadedEncoder = import_module(encoder.network).load(source, seed)
    if exporter != "optimum":
        return loaded
    if not encoder.by_optimum or source.file is None:
        log(f"{encoder.name}: optimum exports transformers models with weights, not this one; torch exports it")
        return loaded
    return _by_optimum(encoder, source.file.parent, loaded)


def _by_optimum(encoder: EncoderRecipe, weights: Path, original: LoadedEncoder) -> LoadedEncoder:
    """Have optimum export the model in the folder `weights`, with `original` as the reference to check it against."""
    with TemporaryDirectory() as folder:
        optimum.run_optimum(str(weights), Path(folder))
        exported = optimum.load(encoder.variants, Path(folder))
    assert exported.text is not None, "what optimum exports reads texts"
    assert original.text is not None, "and so does its original"
    text = replace(exported.text, reference=original.text.reference, tolerance=original.text.tolerance)
    return replace(exported, text=text)


@dataclass(frozen=True)
class _Job:
    """The settings shared by the networks of one encoder during its export."""

    recipe: EncoderRecipe
    folder: Path
    spec: EncoderSpec
    precision: str
    provider: str
    log: Log

    def text_plan(self, tower: TextTower, texts: Iterable[str]) -> Plan:
        """Return the plan of the text network, whose inputs are the first readable texts, or SENTENCES if none is."""
        readable = list(islice(_those_that(clean_text, texts), CHECKED)) or SENTENCES
        rows = Tokenizer(self.folder / tower.tokenizer, tower.max_tokens, tower.pad_id).encode(readable)
        return self._plan("text", tower, rows, TextNetwork, lambda encoder, n: encoder.embed_texts(readable[:n]))

    def image_plan(self, tower: ImageTower, posters: Iterable[Path]) -> Plan:
        """Return the plan of the image network, whose inputs are the first decodable posters, or else seeded noise."""
        decoded = _those_that(lambda path: (path, prepare(path, tower)), posters)
        readable = list(islice(decoded, CHECKED))
        noise = np.random.default_rng(0).standard_normal((2, 3, tower.crop, tower.crop), dtype=np.float32)
        files, rows = [path for path, _ in readable], [pixels for _, pixels in readable] or list(noise)
        return self._plan("image", tower, rows, ImageNetwork, lambda encoder, n: encoder.embed_posters(files[:n]))

    def _plan(
        self,
        kind: str,
        tower: TowerT,
        rows: Sequence[Array],
        network: Callable[[Path, EncoderSpec, TowerT, None, Sequence[str]], TextNetwork | ImageNetwork],
        embed: Callable[[Encoder, int], Iterable[object]],
    ) -> Plan:
        """Return the plan of one network: `network` opens it alone, `embed` embeds the first n inputs as served."""

        def trial(path: Path, made_for: str) -> TowerT:
            return replace(tower, network=path.name, provider=made_for)

        def opened(path: Path, provider: str, made_for: str) -> Run:
            return network(self.folder, self.spec, trial(path, made_for), None, [provider]).run

        def serve(path: Path, provider: str, made_for: str) -> Serve:
            towers: dict[str, Any] = {kind: trial(path, made_for)}
            encoder = Encoder(self.folder, replace(self.spec, **towers), providers=[provider])
            return lambda count: _exhaust(embed(encoder, count))

        variants = variants_to_try(self.recipe.variants[kind], self.precision, self.provider)
        return Plan(
            who=f"{self.recipe.name} {kind}",
            rows=rows,
            open=opened,
            serve=serve,
            precision=self.precision,
            variants=variants,
            provider=measured_on_provider(variants, self.provider),
            log=self.log,
        )

    def save_spec(self, towers: dict[str, TowerRecord]) -> None:
        """Write encoder.json with the precision and provider of each shipped network."""
        text, image = self.spec.text, self.spec.image
        replace(
            self.spec,
            text=_shipped(text, towers["text"]) if text else None,
            image=_shipped(image, towers["image"]) if image else None,
        ).save(self.folder)


def _those_that(step: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield the results of `step` in order, skipping items for which it raises BadInputError."""
    for item in items:
        try:
            yield step(item)
        except BadInputError:
            continue


def _shipped(tower: TowerT, record: TowerRecord) -> TowerT:
    """Return the network's entry in encoder.json, with the precision and provider that were shipped."""
    return replace(tower, precision=record.precision, provider=record.provider)


def _exhaust(blocks: Iterable[object]) -> None:
    for _ in blocks:
        pass
