"""A small grammar for made-up prose: alternatives, slots, articles and contractions.

In: templates, where `[a|b|]` picks one alternative (nesting allowed), `{slot}` is replaced by words and `{Slot}` by
capitalised words. Out: English sentences. Everything random comes from the generator passed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

_INNERMOST = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_AFTER_STOP = re.compile(r"(^|[.!?] )([a-z])")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])(?!uni|use|usu|eu|one\b|once\b)")
_STOPPED_TWICE = re.compile(r"([?!]|\.{3})\.")
_CONTRACTIONS = tuple(
    (re.compile(rf"{long}(?= [a-z])"), short)
    for long, short in (
        ("(^It|[.?!] It|[,;] it|and it|but it) is", r"\1's"),
        ("(^There|[.?!] There|and there|but there) is", r"\1's"),
        ("([Dd]o) not", r"\1n't"),
        ("([Dd]oes) not", r"\1n't"),
        ("([Dd]id) not", r"\1n't"),
        ("([Cc]ould) not", r"\1n't"),
        ("([Ii]s) not", r"\1n't"),
        ("([Cc]an)not", r"\1't"),
        ("I am", "I'm"),
        ("I would", "I'd"),
        ("I have (seen|rarely|never|been)", r"I've \1"),
        ("([Yy]ou) will", r"\1'll"),
        ("I will", "I'll"),
    )
)


@cache
def bank(name: str) -> Any:  # noqa: ANN401 - the banks are JSON of several shapes
    """Return the phrase bank in `phrases/<name>.json`."""
    return json.loads(resources.files(__package__).joinpath("phrases", f"{name}.json").read_text(encoding="utf-8"))


def pick(items: Sequence[T], rng: np.random.Generator) -> T:
    """Return one of the items, drawn uniformly."""
    return items[int(rng.integers(len(items)))]


def expand(template: str, fill: Callable[[str], str], rng: np.random.Generator) -> str:
    """Return a sentence made from `template`; `fill` returns the words of a slot, given its lower-case name."""
    while _INNERMOST.search(template):
        template = _INNERMOST.sub(lambda found: pick(found[1].split("|"), rng), template)
    filled = _SLOT.sub(lambda found: _slot(found[1], fill), capitalise(template))
    return _STOPPED_TWICE.sub(r"\1", _ARTICLE.sub(r"\1n ", filled).replace(" ,", ","))


def _slot(name: str, fill: Callable[[str], str]) -> str:
    words = fill(name.lower())
    return words if name.islower() else words[0].upper() + words[1:]


def capitalise(text: str) -> str:
    """Capitalise the first letter of the text and of every sentence."""
    return _AFTER_STOP.sub(lambda found: found[1] + found[2].upper(), text)


def contract(text: str) -> str:
    """Replace long forms by contractions: "it is" becomes "it's", "do not" becomes "don't"."""
    for long, short in _CONTRACTIONS:
        text = long.sub(short, text)
    return text
