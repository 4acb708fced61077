"""A `tokenizer.json` of a tiny encoder, changed by what a stranger might try, and by what makes no difference.

In: its bytes. Out: the file to write in its place, by name.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.fuzz.spoilt_bytes import flipped

EXTREMES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**31, 2**60, 2**64, 1e308, "", "x", "x" * 100_000, "\ud800", [], [[]], {}, {"a": 1},
)  # fmt: skip

REGEXES = ("(a*)*b", "(x+x+)+y", "((a{1,1000}){1,1000}){1,1000}", "(?R)", "[", r"(\w+\s?)+$", r"\s+", " {2,}", "")


def spoilt(name: str, data: bytes, draw: np.random.Generator) -> dict[str, bytes]:
    """Return the file as it is, with bytes flipped, or with one or two changes to what it says."""
    if (kind := draw.random()) < 0.2:
        return {name: data if kind < 0.05 else flipped(data, draw)}
    if kind < 0.3:
        return {name: TEXTS[int(draw.integers(len(TEXTS)))](data)}
    whole = json.loads(data)
    for _ in range(int(draw.integers(1, 3))):
        WAYS[int(draw.integers(len(WAYS)))](whole, draw)
    return {name: json.dumps(whole).encode()}


def _any(draw: np.random.Generator, values: Any) -> Any:  # noqa: ANN401 - one of what it is given
    return values[int(draw.integers(len(values)))]


TEXTS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: b"[" * 200_000,
    lambda data: b'{"normalizer":' * 100_000,
    lambda data: data[:-2] + b',"normalizer":{"type":"Replace","pattern":{"Regex":"(a*)*b"},"content":""}}',
    lambda data: data.replace(b'"version": "1.0"', b'"version": NaN'),
    lambda data: b'{"normalizer":' + b'{"type":"Sequence","normalizers":[' * 50_000 + b"]}" * 50_000 + b"," + data[1:],
    lambda data: b"[" + b"0," * 3_000_000 + b"0]",
    lambda data: data + b" " * (41 << 20),
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: b"",
)


def _place(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """A value anywhere but among the tokens left out, or made something absurd."""
    place: Any = whole
    while True:
        key = _any(draw, [*place]) if isinstance(place, dict) else int(draw.integers(len(place)))
        inner = place[key]
        if key != "vocab" and isinstance(inner, dict | list) and inner and draw.random() < 0.8:
            place = inner
            continue
        if draw.random() < 0.3:
            del place[key]
        else:
            place[key] = _any(draw, EXTREMES)
        return


def _tokens(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """Tokens with absurd ids, left out, or far too long or many."""
    vocabulary = whole.get("model", {}).get("vocab") if isinstance(whole.get("model"), dict) else None
    if not isinstance(vocabulary, dict) or not vocabulary:
        return
    kind, token = int(draw.integers(5)), _any(draw, [*vocabulary])
    if kind == 0:
        vocabulary[token] = _any(draw, (0, -1, 2**31, 2**32, 2**64, 10**6, None, "1", 0.5))
    elif kind == 1:
        del vocabulary[token]
    elif kind == 2:
        vocabulary["y" * _any(draw, (10, 1000, 1_000_000))] = len(vocabulary)
    elif kind == 3:
        vocabulary.update({f"w{i}": i for i in range(_any(draw, (100, 300_001)))})
    else:
        whole["model"]["max_input_chars_per_word"] = _any(draw, (0, 1, 100, 2**31, 2**64))


def _model(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """Another kind of model, right or wrong."""
    pieces = [["<unk>", 0.0], ["▁", -1.0], *([chr(97 + i), -2.0] for i in range(26))]
    vocabulary = {"<unk>": 0, **{chr(97 + i): i + 1 for i in range(26)}, "ab": 27}
    merges = _any(draw, ([["a", "b"]], ["a b"], [["a", "c"]], [["a"]], ["ab"], [1]))
    whole["model"] = _any(
        draw,
        (
            {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False},
            {"type": "Unigram", "unk_id": 99, "vocab": pieces},
            {"type": "Unigram", "unk_id": 0, "vocab": [["a", "b"], ["c"]]},
            {"type": "Unigram", "unk_id": 0, "vocab": []},
            {"type": "WordLevel", "unk_token": "<unk>", "vocab": vocabulary},
            {"type": "BPE", "unk_token": "<unk>", "vocab": vocabulary, "merges": merges},
            {"type": "BPE", "dropout": 0.5, "vocab": vocabulary, "merges": merges},
            {"type": "Evil", "vocab": vocabulary},
            {"vocab": vocabulary, "unk_token": "<unk>"},
        ),
    )


def _normalizer(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """Replacements that double, patterns that backtrack, maps of characters."""
    blob = struct.pack("<I", 8) + bytes(8) + b"a" * _any(draw, (10, 1_000_000)) + b"\0"
    chars = _any(draw, (base64.b64encode(blob).decode(), "AAAA", "!", base64.b64encode(b"\xff" * 64).decode()))
    double = [
        {"type": "Replace", "pattern": {"String": "e"}, "content": "ee"} for _ in range(_any(draw, (1, 2, 40, 400)))
    ]
    whole["normalizer"] = _any(
        draw,
        (
            {"type": "Sequence", "normalizers": double},
            {"type": "Replace", "pattern": {"Regex": _any(draw, REGEXES)}, "content": "z"},
            {"type": "Replace", "pattern": {"String": _any(draw, ("a", "", "a" * 100))}, "content": "z" * 1000},
            {"type": "Precompiled", "precompiled_charsmap": chars},
            {"type": "Prepend", "prepend": "x" * _any(draw, (1, 10**6))},
            {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]},
            {"type": "Strip", "strip_left": True, "strip_right": True},
            {"type": "Evil"},
        ),
    )


def _words(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """Other ways to split a text."""
    split = {"type": "Split", "pattern": {"Regex": _any(draw, REGEXES)}, "behavior": "Isolated", "invert": False}
    whole["pre_tokenizer"] = _any(
        draw,
        (
            split,
            {"type": "Sequence", "pretokenizers": [split, {"type": "Whitespace"}]},
            {"type": "Whitespace"},
            {"type": "Metaspace", "replacement": _any(draw, ("▁", "", "ab")), "prepend_scheme": "always"},
            {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            {"type": "Digits", "individual_digits": True},
            {"type": "CharDelimiterSplit", "delimiter": _any(draw, ("a", "", "ab"))},
        ),
    )


def _template(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """Special tokens without end, or none."""
    processor = whole.get("post_processor")
    if not isinstance(processor, dict):
        return
    count = _any(draw, (0, 1, 2, 20, 100_000))
    kind = int(draw.integers(4))
    if kind == 0:
        processor["single"] = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}] * count
    elif kind == 1:
        processor["single"] = [{"Sequence": {"id": _any(draw, "ABC"), "type_id": 0}}] * count
    elif kind == 2:
        processor["special_tokens"] = {
            "[CLS]": {"id": "[CLS]", "ids": [2] * count, "tokens": ["[CLS]"] * count},
            "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]},
        }
    else:
        whole["post_processor"] = {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}


def _settings(whole: dict[str, Any], draw: np.random.Generator) -> None:
    """Truncation, padding and added tokens."""
    size = _any(draw, (0, 1, 8, 2**31, 2**60, 2**64, -1))
    padding = {"strategy": {"Fixed": size}, "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
    truncation = {"direction": "Right", "max_length": size, "strategy": "LongestFirst", "stride": _any(draw, (0, 7))}
    added = {"id": 5, "content": "evil", "single_word": False, "lstrip": False, "rstrip": False, "special": True}
    kind = int(draw.integers(4))
    if kind == 0:
        whole["padding"] = padding
    elif kind == 1:
        whole["truncation"] = truncation
    elif kind == 2:
        content = _any(draw, ("", "great", "x" * 1_000_000))
        whole["added_tokens"] = [added | {"content": content, "normalized": _any(draw, (True, False))}]
    else:
        many = range(_any(draw, (10, 10_001)))
        whole["added_tokens"] = [added | {"id": 300 + i, "content": f"e{i}", "normalized": False} for i in many]


WAYS: tuple[Callable[[dict[str, Any], np.random.Generator], None], ...] = (
    _place,
    _place,
    _place,
    _tokens,
    _model,
    _normalizer,
    _words,
    _template,
    _settings,
)
