"""The interface of every model. In: evidence about a visitor. Out: movies, each with a score and its evidence.

One rule serves all models. A model turns each piece of evidence into a vector, its part; the query is the sum of the
parts, a movie's score is its inner product with the query, and the reason for a pick is the evidence whose part has the
largest inner product with the picked movie. Models differ only in how they turn evidence into parts. Texts and posters
are given as the vectors of an encoder.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from matinee.errors import BadInputError, BundleError, UnknownNameError
from matinee.exact import Mask, Rows, Vectors, products
from matinee.index import Index
from matinee.models.spec import Kind, ModelSpec
from matinee.weighting import DEFAULT, WEIGHTINGS, weight
from matinee.whitening import Whitening

LARGEST_PARAM = 1e6
"""Upper bound of every parameter of a model."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """One piece of evidence for or against movies, in the form that one model can use.

    Args:
        weight: From -1 to 1; below 0 it counts against.
        label: What it is, in words that end a sentence: "Heat (1995), which you rated 9".
        kind: What the visitor gave: a named movie, words or a poster.
        movie: Row of the movie that represents it, or None.
        vector: Vector of the text or poster, (dim,) float32, where the model reads those itself; else None.
        inferred: Whether the movie was not named by the visitor but is near to what they gave.
        rating: What the visitor rated it, from 1 to 10, or None.
    """

    weight: float
    label: str
    kind: Kind
    movie: int | None = None
    vector: Vectors | None = None
    inferred: bool = False
    rating: float | None = None


@dataclass(frozen=True, eq=False)
class Query:
    """A visitor's query to one model.

    Attributes:
        parts: (m, dim) float32; they add up to the query vector.
        evidence: The evidence behind each part; None for a part without evidence, such as popularity.
    """

    parts: Vectors
    evidence: tuple[Evidence | None, ...]

    @cached_property
    def vector(self) -> Vectors:
        """The sum of the parts, (dim,) float32."""
        return np.asarray(self.parts.sum(axis=0), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class ScoredMovie:
    """A movie that a model recommends.

    Attributes:
        movie: Its row.
        score: The model's score; values for different visitors cannot be compared.
        model: The model whose reason is given; for the hybrid, the member that contributes most.
        because: The evidence that raises its score most, or None where it is there because it is popular.
        filler: Whether the movie is unknown to the model and was added by popularity to fill the list.
    """

    movie: int
    score: float
    model: str
    because: Evidence | None
    filler: bool = False

    @property
    def inferred(self) -> bool:
        """Whether the reason is a movie near to what the visitor gave, not one that they named."""
        return self.because is not None and self.because.inferred


EvidenceByModel = Mapping[str, Sequence[Evidence]]
"""For each model, by name, the evidence it can use."""


class QueryCache:
    """Evidence of one visitor, with a cache of the queries and scores that models compute from it.

    Attributes:
        queries: The visitor's query to each model that was asked, by the model's name.
        scores: The score of every movie in a model, (n_movies,) float32, by the model's name; only while a request is
            answered.
    """

    queries: dict[str, Query]
    scores: dict[str, Vectors]


class Ranker(Protocol):
    """The interface through which the recommender uses any model, the hybrid included."""

    @property
    def name(self) -> str:
        """Name of the model in the bundle."""
        ...

    def rank(self, evidence: EvidenceByModel, k: int, allowed: Mask | None = None) -> list[ScoredMovie]:
        """Return the best movies for a visitor.

        Args:
            evidence: The visitor's evidence for each model.
            k: How many movies, at least 1.
            allowed: Which movies may be returned, (n_movies,) bool; all of them by default.

        Returns:
            min(k, number of allowed movies) different movies in descending order of their scores. Movies unknown to the
            model come only after all that it knows, the most liked first.

        Raises:
            BadInputError: if the evidence or the filter does not fit the model's vectors, or k is below 1.
        """
        ...


class Model(ABC):
    """A model with movie vectors of its own.

    Args:
        vectors: Movie vectors, (n_movies, dim) float32, zero rows for movies unknown to it.
        index: The index over `vectors`.
        popularity: How many users liked each movie, (n_movies,); orders the movies unknown to it, and stands in for
            missing evidence.
        params: Parameters of fold-in, from the manifest: a number above 0 for each name in `needs`.
        choices: Settings that export chose for it, from the manifest: "ratings" names its weighting of ratings.
        whitenings: Whitenings of its encoder's vectors by kind; vectors of a kind without one stay unchanged.
    """

    spec: ClassVar[ModelSpec]
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        vectors: Vectors,
        index: Index,
        popularity: npt.NDArray[np.int64],
        params: Mapping[str, float] = MappingProxyType({}),
        choices: Mapping[str, str | float] = MappingProxyType({}),
        whitenings: Mapping[Kind, Whitening] = MappingProxyType({}),
    ) -> None:
        if index.vectors.shape != vectors.shape or popularity.shape != vectors.shape[:1]:
            raise BadInputError(
                f"{self.name} has vectors of shape {vectors.shape}, an index over {index.vectors.shape} and "
                f"popularity of shape {popularity.shape}; they must be of the same movies"
            )
        for param in self.needs:
            if not 0 < params.get(param, 0) < LARGEST_PARAM:
                raise BundleError(
                    f"{self.name} needs {param} above 0 and below {LARGEST_PARAM:,.0f}, not {params.get(param)!r}; "
                    "build the bundle again"
                )
        self.vectors = vectors
        self.index = index
        self.popularity = popularity
        self.params = params
        self.whitenings = whitenings
        self.weighting = str(choices.get("ratings", DEFAULT))
        if self.weighting not in WEIGHTINGS:
            raise UnknownNameError("weighting", self.weighting, WEIGHTINGS)

    @property
    def name(self) -> str:
        """Name of the model in the bundle."""
        return self.spec.name

    @property
    def speaks_as(self) -> str:
        """Name of the model whose evidence it uses and whose name the hybrid shows for its reasons; its own here."""
        return self.spec.name

    def weigh(self, rating: float | None) -> float:
        """Return this model's weight of a rating from 1 to 10, or of None where there is none: -1 to 1."""
        return weight(rating, self.weighting)

    def project(self, kind: Kind, vector: Vectors) -> Vectors:
        """Project its encoder's output for a text or a poster, (dim,) float32, into the space of its movie vectors."""
        return self.whitenings[kind].apply(vector) if kind in self.whitenings else vector

    @abstractmethod
    def query(self, evidence: Sequence[Evidence]) -> Query:
        """Turn evidence into parts; where none is in favour, start from popularity. Raises what `usable` raises."""

    def query_for(self, evidence: EvidenceByModel) -> Query:
        """Return the visitor's query to this model; computed once for a `QueryCache`."""
        queries = evidence.queries if isinstance(evidence, QueryCache) else {}
        if self.speaks_as not in queries:
            queries[self.speaks_as] = self.query(evidence[self.speaks_as])
        return queries[self.speaks_as]

    def scores(self, evidence: EvidenceByModel) -> Vectors:
        """Return every movie's score for the visitor, (n_movies,); computed once for a `QueryCache`."""
        cached = evidence.scores if isinstance(evidence, QueryCache) else {}
        scores = cached.get(self.name)
        if scores is None:
            scores = cached[self.name] = products(self.vectors, self.query_for(evidence).vector)
        return scores

    def rank(self, evidence: EvidenceByModel, k: int, allowed: Mask | None = None) -> list[ScoredMovie]:
        """Return the best movies for a visitor; see `Ranker.rank`."""
        query = self.query_for(evidence)
        rows, scores = self.index.search(query.vector, k, allowed, lambda: self.scores(evidence))
        reasons = self.reasons(query, rows)
        known = [
            ScoredMovie(row, score, self.name, because)
            for row, score, because in zip(rows.tolist(), scores.tolist(), reasons, strict=True)
        ]
        if len(known) == k:
            return known
        unknown = ~self.index.known if allowed is None else allowed & ~self.index.known
        return known + fillers(self.name, known, unknown, self.popularity, k)

    def reasons(self, query: Query, rows: Rows) -> list[Evidence | None]:
        """Return for each of `rows` (m,) the evidence that raises its score most, or None where none raises it."""
        raised = query.parts @ self.vectors[rows].T  # (parts, m)
        raised[[evidence is None for evidence in query.evidence]] = -np.inf
        best, positive = raised.argmax(axis=0).tolist(), (raised.max(axis=0) > 0).tolist()
        return [query.evidence[part] if some else None for part, some in zip(best, positive, strict=True)]

    @cached_property
    def popular_mean(self) -> Vectors:
        """Mean of the known movies' vectors, weighted by how many liked each, (dim,) float32."""
        weights = np.where(self.index.known, self.popularity, 0).astype(np.float32)
        if not weights.any():
            weights = self.index.known.astype(np.float32)
        return np.asarray(weights @ self.vectors / max(float(weights.sum()), 1.0), dtype=np.float32)

    def usable(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return the evidence with a weight other than 0, without that of movies unknown to this model.

        Raises:
            BadInputError: if evidence does not fit: a row outside the catalogue, a vector of another length, or a kind
                that this model does not read.
        """
        for item in evidence:
            self._check(item)
        return [e for e in evidence if e.weight and (e.vector is not None or self.index.known[e.movie])]

    def _check(self, item: Evidence) -> None:
        n, dim = self.vectors.shape
        if item.vector is None:
            if item.movie is None or not 0 <= item.movie < n:
                raise BadInputError(f"{self.name} takes movies by their row, 0 to {n - 1}, not {item.movie!r}")
        elif item.kind not in self.spec.reads:
            readable = " and ".join(sorted(self.spec.reads))
            raise BadInputError(f"{self.name} reads {readable} evidence, not the vector of a {item.kind}")
        elif item.vector.shape != (dim,):
            raise BadInputError(f"a {item.kind} vector for {self.name} has shape ({dim},), not {item.vector.shape}")


def movies_of(evidence: Sequence[Evidence]) -> Rows:
    """Return the rows of the movies that represent `evidence`, (m,) int64."""
    return np.array([item.movie for item in evidence], dtype=np.int64)


def fillers(
    name: str, listed: Sequence[ScoredMovie], candidates: Mask, popularity: npt.NDArray[np.int64], k: int
) -> list[ScoredMovie]:
    """Return the movies that fill up `listed` to `k`: the most liked `candidates`, which are unknown to the model.

    They have no score of their own: each gets the last score of the list, but at most 0.
    """
    rows = np.flatnonzero(candidates)
    rows = rows[np.argsort(-popularity[rows], kind="stable")][: k - len(listed)]
    score = min([0.0, *(movie.score for movie in listed[-1:])])
    return [ScoredMovie(row, score, name, None, filler=True) for row in rows.tolist()]
