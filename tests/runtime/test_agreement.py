"""Where models agree: how their lists overlap and which movies several of them pick."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from matinee.agreement import compare
from matinee.catalogue import Movie
from matinee.recommender import Pick

LISTS = st.dictionaries(
    st.sampled_from(["bpr", "als", "bert", "resnet50", "clip", "hybrid"]),
    st.lists(st.integers(0, 15), unique=True, max_size=10),
)


def _picks(model: str, movies: Sequence[int]) -> list[Pick]:
    return [
        Pick(Movie(f"tt{n}", f"Film {n}"), model, rank, 0.0, "", False, "") for rank, n in enumerate(movies, start=1)
    ]


def _answers(lists: dict[str, list[int]]) -> dict[str, list[Pick]]:
    return {model: _picks(model, movies) for model, movies in lists.items()}


def test_overlap_is_counted_and_shared_out() -> None:
    found = compare(_answers({"als": [1, 2, 3, 4], "bert": [3, 4, 5, 6], "clip": []}))
    assert found.models == ("als", "bert", "clip")
    assert found.shared == ((4, 2, 0), (2, 4, 0), (0, 0, 0))
    assert found.jaccard == ((1.0, 2 / 6, 0.0), (2 / 6, 1.0, 0.0), (0.0, 0.0, 1.0))


def test_the_movie_that_most_models_pick_comes_first_and_then_the_one_ranked_higher() -> None:
    found = compare(_answers({"als": [1, 2, 3], "bert": [3, 2, 9], "clip": [2, 8, 3], "bpr": [9, 7, 1]}))
    assert [(str(agreed.movie), agreed.ranks) for agreed in found.agreed] == [
        ("Film 2", {"als": 2, "bert": 2, "clip": 1}),
        ("Film 3", {"als": 3, "bert": 1, "clip": 3}),
        ("Film 1", {"als": 1, "bpr": 3}),
        ("Film 9", {"bert": 3, "bpr": 1}),
    ]


def test_the_hybrid_has_no_vote_since_it_repeats_the_others() -> None:
    found = compare(_answers({"als": [1, 2], "hybrid": [1, 2]}))
    assert found.agreed == ()
    assert found.shared == ((2, 2), (2, 2))


@given(LISTS)
def test_the_matrices_are_symmetric_and_bounded(lists: dict[str, list[int]]) -> None:
    found = compare(_answers(lists))
    n = len(lists)
    for one in range(n):
        assert found.shared[one][one] == len(lists[found.models[one]])
        assert found.jaccard[one][one] == 1
        for other in range(n):
            assert found.shared[one][other] == found.shared[other][one]
            assert 0 <= found.jaccard[one][other] == found.jaccard[other][one] <= 1
    assert all(len(agreed.ranks) >= 2 and "hybrid" not in agreed.ranks for agreed in found.agreed)


def test_it_is_plain_data() -> None:
    data = compare(_answers({"als": [1, 2], "bert": [2, 3, 4]})).to_json()
    assert data == {
        "models": ["als", "bert"],
        "shared": [[2, 1], [1, 3]],
        "jaccard": [[1.0, 0.25], [0.25, 1.0]],
        "agreed": [{"id": "tt2", "title": "Film 2", "ranks": {"als": 2, "bert": 1}}],
    }
