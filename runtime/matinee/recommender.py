"""From a taste to picks, by every model of a bundle.

In: a `Taste`, which model or "all", how many, how surprising, and `Where`. Out: `Pick`s, best first, each with its
reason. This module only connects the others: `evidence` turns the taste into evidence, each file in `models` ranks,
`surprise` re-ranks, `reasons` explains.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from threading import RLock
from time import perf_counter
from typing import Any

from matinee.blend import COLD_BELOW, Weights
from matinee.bundle import Bundle
from matinee.catalogue import Movie, Quote
from matinee.errors import BadInputError, BundleError, UnknownNameError
from matinee.evidence import Encoders, TasteEvidence
from matinee.exact import Mask
from matinee.models import MODELS, Als, Hybrid, Model, Ranker, ScoredMovie
from matinee.models.cold_start import COLD_START, ColdStartAls
from matinee.models.hybrid import Movies
from matinee.reasons import brief, quote, sentence
from matinee.surprise import check_surprise, pool_size, rerank
from matinee.taste import Taste
from matinee.where import Where

ALL = "all"
"""The value that selects every model of the bundle instead of one by name."""


@dataclass(frozen=True)
class Pick:
    """A recommended movie.

    Attributes:
        movie: The movie.
        model: The model that recommends it.
        rank: Its place in the list, from 1.
        score: The model's score; comparable only within one list, which is sorted by it unless `surprise` is above 0.
        reason: Why, in one sentence of plain text.
        inferred: Whether the model could not use the evidence itself and used movies near to it.
        brief: The reason in a few words.
        quote: A reviewer's words that belong to the reason, or None.
    """

    movie: Movie
    model: str
    rank: int
    score: float
    reason: str
    inferred: bool
    brief: str
    quote: Quote | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the pick as plain data: `score` is the model's own, `imdb_score` from 1 to 10 or None."""
        movie = self.movie
        return {
            "rank": self.rank,
            "id": movie.id,
            "title": movie.title,
            "year": movie.year,
            "genres": list(movie.genres),
            "imdb_score": movie.score,
            "link": movie.link,
            "poster": movie.poster,
            "score": round(self.score, 6),
            "reason": self.reason,
            "inferred": self.inferred,
            "quote": None if self.quote is None else asdict(self.quote),
        }


@dataclass(frozen=True)
class Answer:
    """What one model recommends, and how long it took, in milliseconds."""

    model: str
    picks: list[Pick]
    milliseconds: float


class OpenModels(Mapping[str, Model]):
    """The models of a bundle by name, each opened when it is first asked for; safe to share between threads.

    `ColdStartAls`, which only the hybrid uses, can be looked up by name too, but is not listed.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._names = [name for name in MODELS if name in bundle.manifest.models]
        self._hidden = [COLD_START] if bundle.has_cold_start else []
        self._opened: dict[str, Model] = {}
        self._lock = RLock()

    def __getitem__(self, name: str) -> Model:
        if name not in self._opened:
            if name not in self._names + self._hidden:
                raise KeyError(name)
            with self._lock:
                if name not in self._opened:
                    self._opened[name] = self._open(name)
        return self._opened[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names + self._hidden  # does not open the model, as Mapping's own method would

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _open(self, name: str) -> Model:
        bundle = self._bundle
        if name == COLD_START:
            factors, predicted = bundle.manifest.model(Als.spec.name).dim, bundle.manifest.model(Hybrid.spec.name).dim
            if factors != predicted:
                raise BundleError(
                    f"als has {factors} factors and the hybrid predicts {predicted}; build the bundle again"
                )
            return ColdStartAls(self[Als.spec.name], bundle.vectors(Hybrid.spec.name), bundle.index(Hybrid.spec.name))
        info = bundle.manifest.models[name]
        return MODELS[name](
            bundle.vectors(name),
            bundle.index(name),
            bundle.catalogue.liked,
            info.params,
            info.choices,
            bundle.whitenings(name),
        )


class Recommender:
    """Recommends from a bundle; one is enough for a whole process, and threads may share it.

    Args:
        bundle: An opened bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._models = OpenModels(bundle)

    @property
    def members(self) -> Mapping[str, Model]:
        """The models with movie vectors of their own, by name, each opened when it is first asked for."""
        return self._models

    @cached_property
    def hybrid(self) -> Hybrid:
        """The hybrid over `members`; `models` lists it only if the bundle has one."""
        weights = {name: Weights(**by_regime) for name, by_regime in self.bundle.manifest.hybrid_weights.items()}
        cold = self.bundle.catalogue.ratings < COLD_BELOW
        return Hybrid(self._models, weights, Movies(self.bundle.prior, cold))

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models that can be selected, in the order in which "all" answers."""
        hybrid = (Hybrid.spec.name,) if Hybrid.spec.name in self.bundle.manifest.models and self._models else ()
        return (*self._models, *hybrid)

    def hear(self, taste: Taste | TasteEvidence, encoders: Encoders | None = None) -> TasteEvidence:
        """Return the evidence in a taste; when it is passed to several calls, texts and posters are embedded only once.

        Args:
            taste: The visitor's taste; evidence is returned as it is.
            encoders: Returns the encoder of a model by its name; those of the bundle by default.

        Raises:
            EmptyTasteError: if the taste is empty.
            UnknownNameError: if it names a movie that is not in the bundle; it lists the nearest that are.
        """
        if isinstance(taste, TasteEvidence):
            return taste
        if not isinstance(taste, Taste):
            raise BadInputError(f"a taste is a Taste, not {type(taste).__name__}; see matinee.Taste")
        return TasteEvidence(taste, self.bundle.catalogue, self._models, encoders or self.bundle.encoder)

    def allowed(self, evidence: TasteEvidence, where: Where | None = None) -> Mask:
        """Return which movies may be picked, (n_movies,) bool: they pass `where`, and the visitor did not name them.

        Raises:
            UnknownNameError: if a genre or an excluded movie is not in the bundle; it lists the nearest that are.
        """
        if where is not None and not isinstance(where, Where):
            raise BadInputError(f"where is a Where or None, not {type(where).__name__}; see matinee.Where")
        return (where or Where()).mask(self.bundle.catalogue) & evidence.unseen

    def recommend(
        self,
        taste: Taste | TasteEvidence,
        model: str = ALL,
        k: int = 10,
        where: Where | None = None,
        surprise: float = 0.0,
    ) -> dict[str, list[Pick]]:
        """Return picks for a taste, by model.

        Args:
            taste: The visitor's taste, or its evidence from `hear`; movies they rated or reviewed are never picked.
            model: Name of a model, or "all".
            k: How many picks for each model, at least 1; fewer come back only where fewer movies match.
            where: Filters that picks must pass; none by default.
            surprise: From 0, each model's own ranking, to 1, picks that are unlike each other and less well known; see
                `surprise`.

        Raises:
            EmptyTasteError: if the taste is empty.
            UnknownNameError: if a model, movie or genre is not in the bundle; it lists the nearest that are.
            BadInputError: if k is not a whole number from 1, `surprise` not from 0 to 1, or a text or poster cannot be
                read.
        """
        return {answer.model: answer.picks for answer in self.stream(taste, model, k, where, surprise)}

    def stream(
        self,
        taste: Taste | TasteEvidence,
        model: str = ALL,
        k: int = 10,
        where: Where | None = None,
        surprise: float = 0.0,
    ) -> Iterator[Answer]:
        """Yield each model's answer as soon as it is there; arguments and errors as for `recommend`.

        All errors are raised at the call, before the first answer, except those of unreadable texts and posters.
        """
        names = self._names(model)
        k, surprise = _count(k), check_surprise(surprise)
        evidence = self.hear(taste)
        return self._answers(names, evidence, k, self.allowed(evidence, where), surprise)

    def _names(self, model: str) -> Sequence[str]:
        if model == ALL:
            return self.models
        if model not in self.models:
            raise UnknownNameError("model", model, [*self.models, ALL])
        return [model]

    def _answers(
        self, names: Sequence[str], evidence: TasteEvidence, k: int, allowed: Mask, surprise: float
    ) -> Iterator[Answer]:
        for name in names:
            start = perf_counter()
            ranked = self._rank(self._ranker(name), evidence, k, allowed, surprise)
            picks = [self._pick(name, rank, movie) for rank, movie in enumerate(ranked, start=1)]
            yield Answer(name, picks, 1000 * (perf_counter() - start))
        evidence.scores.clear()  # the hybrid is last to use them; they are too large to keep

    def _rank(
        self, ranker: Ranker, evidence: TasteEvidence, k: int, allowed: Mask, surprise: float
    ) -> Sequence[ScoredMovie]:
        if surprise == 0:
            return ranker.rank(evidence, k, allowed)
        pool = ranker.rank(evidence, pool_size(k), allowed)
        return rerank(pool, k, surprise, self._models, self.bundle.catalogue.liked)

    def _ranker(self, name: str) -> Ranker:
        return self.hybrid if name == Hybrid.spec.name else self._models[name]

    def _pick(self, name: str, rank: int, found: ScoredMovie) -> Pick:
        catalogue = self.bundle.catalogue
        movie: Movie = catalogue[found.movie]
        return Pick(
            movie=movie,
            model=name,
            rank=rank,
            score=found.score,
            reason=sentence(found, name),
            inferred=found.inferred,
            brief=brief(found, catalogue, name),
            quote=quote(found, movie),
        )


def _count(k: int) -> int:
    """Return k as an int, or raise BadInputError unless it is a whole number from 1."""
    try:
        count = operator.index(k)
    except TypeError:
        count = 0
    if count < 1:
        raise BadInputError(f"the number of picks is a whole number from 1, not {k!r}")
    return count
