"""Reads files of weights into torch modules, and draws weights from a seed where there is no file.

In: a file (safetensors, or torch's own format with nothing but tensors in it). Out: a module with every parameter set.
Nothing is unpickled.
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
"""How many names, on average, may share a tensor: an embedding is often the output's weights too."""

LONGEST_HEADER = 4_000_000
"""Bytes of the table of contents of a safetensors file; a thousand tensors take 100,000."""

LONGEST_JSON = 4_000_000
"""Bytes of a configuration that are read."""


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a file of weights, by name.

    Raises:
        BuildError: The file is damaged, holds something else than named tensors, or more of them than it has bytes for.
    """
    with reading(path):
        state = _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)
    state = state.get("state_dict", state) if isinstance(state, dict) else state
    if not isinstance(state, dict) or not state or not all(_is_plain(value) for value in state.values()):
        raise BuildError(f"the weights {_shown(path)} are not a table of named tensors")
    # A tensor may repeat a few numbers without end, and its copy would hold them all; weights may be shared by names.
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
    """Make one BuildError of whatever a library raises while it reads `path`.

    None of them says what that may be: torch's reader raises KeyError and IndexError, and where the Rust code of
    tokenizers gives up, not even an Exception.
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
    """Set every parameter of `module` from `state`, in evaluation mode, as float32.

    Args:
        module: Any module.
        state: Tensors by the module's own parameter names.
        path: File the state is from, for the error.
        ignore: Beginnings of names that the module has no use for.

    Raises:
        BuildError: Tensors are missing, left over, of another shape, or have numbers that are not finite.
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
    """A module as `build` initializes it with torch's generator at `seed`; the caller's generator is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build().eval()


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        BuildError: It is missing or damaged.
    """
    with reading(path), path.open("rb") as file:
        data = json.loads(file.read(LONGEST_JSON).decode("utf-8"))
    if not isinstance(data, dict):
        raise BuildError(f"{_shown(path)} does not hold a JSON object")
    return data


def _shown(path: Path) -> str:
    return f"{path.name} in {path.parent}"
