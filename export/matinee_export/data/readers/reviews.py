"""Parses reviews.csv into a frame with a row for each usable line, joined to its movie.

In: the opened table and the movies' titles. Out: review_id, reviewer, movie_id, rating, summary, text, date, spoiler,
helpful, helpful_of, in file order. Every text is stored once, and reviewers and movie ids as integer codes, so
that the paper's half million reviews fit in memory.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd

from matinee.errors import DatasetError
from matinee_export.data.readers import values
from matinee_export.data.readers.table import Table, count_list
from matinee_export.data.readers.titles import Titles

FILE = "reviews.csv"
_EPOCH = date(1970, 1, 1).toordinal()
_NO_DATE = np.iinfo(np.int64).min  # numpy's NaT


def read_reviews(table: Table, titles: Titles, set_aside: Counter[str], noted: Counter[str]) -> pd.DataFrame:
    """Parse every row of reviews.csv and join it to its movie.

    Args:
        table: reviews.csv, opened with REVIEW_COLUMNS.
        titles: Finds the movie named in a row.
        set_aside: Counts unusable rows, by reason.
        noted: Counts oddities in rows that are used all the same, by kind.

    Returns:
        A frame with the columns of `RawDataset.reviews`.

    Raises:
        DatasetError: The file is not CSV, or no row of it can be used.
    """
    rejected: Counter[str] = Counter()
    rows = _Rows(titles, noted)
    for number, fields in table.rows(rejected):
        if reason := rows.add(number, fields):
            rejected[f"{FILE}: {reason}"] += 1
    set_aside.update(rejected)
    if not rows.numbers:
        raise DatasetError(
            f"no row of {FILE} can be used ({count_list(rejected)}); each needs a reviewer, a movie of "
            "movies.csv, and a rating from 1 to 10 or a text"
        )
    return rows.frame()


class _Rows:
    """Collects the usable rows, column by column."""

    def __init__(self, titles: Titles, noted: Counter[str]) -> None:
        self._titles = titles
        self._noted = noted
        self.numbers = array("q")
        self._texts: dict[str, list[str]] = {name: [] for name in ("review_id", "summary", "text")}
        self._codes = {"reviewer": array("i"), "movie_id": array("i")}
        self._names: dict[str, dict[str, int]] = {"reviewer": {}, "movie_id": {}}
        self._rating = array("f")
        self._day = array("q")
        self._spoiler = array("b")
        self._helpful, self._helpful_of = array("i"), array("i")

    def add(self, number: int, fields: tuple[str, ...]) -> str:
        """Add one row and return "", or return the reason why it cannot be used."""
        review_id, reviewer, movie, movie_id, rating_text, summary, day, spoiler, text, helpful = map(str.strip, fields)
        rating = values.parse_rating(rating_text)
        if not reviewer:
            return "no reviewer"
        if rating is None:
            return "rating is not a number"
        if not math.isnan(rating) and not values.in_range(rating):
            return "rating outside 1 to 10"
        if math.isnan(rating) and not text:
            return "neither rating nor text"
        found = self._titles.find(movie_id, movie)
        if found.movie_id is None:
            return "unknown movie" if movie or movie_id else "no movie"
        self._note(found.shared, "title shared by several movies")
        self.numbers.append(number)
        for name, value in (("review_id", review_id), ("summary", summary), ("text", text)):
            self._texts[name].append(value)
        for name, value in (("reviewer", reviewer), ("movie_id", found.movie_id)):
            self._codes[name].append(self._names[name].setdefault(value, len(self._names[name])))
        self._rating.append(rating)
        self._add_rest(day, spoiler, helpful)
        return ""

    def _add_rest(self, day: str, spoiler: str, helpful: str) -> None:
        """Add the date, spoiler tag and votes of a row; values that cannot be parsed count as missing and are noted."""
        when = values.parse_date(day)
        self._note(when is None and day.casefold() not in values.MISSING, "date not understood")
        self._day.append(_NO_DATE if when is None else when.toordinal() - _EPOCH)
        flag = values.parse_spoiler(spoiler)
        self._note(flag is None and spoiler.casefold() not in values.MISSING, "spoiler tag not understood")
        self._spoiler.append(-1 if flag is None else flag)
        votes = values.parse_helpful(helpful)
        self._note(votes is None, "helpful votes not understood")
        yes, of = votes or values.NO_VOTES
        self._helpful.append(yes)
        self._helpful_of.append(of)

    def _note(self, met: bool, what: str) -> None:
        if met:
            self._noted[f"{FILE}: {what}"] += 1

    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame, indexed by the row's number in the file.

        Texts are columns of Python objects: pandas would copy them into an Arrow array where pyarrow is installed.
        """
        index = pd.Index(np.array(self.numbers), name="row")
        spoiler = np.array(self._spoiler, dtype=np.int8)
        columns = {
            "review_id": pd.Series(self._texts["review_id"], index, dtype=object),
            "reviewer": self._category("reviewer"),
            "movie_id": self._category("movie_id"),
            "rating": np.array(self._rating, dtype=np.float32),
            "summary": pd.Series(self._texts["summary"], index, dtype=object),
            "text": pd.Series(self._texts["text"], index, dtype=object),
            "date": np.array(self._day, dtype=np.int64).view("datetime64[D]").astype("datetime64[s]"),
            "spoiler": pd.arrays.IntegerArray(spoiler, spoiler < 0),
            "helpful": np.array(self._helpful, dtype=np.int32),
            "helpful_of": np.array(self._helpful_of, dtype=np.int32),
        }
        return pd.DataFrame(columns, index)

    def _category(self, name: str) -> pd.Categorical[str]:
        codes = np.array(self._codes[name], dtype=np.int32)
        return pd.Categorical.from_codes(codes, categories=pd.Index(list(self._names[name])))
