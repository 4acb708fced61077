"""Reads files of weights into torch modules, and draws weights from a seed where there is no file.

In: a file (safetensors, or torch's own format with nothing but tensors in it). Out: a module with every parameter
set. Nothing is unpickled. Knows nothing of which network it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from matinee.errors import BuildError

Module = TypeVar("Module", bound=torch.nn.Module)


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a file of weights, by name.

    Raises:
        BuildError: The file is damaged or holds something else than named tensors.
    """
    try:
        state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
    except (SafetensorError, UnpicklingError, OSError, RuntimeError, EOFError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        raise BuildError(
            f"the weights {_shown(path)} cannot be read ({reason}); delete that file and fetch it again"
        ) from error
    state = state.get("state_dict", state) if isinstance(state, dict) else state
    if not isinstance(state, dict) or not state or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise BuildError(f"the weights {_shown(path)} are not a table of named tensors")
    return {str(name): value for name, value in state.items()}


def load_into(module: Module, state: Mapping[str, torch.Tensor], path: Path, ignore: tuple[str, ...] = ()) -> Module:
    """Set every parameter of `module` from `state`, in evaluation mode, as float32.

    Args:
        module: Any module.
        state: Tensors by the module's own parameter names.
        path: File the state is from, for the error.
        ignore: Beginnings of names that the module has no use for.

    Raises:
        BuildError: Tensors are missing, left over or of another shape.
    """
    kept = {name: value.float() for name, value in state.items() if not name.startswith(ignore)}
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
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{_shown(path)} cannot be read ({type(error).__name__}); fetch that folder again") from error
    if not isinstance(data, dict):
        raise BuildError(f"{_shown(path)} does not hold a JSON object")
    return data


def _shown(path: Path) -> str:
    return f"{path.name} in {path.parent}"
