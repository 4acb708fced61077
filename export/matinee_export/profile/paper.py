"""The statistics that the paper publishes of its dataset, by the keys of `statistics.Figure`.

From Cooper, de Pineda, Ramon, "A Multi-Modal Approach to Movie Recommendation: Text and Image Synergy", section 2. Its
figures about reviews describe the rows before duplicates are dropped (542,461 / 12,088 = 44.88 reviews per reviewer
and 542,461 / 4,067 = 133.38 per movie), so `profile` computes them before cleaning as well.
"""

from __future__ import annotations

from collections.abc import Mapping

PAPER: Mapping[str, int | float | str] = {
    "reviews.rows": 542_461,
    "reviews.duplicates": 645,
    "reviews.cleaned": 541_811,
    "reviews.reviewers": 12_088,
    "reviews.movies": 4_067,
    "per_reviewer.mean": 44.88,
    "per_reviewer.sd": 118.34,
    "per_reviewer.max": 3_301,
    "per_reviewer.min": 1,
    "per_movie.mean": 133.38,
    "per_movie.sd": 95.17,
    "per_movie.max": 889,
    "per_movie.min": 51,
    "ratings.missing": 76_800,
    "ratings.mean": 6.96,
    "ratings.sd": 2.31,
    "dates.given": 542_461,
    "dates.first": "1998-07-28",
    "dates.last": "2021-01-08",
    "dates.distinct": 8_195,
    "dates.commonest": "2020-03-30",
    "dates.commonest_count": 362,
    "spoilers.yes": 130_886,
    "spoilers.no": 411_575,
    "helpful.[0, 0]": 81_993,
    "helpful.[1, 2]": 46_194,
    "helpful.[1, 1]": 32_690,
    "helpful.[1, 3]": 26_254,
    "movies.rows": 4_168,
    "movies.duplicates": 97,
    "movies.cleaned": 4_071,
    "movies.shared_titles": 4,
    "scores.mean": 6.71,
    "scores.sd": 1.00,
    "scores.min": 1.8,
    "scores.max": 9.0,
    "genres.Drama": 1_929,
    "genres.Comedy": 1_283,
    "genres.Action": 976,
}
