"""Small dataset folders, right ones and hostile ones: tables, links and odd files, read, cleaned and profiled.

Every row of a table that can be read at all is used or set aside and counted; no file outside the folder becomes a
poster; a folder that cannot be read is refused in one sentence.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from tests.fuzz.area import Case
from tests.fuzz.mutation import mutated

from matinee_export.data import RawDataset, clean, read_dataset
from matinee_export.profile import profile, profile_json, profile_markdown

MOVIE_HEADER = ("imdbId", "Imdb Link", "Title", "IMDB Score", "Genre", "Poster", "Year")
REVIEW_HEADER = (
    *("review_id", "reviewer", "movie", "rating", "review_summary", "review_date", "spoiler_tag"),
    *("review_detail", "helpful"),
)
FLAGS = ["0"] * 19

CELLS = (
    *(
        "",
        " ",
        "\0",
        "\ufeff",
        "\u202eevil",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-1",
        "11",
        "9" * 5_000,
        "0x1F",
        "1_0",
        "٣",
    ),
    *("tt" + "0" * 5_000, "tt" + "9" * 10, "tt0000001", "113277.0", "/tt1/" * 9_000, "Heat (1995)", "(" * 9_000),
    *("a" + "\u0301\u0323" * 9_000, "(1999" * 9_000, "x" * 200_000, "a (1995) " * 9_000, "|" * 9_000, ",;|" * 9_000),
    *("[" * 9_000, "{" * 9_000, "['1', '2'", "['" + "9" * 4_000 + "', '1']", "['2', '1']", "'1," * 9_000, '"', '""""'),
    *(
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "31 February 2001",
        "1 January 1",
        "9 July 2005",
        "2005-07-24T99",
        "\n\r\n",
    ),
    *("../private.jpg", "/etc/passwd", "file:///etc/passwd", "C:\\x.jpg", "posters/../../private.jpg", "posters/a.jpg"),
    *("posters/out.jpg", "posters/loop.jpg", "posters/pipe.jpg", "posters", ".", "posters/" + "x" * 400, "sub/in.jpg"),
    *(
        "http://[bad",
        "https://x/y.jpg",
        "\\\\server\\share",
        "=cmd|' /C calc'!A0",
        "2147483648",
        "99999999999999999999",
    ),
)
"""What a cell may hold in place of what belongs there."""

PLAIN = tuple(cell for cell in CELLS if cell.isprintable() and not set(cell) & set('"|,') and len(cell) < 10_000)
"""Those of them that no separator or quote makes a row of another shape with."""

ODD = (
    "pipe",
    "folder",
    "loop",
    "zero",
    "null",
    "outside",
    "missing",
    "empty",
    "wide",
    "long",
    "quote",
    "deep",
    "binary",
)
"""What may be in a file's place."""


class Tables:
    """Makes dataset folders, each in place of the one before."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "data"
        (home / "private").mkdir()
        for name in ("private.jpg", "private/tt0000001.jpg", "private/a.jpg"):
            (home / name).write_bytes(b"mine")
        self._made = 0

    def case(self, draw: np.random.Generator) -> Case:
        """Return one folder, written now."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        files = (_own, _own, _hundred_k, _latest)[draw.integers(4)](draw, float(draw.choice([0.0, 0.1, 0.5])))
        whole = draw.random() < 0.5
        for name, content in files.items():
            (self._folder / name).write_bytes(content)
        _add_posters(draw, self._folder)
        for name in [] if whole else draw.choice(list(files), draw.integers(1, 3), replace=False).tolist():
            if draw.random() < 0.5:
                _put_odd(draw, self._folder / name)
            else:
                (self._folder / name).write_bytes(mutated(draw, files[name]))
        if draw.random() < 0.15:
            _put_odd(draw, self._folder / "dataset.json")
        return partial(_try, self._folder, whole=whole, profiled=draw.random() < 0.2)


def _try(folder: Path, *, whole: bool, profiled: bool) -> None:
    raw = read_dataset(folder)
    dataset = clean(raw)
    if whole:
        _check_counts(raw)
    duplicates = sum(n for reason, n in dataset.set_aside.items() if reason == "reviews.csv: duplicate row")
    assert len(dataset.reviews) == len(raw.reviews) - duplicates
    assert dataset.reviews["rating"].between(1, 10).all()
    root = os.path.realpath(folder) + os.sep
    for poster in filter(None, dataset.movies["poster"]):
        assert os.path.realpath(folder / poster).startswith(root), f"{poster} is outside"
        assert (folder / poster).is_file()
    texts = [*dataset.movies["title"], *dataset.movies["link"], *dataset.reviews["text"], *dataset.reviews["reviewer"]]
    "".join([dataset.name, dataset.note, *texts]).encode("utf-8")
    if profiled:
        found = profile(raw, dataset)
        assert profile_markdown(found)
        assert profile_json(found)["name"] == dataset.name


def _check_counts(raw: RawDataset) -> None:
    """Every row of the files, as the csv module or a split at line ends counts them, is used or counted."""
    for names, frame in (
        (("movies.csv", "u.item"), raw.movies),
        (("reviews.csv", "ratings.csv", "u.data"), raw.reviews),
    ):
        file = next((raw.folder / name for name in names if (raw.folder / name).is_file()), None)
        if file is None:
            continue
        text = file.read_bytes().decode("utf-8" if file.suffix == ".csv" else "latin-1")
        csv.field_size_limit(2**22)
        rows = len([row for row in csv.reader(io.StringIO(text, newline="")) if row]) - 1
        if file.suffix != ".csv":
            rows = len([line for line in text.split("\n") if line.strip()])
        aside = sum(n for reason, n in raw.set_aside.items() if reason.startswith(f"{file.name}: "))
        assert len(frame) + aside == rows, f"{file.name}: {len(frame)} used and {aside} set aside of {rows}"


def _own(draw: np.random.Generator, bad: float) -> dict[str, bytes]:
    """The paper's layout."""
    films = int(draw.integers(1, 8))
    movies = [
        [str(n + 1), "", f"Film {n} ({1990 + n})", f"{5 + n / 2}", "Drama|Crime", ("", "posters/a.jpg")[n % 2], ""]
        for n in range(films)
    ]
    reviews = [
        [f"r{n}", f"user {n % 5}", f"Film {n % films}", str(1 + n % 10), "Fine", "24 July 2005", "0", "Long.", "[1, 2]"]
        for n in range(int(draw.integers(1, 60)))
    ]
    return {
        "movies.csv": _csv(draw, MOVIE_HEADER, movies, bad),
        "reviews.csv": _csv(draw, REVIEW_HEADER, reviews, bad),
    }


def _latest(draw: np.random.Generator, bad: float) -> dict[str, bytes]:
    """MovieLens's layout with headers."""
    films = [[str(n), f"Film {n}, The ({1990 + n})", "Drama|Crime"] for n in range(1, 9)]
    ratings = [[str(n), str(1 + n % 8), "4.5", str(964982224 + n)] for n in range(int(draw.integers(1, 60)))]
    _spoil(draw, ratings, bad, PLAIN)
    return {
        "ratings.csv": _csv(draw, ("userId", "movieId", "rating", "timestamp"), ratings, 0.0),
        "movies.csv": _csv(draw, ("movieId", "title", "genres"), films, bad),
        "links.csv": _csv(draw, ("movieId", "imdbId"), [[str(n), str(100 + n)] for n in range(1, 9)], bad),
    }


def _hundred_k(draw: np.random.Generator, bad: float) -> dict[str, bytes]:
    """MovieLens 100K's layout."""
    items = [[str(n), f"Film {n} (1995)", "01-Jan-1995", "", "address", *FLAGS] for n in range(1, 9)]
    ratings = [[str(n), str(1 + n % 8), "4", str(881250949 + n)] for n in range(1, int(draw.integers(2, 60)))]
    for rows in (items, ratings):
        _spoil(draw, rows, bad, PLAIN)
    lines = {"u.item": "|", "u.data": "\t"}
    return {
        name: "".join(mark.join(row) + "\n" for row in rows).encode("latin-1", "replace")
        for (name, mark), rows in zip(lines.items(), (items, ratings), strict=True)
    }


def _csv(draw: np.random.Generator, header: Sequence[str], rows: list[list[str]], bad: float) -> bytes:
    _spoil(draw, rows, bad, CELLS)
    file = io.StringIO(newline="")
    csv.writer(file).writerows([header, *rows])
    return file.getvalue().encode("utf-8")


def _spoil(draw: np.random.Generator, rows: list[list[str]], bad: float, cells: Sequence[str]) -> None:
    """Put what does not belong there into a share of the rows, or give a row too few or too many fields."""
    for row in rows:
        if draw.random() < bad:
            row[draw.integers(len(row))] = cells[int(draw.integers(len(cells)))]
        if draw.random() < bad / 8:
            row[:] = row[: draw.integers(1, len(row))] if draw.random() < 0.5 else [*row, "more"]


def _add_posters(draw: np.random.Generator, folder: Path) -> None:
    """Posters in the folder, some of them links and pipes; or `posters` is a link itself."""
    if draw.random() < 0.2:
        (folder / "posters").symlink_to(("../private", "nowhere", "/", ".")[draw.integers(4)])
        return
    (folder / "posters").mkdir()
    (folder / "sub").mkdir()
    (folder / "sub" / "in.jpg").write_bytes(b"theirs")
    for name in ("a.jpg", "2.png", "tt0000003.JPG"):
        (folder / "posters" / name).write_bytes(b"theirs")
    links = {
        "out.jpg": "../../private.jpg",
        "1.jpg": "../../private.jpg",
        "4.jpg": "../sub/in.jpg",
        "loop.jpg": "loop.jpg",
    }
    for name, target in links.items():
        (folder / "posters" / name).symlink_to(target)
    for name in ("pipe.jpg", "5.jpg"):
        os.mkfifo(folder / "posters" / name)
    if draw.random() < 0.2:
        os.mkfifo(folder / "dataset.json")


def _put_odd(draw: np.random.Generator, path: Path) -> None:
    """Put something else where a file is, under the file's name."""
    kind = ODD[draw.integers(len(ODD))]
    header = path.read_bytes().partition(b"\n")[0] if path.is_file() else b"a,b"
    path.unlink(missing_ok=True)
    links = {"loop": path.name, "zero": "/dev/zero", "null": "/dev/null", "outside": "../private.jpg"}
    contents: Mapping[str, Callable[[], bytes]] = {
        "empty": lambda: b"",
        "wide": lambda: (
            (header + b",x" * 100_000 + b"\n") * 3
            if draw.random() < 0.5
            else b",".join(b"c%d" % n for n in range(100_000))
        ),
        "long": lambda: header + b"\n" + draw.choice([b"x", b",", b"|", b"\t", b'","', b"1\t"]) * 8_000_000,
        "quote": lambda: header + b'\n"' + b"x,y\n" * 1_500_000,
        "deep": lambda: b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "binary": lambda: header + b"\n" + draw.bytes(100_000),
    }
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind in links:
        path.symlink_to(links[kind])
    elif kind in contents:
        path.write_bytes(contents[kind]())


def open_area(home: Path) -> Tables:
    """Open it; datasets are written into `home`."""
    return Tables(home)
