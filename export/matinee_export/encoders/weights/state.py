"""Reads files of weights into torch modules, and initializes modules from a seed if there is no file.

In: a file (safetensors, or torch's own format containing only tensors). Out: a module with every parameter set. No
arbitrary objects are unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar
from zipfile import ZIP_STORED, ZipFile, is_zipfile

import torch
from safetensors.torch import load_file

from matinee.errors import BuildError

Module = TypeVar("Module", bound=torch.nn.Module)

SHARED = 4
"""Largest average number of names per stored tensor: the input embedding often is the output layer's weights, too."""

LONGEST_HEADER = 4_000_000
"""Largest header of a safetensors file, in bytes; a thousand tensors take 100,000."""

LONGEST_JSON = 4_000_000
"""Largest number of bytes read of a JSON file."""


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors of a file of weights, by name.

    Raises:
        BuildError: The file is damaged, holds anything but named tensors, or its tensors need many times its bytes.
    """
    with reading(path):
        state = _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)
    state = state.get("state_dict", state) if isinstance(state, dict) else state
    if not isinstance(state, dict) or not state or not all(_is_plain(value) for value in state.values()):
        raise BuildError(f"the weights {_shown(path)} are not a table of named tensors")
    # With stride 0 a few stored bytes can make a huge tensor, which a copy would expand; names may also share weights.
    if sum(value.nbytes for value in state.values()) > SHARED * path.stat().st_size:
        raise BuildError(f"the weights {_shown(path)} have tensors of more bytes than the file; fetch it again")
    return {str(name): value for name, value in state.items()}


def _read_safetensors(path: Path) -> object:
    with path.open("rb") as file:
        if int.from_bytes(file.read(8), "little") > LONGEST_HEADER:
            raise BuildError(f"the weights {_shown(path)} have a header of more than {LONGEST_HEADER:,} bytes")
    return load_file(path)


def _read_torch(path: Path) -> object:
    if is_zipfile(path):
        with ZipFile(path) as archive:
            if any(info.compress_type != ZIP_STORED for info in archive.infolist()):
                raise BuildError(f"the weights {_shown(path)} are packed, as torch never packs them; fetch it again")
    return torch.load(path, "cpu", weights_only=True)


def _is_plain(value: object) -> bool:
    return (
        isinstance(value, torch.Tensor)
        and value.layout is torch.strided
        and value.device.type == "cpu"
        and not (value.is_complex() or value.is_quantized)
    )


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn anything that a library raises while reading `path` into a BuildError.

    What they raise is not documented: torch's reader raises KeyError and IndexError, and a panic in the Rust code of
    tokenizers is not even an Exception.
    """
    try:
        yield
    except (BuildError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        first = " ".join([f"{type(error).__name__}:", *str(error).strip().splitlines()[:1]])[:120]
        reason = "it holds more than tensors" if isinstance(error, UnpicklingError) else first
        raise BuildError(f"{_shown(path)} cannot be read ({reason}); delete that file and fetch it again") from error


def load_into(module: Module, state: Mapping[str, torch.Tensor], path: Path, ignore: tuple[str, ...] = ()) -> Module:
    """Set every parameter of `module` from `state` and return it in evaluation mode.

    Args:
        module: Any module.
        state: Tensors by the module's own parameter names.
        path: File that `state` was read from, for the error.
        ignore: Prefixes of the names to ignore.

    Raises:
        BuildError: Tensors are missing, left over or of another shape, or contain NaN or infinity.
    """
    kept = {name: value for name, value in state.items() if not name.startswith(ignore)}
    try:
        unset = module.load_state_dict(kept, strict=False)
    except RuntimeError as error:
        shapes = str(error).strip().splitlines()[-1].strip()
        raise BuildError(f"the weights {_shown(path)} do not fit the architecture: {shapes}") from error
    if unset.missing_keys or unset.unexpected_keys:
        wrong = [f"{len(unset.missing_keys)} missing"] if unset.missing_keys else []
        wrong += [f"{len(unset.unexpected_keys)} left over"] if unset.unexpected_keys else []
        example = (unset.missing_keys or unset.unexpected_keys)[0]
        raise BuildError(
            f"the weights {_shown(path)} do not fit the architecture: {' and '.join(wrong)} (such as {example})"
        )
    if not all(bool(weights.isfinite().all()) for weights in module.parameters()):
        raise BuildError(f"the weights {_shown(path)} have NaN or infinity among them; fetch that file again")
    return module.eval()


def seeded(build: Callable[[], Module], seed: int) -> Module:
    """Return the module that `build` initializes under `seed`; torch's global generator is left unchanged."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build().eval()


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file.

    Raises:
        BuildError: The file is missing, damaged or not a JSON object.
    """
    with reading(path), path.open("rb") as file:
        data = json.loads(file.read(LONGEST_JSON).decode("utf-8"))
    if not isinstance(data, dict):
        raise BuildError(f"{_shown(path)} does not hold a JSON object")
    return data


def _shown(path: Path) -> str:
    return f"{path.name} in {path.parent}"
