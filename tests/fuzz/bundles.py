"""Whole bundles of which a file was damaged, with and without mended sums; indexes and networks are other areas'.

A case opens the bundle and asks everything that serving asks. Right is an answer of finite scores, films of the
catalogue and plain text; without mended sums it is the answer of the undamaged bundle.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tests.demo.small import write_small_bundle
from tests.fuzz.area import Case
from tests.fuzz.mutation import mutated
from tests.runtime.tiny import write_tiny_encoder

from matinee.bundle import Bundle
from matinee.errors import BundleError
from matinee.manifest import MANIFEST, list_files
from matinee.maps import load_map, mapped
from matinee.neighbours import more_like, ways
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where
from matinee_demo.service import Service

CHECKED = 0.05
"""The share of cases that `verify` looks at, too, which starts a process for each network."""

JSON = (
    MANIFEST,
    "catalogue.jsonl",
    "encoders/bert/encoder.json",
    "encoders/clip/encoder.json",
    "models/clip/genres.json",
)
OTHERS = (".usearch", ".onnx", "tokenizer.json")
"""Endings of files that other areas damage."""

VALUES: tuple[object, ...] = (
    *(
        None,
        True,
        -1,
        0,
        3,
        1e308,
        -1e308,
        10**400,
        0.5,
        math.nan,
        math.inf,
        "",
        "x",
        "a" * 100_000,
        "\ud800",
        "../../x",
    ),
    *("/etc/passwd", "a\0b", [], {}, [[]], [None], {"": None}, ["x"] * 1000, "tt0070047", "javascript:alert(1)"),
)
"""What a value of a JSON file is replaced by."""

Spoil = Callable[[bytes, np.random.Generator], bytes]


def _deep(content: bytes, draw: np.random.Generator) -> bytes:
    at = content.find(b":") + 1
    return content[:at] + b'[{"a":' * int(10 ** draw.uniform(0, 5)) + content[at:]


def _value(content: bytes, draw: np.random.Generator) -> bytes:
    """JSON, or lines of it, with a value somewhere replaced, doubled or gone."""
    lines = content.splitlines() if content.count(b"\n{") else [content]
    at = int(draw.integers(len(lines)))
    data = json.loads(lines[at])
    _replace_somewhere(data, draw)
    lines[at] = json.dumps(data).encode()
    return b"\n".join(lines) + b"\n"


def _replace_somewhere(data: Any, draw: np.random.Generator) -> None:  # noqa: ANN401 - JSON
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    key = keys[int(draw.integers(len(keys)))]
    inside = data[key]
    if isinstance(inside, dict | list) and inside and draw.random() < 0.8:
        _replace_somewhere(inside, draw)
    elif draw.random() < 0.15:
        del data[key]
    else:
        data[key] = VALUES[int(draw.integers(len(VALUES)))]


def _matrix(content: bytes, draw: np.random.Generator) -> bytes:
    """A .npy file with other numbers, another type, order or shape, or a header that lies."""
    array = np.load(BytesIO(content))
    spoilt = array.copy()
    spoilt[tuple(int(draw.integers(n)) for n in spoilt.shape)] = draw.choice([np.nan, np.inf, 1e30, -1e38, 1e-40, 0])
    other = (
        spoilt,
        array.astype(draw.choice(["<f8", ">f4", "<f2", "<i4", "|O"])),
        np.asfortranarray(array),
        array[:-1],
        array[:, :-1],
        array[0],
        np.zeros_like(array),
        array * np.float32(1e6),
    )[int(draw.integers(8))]
    file = BytesIO()
    np.save(file, other, allow_pickle=True)
    data = file.getvalue()
    if draw.random() < 0.2:
        data = data.replace(b"(", b"(" * int(draw.integers(1, 500)) + b"9", 1)
    return data


class DamagedBundles:
    """One small bundle, of which each case spoils a file."""

    def __init__(self, home: Path) -> None:
        self._whole = write_small_bundle(home / "whole", write_tiny_encoder)
        (self._whole / "report").mkdir()
        report = {"models": {"popularity": {"ndcg@10": 0.1, "auc": None}}}
        (self._whole / "report" / "metrics.json").write_text(json.dumps(report))
        _mend(self._whole)
        self._names = sorted(name for name, _ in list_files(self._whole) if not name.endswith(OTHERS))
        self._folder = Path(shutil.copytree(self._whole, home / "bundle"))
        self._right = _ask_everything(Bundle.open(self._whole))

    def case(self, draw: np.random.Generator) -> Case:
        """Spoil one file, perhaps with its sum mended, and return what asks the bundle."""
        shutil.rmtree(self._folder)
        shutil.copytree(self._whole, self._folder)
        name = str(draw.choice([*self._names, *JSON, *JSON, "report/metrics.json"]))
        mends = bool(draw.random() < 0.75)
        path = self._folder / name
        way = int(draw.integers(12))
        if way == 0:
            path.unlink()
        elif way == 1:
            path.unlink()
            path.mkdir()
        elif way > 1:
            path.write_bytes(_spoilt(name, path.read_bytes(), draw))
        if mends and name != MANIFEST:
            _mend(self._folder)
        checked = bool(draw.random() < CHECKED)
        return lambda: self._ask(checked, mends or name == MANIFEST)

    def _ask(self, checked: bool, mended: bool) -> None:
        bundle = Bundle.open(self._folder, threads=1)
        problems = list(bundle.problems()) if checked else []
        try:
            said = _ask_everything(bundle)
        except BundleError:
            raise
        assert mended or said == self._right
        if problems:
            raise BundleError(problems[0])


def _spoilt(name: str, content: bytes, draw: np.random.Generator) -> bytes:
    ways: list[Spoil] = [
        lambda data, draw: mutated(draw, data),
        lambda data, draw: data[: int(draw.integers(len(data)))],
    ]
    if name.endswith((".json", ".jsonl")):
        ways += [_value, _value, _value, _value, _deep]
    if name.endswith(".npy"):
        ways += [_matrix, _matrix, _matrix]
    return ways[int(draw.integers(len(ways)))](content, draw)


def _mend(folder: Path) -> None:
    """Let the manifest list the files as they are."""
    path = folder / MANIFEST
    data = json.loads(path.read_text())
    data["files"] = {name: asdict(info) for name, info in list_files(folder)}
    path.write_text(json.dumps(data))


def _ask_everything(bundle: Bundle) -> str:
    """Ask every kind of question; returns all that was said, and asserts that it is well formed."""
    service = Service(bundle)
    tastes = [
        Taste(ratings=(Rating("The Shining", 9), Rating("Toy Story", 2))),
        Taste(reviews=(Review("a scary haunted house", "tt0070047", 8),)),
        Taste(posters=(Poster(Image.new("RGB", (40, 60), (200, 20, 10))),)),
    ]
    said: list[object] = []
    for taste in tastes:
        for answers in service.recommend(taste, "all", 5, Where(years=(1950, 2015))).values():
            for pick in answers:
                assert math.isfinite(pick["score"])
                said.append(pick)
    said += [more_like(service.recommender, "The Shining", way, 5).nearest for way in ways(service.recommender)]
    said += [movie.title for movie in service.titles("the")]
    maps = {model: load_map(bundle, model) for model in mapped(bundle)}
    assert all(np.isfinite(positions[~np.isnan(positions)]).all() for positions in maps.values())
    said += [
        service.about(),
        service.figures,
        [movie.id for movie in service.wall],
        service.shelves(5),
        service.weights,
    ]
    if service.genre_reader is not None:
        shares = service.genre_reader.read(bundle.encoder("clip").poster(Image.new("RGB", (40, 60))))
        assert math.isclose(sum(reading.share for reading in shares), 1, abs_tol=1e-3)
        said.append(shares)
    for row in range(0, len(bundle.catalogue), 9):
        bundle.poster_path(row)
    text = repr(said)
    text.encode()
    return text


def open_area(home: Path) -> DamagedBundles:
    """Write the bundle into `home`."""
    return DamagedBundles(home)
