"""CLIP's tokenizer as a `tokenizers` file, made from the vocabulary that open_clip packages.

In: open_clip's SimpleTokenizer. Out: a Tokenizer that alone gives the same ids: normalization (what open_clip does with
ftfy, html and lower()), words, byte-level pairs, start and end tokens.

Three things ftfy and html do are left out, since no normalizer says them: mending text that was decoded with the
wrong character set ("donâ€™t"), full-width Latin letters, and HTML entities beyond the ones in ENTITIES.
"""

from __future__ import annotations

import ftfy.chardata
from open_clip.tokenizer import SimpleTokenizer
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE

START, END = "<start_of_text>", "<end_of_text>"

WORDS = r"<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""What a word is: open_clip's pattern, applied to lower-case text."""

ENTITIES = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#34;": '"',
    "&#39;": "'",
    "&#039;": "'",
    "&apos;": "'",
    "&nbsp;": " ",
}
"""HTML entities unescaped; "&amp;" first, so that doubly escaped ones are unescaped twice, as open_clip does."""

LIGATURES = {chr(code): letters for code, letters in ftfy.chardata.LIGATURES.items()}
"""Letters that ftfy takes apart."""

PATTERNS = (
    ("[\u2018-\u201b\u02bc]", "'"),
    ("[\u201c-\u201f]", '"'),
    ("[\\x{00}-\\x{08}\\x{0e}-\\x{1f}\\x{7f}\\x{feff}\\x{fff9}-\\x{fffc}\\x{206a}-\\x{206f}]", ""),
    ("\\s+", " "),
)
"""Curly quotes are straightened, control characters dropped, white space folded."""


def clip_tokenizer(original: SimpleTokenizer) -> Tokenizer:
    """The same tokenizer as `original`, as data."""
    merges = sorted(original.bpe_ranks, key=original.bpe_ranks.__getitem__)
    model = BPE(vocab=original.encoder, merges=merges, unk_token=END, end_of_word_suffix="</w>")
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", special_tokens=[(START, original.sot_token_id), (END, original.eot_token_id)]
    )
    tokenizer.add_special_tokens([AddedToken(name, normalized=True, special=True) for name in (START, END)])
    return tokenizer


def _normalizer() -> normalizers.Normalizer:
    steps: list[normalizers.Normalizer] = [normalizers.Replace(old, new) for old, new in (ENTITIES | LIGATURES).items()]
    steps += [normalizers.Replace(Regex(old), new) for old, new in PATTERNS]
    return normalizers.Sequence([*steps, normalizers.NFC(), normalizers.Lowercase(), normalizers.Strip()])
