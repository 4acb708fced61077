"""Finding a movie by what a person typed: "Heat (1995)", "heat", "Matrix, The", "matrx", "tt0113277".

In: a catalogue and a piece of text. Out: the movie's row, or an error that lists the nearest titles; and, the other way
round, a name by which a row is found.

Titles are compared by a key: accents and case folded, articles and punctuation dropped, "&" read as "and", II to X read
as 2 to 10. Typos are found by shared trigrams (a few numpy operations over all titles) and then difflib over the best
few. Where several movies have the same title and no year was given, the most liked one is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import filterfalse

import numpy as np
import numpy.typing as npt

from matinee.catalogue import Catalogue, Movie
from matinee.errors import UnknownNameError

CLOSE_ENOUGH = 0.85
"""difflib ratio from which a title counts as a misspelling: one wrong character in seven."""

COMPARED = 25
"""How many titles, those that share most trigrams, are compared character by character."""

NEAR = 0.5
"""difflib ratio from which a title is offered as a suggestion."""

SHOWN = 31
"""Number of titles, the most liked, from which an error shows the first few as valid where no title is near."""

LONGEST = 200
"""Characters of a text or a title that are read; no title of a film is longer."""

_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_FOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "&": " and ", "'": "", "’": "", "`": ""})
ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "el", "der", "das"})
"""Articles, which are ignored at the start of a title or, after a comma, at its end."""

_BEHIND = ARTICLES | {"l", "il", "los", "die"}
_ID = re.compile(r"\btt(\d{5,10})\b")
_YEAR = re.compile(r"^(?P<title>.*[^\s,(\[])[\s,]*[(\[]?\b(?P<year>(?:18|19|20)\d\d)\b[)\]]?$")


def find(catalogue: Catalogue, query: str) -> int:
    """Return the row of the movie that a person means by `query`.

    Args:
        catalogue: The movies to look among.
        query: A title with or without year, or an IMDb id or address.

    Raises:
        UnknownNameError: if no title is near enough to be sure; `nearest` lists those that come closest.
    """
    return titles_of(catalogue).find(query)


def suggest(catalogue: Catalogue, prefix: str, limit: int = 8) -> list[int]:
    """Return the rows of at most `limit` movies to offer while a person types `prefix`, the likeliest first.

    Titles equal to `prefix` come first, then titles that begin with it, then titles with a later word that does; within
    each group the most liked first. If there are none at all, titles that `prefix` may misspell are returned.
    """
    return titles_of(catalogue).suggest(prefix, limit)


def name_of(catalogue: Catalogue, row: int) -> str:
    """Return a name by which `find` finds `row`: title and year, or the IMDb id where those mean another movie."""
    movie: Movie = catalogue[row]
    try:
        unique = find(catalogue, str(movie)) == row
    except UnknownNameError:
        unique = False
    return str(movie) if unique else movie.id


@lru_cache(maxsize=4)
def titles_of(catalogue: Catalogue) -> Titles:
    """Return the titles of `catalogue`, prepared once."""
    return Titles(catalogue)


class Titles:
    """The titles of a catalogue, indexed for lookup.

    Args:
        catalogue: The movies, in row order.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._spaced = [title_key(movie.title) for movie in catalogue]
        self._keys = [spaced.replace(" ", "") for spaced in self._spaced]
        self._rows_of: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._keys):
            self._rows_of[key].append(row)
        self._trigrams = _postings(map(_trigrams, self._keys))
        self._sizes = np.array([len(_trigrams(key)) for key in self._keys], dtype=np.float64)

    def find(self, query: str) -> int:
        """Return the row of the movie meant by `query`; see the module's `find`."""
        folded = _fold(query)
        number = _ID.search(folded)
        if number:
            return self._find_id(f"tt{number[1]:0>7}")
        rows = self._meant(folded)
        if not rows:
            liked = np.argsort(-self._catalogue.liked, kind="stable")[:SHOWN]
            nearest = self._nearest(folded)
            raise UnknownNameError("movie", query, self._names(liked), self._names(nearest))
        return self._most_liked(rows)[0]

    def suggest(self, prefix: str, limit: int = 8) -> list[int]:
        """Return the rows to offer while a person types; see the module's `suggest`."""
        folded = _fold(prefix)
        split = _YEAR.match(folded)
        exact = self._most_liked(self._named(folded))
        exact += self._of_year(self._named(split["title"]), split["year"]) if split else []
        spaced = title_key(folded)
        if not spaced or limit < 1:
            return []
        joined = spaced.replace(" ", "")
        begins = [row for row, key in enumerate(self._keys) if key.startswith(joined)]
        has_word = [row for row, key in enumerate(self._spaced) if f" {spaced}" in key]
        groups = [exact, self._most_liked(begins), self._most_liked(has_word)]
        if not any(groups):
            groups.append([row for row, ratio in self._ranked(joined) if ratio >= NEAR])
        return list(dict.fromkeys(row for rows in groups for row in rows))[:limit]

    def _meant(self, query: str) -> list[int]:
        """Return rows of the title meant by folded `query`: exact before misspelt, the whole before title and year."""
        split = _YEAR.match(query)
        for look_up in (self._named, self._misspelt):
            rows = look_up(query)
            if not rows and split:
                rows = self._of_year(look_up(split["title"]), split["year"])
            if rows:
                return rows
        return []

    def _find_id(self, imdb_id: str) -> int:
        row = self._catalogue.rows.get(imdb_id)
        if row is None:
            raise UnknownNameError("movie", imdb_id, self._catalogue.rows)
        return row

    def _named(self, title: str) -> list[int]:
        return self._rows_of.get(_key(title), [])

    def _of_year(self, rows: Sequence[int], year: str) -> list[int]:
        """Return those of `rows` from `year`, or else from an adjacent year: release years differ between countries."""
        off = [(abs(self._catalogue.years[row] - int(year)), row) for row in rows]
        near = [pair for pair in off if pair[0] <= 1]  # an unknown year is NaN and never near
        return [row for distance, row in near if distance == min(near)[0]]

    def _misspelt(self, title: str) -> list[int]:
        """Return rows of the title that `title` misspells, none where no title is close or the numbers in it differ."""
        key = _key(title)
        ranked = self._ranked(key)
        if not ranked or ranked[0][1] < CLOSE_ENOUGH:
            return []
        best = self._keys[ranked[0][0]]
        return self._rows_of[best] if re.findall(r"\d+", best) == re.findall(r"\d+", key) else []

    def _nearest(self, folded: str) -> list[int]:
        """Return the rows of at most three titles that are similar to a folded query."""
        split = _YEAR.match(folded)
        title = split["title"] if split else folded
        near = [row for row, ratio in self._ranked(_key(title)) if ratio >= NEAR]
        return list(dict.fromkeys([*self.suggest(title, 2), *near]))[:3]

    def _ranked(self, key: str) -> list[tuple[int, float]]:
        """Return rows and difflib ratios of the titles that share most trigrams with `key`, best first."""
        grams = _trigrams(key)
        hits = [self._trigrams[gram] for gram in grams if gram in self._trigrams]
        if not hits:
            return []
        shared = np.bincount(np.concatenate(hits), minlength=len(self._keys))
        dice = 2 * shared / (self._sizes + len(grams))
        best = np.argsort(-dice, kind="stable")[:COMPARED]
        matcher = SequenceMatcher(b=key, autojunk=False)
        ratios = []
        for row in best[shared[best] > 0].tolist():
            matcher.set_seq1(self._keys[row])
            ratios.append((row, matcher.ratio()))
        return sorted(ratios, key=lambda pair: (-pair[1], -self._catalogue.liked[pair[0]], pair[0]))

    def _most_liked(self, rows: Sequence[int]) -> list[int]:
        return sorted(rows, key=lambda row: (-self._catalogue.liked[row], row))

    def _names(self, rows: Iterable[int]) -> list[str]:
        return [str(self._catalogue[row]) for row in rows]


def title_key(title: str) -> str:
    """Return the words of a title in the form in which titles are compared.

    >>> title_key("Matrix, The"), title_key("Rocky II"), title_key("Amélie & Co.")
    ('matrix', 'rocky 2', 'amelie and co')
    """
    plain = _fold(title)
    name, _, behind = plain.rpartition(",")
    plain = name if behind.strip() in _BEHIND else plain
    article, space, rest = plain.partition(" ")
    plain = rest if space and article in ARTICLES else plain
    words = re.sub(r"[\W_]+", " ", plain).split()
    return " ".join(words[:1] + [_ROMAN.get(word, word) for word in words[1:]])


def _key(title: str) -> str:
    return title_key(title).replace(" ", "")


def _fold(text: str) -> str:
    """The first LONGEST characters of `text` without case, accents and outer spaces."""
    spread = unicodedata.normalize("NFKD", text[:LONGEST].casefold().translate(_FOLDED))  # one character may become 18
    return " ".join("".join(filterfalse(unicodedata.combining, spread[:LONGEST])).split())


def _trigrams(key: str) -> frozenset[str]:
    padded = f"  {key} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def _postings(grams: Iterable[frozenset[str]]) -> dict[str, npt.NDArray[np.int64]]:
    """Return the rows in which each trigram occurs."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, found in enumerate(grams):
        for gram in found:
            rows_of[gram].append(row)
    return {gram: np.array(rows, dtype=np.int64) for gram, rows in rows_of.items()}
