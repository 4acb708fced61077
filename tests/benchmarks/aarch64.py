"""One question of each kind to every model of a bundle, asked on one machine and compared with another's answers.

    python aarch64.py ask BUNDLE ANSWERS.npz           on each machine; the picks and vectors of its answers
    python aarch64.py compare ANSWERS.npz OTHER.npz    a line for each list of picks and each kind of vector

A script of its own, because it also runs where only the runtime is installed; see aarch64.md. No timing is taken.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee import Bundle, Recommender
from matinee.taste import Poster, Rating, Review, Taste

Answers = Mapping[str, NDArray[Any]]

WORDS = (
    "Slow, rainy detective story with a twist.",
    "I laughed until it hurt: a wedding, two brothers, and a dog that steals every scene.",
    "A quiet film about old friends on a long journey home through the mountains, told without haste.",
    "Robots, neon and a chase over rooftops. The plot has holes, but what a ride.",
    "The ghost in the cellar scared my whole family; we slept with the lights on for a week.",
    "Too long by an hour and the battle never ends, yet the last scene between father and son stays with me.",
)
K = 10


def ask(bundle: Bundle) -> dict[str, NDArray[Any]]:
    """Return the picks of every kind of question and model, and the vectors of every encoder, by name."""
    recommender, posters = Recommender(bundle), _posters(bundle)
    liked = [bundle.catalogue[row].title for row in (10, 20, 30)]
    tastes = {
        "a review": Taste(reviews=(Review(WORDS[0]),)),
        "a poster": Taste(posters=(Poster(posters[0]),)),
        "ratings": Taste(ratings=tuple(map(Rating, liked, (9, 8, 3)))),
    }
    answers: dict[str, NDArray[Any]] = {}
    for kind, taste in tastes.items():
        for model, picks in recommender.recommend(taste, k=K).items():
            answers[f"picks/{kind}/{model}"] = np.array([pick.movie.id for pick in picks])
            print(f"{platform.machine()}: {kind}, {model}", flush=True)
    for name in bundle.manifest.encoders:
        encoder = bundle.encoder(name)
        if "text" in encoder.towers:
            answers[f"vectors/{name}/text"] = np.stack([encoder.text(text) for text in WORDS])
        if "image" in encoder.towers:
            answers[f"vectors/{name}/image"] = np.stack([encoder.poster(poster) for poster in posters])
    for name in recommender.members:
        index = bundle.index(name)
        near = [index.search_graph(np.array(index.vectors[row]), K)[0] for row in (1, 2, 3)]
        answers[f"rows/{name}/graph"] = np.stack(near)
    return answers


def _posters(bundle: Bundle) -> list[Path]:
    rows = range(len(bundle.catalogue))
    return [path for row in rows[:: max(1, len(rows) // 6)] if (path := bundle.poster_path(row)) is not None][:6]


def compare(one: Answers, other: Answers) -> Iterator[str]:
    """Yield how far two machines' answers are from each other."""
    for name, mine in one.items():
        theirs = other[name]
        if name.startswith("vectors/"):
            cosines = np.sum(mine.astype(np.float64) * theirs, axis=1)
            difference = float(np.abs(mine - theirs).max())
            cosine = f"{cosines.mean():.7f} (least {cosines.min():.7f})"
            yield f"{name}: cosine {cosine}, largest difference {difference:.1e}"
        else:
            order = "same order" if np.array_equal(mine, theirs) else "another order"
            yield f"{name}: {len(np.intersect1d(mine, theirs))} of {len(np.unique(mine))} the same, {order}"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ask", bundle, answers]:
            np.savez(answers, allow_pickle=False, **ask(Bundle.open(bundle, threads=2)))
        case ["compare", one, other]:
            with np.load(one, allow_pickle=False) as mine, np.load(other, allow_pickle=False) as theirs:
                print(*compare(mine, theirs), sep="\n")
        case _:
            sys.exit(str(__doc__))
