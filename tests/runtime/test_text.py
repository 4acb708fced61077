"""Texts: what is cleaned away, what is refused, and that cutting a long text early changes no token that is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadTextError, BundleError
from matinee.text import CHARACTERS_PER_TOKEN, Tokenizer, _head, clean_text


@pytest.fixture(scope="module")
def tokenizer_file(tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("tiny"), towers=["text"]) / "tokenizer.json"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  A \t great\r\n\n movie ", "A great movie"),
        ("no\0 nul\x00s\x07", "no nuls"),
        ("wide\u00a0\u2003\u3000spaces", "wide spaces"),
        ("next\x85line\x1cand file", "next line and file"),
        ("lone \ud83d half", "lone half"),
        ("a pair \ud83c\udfac of halves", "a pair 🎬 of halves"),
        ("👩\u200d🚀 in space 🚀", "👩\u200d🚀 in space 🚀"),
        ("فیلم\u200cها", "فیلم\u200cها"),
        ("סרט מצוין", "סרט מצוין"),
        ("电影很好看", "电影很好看"),
        ("👍", "👍"),
        ("!!!", "!!!"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_read_only(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\0\0", "\u200b\u200d", "\ud800", "\u202e", "\ufeff", "\ue000"])
def test_text_with_nothing_to_read_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadTextError, match=r"^the review has no text to read; write at least one word$"):
        clean_text(text)


@pytest.mark.parametrize("text", [None, 7, b"bytes", ["a"], float("nan")])
def test_what_is_no_text_is_refused_by_type(text: object) -> None:
    with pytest.raises(BadTextError, match=f"^a review must be text, got {type(text).__name__}$"):
        clean_text(text)  # type: ignore[arg-type]  # what the test is about


@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaned_text_is_encodable_single_spaced_and_stays_as_it_is(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except BadTextError:
        return
    assert cleaned.encode().decode() == cleaned
    assert cleaned == " ".join(cleaned.split())
    assert clean_text(cleaned) == cleaned


def test_ids_carry_the_special_tokens_and_are_int64(tokenizer_file: Path) -> None:
    (ids,) = Tokenizer(tokenizer_file, 32, 0).encode(["A great movie"])
    raw = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    assert ids.dtype == np.int64
    assert [raw.id_to_token(i) for i in ids] == ["[CLS]", "a", "great", "movie", "[SEP]"]


def test_truncation_keeps_the_closing_token(tokenizer_file: Path) -> None:
    short, long = Tokenizer(tokenizer_file, 8, 0).encode(["good", "good " * 50])
    assert len(short) == 3
    assert len(long) == 8
    assert long[-1] == short[-1]


def test_no_texts_give_no_ids(tokenizer_file: Path) -> None:
    assert Tokenizer(tokenizer_file, 8, 0).encode([]) == []


WORD = st.one_of(
    st.sampled_from(
        ["movie", "a", "terrifying", "电影", "🎬🎬", "supercalifragilisticexpialidocious", "фильм", "...", "x1"]
    ),
    st.text(min_size=1, max_size=12).filter(lambda word: word.isprintable() and not word.isspace()),
)


@given(st.lists(st.lists(WORD, min_size=1, max_size=400), min_size=1, max_size=4), st.integers(3, 20))
def test_cutting_early_keeps_the_tokens_of_the_whole_text(
    tokenizer_file: Path, texts: list[list[str]], max_tokens: int
) -> None:
    whole = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    whole.enable_truncation(max_tokens)
    joined = [" ".join(words) for words in texts]
    for ids, text in zip(Tokenizer(tokenizer_file, max_tokens, 0).encode(joined), joined, strict=True):
        assert ids.tolist() == whole.encode(text).ids


def test_words_that_are_one_token_each_are_read_on_past_the_first_cut(tokenizer_file: Path) -> None:
    text = " ".join(["z" * 120] * 40)  # WordPiece takes a word of more than 100 letters for one unknown token
    whole = tokenizers.Tokenizer.from_file(str(tokenizer_file))
    whole.enable_truncation(16)
    assert len(text) > CHARACTERS_PER_TOKEN[0] * 16
    (ids,) = Tokenizer(tokenizer_file, 16, 0).encode([text])
    assert ids.tolist() == whole.encode(text).ids
    assert len(ids) == 16


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert len(_head("word " * 200_000, 100)) <= 100
    assert _head("one two three", 9) == "one two"
    assert _head("x" * 1_000_000, 100) == "x" * 100
    assert _head("short", 100) == "short"


@pytest.mark.parametrize("text", ["word " * 200_000, "w" * 1_000_000, "🎬" * 250_000, "电" * 300_000])
def test_a_megabyte_gives_at_most_max_tokens(text: str, tokenizer_file: Path) -> None:
    (ids,) = Tokenizer(tokenizer_file, 32, 0).encode([clean_text(text)])
    assert 3 <= len(ids) <= 32


def test_a_missing_tokenizer_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"tokenizer\.json is missing"):
        Tokenizer(tmp_path / "tokenizer.json", 8, 0)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1, 2", b"\xff\xfe"])
def test_a_damaged_tokenizer_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(BundleError, match=r"tokenizer\.json is damaged \(.*\)"):
        Tokenizer(tmp_path / "tokenizer.json", 8, 0)


def test_room_for_special_tokens_only_is_refused(tokenizer_file: Path) -> None:
    with pytest.raises(BundleError, match=r"max_tokens is 2, but .* adds 2 special tokens"):
        Tokenizer(tokenizer_file, 2, 0)
