"""Opens an ONNX network with onnxruntime, and finds how many cores this process may really use.

In: the path of an `.onnx` file. Out: an `InferenceSession`. All sessions of a process share one memory pool of limited
size: a network that needs more fails, and the process goes on.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from matinee.errors import BadInputError, BundleError, MissingExtraError

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"

PRECISIONS = {CPU: "int8", CUDA: "fp16"}
"""The reduced precision that each provider has fast kernels for."""

NOT_FOR_FP16 = "NchwcTransformer"
"""An optimizer of convolutions for the CPU, which crashes on some float16 networks (onnxruntime 1.32, CLIP)."""


MEMORY = 4 << 30
"""Base size in bytes of the memory pool that all networks of a process share; mapped weights are not counted."""

MEMORY_PER_CORE = 256 << 20
"""Bytes added to the pool for each core, since each core may run a batch."""

FOLDED = 64 << 20
"""Most bytes of a constant that onnxruntime computes while it opens a network; larger ones are left for the run."""


class ProviderWarning(UserWarning):
    """A network runs on another execution provider than the one asked for."""


def cpu_quota() -> int:
    """Return how many whole cores this process may use, at least 1: its affinity, limited by its cgroup (v1 or v2)."""
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
        # In a container the group's own path is often not mounted: its limit is then found at the mount itself.
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


def best_provider() -> str:
    """Return the execution provider that networks run on by default: CUDA where it is available."""
    return _best(_onnxruntime().get_available_providers())


def _onnxruntime() -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """Import onnxruntime when first needed, since that is slow; raises MissingExtraError where it is not installed."""
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtraError("onnxruntime", "cpu") from None
    return onnxruntime


@cache
def _limit_memory() -> None:
    """Create the memory pool that all networks of this process share."""
    ort = _onnxruntime()
    cpu = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
    ort.create_and_register_allocator(cpu, ort.OrtArenaCfg({"max_mem": MEMORY + MEMORY_PER_CORE * cpu_quota()}))


def open_session(
    path: Path, *, threads: int | None = None, providers: Sequence[str] | None = None, made_for: str = ""
) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """Open a network for inference.

    Args:
        path: The `.onnx` file; weights it keeps in files beside it are found from there.
        threads: Threads one run may use, at least 1; by default the cores this process may use.
        providers: onnxruntime execution providers in order of preference; by default the one that the network is made
            for where this onnxruntime has it, else CUDA where it has that, else the CPU.
        made_for: The provider whose kernels the network's precision is for; empty where any will do.

    Returns:
        An `onnxruntime.InferenceSession`. Its `run` may be called from several threads at once.

    Raises:
        MissingExtraError: onnxruntime is not installed.
        BadInputError: This onnxruntime lacks one of `providers`, or `threads` is below 1.
        BundleError: The file is missing or is no network.

    Warns:
        ProviderWarning: The first provider could not be loaded, so that another one answers; or the network is made
            for another provider than the one it runs on, or than the best there is. Asking for the CPU never warns.
    """
    onnxruntime = _onnxruntime()
    onnxruntime.disable_telemetry_events()  # nothing that a visitor does is sent to anybody
    available = onnxruntime.get_available_providers()
    wanted = _providers(available, providers, made_for)
    if not path.is_file():
        raise BundleError(f"the network {path} is missing; build or fetch the bundle again")
    options = _options(onnxruntime, cpu_quota() if threads is None else threads)
    _limit_memory()
    try:
        off = [] if made_for in ("", CPU) else [NOT_FOR_FP16]
        session = onnxruntime.InferenceSession(path, options, providers=wanted, disabled_optimizers=off)
    except Exception as error:  # onnxruntime raises a class of its own for every kind of damage
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:500]
        raise BundleError(f"the network {path} cannot be opened ({reason}); build or fetch the bundle again") from None
    got = session.get_providers()
    if wanted[0] not in got:
        warnings.warn(
            f"{wanted[0]} could not be loaded, so {path.name} runs on {got[0]}; check its driver and libraries",
            ProviderWarning,
            stacklevel=2,
        )
    elif (providers is None or got[0] != CPU) and (
        mismatch := _mismatch(made_for, got[0], _best(available) if providers is None else got[0])
    ):
        warnings.warn(mismatch, ProviderWarning, stacklevel=2)
    return session


def _mismatch(made_for: str, runs_on: str, best: str) -> str:
    """Return the warning for a network made for another provider than it runs on or than the best, or "" for none.

    Args:
        made_for: The provider it is made for; empty where any will do.
        runs_on: The provider it runs on.
        best: The preferred provider.
    """
    if not made_for or made_for == runs_on == best:
        return ""
    return (
        f"this bundle's networks are made for {made_for} and run on {runs_on}; to make good use of {best}, build the "
        f"bundle again with --precision {PRECISIONS.get(best, 'fp32')}"
    )


def _best(available: Sequence[str]) -> str:
    return CUDA if CUDA in available else CPU


def _providers(available: Sequence[str], asked: Sequence[str] | None, made_for: str) -> list[str]:
    """Return the providers to try, best first, with the CPU last as onnxruntime has it anyway."""
    if asked is None:
        first = made_for if made_for in available else _best(available)
        return list(dict.fromkeys([first, CPU]))
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
    options.enable_mem_pattern = False  # it caches a plan for every shape, and texts come in hundreds of shapes
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.add_session_config_entry("optimization.constant_folding_max_output_size_in_bytes", str(FOLDED))
    return options
