"""Decides whether a `tokenizer.json` is safe to open with the `tokenizers` library, from its text alone.

In: the path of the file. Out: its bytes, or BundleError. That library trusts its files: one of a few kilobytes may ask
for any amount of memory or time, by a pattern that backtracks, replacements that double, or special tokens repeated
without end. A file that passes has only the steps in COMPONENTS, patterns that published tokenizers use, and sizes that
suffice for every encoder worth using.
"""

from __future__ import annotations

import base64
import binascii
import gc
import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matinee.errors import BundleError

BYTES = 40 << 20
"""Maximum size of the file in bytes; the largest known, of 256,000 tokens with their merges, has 34 million."""

VALUES = 2_500_000
"""Maximum number of JSON values in the file."""

TOKENS, MERGES, ADDED = 300_000, 700_000, 10_000
"""Maximum number of tokens, of merges of two tokens, and of tokens added to the model's."""

CHARACTERS, LONGEST, ADDED_CHARACTERS = 4_000_000, 512, 100_000
"""Maximum number of characters of all tokens together, of one token, and of all added tokens."""

BEGINNINGS = 1_500_000
"""Maximum number of different prefixes of a Unigram model's tokens; each takes about 260 bytes of memory."""

DEEPEST, STEPS = 8, 200
"""Maximum nesting and number of the steps before and after the model."""

SPECIAL = 16
"""Maximum number of pieces of a template, and of ids for one special token."""

GROWTH = 16
"""Maximum number of characters that replace one; a `precompiled_charsmap` may have 8 times as many bytes for one."""

MODELS = {"WordPiece", "BPE", "Unigram", "WordLevel"}

COMPONENTS = {
    "normalizer": {
        "Sequence", "BertNormalizer", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase", "Strip", "StripAccents",
        "Replace", "Prepend", "Precompiled",
    },
    "pre_tokenizer": {
        "Sequence", "BertPreTokenizer", "ByteLevel", "Whitespace", "WhitespaceSplit", "Metaspace", "Punctuation",
        "Digits", "Split", "UnicodeScripts", "CharDelimiterSplit",
    },
    "post_processor": {"Sequence", "TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel"},
    "decoder": {
        "Sequence", "WordPiece", "ByteLevel", "BPEDecoder", "Metaspace", "ByteFallback", "Fuse", "Strip", "Replace",
    },
}  # fmt: skip
"""Types of steps that are allowed, by the component of the tokenizer."""

_ENGLISH = "'s|'t|'re|'ve|'m|'ll|'d"

PATTERNS = {
    # CLIP's, as Matinee and as the hub write it, with and without special tokens.
    rf"<start_of_text>|<end_of_text>|{_ENGLISH}|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+",
    rf"<\|startoftext\|>|<\|endoftext\|>|{_ENGLISH}|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+",
    rf"{_ENGLISH}|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+",
    "[\u2018-\u201b\u02bc]",
    "[\u201c-\u201f]",
    "[\\x{00}-\\x{08}\\x{0e}-\\x{1f}\\x{7f}\\x{feff}\\x{fff9}-\\x{fffc}\\x{206a}-\\x{206f}]",
    # Those of GPT-2 and later models.
    rf"{_ENGLISH}| ?\p{{L}}+| ?\p{{N}}+| ?[^\s\p{{L}}\p{{N}}]+|\s+(?!\S)|\s+",
    rf"(?i:{_ENGLISH})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    rf"(?i:{_ENGLISH})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+",
    # SentencePiece's, as XLM-R, T5, ALBERT and SigLIP have them.
    " {2,}",
    r"\s+",
    r"\n",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]",
}
"""Regular expressions that are allowed: they take time in proportion to the text."""


_REASONS = {TypeError: "a value in it is of another type than it must be", RecursionError: "it is nested too deep"}
"""Messages in place of Python's own, which would be about this module."""


class _RefusedError(ValueError):
    """The file is refused; the error's text says why."""


def read_tokenizer(path: Path) -> bytes:
    """Return the bytes of a `tokenizer.json` that can be opened in bounded time and memory.

    Raises:
        BundleError: It is missing, damaged, too large, or has a step or pattern that is not known.
    """
    if not path.is_file():
        raise BundleError(f"the tokenizer {path} is missing; build or fetch the bundle again")
    try:
        with path.open("rb") as file:
            data = file.read(BYTES + 1)
        _at_most(len(data), BYTES, "bytes")
        _at_most(data.count(b",") + data.count(b":"), VALUES, "values")
        with _without_collections():
            parsed = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        _check(parsed)
    except OSError as error:
        raise BundleError(f"the tokenizer {path} cannot be read ({error.strerror}); fetch the bundle again") from None
    except (ValueError, TypeError, RecursionError) as error:
        reason = str(_REASONS.get(type(error), error))[:LONGEST]
        raise BundleError(f"the tokenizer {path} is damaged ({reason}); build or fetch the bundle again") from None
    return data


@contextmanager
def _without_collections() -> Iterator[None]:
    """Turn off garbage collection, which would double the time of parsing hundreds of thousands of values."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dict; raises _RefusedError for duplicate names, which parsers read differently."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _RefusedError("a name stands twice in one object")
    return made


def _no_constant(name: str) -> None:
    raise _RefusedError(f"{name} is no JSON")


def _at_most(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise _RefusedError(f"it has {count:,} {what} and may have {limit:,}")


def _check(data: object) -> None:
    whole = _object(data, "the file")
    _check_model(_object(whole.get("model"), "its model"))
    _check_added(_list(whole.get("added_tokens", []), "its added_tokens"))
    for place in COMPONENTS:
        steps = [step for step in _steps(whole.get(place), 0) if "type" in step]
        _at_most(len(steps), STEPS, f"steps of its {place}")
        if place in whole and whole[place] is not None and whole[place] not in steps[:1]:
            raise _RefusedError(f"its {place} has no type")
        for step in steps:
            _check_step(place, step)
        if place == "normalizer":
            _check_growth(steps)


def _check_model(model: dict[str, Any]) -> None:
    if model.get("type") not in MODELS:
        raise _RefusedError(f"its model is {str(model.get('type'))[:40]!r} and may be {', '.join(sorted(MODELS))}")
    vocabulary = model.get("vocab")
    if isinstance(vocabulary, list):
        tokens = [piece[0] for piece in vocabulary if isinstance(piece, list) and len(piece) == 2]
    else:
        tokens = list(_object(vocabulary, "its vocabulary"))
    if not tokens or not all(isinstance(token, str) for token in tokens) or len(tokens) < len(vocabulary or ()):
        raise _RefusedError("its vocabulary is no list of tokens")
    _at_most(len(tokens), TOKENS, "tokens")
    _at_most(max(map(len, tokens)), LONGEST, "characters in a token")
    _at_most(sum(map(len, tokens)), CHARACTERS, "characters in all its tokens")
    if model["type"] == "Unigram":
        _at_most(_beginnings(tokens), BEGINNINGS, "different beginnings of its tokens")
    _at_most(len(_list(model.get("merges", []), "its merges")), MERGES, "merges")
    if model.get("dropout"):
        raise _RefusedError("it drops merges at random")
    _at_most(_whole(model.get("max_input_chars_per_word", 100)), LONGEST, "characters in a word")
    for name in ("continuing_subword_prefix", "end_of_word_suffix", "unk_token"):
        _at_most(len(model.get(name) or ""), LONGEST, f"characters in {name}")


def _beginnings(tokens: list[str]) -> int:
    """Return the number of different byte prefixes of the tokens: a Unigram model keeps a table for each."""
    count, before = 0, b""
    for token in sorted(token.encode("utf-8") for token in tokens):
        shared = next((i for i, (a, b) in enumerate(zip(before, token, strict=False)) if a != b), None)
        count += len(token) - (min(len(before), len(token)) if shared is None else shared)
        before = token
    return count


def _check_added(added: list[Any]) -> None:
    _at_most(len(added), ADDED, "added tokens")
    contents: list[Any] = [_object(token, "an added token").get("content") for token in added]
    if not all(isinstance(content, str) and content for content in contents):
        raise _RefusedError("an added token is no text")
    _at_most(sum(map(len, contents)), ADDED_CHARACTERS, "characters in its added tokens")


def _steps(value: object, depth: int) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in `value`, including `value` itself."""
    if depth > DEEPEST:
        raise _RefusedError(f"its steps are nested more than {DEEPEST} deep")
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _steps(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _steps(inner, depth + 1)


def _check_step(place: str, step: dict[str, Any]) -> None:
    if step["type"] not in COMPONENTS[place]:
        raise _RefusedError(f"its {place} has the step {str(step['type'])[:40]!r}, which is not known")
    pattern = step.get("pattern")
    if isinstance(pattern, dict) and "Regex" in pattern and pattern["Regex"] not in PATTERNS:
        raise _RefusedError(f"its pattern {str(pattern['Regex'])[:80]!r} is none that is known")
    if pattern is not None and (not isinstance(pattern, dict | str) or not pattern or "" in {*_values(pattern)}):
        raise _RefusedError(f"its {place} looks for nothing")
    for name in ("content", "prepend", "replacement", "delimiter", "prefix", "suffix"):
        _at_most(len(step.get(name) or ""), GROWTH, f"characters in a {name}")
    for name in ("single", "pair"):
        _at_most(len(step.get(name) or ()), SPECIAL, "pieces in its template")
    for token in (_object(step.get("special_tokens") or {}, "special_tokens")).values():
        _at_most(len(_object(token, "a special token").get("ids") or ()), SPECIAL, "ids for a special token")
    if step["type"] == "Precompiled":
        _check_charsmap(step.get("precompiled_charsmap"))


def _values(pattern: dict[str, Any] | str) -> Iterator[str]:
    yield from (str(value) for value in (pattern.values() if isinstance(pattern, dict) else [pattern]))


def _check_growth(steps: list[dict[str, Any]]) -> None:
    """Raise _RefusedError if a later replacement may find the output of one that lengthens a text."""
    _at_most(sum(step["type"] in ("Precompiled", "Prepend") for step in steps), 2, "steps that make a text longer")
    later = ""
    for step in reversed(steps):
        if step["type"] != "Replace":
            continue
        found, put = "".join(_values(step.get("pattern") or "")), str(step.get("content") or "")
        literal = isinstance(step.get("pattern"), dict) and "String" in step["pattern"]
        if len(put) > (len(found) if literal else 1) and set(put) & set(later):
            raise _RefusedError(f"its normalizer replaces {found[:20]!r} by {put!r}, which it replaces again")
        later += found if literal else ""


def _check_charsmap(value: object) -> None:
    """Raise _RefusedError if a SentencePiece map replaces one character by a long text.

    Format of the map: the length of a trie (4 bytes), the trie, then the texts, each followed by a zero byte.
    """
    try:
        data = base64.b64decode(value if isinstance(value, str) else "", validate=True)
        (size,) = struct.unpack_from("<I", data)
    except (binascii.Error, struct.error):
        raise _RefusedError("its precompiled_charsmap is no base64") from None
    if size % 4 or size + 4 > len(data):
        raise _RefusedError("its precompiled_charsmap is cut short")
    longest = max(map(len, data[4 + size :].split(b"\0")))
    _at_most(longest, 8 * GROWTH, "bytes for one character in its precompiled_charsmap")


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _RefusedError(f"{what} is no object")
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise _RefusedError(f"{what} is no list")
    return value


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise _RefusedError(f"{str(value)[:40]!r} is no number of characters")
    return value
