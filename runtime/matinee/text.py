"""Turns what a person wrote into the token ids an encoder reads.

In: any Python string. Out: cleaned text, and one int64 array of token ids a text, (tokens,), special tokens included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matinee.errors import BadTextError, BundleError
from matinee.tokenizer_check import read_tokenizer

Tokens = npt.NDArray[np.int64]

# English runs at about 4.5 characters a token, so the first cut is nearly always enough; the second reaches past pages
# of addresses and dashes. A WordPiece "word" may be one token of any length, so there is no limit that always suffices.
CHARACTERS_PER_TOKEN = (8, 128)

# Control characters except those that str.split treats as white space, and surrogates.
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


def clean_text(text: str) -> str:
    """Return `text` without control characters or broken surrogates, every run of white space folded to one space.

    Joiners and direction marks stay, for emoji, Persian and Arabic need them.

    Raises:
        BadTextError: It is not a string, or has no readable text.
    """
    if not isinstance(text, str):
        raise BadTextError(f"a review must be text, got {type(text).__name__}")
    cleaned = " ".join(_UNREADABLE.sub("", _PAIR.sub(_join, text)).split())
    # Categories C and Z: invisible marks, unassigned characters, spaces. One character of any other kind is enough.
    if all(unicodedata.category(character)[0] in "CZ" for character in cleaned):
        raise BadTextError("the review has no text to read; write at least one word")
    return cleaned


def _join(pair: re.Match[str]) -> str:
    """Return the one character that two surrogates stand for; half-decoded JSON leaves such pairs."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


class Tokenizer:
    """A `tokenizer.json` with the truncation of one encoder.

    Args:
        path: A file of the `tokenizers` library, complete with its normalizer and special tokens.
        max_tokens: Longest sequence to return, special tokens included.
        pad_id: Token id for padding; kept for the code that builds batches.

    Raises:
        BundleError: The file is missing or is no tokenizer, or its special tokens alone fill `max_tokens`.
    """

    def __init__(self, path: Path, max_tokens: int, pad_id: int) -> None:
        data = read_tokenizer(path)
        import tokenizers  # here, since posters and ratings need no tokenizer

        self._path = path
        with self._damaged():
            self._tokenizer = tokenizers.Tokenizer.from_buffer(data)
            special = self._tokenizer.num_special_tokens_to_add(False)
            self._tokenizer.no_padding()
        if max_tokens <= special:
            raise BundleError(f"max_tokens is {max_tokens}, but {path} adds {special} special tokens to every text")
        with self._damaged():
            self._tokenizer.enable_truncation(max_tokens)
        self.max_tokens = max_tokens
        self.pad_id = pad_id

    def encode(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the ids of each cleaned text, (tokens,) with tokens <= max_tokens.

        A long text costs no more than its beginning: its first 8 * max_tokens characters are tokenised, cut between
        words, and where those do not fill max_tokens, its first 128 * max_tokens. Tokenizers work word by word, so
        tokens that fill max_tokens before a cut are those the whole text would have given.
        """
        ids: list[Tokens] = [np.empty(0, dtype=np.int64)] * len(texts)
        rows = list(range(len(texts)))
        for limit in (count * self.max_tokens for count in CHARACTERS_PER_TOKEN):
            with self._damaged():
                encodings = self._tokenizer.encode_batch_fast([_head(texts[row], limit) for row in rows])
            for row, encoding in zip(rows, encodings, strict=True):
                if not encoding.ids:
                    raise BundleError(
                        f"the tokenizer {self._path} returns no token for a readable text; use one that has a token "
                        "for unknown words"
                    )
                ids[row] = np.array(encoding.ids, dtype=np.int64)
            rows = [row for row in rows if len(ids[row]) < self.max_tokens and len(texts[row]) > limit]
        return ids

    @contextmanager
    def _damaged(self) -> Iterator[None]:
        """Turn the library's errors into BundleErrors, also panics of its Rust code, which are not Exceptions."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
            raise BundleError(
                f"the tokenizer {self._path} is damaged ({reason}); build or fetch the bundle again"
            ) from None


def _head(text: str, limit: int) -> str:
    """Return about the first `limit` characters of `text`, cut at a space where there is one in the second half."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit + 1)
    return text[: space if space > 0 else limit]
