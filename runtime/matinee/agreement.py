"""Where models agree: how much their lists of picks overlap, and which movies most of them recommend.

In: picks by model, as `Recommender.recommend` returns them. Out: plain data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matinee.catalogue import Movie
from matinee.models import Hybrid
from matinee.recommender import Pick


@dataclass(frozen=True)
class Agreed:
    """A movie that several models pick.

    Attributes:
        movie: The movie.
        ranks: Its rank, from 1, by the name of each model that picks it.
    """

    movie: Movie
    ranks: dict[str, int]


@dataclass(frozen=True)
class Agreement:
    """How far the lists of several models agree.

    Attributes:
        models: Their names, in the order of rows and columns.
        shared: Number of movies that each two lists have in common, (models, models); the diagonal has their lengths.
        jaccard: Jaccard index of each pair of lists, intersection over union, 0 to 1, (models, models); 1 for two empty
            lists (Jaccard 1912).
        agreed: The movies that at least two models pick, those of most models first, and among these those with the
            smaller sum of ranks. The hybrid is not counted, since it combines the other models.
    """

    models: tuple[str, ...]
    shared: tuple[tuple[int, ...], ...]
    jaccard: tuple[tuple[float, ...], ...]
    agreed: tuple[Agreed, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the agreement as plain data."""
        return {
            "models": list(self.models),
            "shared": [list(line) for line in self.shared],
            "jaccard": [[round(value, 4) for value in line] for line in self.jaccard],
            "agreed": [{"id": a.movie.id, "title": str(a.movie), "ranks": dict(a.ranks)} for a in self.agreed],
        }


def compare(answers: Mapping[str, Sequence[Pick]]) -> Agreement:
    """Return the agreement of the models' lists of picks; lists of equal length make a fair comparison."""
    lists = [{pick.movie.id for pick in picks} for picks in answers.values()]
    return Agreement(
        models=tuple(answers),
        shared=tuple(tuple(len(one & other) for other in lists) for one in lists),
        jaccard=tuple(tuple(_jaccard(one, other) for other in lists) for one in lists),
        agreed=_agreed(answers),
    )


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _agreed(answers: Mapping[str, Sequence[Pick]]) -> tuple[Agreed, ...]:
    movies: dict[str, Movie] = {}
    ranks: dict[str, dict[str, int]] = {}
    for model, picks in answers.items():
        for pick in picks if model != Hybrid.spec.name else ():
            movies[pick.movie.id] = pick.movie
            ranks.setdefault(pick.movie.id, {})[model] = pick.rank
    found = [Agreed(movies[name], by_model) for name, by_model in ranks.items() if len(by_model) > 1]
    return tuple(sorted(found, key=lambda a: (-len(a.ranks), sum(a.ranks.values()), a.movie.id)))
