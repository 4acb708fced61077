"""Exports of IMDb and Letterboxd, right ones and hostile ones, as a visitor of the page may upload them.

A right export must give back the ratings that were written into it; whatever else is uploaded is read as far as it goes
or refused, and what is kept of it stays within its bounds and can be shown.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from tests.fuzz.area import Case
from tests.fuzz.mutation import mutated

from matinee.catalogue import Catalogue, Movie
from matinee_demo.imports import MOST_RATINGS, MOST_REVIEWS, Imported, read_ratings
from matinee_demo.imports.matched import LISTED, SHOWN
from matinee_demo.imports.opened import LARGEST

TITLES = ("Heat", "Amélie", "Matrix, The", "Rocky II", "Das Boot", "8½", "Ponyo 崖の上", "Tom & Jerry", "Z", "M*A*S*H")
FILMS = Catalogue([Movie(f"tt{row + 1:07}", f"{TITLES[row % 10]} {row}", 1930 + row) for row in range(90)])

IMDB = ("Const", "Your Rating", "Date Rated", "Title", "Original Title", "URL", "Title Type", "Year")
RATINGS = ("Date", "Name", "Year", "Letterboxd URI", "Rating")
REVIEWS = ("Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch", "Review", "Tags", "Watched Date")

CELLS = (
    *("", " ", "\0", "\ufeff", "\u202eevil", "ﷺ" * 200, "\u0301" * 300, "\ud7ff\ue000", "a, " * 100),
    *(",", '"', "'", "\n", "\r\n", "tt" + "0" * 900, "tt" + "9" * 30, "tt٣٣٣٣٣٣٣", "TV Series", "../../etc/passwd"),
    *("-1", "nan", "inf", "1e999", "0x9", "9" * 5_000, "1_0", "٣", "5/5", "9,5", "12345", "=cmd|' /C calc'!A0"),
    *("&#" + "9" * 5_000 + ";", "&#xD800;", "&" * 9_000, "<" * 9_000, "<br " * 900, "<!--" * 900, "&amp" * 900),
    *("x" * 99_000, "0000-00-00", "9999-99-99", "2024-02-30", "-0001"),
)
"""What a cell may hold in place of what belongs there."""

LINES = (
    *("x\n", "a,b\n", "\n", ",,,,\n", '"x\n', '"\n', '","\n', '"a"b\n', "\r", "\0\n"),
    *(",Heat 0,1930,,1\n", "," * 9_999 + "\n"),
)
"""What a table may hold millions of."""

NAMES = (
    *("ratings.csv", "", "/", "a/b.zip", "C:\\x.csv", "x" * 5_000, "a\nb.csv", "\u202ecsv.exe"),
    *("\ud800.csv", "\0", ".."),
)

MEMBERS = (
    *("ratings.csv", "reviews.csv", "./ratings.csv", "me/ratings.csv", "me//reviews.csv", "../ratings.csv"),
    *("/ratings.csv", "deleted/ratings.csv", "ratings.csv/", "RATINGS.CSV", "x" * 9_000 + "/ratings.csv"),
    *("me/ratings.zip", "\\ratings.csv"),
)
"""What the files of a zip may be called."""

Content = bytes
Written = Mapping[str, float]


class Imports:
    """Makes exports."""

    def __init__(self, home: Path) -> None:
        self._path = home / "upload"
        self._makers: Sequence[Callable[[np.random.Generator], tuple[Content, Written | None]]] = (
            _right,
            _right,
            lambda draw: (_lines(draw, hostile=True), None),
            lambda draw: (_lines(draw, hostile=True), None),
            lambda draw: (mutated(draw, _right(draw)[0]), None),
            lambda draw: (mutated(draw, _zipped(draw, _lines(draw, hostile=True))), None),
            lambda draw: (_zipped(draw, _lines(draw, hostile=True)), None),
            lambda draw: (_endless(draw), None),
        )
        read_ratings(_lines(np.random.default_rng(0)), "ratings.csv", FILMS)  # prepares the titles once

    def case(self, draw: np.random.Generator) -> Case:
        """Return one upload: its content, its name, and as bytes or from its path."""
        content, written = self._makers[int(draw.integers(len(self._makers)))](draw)
        name = NAMES[draw.integers(len(NAMES))]
        source: bytes | Path = content
        if draw.random() < 0.3:
            self._path.write_bytes(content)
            source = self._path
        return partial(_try, source, name, written)


def _try(source: bytes | Path, name: str, written: Written | None) -> None:
    told = read_ratings(source, name, FILMS)
    if written is not None:
        rated = {rating.movie: rating.rating for rating in told.ratings}
        assert rated == written, f"{rated} is not {written}"
        assert (told.unmatched, told.bad_rows, told.unread) == ((), (), 0), told.summary
    _check_bounds(told)


def _check_bounds(told: Imported) -> None:
    assert len(told.ratings) <= MOST_RATINGS
    assert len(told.reviews) <= MOST_REVIEWS
    assert len(told.bad_rows) <= SHOWN
    assert len(told.unmatched) <= LISTED
    assert all(1 <= rating.rating <= 10 and rating.movie for rating in told.ratings)
    words = [told.summary, *told.unmatched, *(review.text for review in told.reviews), *map(str, told.bad_rows)]
    "".join(words).encode("utf-8")  # a half of a character cannot be
    assert not any(mark in text for text in words for mark in ("\0", "\x1b", "\u202e", "\u2066"))
    assert 0 < len(told.summary) < 1_500, f"a summary of {len(told.summary)} characters"
    assert len(told.summary.splitlines()) == 1


def _right(draw: np.random.Generator) -> tuple[Content, Written]:
    """An export as one of the sites writes it, and the ratings in it by the film's name."""
    rows = draw.choice(len(FILMS), draw.integers(1, 40), replace=False).tolist()
    stars = {row: float(draw.integers(1, 11)) for row in rows}
    table = _table(draw, stars)
    encoding = ("utf-8", "utf-8-sig", "utf-16")[draw.integers(3)]
    content = _csv(table, ("\n", "\r\n", "\r")[draw.integers(3)]).encode(encoding)
    if draw.random() < 0.4:
        content = _zip({("reviews.csv" if "Review" in table[0] else "ratings.csv"): content, "profile.csv": b"Date\n"})
    return content, {str(FILMS[row]): rating for row, rating in stars.items()}


def _table(draw: np.random.Generator, stars: Mapping[int, float]) -> list[Sequence[str]]:
    kind = (IMDB, RATINGS, REVIEWS)[draw.integers(3)]
    lines: list[Sequence[str]] = [kind]
    for number, (row, rating) in enumerate(stars.items()):
        film, day = FILMS[row], f"2024-01-{1 + number % 28:02}"
        about = {"Const": film.id, "Title": film.title, "Name": film.title, "Year": str(film.year)}
        said = {"Your Rating": f"{rating:g}", "Rating": f"{rating / 2:g}", "Date": day, "Date Rated": day}
        review = {"Review": ("", "Fine, <b>fine</b>.\n\n&amp; more")[number % 2]}
        lines.append([{**about, **said, **review}.get(column, "u") for column in kind])
    return lines


def _csv(table: Sequence[Sequence[str]], end: str, separator: str = ",") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end).writerows(table)
    return file.getvalue()


def _lines(draw: np.random.Generator, *, hostile: bool = False) -> Content:
    """The bytes of a table, some cells of which hold what does not belong there, perhaps its columns too."""
    table = [list(row) for row in _table(draw, {row: float(1 + row % 10) for row in range(int(draw.integers(1, 60)))})]
    for _ in range(int(draw.integers(1, 30)) if hostile else 0):
        row = table[draw.integers(draw.random() > 0.1, len(table))]
        row[draw.integers(len(row))] = CELLS[draw.integers(len(CELLS))]
    if hostile and draw.random() < 0.3:
        row = table[draw.integers(len(table))]
        row += CELLS[: draw.integers(len(CELLS))] if draw.random() < 0.5 else [""] * int(10 ** draw.uniform(0, 5))
    if hostile and draw.random() < 0.2:
        del table[draw.integers(len(table))][:: draw.integers(1, 4)]
    encoding = ("utf-8", "utf-16", "utf-16-be", "cp1252", "utf-7", "utf-32")[int(draw.integers(6)) if hostile else 0]
    return _csv(table, "\n", (",", ";", "\t", "|")[int(draw.integers(4))]).encode(encoding, "replace")


def _endless(draw: np.random.Generator) -> Content:
    """As many lines as may be, of the kind that costs most, perhaps packed into a few kilobytes."""
    head = ",".join((IMDB, RATINGS, REVIEWS)[draw.integers(3)]) + "\n"
    line = LINES[draw.integers(len(LINES))] if draw.random() < 0.6 else f",{CELLS[draw.integers(len(CELLS))]},1930,,1\n"
    size = int(LARGEST * draw.choice([0.99, 1.01, 0.3]))
    lines = head.encode() + line.encode("utf-8", "replace") * (size // len(line.encode("utf-8", "replace")))
    if draw.random() < 0.2:
        lines = head.encode() + draw.bytes(1_000) * (size // 1_000)
    if draw.random() < 0.7:
        half = lines[: len(lines) // 2] if draw.random() < 0.5 else lines
        return _zip({"ratings.csv": lines} if half is lines else {"ratings.csv": half, "reviews.csv": half})
    return lines


def _zipped(draw: np.random.Generator, content: Content) -> Content:
    """A zip that holds the table under some name, beside others, and says what is not so."""
    names = draw.choice(MEMBERS, draw.integers(1, 6), replace=False).tolist()
    held: dict[str, bytes] = dict.fromkeys(names, content)
    if draw.random() < 0.1:
        held |= {f"{number}/ratings.csv": b"" for number in range(int(10 ** draw.uniform(1, 4)))}
    if draw.random() < 0.2:
        held["letterboxd.zip"] = _zip(held)
    packing = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)[draw.integers(4)]
    archive = bytearray(_zip(held, packing))
    if draw.random() < 0.5:  # a lie in a header: flags, packing, sums or sizes
        start = archive.find((b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06")[draw.integers(3)])
        at = start + 4 + int(draw.integers(26))
        archive[at : at + 4] = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x01\0\0\0", draw.bytes(4))[draw.integers(4)]
    return bytes(archive)


def _zip(members: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Content:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def open_area(home: Path) -> Imports:
    """Open it; uploads that come from a path are written into `home`."""
    return Imports(home)
