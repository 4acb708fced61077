"""Reads the tokenizer of a model folder in the hub's layout.

In: a folder with tokenizer.json, or BERT's vocab.txt. Out: a Tokenizer without truncation or padding, which the runtime
adds.
"""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from matinee import tokenizer_check
from matinee.errors import BuildError, BundleError
from matinee_export.encoders.weights.state import read_json, reading


def read_tokenizer(folder: Path) -> Tokenizer:
    """Read the tokenizer of a folder in the hub's layout, without truncation or padding, which the runtime adds.

    Raises:
        BuildError: A file is damaged or rejected by the runtime, or there is neither tokenizer.json nor vocab.txt.
    """
    path, vocabulary = folder / "tokenizer.json", folder / "vocab.txt"
    if path.is_file():
        try:
            content = tokenizer_check.read_tokenizer(path)
        except BundleError as error:
            raise BuildError(str(error)) from None
        with reading(path):
            tokenizer = Tokenizer.from_buffer(content)
            tokenizer.no_truncation()
            tokenizer.no_padding()
        return tokenizer
    if not vocabulary.is_file():
        raise BuildError(f"{folder} has neither tokenizer.json nor vocab.txt, so its text cannot be turned into tokens")
    config = folder / "tokenizer_config.json"
    lower = bool(read_json(config).get("do_lower_case", True)) if config.is_file() else True
    return _word_pieces(vocabulary, lower)


def _word_pieces(vocabulary: Path, lower: bool) -> Tokenizer:
    """Build BERT's tokenizer, as described in its paper, from a file of word pieces, one per line."""
    with reading(vocabulary):
        tokenizer = Tokenizer(models.WordPiece.from_file(str(vocabulary), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    if any(token_id is None for _, token_id in ends):
        raise BuildError(f"{vocabulary.name} in {vocabulary.parent} has no [CLS] or no [SEP], so it is not BERT's")
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return tokenizer
