"""Stores the results of a study's steps: dataclasses as JSON, their arrays beside them, read back with the same types.

In: a dataclass of this package. Out: `result.json` and `arrays.npz` in a folder; no pickle.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_origin

import numpy as np
from cattrs import Converter
from numpy.typing import NDArray

RESULT, ARRAYS = "result.json", "arrays.npz"


def save(result: object, folder: Path) -> None:
    """Write `result` into `folder`, for `load` to read."""
    arrays: dict[str, Any] = {}
    converter = Converter()
    converter.register_unstructure_hook_func(_is_array, lambda array: _put(arrays, array))
    (folder / RESULT).write_text(json.dumps(converter.unstructure(result)), encoding="utf-8")
    np.savez_compressed(folder / ARRAYS, **arrays)


def load(kind: Any, folder: Path) -> Any:  # noqa: ANN401 - a type such as dict[str, Metrics], and one of its values
    """Read a result of type `kind` that `save` wrote into `folder`."""
    with np.load(folder / ARRAYS, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    converter = Converter()
    converter.register_structure_hook_func(_is_array, lambda name, _: arrays[name])
    converter.register_structure_hook_func(_is_named_tuple, lambda values, named: named(*values))
    converter.register_structure_hook(str | float, lambda value, _: value)
    return converter.structure(json.loads((folder / RESULT).read_text(encoding="utf-8")), kind)


def _is_array(kind: Any) -> bool:  # noqa: ANN401 - types and generic aliases alike
    return kind is np.ndarray or get_origin(kind) is np.ndarray


def _is_named_tuple(kind: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def _put(arrays: dict[str, Any], array: NDArray[Any]) -> str:
    name = f"{len(arrays):05d}"
    arrays[name] = array
    return name
