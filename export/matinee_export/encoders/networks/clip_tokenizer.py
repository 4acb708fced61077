"""CLIP's tokenizer as a `tokenizers` file, made from the vocabulary that open_clip packages.

In: open_clip's SimpleTokenizer. Out: a self-contained Tokenizer that gives the same ids: normalization (done by
open_clip with ftfy, html and lower()), splitting into words, byte-level BPE, start and end tokens.

Three steps of ftfy and html are left out, since no normalizer can express them: repairing text that was decoded with
the wrong character set ("donâ€™t"), converting full-width Latin letters, and HTML entities that are not in ENTITIES.
"""

from __future__ import annotations

import ftfy.chardata
from open_clip.tokenizer import SimpleTokenizer
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE

START, END = "<start_of_text>", "<end_of_text>"

WORDS = r"<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""Pattern of a word: open_clip's, applied to lower-case text."""

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
"""HTML entities and their replacements; "&amp;" first, to unescape doubly escaped ones twice, as open_clip does."""

LIGATURES = {chr(code): letters for code, letters in ftfy.chardata.LIGATURES.items()}
"""Ligatures and the letters that ftfy replaces them with."""

PATTERNS = (
    ("[\u2018-\u201b\u02bc]", "'"),
    ("[\u201c-\u201f]", '"'),
    ("[\\x{00}-\\x{08}\\x{0e}-\\x{1f}\\x{7f}\\x{feff}\\x{fff9}-\\x{fffc}\\x{206a}-\\x{206f}]", ""),
    ("\\s+", " "),
)
"""Patterns and replacements that straighten curly quotes, drop control characters and collapse white space."""


def clip_tokenizer(original: SimpleTokenizer) -> Tokenizer:
    """Return a `tokenizers` tokenizer, which can be saved as JSON, that gives the same ids as `original`."""
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
