"""What must hold beside speed: fp32 is the original, a variant stays near fp32, a vector stays as it is in any batch.

Every variant is judged through the runtime's encoder, on texts and posters that it was not calibrated with: MiniLM's
packaged weights are real, ResNet50's and CLIP's are seeded ones of the full architecture.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from tests.export.exported import Exported, made_up_texts

from matinee.encoders import Encoder, EncoderSpec
from matinee.images import open_image, preprocess
from matinee.session import CPU
from matinee.text import Tokenizer
from matinee_export.encoders.quantization.variants import Variant
from matinee_export.encoders.selection.check import COSINE, INDEPENDENCE, OVERLAP, THRESHOLDS, failures
from matinee_export.encoders.selection.parity import mean_cosine, neighbour_overlap
from matinee_export.encoders.selection.select import write
from matinee_export.models.registry import ENCODERS
from matinee_sample import load_films, write_tables
from matinee_sample.posters import draw_poster

pytestmark = pytest.mark.slow

ORIGINAL = {("bert", "text"): 1e-4, ("resnet50", "image"): 1e-3, ("clip", "text"): 1e-4, ("clip", "image"): 1e-4}
"""Largest difference of an fp32 vector from the original's, by network."""

FIXTURES = {"bert": "minilm", "resnet50": "resnet50", "clip": "clip"}
ALONE = 6
Vectors = npt.NDArray[np.float32]


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """64 reviews of the built-in sample."""
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder)
    with (folder / "reviews.csv").open(encoding="utf-8", newline="") as file:
        written = [row["review_detail"] for row in csv.DictReader(file) if row["review_detail"]]
    return written[:: len(written) // 64][:64]


@pytest.fixture(scope="session")
def posters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """48 posters of the built-in sample."""
    folder = tmp_path_factory.mktemp("drawn")
    films = load_films()
    paths = [folder / f"{row:02}.jpg" for row in range(48)]
    for path, film in zip(paths, films[:: len(films) // 48], strict=False):
        draw_poster(film, path)
    return paths


@pytest.mark.parametrize(("encoder", "kind"), ORIGINAL)
def test_fp32_is_the_original_and_ignores_batch_mates(encoder: str, kind: str, request: pytest.FixtureRequest) -> None:
    _, record = request.getfixturevalue(FIXTURES[encoder])
    figures = record.towers[kind].parity
    assert 0 <= figures["fp32_max_difference"] <= ORIGINAL[encoder, kind]
    assert figures["fp32_batch_cosine"] >= 0.9999


@pytest.mark.parametrize(("encoder", "kind"), ORIGINAL)
def test_an_fp32_vector_is_the_same_alone_and_among_others(
    encoder: str, kind: str, request: pytest.FixtureRequest
) -> None:
    folder, _ = request.getfixturevalue(FIXTURES[encoder])
    items = request.getfixturevalue(f"{'texts' if kind == 'text' else 'posters'}")[:20]
    served = Encoder.open(folder, providers=[CPU])
    assert _alone(served, kind, items, _embed(served, kind, items)) >= 0.9999


@pytest.mark.parametrize(
    ("encoder", "kind", "variant"),
    [
        pytest.param(name, kind, variant, id=f"{name}-{kind}-{variant.name}")
        for name, encoder in ENCODERS.items()
        for kind, variants in encoder.variants.items()
        for variant in variants
    ],
)
def test_a_reduced_variant_passes_every_threshold_on_inputs_it_was_not_calibrated_with(
    encoder: str, kind: str, variant: Variant, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder, _ = request.getfixturevalue(FIXTURES[encoder])
    items = request.getfixturevalue("texts" if kind == "text" else "posters")
    seen, unseen = items[: len(items) // 2], items[len(items) // 2 :]
    exact = Encoder.open(folder, providers=[CPU])
    reduced = _reduced(exact, kind, variant, _rows(exact, kind, seen), tmp_path)
    theirs, ours = (_embed(served, kind, unseen) for served in (exact, reduced))
    figures = {
        COSINE: mean_cosine(theirs, ours),
        OVERLAP: neighbour_overlap(theirs, ours),
        INDEPENDENCE: _alone(reduced, kind, unseen, ours),
    }
    assert figures.keys() == THRESHOLDS.keys()
    assert failures(figures) == []


def _reduced(exact: Encoder, kind: str, variant: Variant, rows: Sequence[npt.NDArray[Any]], folder: Path) -> Encoder:
    """The encoder `exact` with one network in another variant, in a folder of its own."""
    tower = exact.spec.towers[kind]
    model = onnx.load(exact.folder / tower.network)
    before = model.SerializeToString(deterministic=True)
    write(variant.make(model, rows), folder / tower.network)
    assert model.SerializeToString(deterministic=True) == before, "a variant leaves the fp32 network as it is"
    if exact.spec.text is not None:
        shutil.copy(exact.folder / exact.spec.text.tokenizer, folder)
    described = exact.spec.to_json()
    described["towers"][kind]["provider"] = variant.provider
    spec = EncoderSpec.from_json(json.loads(json.dumps(described)))
    return Encoder(folder, spec, providers=[CPU])


def _rows(encoder: Encoder, kind: str, items: Sequence[Any]) -> list[npt.NDArray[Any]]:
    """The items as a variant is calibrated with them."""
    if kind == "image":
        assert encoder.spec.image is not None
        return [preprocess(open_image(path), encoder.spec.image) for path in items]
    tower = encoder.spec.text
    assert tower is not None
    return list(Tokenizer(encoder.folder / tower.tokenizer, tower.max_tokens, tower.pad_id).encode(items))


def _embed(encoder: Encoder, kind: str, items: Sequence[Any]) -> Vectors:
    return np.concatenate(list(encoder.embed_texts(items) if kind == "text" else encoder.embed_posters(items)))


def _alone(encoder: Encoder, kind: str, items: Sequence[Any], together: Vectors) -> float:
    """The smallest cosine between the vectors of some items alone and those they have among others."""
    some = np.linspace(0, len(items) - 1, ALONE).astype(int)
    one = encoder.text if kind == "text" else encoder.poster
    return min(float(one(items[row]) @ together[row]) for row in some)


def test_the_variant_for_cpus_passes_every_threshold_on_real_reviews_with_real_weights(
    minilm: Exported, movies_real: Path, tmp_path: Path
) -> None:
    csv.field_size_limit(10**9)
    with (movies_real / "reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = (row["review_detail"] for row in csv.DictReader(file) if row["review_detail"].strip())
        reviews = list(islice(rows, 0, 3200, 25))
    exact = Encoder.open(minilm[0], providers=[CPU])
    variant = ENCODERS["bert"].variants["text"][0]
    reduced = _reduced(exact, "text", variant, _rows(exact, "text", reviews[:64]), tmp_path)
    theirs, ours = (_embed(served, "text", reviews[64:]) for served in (exact, reduced))
    assert mean_cosine(theirs, ours) >= THRESHOLDS[COSINE]
    assert neighbour_overlap(theirs, ours) >= THRESHOLDS[OVERLAP]


def test_a_short_text_among_long_ones_keeps_its_vector(minilm: Exported, tmp_path: Path) -> None:
    texts = ["short", "some words more " * 40, *made_up_texts(6)]
    exact = Encoder.open(minilm[0], providers=[CPU])
    variant = ENCODERS["bert"].variants["text"][0]
    reduced = _reduced(exact, "text", variant, _rows(exact, "text", made_up_texts(40)), tmp_path)
    together = _embed(reduced, "text", texts)
    alone = np.stack([reduced.text(text) for text in texts])
    assert (together * alone).sum(axis=1).min() >= THRESHOLDS[INDEPENDENCE]
