"""Tokenizers from strangers: what is refused before the library sees it, and that what publishers use is not."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers

from matinee import tokenizer_check
from matinee.errors import BundleError
from matinee.text import Tokenizer
from matinee.tokenizer_check import read_tokenizer


@pytest.fixture
def path(tiny_encoder: Callable[..., Path], tmp_path: Path) -> Path:
    return tiny_encoder(tmp_path / "tiny", towers=["text"]) / "tokenizer.json"


def refused(path: Path, why: str, **parts: Any) -> None:  # noqa: ANN401 - JSON
    path.write_text(json.dumps(json.loads(path.read_text()) | parts))
    with pytest.raises(BundleError, match=why) as caught:
        Tokenizer(path, 32, 0)
    assert "\n" not in str(caught.value)


def test_a_tokenizer_as_it_was_written_is_read_as_it_is(path: Path) -> None:
    assert read_tokenizer(path) == path.read_bytes()


@pytest.mark.parametrize("pattern", ["(a*)*b", "(x+x+)+y", "(?R)"])
@pytest.mark.parametrize("place", ["normalizer", "pre_tokenizer", "decoder"])
def test_a_pattern_that_no_published_tokenizer_has_is_refused(pattern: str, place: str, path: Path) -> None:
    kind = "Split" if place == "pre_tokenizer" else "Replace"
    step = {"type": kind, "pattern": {"Regex": pattern}, "content": "", "behavior": "Isolated", "invert": False}
    refused(path, "is none that is known", **{place: {"type": "Sequence", "steps": [step]}})


def test_replacements_that_double_are_refused(path: Path) -> None:
    step = {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}
    refused(path, "which it replaces again", normalizer={"type": "Sequence", "normalizers": [step] * 60})


def test_a_replacement_of_great_length_is_refused(path: Path) -> None:
    step = {"type": "Replace", "pattern": {"String": "a"}, "content": "x" * 1_000_000}
    refused(path, "1,000,000 characters in a content", normalizer=step)


def test_a_map_that_makes_one_character_into_a_book_is_refused(path: Path) -> None:
    blob = struct.pack("<I", 4) + bytes(4) + b"x" * 100_000 + b"\0"
    step = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(blob).decode()}
    refused(path, "bytes for one character", normalizer=step)


def test_special_tokens_without_end_are_refused(path: Path) -> None:
    piece = {"SpecialToken": {"id": "[CLS]", "type_id": 0}}
    special = {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}}
    step = {"type": "TemplateProcessing", "single": [piece] * 10_000, "pair": [], "special_tokens": special}
    refused(path, "10,000 pieces in its template", post_processor=step)


@pytest.mark.parametrize("text", [b"[" * 200_000, b'{"normalizer":' * 100_000])
def test_json_nested_without_end_is_refused(text: bytes, path: Path) -> None:
    path.write_bytes(text)
    with pytest.raises(BundleError, match="is damaged"):
        read_tokenizer(path)


def test_a_name_given_twice_is_refused_for_two_readers_may_differ_on_it(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip()[:-1] + b', "normalizer": null}')
    with pytest.raises(BundleError, match="a name stands twice in one object"):
        read_tokenizer(path)


def test_a_file_of_absurd_size_is_not_parsed(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(2 << 30)
    with pytest.raises(BundleError, match="bytes and may have"):
        read_tokenizer(path)
    path.write_bytes(b"[" + b"0," * 3_000_000 + b"0]")
    with pytest.raises(BundleError, match="3,000,000 values and may have"):
        read_tokenizer(path)


def test_too_many_tokens_or_beginnings_of_tokens_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizer_check, "TOKENS", 10)
    refused(path, "tokens and may have 10")
    monkeypatch.setattr(tokenizer_check, "TOKENS", 1000)
    monkeypatch.setattr(tokenizer_check, "BEGINNINGS", 5)
    pieces = [["<unk>", 0.0], ["abc", 0.0], ["abd", 0.0]]
    refused(path, "9 different beginnings", model={"type": "Unigram", "unk_id": 0, "vocab": pieces})


def test_absurd_padding_and_truncation_of_the_file_are_not_used(path: Path) -> None:
    whole = json.loads(path.read_text())
    whole["padding"] = {
        "strategy": {"Fixed": 2**60}, "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
        "pad_to_multiple_of": None,
    }  # fmt: skip
    path.write_text(json.dumps(whole))
    (ids,) = Tokenizer(path, 32, 0).encode(["good film"])
    assert len(ids) == 4


def test_what_the_library_panics_at_is_one_refusal(path: Path) -> None:
    special = {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}}
    piece = {"SpecialToken": {"id": "[NOT]", "type_id": 0}}
    step = {"type": "TemplateProcessing", "single": [piece], "pair": [], "special_tokens": special}
    whole = json.loads(path.read_text()) | {"post_processor": step}
    path.write_text(json.dumps(whole))
    with pytest.raises(BundleError, match="is damaged") as caught:
        Tokenizer(path, 32, 0).encode(["good"])
    assert "\n" not in str(caught.value)


def _metaspace() -> tokenizers.Tokenizer:
    made = tokenizers.Tokenizer(tokenizers.models.Unigram([("<unk>", 0.0), ("\u2581good", -1.0), ("s", -2.0)], 0))
    made.normalizer = tokenizers.normalizers.Sequence(
        [tokenizers.normalizers.NFKC(), tokenizers.normalizers.Replace(tokenizers.Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    return made


def _byte_level() -> tokenizers.Tokenizer:
    alphabet = {letter: row for row, letter in enumerate(sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet()))}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(alphabet, []))
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel()
    made.post_processor = tokenizers.processors.RobertaProcessing(("s", 1), ("t", 2))
    return made


@pytest.mark.parametrize("make", [_metaspace, _byte_level])
def test_the_kinds_that_publishers_use_are_read(make: Callable[[], tokenizers.Tokenizer], tmp_path: Path) -> None:
    made = make()
    made.save(str(tmp_path / "tokenizer.json"))
    (ids,) = Tokenizer(tmp_path / "tokenizer.json", 32, 0).encode(["good goods"])
    np.testing.assert_array_equal(ids, made.encode("good goods").ids)
