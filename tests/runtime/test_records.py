"""JSON files of a bundle: whatever they hold, a record comes out or one BundleError."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee import records
from matinee.catalogue import Catalogue, Movie
from matinee.errors import BundleError
from matinee.manifest import Manifest


@dataclass(frozen=True)
class Small:
    """A record with a field of each kind."""

    name: records.Name
    share: records.Share
    counts: dict[str, records.Count] = field(default_factory=dict)
    anything: Any = None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'{"name": "a"}',
        b'{"name": "a", "share": "1"}',
        b'{"name": "a", "share": NaN}',
        b'{"name": "a", "share": 1e999}',
        b'{"name": "a", "share": 2}',
        b'{"name": "../a", "share": 1}',
        b'{"name": "a", "share": 1, "counts": {"x": -1}}',
        b'{"name": "a", "share": 1, "counts": {"x": 1e30}}',
        b'{"name": "\\ud800", "share": 1}',
        b'{"name": "a", "share": 1, "anything": ' + b"[" * 200_000,
        b'{"anything":' * 200_000,
        b"\xff\xfe{",
        b'{"name": "a", "share": 1}x',
    ],
)
def test_what_is_no_such_record_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(BundleError, match=r"^small\.json is damaged \([^\n]+\); build or fetch the bundle again$"):
        records.decode(content, Small, "small.json")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(), st.lists, max_leaves=20))
def test_any_json_is_a_record_or_refused(value: object) -> None:
    text = json.dumps({"name": "a", "share": 0.5, "anything": value}).encode()
    with suppress(BundleError):
        assert records.decode(text, Small, "small.json").name == "a"


def test_a_file_that_is_too_large_or_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b" " * 1_001)
    with pytest.raises(BundleError, match="has more than 0 MB"):
        records.read(tmp_path / "large", Small, 1_000)
    with pytest.raises(BundleError, match="is missing"):
        records.read(tmp_path, Small)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BundleError, match="is missing"):
        records.read(tmp_path / "pipe", Small)


MOVIE = Movie("tt1", "Heat", 1995, ("Crime",), 8.3, "http://x", None, 3, 1, 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "line 2 is not a movie"),
        ({"id": ""}, "line 2 is not a movie"),
        ({"year": "1995"}, "line 2 is not a movie"),
        ({"year": -5}, "line 2 is not a movie"),
        ({"score": 11}, "line 2 is not a movie"),
        ({"genres": "Crime"}, "line 2 is not a movie"),
        ({"genres": [None]}, "line 2 is not a movie"),
        ({"liked": -1}, "line 2 is not a movie"),
        ({"quote": {"text": 5}}, "line 2 is not a movie"),
        ({"id": "tt1"}, "several movies with the id 'tt1'"),
    ],
)
def test_a_movie_that_cannot_be_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    lines = [MOVIE.to_json(), {**MOVIE.to_json(), "id": "tt2", **change}]
    (tmp_path / "catalogue.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(BundleError, match=said):
        Catalogue.load(tmp_path / "catalogue.jsonl")


@pytest.mark.parametrize(
    "change",
    [
        {"models": {"als": {"dim": -1}}},
        {"models": {"../als": {"dim": 8}}},
        {"models": {"als": {"dim": 8, "params": {"alpha": "5"}}}},
        {"models": {"als": {"dim": 8, "index_recall": 2}}},
        {"hybrid_weights": {"als": {"few": 1}}},
        {"hybrid_weights": {"als": {"few": 1, "many": "x", "cold": 0}}},
        {"hybrid_weights": {"als": {"few": 1, "many": -1, "cold": 0}}},
        {"files": {"a": {"bytes": 1, "sha256": "short"}}},
        {"files": {"a/../../b": {"bytes": 1, "sha256": "ab" * 32}}},
        {"files": {"C:evil": {"bytes": 1, "sha256": "ab" * 32}}},
        {"files": {"a\0b": {"bytes": 1, "sha256": "ab" * 32}}},
        {"encoders": {"bert": {"source": 1}}},
        {"dataset": None},
    ],
)
def test_a_manifest_with_a_wrong_value_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    whole = {"format": 2, "seed": 0, "built_by": {}, "dataset": {"name": "x"}, "encoders": {}, "models": {}}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**whole, "hybrid_weights": {}, "files": {}}))
    assert Manifest.load(tmp_path).dataset.name == "x"
    path.write_text(json.dumps({**whole, "hybrid_weights": {}, "files": {}, **change}))
    with pytest.raises(BundleError, match=r"manifest\.json is damaged"):
        Manifest.load(tmp_path)
