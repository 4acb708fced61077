"""Vectors that are spread as real ones are: a mixture of clusters in few directions of a wide space, of length one.

In: how many. Out: the same vectors at every run, the first of them the same however many are asked for. Knows nothing
of search. With these figures, 5,000 of them are about as hard to search as the vectors that MiniLM makes of reviews of
movies-real: with ef 10, 20, 40 and 80, hnswlib (M 16) finds .78, .91, .97 and .995 of the ten nearest, where it finds
.77, .89, .95 and .99 of the real ones. Nearest, tenth and hundredth lie at cosine .68, .62 and .54; .69, .62 and .56.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

DIM = 768
DIRECTIONS = 128
"""In how many directions they differ from one another."""

CLUSTERS = 1000
SPREAD = 1.5
"""How far the members of a cluster are from its centre, beside how far centres are from one another."""

CHUNK = 50_000
"""How many are made together; a chunk has a seed of its own."""


def clustered(seed: int = 0, first: int = 0) -> Iterator[Vectors]:
    """Yield vectors without end, (CHUNK, DIM) float32 at a time, from the `first` chunk on."""
    draw = np.random.default_rng(seed)
    basis = np.linalg.qr(draw.normal(size=(DIM, DIRECTIONS + 1)))[0].astype(np.float32)
    scale = (np.arange(1, DIRECTIONS + 1) ** -0.5).astype(np.float32)
    scale /= np.linalg.norm(scale)
    centres = draw.normal(size=(CLUSTERS, DIRECTIONS)).astype(np.float32) * scale
    share = draw.dirichlet(np.ones(CLUSTERS))
    chunk = first
    while True:
        draw = np.random.default_rng([seed, 0, chunk])
        of = centres[draw.choice(CLUSTERS, CHUNK, p=share)]
        inside = of + SPREAD * draw.standard_normal((CHUNK, DIRECTIONS), dtype=np.float32) * scale
        vectors = inside @ basis[:, :-1].T + basis[:, -1]  # what all have in common, as the vectors of a network do
        yield vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        chunk += 1
