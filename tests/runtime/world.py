"""A small made-up world: movies in four clusters that every model can tell apart, and the models over them.

Clusters are genres; movie `row` belongs to cluster `row % 4`. Rows in UNKNOWN are unknown to every model. Tests take it
from the fixture `world`. `write_bundle` writes the same world as a bundle, with the small real encoders of `tiny.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from matinee.blend import Weights
from matinee.catalogue import Catalogue, Movie, Quote
from matinee.encoders import Encoder
from matinee.exact import Vectors
from matinee.index import Index
from matinee.manifest import FORMAT, DatasetInfo, EncoderInfo, Manifest, ModelInfo, list_files
from matinee.models import MODELS, Evidence, Hybrid, Kind, Model, Ranker, reading
from matinee.models.hybrid import Movies

N, DIM, CLUSTERS = 160, 16, 4
UNKNOWN = (9, 50, 91, 132)
POPULARITY = np.random.default_rng(5).permutation(N).astype(np.int64)
COLD = POPULARITY < 10
PARAMS: dict[str, dict[str, float]] = {
    "als": {"alpha": 5.0, "regularization": 0.5},
    "bpr": {"regularization": 0.01},
}
TOWERS: dict[Kind, str] = {"text": "text", "poster": "image"}
GENRES = ("Romance", "Crime", "Space", "Horror")
WORDS = ("a touching wedding and love", "gangster heist and police", "alien spaceship in space", "scary ghost house")
COLOURS = ((230, 120, 160), (30, 60, 200), (20, 20, 25), (200, 20, 10))
TEXTS = [f"{WORDS[row % CLUSTERS]} film {'slow' if row % 3 else 'funny'}" for row in range(N)]


def cluster(row: int) -> int:
    """Cluster of the movie in `row`."""
    return row % CLUSTERS


def members(number: int) -> list[int]:
    """Known rows of a cluster."""
    return [row for row in range(N) if cluster(row) == number and row not in UNKNOWN]


def vectors(name: str) -> Vectors:
    """Movie vectors for a model: clusters with some noise, unit rows for cosine models, a bias column for BPR."""
    draw = np.random.default_rng(len(name))
    centres = np.linalg.qr(draw.normal(size=(DIM, DIM)))[0][:CLUSTERS]
    noise = 0.04 if name == "als" else 0.12  # least squares make all directions count alike
    made = centres[np.arange(N) % CLUSTERS] + noise * draw.normal(size=(N, DIM))
    if name == "als":
        made *= 0.4 + POPULARITY[:, None] / N
    elif name == "bpr":
        made[:, -1] = POPULARITY / N / 2
    else:
        made /= np.linalg.norm(made, axis=1, keepdims=True)
    return finish(made)


def finish(made: npt.NDArray[np.floating]) -> Vectors:
    """Return the rows as float32, those of UNKNOWN zero, and the whole read-only, as it is in a bundle."""
    finished = np.array(made, dtype=np.float32, order="C")
    finished[list(UNKNOWN)] = 0
    finished.flags.writeable = False
    return finished


def model(name: str) -> Model:
    """The model called `name` over this world."""
    made = vectors(name)
    return MODELS[name](made, Index.build(made), POPULARITY, PARAMS.get(name, {}))


def ranker(name: str) -> Ranker:
    """The model called `name`, the hybrid included."""
    if name != "hybrid":
        return model(name)
    weights = {"bpr": 1.0, "als": 2.0, "bert": 1.0, "clip": 0.5}
    return hybrid({name: model(name) for name in MODELS}, {name: Weights(w, w, 0.0) for name, w in weights.items()})


def hybrid(members: Mapping[str, Model], weights: Mapping[str, Weights]) -> Hybrid:
    """A hybrid of `members` over this world's movies."""
    return Hybrid(members, weights, Movies(prior(), COLD))


def prior() -> Vectors:
    """The user-independent scores of the movies in the hybrid: a little for popularity."""
    return np.stack([POPULARITY / 1000, POPULARITY / 2000], axis=1).astype(np.float32)


def tell(*evidence: Evidence) -> dict[str, Sequence[Evidence]]:
    """The same evidence for every model."""
    return dict.fromkeys(MODELS, evidence)


def about(row: int, weight: float = 0.9, inferred: bool = False) -> Evidence:
    """Evidence that the visitor rated the movie in `row`, or that it is near to what they gave."""
    return Evidence(weight, f"movie {row}", "text" if inferred else "movie", movie=row, inferred=inferred)


def movies() -> Catalogue:
    """The catalogue: movie `row` is "Film <row>" of 1950 + row, in the genre of its cluster."""
    return Catalogue(
        [
            Movie(
                id=f"tt{row + 1:07d}",
                title=f"Film {row}",
                year=1950 + row % 70,
                genres=(GENRES[cluster(row)],),
                score=5 + row % 50 / 10,
                liked=int(POPULARITY[row]),
                quote=Quote(f"What a film, number {row}.", "someone") if row % 2 else None,
            )
            for row in range(N)
        ]
    )


def poster(number: int, size: tuple[int, int] = (48, 64)) -> Image.Image:
    """A poster in the colour of a cluster."""
    return Image.new("RGB", size, COLOURS[number])


def write_bundle(
    folder: Path, tiny_encoder: Callable[..., Path], weights: Mapping[str, float], names: Sequence[str] = tuple(MODELS)
) -> Path:
    """Write this world as a bundle with the models in `names`, and a hybrid if there are weights; return `folder`."""
    folder.mkdir(parents=True)
    movies().save(folder / "catalogue.jsonl")
    encoders = {
        name: tiny_encoder(folder / "encoders" / name, name, [TOWERS[kind] for kind in TOWERS if kind in reads])
        for name, reads in ((name, MODELS[name].spec.reads) for name in names if name in reading(*TOWERS))
    }
    infos = {}
    for name in names:
        made = _encoded(Encoder.open(encoders[name], threads=1)) if name in encoders else vectors(name)
        home = folder / "models" / name
        home.mkdir(parents=True)
        np.save(home / "movies.npy", made)
        Index.build(made).save(home)
        infos[name] = ModelInfo(dim=made.shape[1], params=PARAMS.get(name, {}))
    if weights:
        infos["hybrid"] = ModelInfo(dim=0)
        (folder / "models" / "hybrid").mkdir()
        np.save(folder / "models" / "hybrid" / "prior.npy", prior())
    Manifest(
        format=FORMAT,
        seed=0,
        built_by={},
        dataset=DatasetInfo(name="world", made_up=True),
        encoders={name: EncoderInfo("tiny", "", "", "seeded", dim=32) for name in encoders},
        models=infos,
        hybrid_weights={name: {"few": weight, "many": weight, "cold": 0.0} for name, weight in weights.items()},
        files=dict(list_files(folder)),
    ).save(folder)
    return folder


def list_files_anew(folder: Path) -> None:
    """Make the manifest of the bundle in `folder` list the files that are there now."""
    replace(Manifest.load(folder), files=dict(list_files(folder))).save(folder)


def _encoded(encoder: Encoder) -> Vectors:
    """Movie vectors from what an encoder can read: the movie's text, its poster, or the mean of both."""
    parts: list[npt.NDArray[np.floating]] = []
    if "text" in encoder.towers:
        parts.append(np.vstack(list(encoder.embed_texts(TEXTS))))
    if "image" in encoder.towers:
        looks = np.vstack(list(encoder.embed_posters(poster(number) for number in range(CLUSTERS))))
        parts.append(looks[np.arange(N) % CLUSTERS] + 1e-3 * np.random.default_rng(0).normal(size=(N, encoder.dim)))
    mean = np.mean(parts, axis=0)
    return finish(mean / np.linalg.norm(mean, axis=1, keepdims=True))
