"""CLIP's tokenizer file gives open_clip's own ids."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

import ftfy.badness
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.errors import BadTextError
from matinee.text import Tokenizer, clean_text
from matinee_export.encoders.networks.clip_tokenizer import (  # type: ignore[attr-defined]  # open_clip can be imported only after it
    SimpleTokenizer,
    clip_tokenizer,
)

LONGEST = 77


@pytest.fixture(scope="module")
def original() -> SimpleTokenizer:
    return SimpleTokenizer()


@pytest.fixture(scope="module")
def ours(original: SimpleTokenizer, tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path = tmp_path_factory.mktemp("clip") / "tokenizer.json"
    clip_tokenizer(original).save(str(path))
    return Tokenizer(path, LONGEST, 0)


def padded(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    return [[*row.tolist(), *[0] * (LONGEST - len(row))] for row in tokenizer.encode(texts)]


@pytest.mark.slow
def test_ids_of_real_reviews_are_those_of_open_clip(
    movies_real: Path, original: SimpleTokenizer, ours: Tokenizer
) -> None:
    csv.field_size_limit(10**9)
    with (movies_real / "reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = (row for row in csv.DictReader(file) if row["review_detail"].strip())
        texts = [clean_text(text) for row in islice(rows, 1000) for text in (row["review_detail"],)]
    assert len(texts) == 1000
    # Beginnings alone would leave most of each review unread.
    texts += [clean_text(text[len(text) // 2 :]) for text in texts]
    assert padded(ours, texts) == original(texts).tolist()


@pytest.mark.parametrize(
    "text",
    [
        "HELLO World",
        "it's they're I'VE we'll don't he'd I'm",
        "Amélie Poulain naïve Æon Flux ŒUVRE",
        "“curly” ‘quotes’ — and… dashes",
        "&quot;Heat&quot; &amp; &amp;quot;Ronin&amp;quot; &lt;3 it&#39;s",
        "七人の侍 기생충 Сталкер שלום",
        "👍🏽 👨‍👩‍👧 ❤️",
        "1,000,000 10/10 3.14",
        "ofﬁce ﬂuﬀy",
        "e\u0301 cafe\u0301",
        "a\tb\nc\u00a0d\u2003e",
        "<end_of_text> in the middle <start_of_text>",
        "!?!?... ***",
        "word " * 200,
    ],
)
def test_ids_of_odd_texts_are_those_of_open_clip(text: str, original: SimpleTokenizer, ours: Tokenizer) -> None:
    assert padded(ours, [clean_text(text)]) == original([clean_text(text)]).tolist()


_ORIGINAL = SimpleTokenizer()
_BOTH = (_ORIGINAL, clip_tokenizer(_ORIGINAL))


@settings(max_examples=150)
@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["C"]), min_size=1).filter(lambda t: "&" not in t))
def test_ids_of_any_latin_text_are_those_of_open_clip(text: str) -> None:
    # Texts that ftfy takes for wrongly decoded bytes are its business alone; see clip_tokenizer.
    try:
        cleaned = clean_text(text)
    except BadTextError:
        return
    if ftfy.badness.is_bad(cleaned):
        return
    original, ours = _BOTH
    ids = ours.encode(cleaned).ids
    assert ids == [original.sot_token_id, *original.encode(cleaned), original.eot_token_id]


def test_truncation_keeps_the_end_token_last(original: SimpleTokenizer, ours: Tokenizer) -> None:
    (row,) = ours.encode(["great " * 500])
    assert len(row) == LONGEST
    assert row[-1] == original.eot_token_id
