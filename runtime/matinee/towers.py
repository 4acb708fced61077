"""The content of `encoder.json`: how a text or a poster must be prepared for an encoder's networks.

In and out: the JSON object of an encoder folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from matinee import records
from matinee.errors import BundleError
from matinee.records import MOST_DIM

FILE = "encoder.json"

LARGEST = 100_000
"""Maximum size of FILE in bytes."""

INTERPOLATIONS = ("bilinear", "bicubic", "lanczos")
MOST_TOKENS = 8192
"""Maximum number of tokens of a text that a network reads."""

MOST_PIXELS = 2048
"""Maximum size, in pixels, to which a poster is resized or cropped."""

TEXT_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True)
class TextTower:
    """How a text is prepared for its network.

    Attributes:
        network: File of the network: int64 (batch, tokens) arrays in, float32 (batch, dim) "vector" out.
        tokenizer: File of the `tokenizers` library.
        max_tokens: Longest sequence, special tokens included.
        pad_id: Token id for padding.
        inputs: Names of the arrays the network takes, of input_ids, attention_mask and token_type_ids.
        precision: Number format of the weights, such as "fp32" or "int8".
        provider: The onnxruntime execution provider whose kernels that precision is for; empty where any will do.
        pad_to_max: Whether every batch must be max_tokens wide.
    """

    network: str
    tokenizer: str
    max_tokens: int
    pad_id: int
    inputs: tuple[str, ...]
    precision: str = "fp32"
    provider: str = ""
    pad_to_max: bool = False


@dataclass(frozen=True)
class ImageTower:
    """How a poster is prepared for its network.

    Attributes:
        network: File of the network: float32 (batch, 3, crop, crop) in, float32 (batch, dim) "vector" out.
        input: Name of the array the network takes.
        resize: Length the shorter side is resized to, in pixels.
        crop: Side of the centre crop, in pixels, at most `resize`.
        interpolation: "bilinear", "bicubic" or "lanczos", each antialiased.
        mean: Mean of each channel, where white is 1.
        std: Standard deviation of each channel.
        precision: Number format of the weights, such as "fp32" or "int8".
        provider: The onnxruntime execution provider whose kernels that precision is for; empty where any will do.
    """

    network: str
    input: str
    resize: int
    crop: int
    interpolation: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    precision: str = "fp32"
    provider: str = ""


Tower = TextTower | ImageTower
TowerT = TypeVar("TowerT", TextTower, ImageTower)


@dataclass(frozen=True)
class EncoderSpec:
    """One encoder folder's `encoder.json`.

    Attributes:
        name: Name of the encoder, such as "clip".
        dim: Length of its vectors.
        text: How it reads texts, or None where it does not.
        image: How it sees posters, or None where it does not.
    """

    name: str
    dim: int
    text: TextTower | None = None
    image: ImageTower | None = None

    @property
    def towers(self) -> dict[str, Tower]:
        """The towers it has, by kind: "text", "image"."""
        towers: dict[str, Tower | None] = {"text": self.text, "image": self.image}
        return {kind: tower for kind, tower in towers.items() if tower is not None}

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of `encoder.json`."""
        towers = {kind: asdict(tower) for kind, tower in self.towers.items()}
        return {"name": self.name, "dim": self.dim, "towers": towers}

    def save(self, folder: Path) -> None:
        """Write `encoder.json` into the encoder's folder."""
        text = json.dumps(self.to_json(), indent=2, sort_keys=True) + "\n"
        (folder / FILE).write_text(text, encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> EncoderSpec:
        """Read `encoder.json` of an encoder's folder; raises BundleError naming the field that is wrong."""
        path = folder / FILE
        return cls.from_json(records.read(path, object, LARGEST), str(path))

    @classmethod
    def from_json(cls, data: object, where: str = FILE) -> EncoderSpec:
        """Read the JSON object of `encoder.json`; `where` is its name in errors, which are BundleErrors."""
        top = _checked(data, where, ("name", "dim", "towers"))
        towers = top["towers"]
        unknown = sorted(towers.keys() - {"text", "image"})
        if unknown or not towers:
            raise BundleError(f'{where}: "towers" must hold "text", "image" or both, not {unknown or "nothing"}')
        text = _tower(TextTower, towers["text"], f"{where}, text tower") if "text" in towers else None
        image = _tower(ImageTower, towers["image"], f"{where}, image tower") if "image" in towers else None
        if image is not None and image.crop > image.resize:
            raise BundleError(f"{where}, image tower: crop {image.crop} is larger than resize {image.resize}")
        return cls(top["name"], top["dim"], text, image)


def _tower(kind: type[TowerT], data: object, where: str) -> TowerT:
    required = [f.name for f in fields(kind) if f.default is MISSING]
    known = {f.name for f in fields(kind)}
    checked = _checked(data, where, required)
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in checked.items() if k in known}
    return kind(**values)


def _checked(data: object, where: str, required: tuple[str, ...] | list[str]) -> Mapping[str, Any]:
    """Return `data`; raises BundleError unless it is an object with every required field and only valid known ones."""
    if not isinstance(data, dict):
        raise BundleError(f"{where} must be a JSON object, not {type(data).__name__}")
    missing = [name for name in required if name not in data]
    if missing:
        raise BundleError(f"{where} lacks {', '.join(missing)}; build or fetch the bundle again")
    for name, value in data.items():
        meaning, valid = _FIELDS.get(name, ("", _anything))
        if not valid(value):
            raise BundleError(f"{where}: {name} must be {meaning}, not {json.dumps(value)[:80]}")
    return data


def _anything(_: object) -> bool:
    return True


def _is_size(value: object, most: int = MOST_DIM) -> bool:
    return type(value) is int and 0 < value <= most


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_file_name(value: object) -> bool:
    return isinstance(value, str) and value not in {"", ".", ".."} and not set(value) & set("/\\\0")


def _is_triple(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(type(v) in {int, float} and abs(v) < 1e6 for v in value)


_FIELDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "name": ("a name", _is_word),
    "dim": (f"a whole number from 1 to {MOST_DIM:,}", _is_size),
    "towers": ("a JSON object", lambda v: isinstance(v, dict)),
    "network": ("a file name in this folder", _is_file_name),
    "tokenizer": ("a file name in this folder", _is_file_name),
    "precision": ("a name", _is_word),
    "provider": ("a name, or empty", lambda v: isinstance(v, str)),
    "max_tokens": (f"a whole number from 1 to {MOST_TOKENS:,}", lambda v: _is_size(v, MOST_TOKENS)),
    "pad_id": ("a token id", lambda v: type(v) is int and 0 <= v < 2**31),
    "inputs": (
        f"a list with input_ids, of {', '.join(TEXT_INPUTS)}",
        lambda v: isinstance(v, list) and "input_ids" in v and all(i in TEXT_INPUTS for i in v),
    ),
    "pad_to_max": ("true or false", lambda v: isinstance(v, bool)),
    "input": ("the name of the network's input", _is_word),
    "resize": (f"a number of pixels up to {MOST_PIXELS:,}", lambda v: _is_size(v, MOST_PIXELS)),
    "crop": (f"a number of pixels up to {MOST_PIXELS:,}", lambda v: _is_size(v, MOST_PIXELS)),
    "interpolation": (f"one of {', '.join(INTERPOLATIONS)}", lambda v: isinstance(v, str) and v in INTERPOLATIONS),
    "mean": ("three numbers", _is_triple),
    "std": ("three numbers above 0", lambda v: _is_triple(v) and min(v) > 1e-6),
}
