"""Opens an ONNX network with onnxruntime, and knows how many cores this process may really use.

In: the path of an `.onnx` file. Out: an `InferenceSession`. Knows nothing of what the network computes.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from matinee.errors import BadInputError, BundleError, MissingExtraError

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"


class ProviderWarning(UserWarning):
    """A network runs on another execution provider than the one asked for."""


def cpu_quota() -> int:
    """Return the whole cores this process may use, at least 1: its affinity, cut to its cgroup's quota (v1 or v2)."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, int(min([cores, *_cgroup_cores(Path("/"))])))


def _cgroup_cores(root: Path) -> Iterator[float]:
    """Yield each limit, in cores, that a control group of this process or one above it sets (`root` is "/")."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        mount = root / "sys/fs/cgroup" / ("cpu" if controllers else "")
        folder = mount / group.lstrip("/")
        # In a container the group's own path is often not mounted: its limit then stands at the mount itself.
        for place in {mount, folder, *(p for p in folder.parents if mount in p.parents)}:
            quota, period = _cgroup_quota(place, version=1 if controllers else 2)
            if quota > 0 and period > 0:
                yield quota / period


def _cgroup_quota(folder: Path, version: int) -> tuple[float, float]:
    """Return (quota, period) in microseconds as one control group sets them; a quota of -1 is no limit."""
    text = (
        f"{_read(folder / 'cpu.cfs_quota_us')} {_read(folder / 'cpu.cfs_period_us')}"
        if version == 1
        else _read(folder / "cpu.max")
    )
    try:
        quota, period = text.replace("max", "-1").split()
        return float(quota), float(period)
    except ValueError:
        return -1.0, -1.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def open_session(path: Path, *, threads: int | None = None, providers: Sequence[str] | None = None) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """Open a network for inference.

    Args:
        path: The `.onnx` file; weights it keeps in files beside it are found from there.
        threads: Threads one run may use, at least 1; by default the cores this process may use.
        providers: onnxruntime execution providers in order of preference; by default CUDA where this onnxruntime
            has it, else the CPU.

    Returns:
        An `onnxruntime.InferenceSession`. Its `run` may be called from several threads at once.

    Raises:
        MissingExtraError: onnxruntime is not installed.
        BadInputError: A provider was asked for that this onnxruntime has not, or `threads` is below 1.
        BundleError: The file is missing or is no network.

    Warns:
        ProviderWarning: The first provider could not be loaded, so that another one answers.
    """
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtraError("onnxruntime", "cpu") from None
    onnxruntime.disable_telemetry_events()  # nothing that a visitor does is told to anybody
    wanted = _providers(onnxruntime.get_available_providers(), providers)
    if not path.is_file():
        raise BundleError(f"the network {path} is missing; build or fetch the bundle again")
    options = _options(onnxruntime, cpu_quota() if threads is None else threads)
    try:
        session = onnxruntime.InferenceSession(path, options, providers=wanted)
    except Exception as error:  # onnxruntime raises a class of its own for every kind of damage
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise BundleError(f"the network {path} cannot be opened ({reason}); build or fetch the bundle again") from None
    got = session.get_providers()
    if wanted[0] not in got:
        warnings.warn(
            f"{wanted[0]} could not be loaded, so {path.name} runs on {got[0]}; check its driver and libraries",
            ProviderWarning,
            stacklevel=2,
        )
    return session


def _providers(available: Sequence[str], asked: Sequence[str] | None) -> list[str]:
    """Return the providers to try, best first, with the CPU last as onnxruntime has it anyway."""
    if asked is None:
        return [p for p in (CUDA, CPU) if p in available]
    absent = [p for p in asked if p not in available]
    if absent or not asked:
        hint = f'; for {CUDA} install "matinee[gpu]" in place of "matinee[cpu]"' if CUDA in absent else ""
        named = " and ".join(absent) or "an empty list of providers"
        raise BadInputError(f"this onnxruntime cannot use {named}; it has {', '.join(available)}{hint}")
    return list(dict.fromkeys([*asked, CPU]))


def _options(onnxruntime: Any, threads: int) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """Return session options for a server that shares its machine: few threads, which sleep when there is no work."""
    if threads < 1:
        raise BadInputError(f"a network needs at least 1 thread, got {threads}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3  # errors only: what a caller should know is raised or warned here
    options.enable_mem_pattern = False  # a plan is kept for every shape seen, and texts come in hundreds of shapes
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
