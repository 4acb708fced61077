"""Writes a small but whole bundle in a second: sixty films of the sample, tiny real encoders, all models and a hybrid.

The factors are random; what is tested with it is the page, not taste.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matinee_export.sample.films import Film, load_films
from PIL import Image, ImageDraw

from matinee.catalogue import Catalogue, Movie, Quote
from matinee.encoders import Encoder
from matinee.index import Index
from matinee.manifest import FORMAT, DatasetInfo, EncoderInfo, Manifest, ModelInfo, list_files

FILMS = 60
WEIGHTS = {"bert": "packaged", "resnet50": "seeded", "clip": "pretrained"}
TOWERS = {"bert": ("text",), "resnet50": ("image",), "clip": ("text", "image")}
PARAMS = {"bpr": {"regularization": 0.01}, "als": {"alpha": 10.0, "regularization": 0.1}}

WriteEncoder = Callable[[Path, str, Sequence[str]], Path]


def write_small_bundle(folder: Path, write_encoder: WriteEncoder) -> Path:
    """Write the bundle into `folder` and return it."""
    (folder / "posters").mkdir(parents=True)
    catalogue = Catalogue([_movie(row, film) for row, film in enumerate(load_films()[-10 * FILMS :: 10][:FILMS])])
    catalogue.save(folder / "catalogue.jsonl")
    texts = [f"a film about {' and '.join(movie.genres).lower()}" for movie in catalogue]
    for movie in catalogue:
        if movie.poster:
            write_poster(folder / movie.poster, movie.title)
    dims = {}
    for model, vectors in _vectors(folder, catalogue, texts, write_encoder).items():
        place = folder / "models" / model
        place.mkdir(parents=True)
        np.save(place / "movies.npy", vectors)
        Index.build(vectors, seed=0).save(place / "index.hnsw")
        dims[model] = vectors.shape[1]
    _manifest(folder, dims).save(folder)
    return folder


def write_poster(path: Path, title: str) -> None:
    """Write a poster whose colours follow from the title."""
    seed = zlib.crc32(title.encode())
    top, bottom = (seed & 255, seed >> 8 & 255, seed >> 16 & 255), (seed >> 16 & 255, 40, seed & 255)
    image = Image.linear_gradient("L").resize((200, 300))
    poster = Image.composite(Image.new("RGB", image.size, bottom), Image.new("RGB", image.size, top), image)
    ImageDraw.Draw(poster).text((12, 250), title[:24], fill="white")
    poster.save(path, quality=85)


def _movie(row: int, film: Film) -> Movie:
    poster = None if row % 20 == 7 else f"posters/{film.imdb_id}.jpg"
    return Movie(
        id=film.imdb_id,
        title=film.title,
        year=film.year,
        genres=film.genres,
        score=film.score,
        link=f"https://www.imdb.com/title/{film.imdb_id}/",
        poster=poster,
        ratings=100 - row,
        reviews=5,
        liked=80 - row,
        quote=Quote("Wonderful, from start to finish.", "someone"),
    )


def _vectors(
    folder: Path, catalogue: Catalogue, texts: Sequence[str], write_encoder: WriteEncoder
) -> dict[str, npt.NDArray[np.float32]]:
    encoders = {
        name: Encoder.open(write_encoder(folder / "encoders" / name, name, towers)) for name, towers in TOWERS.items()
    }
    posters = [folder / movie.poster if movie.poster else Image.new("RGB", (20, 30)) for movie in catalogue]
    random = np.random.default_rng(0)
    look = np.vstack(list(encoders["resnet50"].embed_posters(posters)))
    look[[movie.poster is None for movie in catalogue]] = 0
    said = np.vstack(list(encoders["clip"].embed_texts(texts)))
    seen = np.vstack(list(encoders["clip"].embed_posters(posters)))
    return {
        "bpr": random.normal(size=(len(catalogue), 9)).astype(np.float32),
        "als": random.normal(size=(len(catalogue), 8)).astype(np.float32),
        "bert": np.vstack(list(encoders["bert"].embed_texts(texts))),
        "resnet50": look,
        "clip": ((said + seen) / np.linalg.norm(said + seen, axis=1, keepdims=True)).astype(np.float32),
    }


def _manifest(folder: Path, dims: dict[str, int]) -> Manifest:
    return Manifest(
        format=FORMAT,
        seed=0,
        built_by={"matinee": "0.1.0"},
        dataset=DatasetInfo(
            "Small", True, "Made for tests: <b>nobody</b> wrote it.", {"movies": FILMS, "reviewers": 40, "ratings": 900}
        ),
        encoders={
            name: EncoderInfo(f"tiny {name}", "1", "none", weights, 32, {tower: {"precision": "fp32"} for tower in TOWERS[name]})
            for name, weights in WEIGHTS.items()
        },
        models={
            **{name: ModelInfo(dim, PARAMS.get(name, {})) for name, dim in dims.items()},
            "hybrid": ModelInfo(0),
        },
        hybrid_weights=dict.fromkeys(dims, 1.0),
        files=dict(list_files(folder)),
    )
