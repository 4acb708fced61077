"""BPR fold-in: the criterion of training, ascended with the movies held fixed."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from matinee.errors import BadInputError
from matinee.exact import Vectors
from matinee.index import Index
from matinee.models import Bpr, Evidence


def _criterion(bpr: Bpr, visitor: Vectors, rows: list[int], regularization: float = 0.01) -> float:
    """The BPR criterion as trained: likes of weight 1 / len(rows), others by popularity, which no score knows of."""
    popularity = np.where(bpr.index.known, bpr.popularity, 0)
    liked = np.flatnonzero(popularity)
    scores = bpr.vectors @ visitor - np.log(np.maximum(popularity, 1) / popularity[liked].mean())
    ahead = scores[rows][:, None] - scores[liked][None]
    mean = (-np.log1p(np.exp(-ahead)) @ popularity[liked]).mean() / popularity.sum()
    return float(mean - regularization / 2 * (visitor[:-1] ** 2).sum())


def test_a_liked_cluster_is_recommended_from_one_movie(world: ModuleType) -> None:
    for row in (0, 1, 2, 3):
        chosen = world.model("bpr").rank(world.tell(world.about(row)), 10)
        assert all(world.cluster(choice.movie) == world.cluster(row) for choice in chosen)


@pytest.mark.parametrize("rows", [[0], [0, 4, 1], [3, 7, 2, 1, 5, 6]])
def test_the_visitor_found_is_where_the_criterion_of_training_is_flat(world: ModuleType, rows: list[int]) -> None:
    bpr = world.model("bpr")
    found = bpr.query([world.about(row, 1.0) for row in rows]).vector.astype(np.float64)

    def slope(visitor: Vectors) -> float:
        steps = 1e-3 * np.eye(world.DIM)[:-1]
        return float(
            np.linalg.norm([_criterion(bpr, visitor + s, rows) - _criterion(bpr, visitor - s, rows) for s in steps])
            / 2e-3
        )

    nobody = np.eye(world.DIM)[-1]
    assert slope(found) < 0.01 < 0.1 < slope(nobody)


def test_the_bias_counts_once_and_belongs_to_no_evidence(world: ModuleType) -> None:
    query = world.model("bpr").query([world.about(0), world.about(5, -0.3)])
    assert query.vector[-1] == 1
    assert [part[-1] for part in query.parts] == [0, 0, 1]
    assert [evidence is None for evidence in query.evidence] == [False, False, True]


def test_without_evidence_popularity_and_the_bias_decide(world: ModuleType) -> None:
    bpr = world.model("bpr")
    query = bpr.query([])
    np.testing.assert_array_equal(query.vector[:-1], bpr.popular_mean[:-1])
    assert query.vector[-1] == 1


def test_a_stronger_like_pulls_harder(world: ModuleType) -> None:
    bpr = world.model("bpr")
    weak, strong = (bpr.query([world.about(0, weight)]).vector @ bpr.vectors[8] for weight in (0.1, 0.9))
    assert strong > weak


def test_a_disliked_movie_falls_behind_what_is_liked(world: ModuleType) -> None:
    bpr, liked, disliked = world.model("bpr"), 0, 5
    lead = {}
    for weight in (0.0, -0.1, -0.4):
        visitor = bpr.query([world.about(liked), world.about(disliked, weight)]).vector
        lead[weight] = (bpr.vectors[liked] - bpr.vectors[disliked]) @ visitor
    assert lead[0.0] < lead[-0.1] < lead[-0.4]


def test_dislikes_alone_push_their_own_kind_away(world: ModuleType) -> None:
    bpr = world.model("bpr")
    before, after = (bpr.query(told).vector for told in ([], [world.about(0, -0.4)]))
    kin = world.members(0)
    assert (bpr.vectors[kin] @ (after - before)).max() < 0


def test_only_taste_moves_a_visitor_who_likes_what_everybody_does() -> None:
    draw = np.random.default_rng(3)
    vectors = draw.normal(size=(60, 4)).astype(np.float32)
    popularity = draw.integers(1, 500, 60)
    vectors[:, -1] = np.log(popularity / popularity.mean())  # all that popularity teaches, put back by export
    bpr = Bpr(vectors, Index.build(vectors), popularity, {"regularization": 0.01})
    everything = [Evidence(count / popularity.max(), "", "movie", movie=row) for row, count in enumerate(popularity)]
    assert np.linalg.norm(bpr.query(everything).vector[:-1]) < 0.1
    assert np.linalg.norm(bpr.query(everything[:3]).vector[:-1]) > 0.5


def test_texts_and_posters_are_refused(world: ModuleType) -> None:
    look = Evidence(0.9, "a poster", "poster", vector=np.ones(world.DIM, np.float32))
    with pytest.raises(BadInputError, match="bpr reads movie evidence, not the vector of a poster"):
        world.model("bpr").query([look])


def test_a_catalogue_of_one_movie_is_no_obstacle() -> None:
    vectors = np.ones((1, 4), dtype=np.float32)
    bpr = Bpr(vectors, Index.build(vectors), np.ones(1, dtype=np.int64), {"regularization": 0.01})
    assert [c.movie for c in bpr.rank({"bpr": [Evidence(0.9, "it", "movie", movie=0)]}, 3)] == [0]


def test_folding_in_ranks_like_the_user_that_implicit_trained() -> None:
    implicit: Any = pytest.importorskip("implicit.cpu.bpr", reason="implicit comes with the export extra")
    from scipy import sparse

    draw = np.random.default_rng(0)
    same = np.arange(120)[:, None] % 3 == np.arange(90)[None] % 3
    likes = draw.random((120, 90)) < np.where(same, 0.4, 0.03)
    trained = implicit.BayesianPersonalizedRanking(
        factors=8, regularization=0.01, iterations=80, random_state=0, num_threads=1
    )
    trained.fit(sparse.csr_matrix(likes.astype(np.float32)), show_progress=False)
    factors, popularity = np.asarray(trained.item_factors), likes.sum(axis=0)
    factors[:, -1] += np.log(popularity / popularity.mean())  # as export does
    bpr = Bpr(factors, Index.build(factors), popularity, {"regularization": 0.01})
    overlap = []
    for user in range(30):
        told = {"bpr": [Evidence(1.0, str(row), "movie", movie=row) for row in np.flatnonzero(likes[user]).tolist()]}
        chosen = {choice.movie for choice in bpr.rank(told, 20)}
        overlap.append(len(chosen & set(np.argsort(-(factors @ trained.user_factors[user]))[:20].tolist())) / 20)
    assert np.mean(overlap) > 0.7
