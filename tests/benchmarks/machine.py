"""What this machine can do at most: matrix products at the shapes of the networks, in each precision, in this run.

In: nothing. Out: GFLOP/s by network and kind; a round of products that a workload times in turns with its network, to
say which share of the limit it reaches; and what the JSON says of machine and libraries. torch multiplies in float32
and bfloat16, onnxruntime uint8 by int8 (MatMulInteger, and MatMulIntegerToFloat, which scales as well).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.harness import THREADS, Context, Result, Times, interleave

Product = tuple[int, int, int, int]
"""Rows, inner length and columns of a product, and how often it comes in one pass."""


def _transformer(rows: int, width: int) -> tuple[Product, ...]:
    """One layer: queries, keys, values and their output; the two products of the MLP."""
    return ((rows, width, width, 4), (rows, width, 4 * width, 1), (rows, 4 * width, width, 1))


def _bottlenecks(images: int) -> tuple[Product, ...]:
    """ResNet50's convolutions as products, of all the blocks of its four stages."""
    return tuple(
        (images * side * side, inner, columns, blocks)
        for side, width, blocks in ((56, 64, 3), (28, 128, 4), (14, 256, 6), (7, 512, 3))
        for inner, columns in ((4 * width, width), (9 * width, width), (width, 4 * width))
    )


SHAPES: dict[str, tuple[Product, ...]] = {
    "BERT-base": _transformer(1024, 768),
    "MiniLM-L6": _transformer(1024, 384),
    "ResNet50": _bottlenecks(4),
    "CLIP ViT-B/32 image": _transformer(800, 768),
    "CLIP ViT-B/32 text": _transformer(1232, 512),
}
FP32 = "torch fp32"
KINDS = (FP32, "torch bf16", "onnxruntime MatMulInteger", "onnxruntime MatMulIntegerToFloat")
KERNELS = {"fp32": FP32, "bf16": "torch bf16", "int8": "onnxruntime MatMulInteger"}
"""What the limit in each precision is measured with."""

SECONDS = 0.15
"""About how long one round of one kind of product takes."""

PACKAGES = (
    "matinee",
    "torch",
    "torchvision",
    "transformers",
    "open_clip_torch",
    "onnxruntime",
    "onnxruntime-gpu",
    "tokenizers",
    "numpy",
    "pillow",
    "sentence-transformers",
    "fastembed",
    "hnswlib",
    "usearch",
    "faiss-cpu",
    "implicit",
    "cornac",
    "recommenders",
    "ray",
)


def measure(context: Context) -> list[Result]:
    """Measure every network's products in every precision and show them beside float32."""
    seconds = context.pick(quick=0.0, default=SECONDS, full=SECONDS)
    found = {network: _rates(shapes, context.rounds, seconds) for network, shapes in SHAPES.items()}
    return [
        Result(
            work=f"matrix products at {network}'s shapes",
            peer=f"{FP32}, by {kind}",
            goal="",
            ratio=rate / kinds[FP32][0],
            quality="",
            ours=f"{rate:.0f} GFLOP/s",
            theirs=f"{kinds[FP32][0]:.0f} GFLOP/s",
            note="the machine's limit, not a goal",
            rounds={kind: times, FP32: kinds[FP32][1]},
        )
        for network, kinds in found.items()
        for kind, (rate, times) in kinds.items()
        if kind != FP32
    ]


def kernel_of(form: str) -> str:
    """The precision in which a network of some form, such as "int8-static", computes its products."""
    return form if form in KERNELS else "int8"


def products(network: str, precision: str) -> tuple[Callable[[], None], float]:
    """A round of `network`'s products in a precision of KERNELS, to be timed in turns with the network itself.

    Returns:
        The round, and how many 10^9 operations it takes.
    """
    run = _pass(SHAPES[network], KERNELS[precision])
    repeats = _repeats(run, SECONDS)
    return _repeated(run, repeats), repeats * _gflop(SHAPES[network])


def describe() -> dict[str, Any]:
    """The machine and the versions, without its name."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "machine": {"processor": _processor(), "architecture": platform.machine(), "cores": os.cpu_count()},
        "python": platform.python_version(),
        "versions": versions,
    }


def _processor() -> str:
    """The processor's name and what of AVX-512 and AMX it has, where the system says so."""
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return platform.processor() or "unknown"
    facts = dict(line.split(":", 1) for line in info.read_text(encoding="utf-8").splitlines() if ":" in line)
    known = {name.strip(): value.split() for name, value in facts.items()}
    wanted = ("avx2", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")
    return " ".join([*known.get("model name", ["unknown"]), *(f for f in wanted if f in known.get("flags", []))])


def _rates(shapes: tuple[Product, ...], rounds: int, seconds: float) -> dict[str, tuple[float, Times]]:
    """GFLOP/s and the rounds of each kind, taking turns."""
    passes = {kind: _pass(shapes, kind) for kind in KINDS}
    repeats = {kind: _repeats(run, seconds) for kind, run in passes.items()}
    times = interleave({kind: _repeated(run, repeats[kind]) for kind, run in passes.items()}, rounds)
    return {kind: (_gflop(shapes) * repeats[kind] / taken.median, taken) for kind, taken in times.items()}


def _gflop(shapes: tuple[Product, ...]) -> float:
    """10^9 operations of one pass."""
    return sum(2 * m * k * n * often for m, k, n, often in shapes) / 1e9


def _pass(shapes: tuple[Product, ...], kind: str) -> Callable[[], None]:
    """One pass over all products; `kind` is one of KINDS."""
    library, _, name = kind.partition(" ")
    return _torch_pass(shapes, name) if library == "torch" else _onnxruntime_pass(shapes, name)


def _repeats(run: Callable[[], None], seconds: float) -> int:
    """How many passes, at least 1, make a round of about so many seconds, by the second pass."""
    return max(1, round(seconds / interleave({"it": run}, rounds=1)["it"].median))


def _repeated(run: Callable[[], None], times: int) -> Callable[[], None]:
    def all_of_them() -> None:
        for _ in range(times):
            run()

    return all_of_them


def _torch_pass(shapes: tuple[Product, ...], name: str) -> Callable[[], None]:
    import torch

    torch.set_num_threads(THREADS)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[name]

    steps = [
        (torch.randn(m, k).to(dtype), torch.randn(n, k).to(dtype).T, torch.empty(m, n, dtype=dtype), often)
        for m, k, n, often in shapes
    ]

    def run() -> None:
        for left, right, out, often in steps:
            for _ in range(often):
                torch.mm(left, right, out=out)

    return run


def _onnxruntime_pass(shapes: tuple[Product, ...], operator: str) -> Callable[[], None]:
    """A thread a core, each with its share of the rows: sessions of several threads would wait for each other."""
    sessions = [(_session(k, n, operator), often) for _, k, n, often in shapes]
    shares = [
        [(session, _bound(session, m // THREADS, k, n, operator), often) for (session, often), (m, k, n, _) in both]
        for both in [list(zip(sessions, shapes, strict=True))] * THREADS
    ]
    pool = ThreadPoolExecutor(THREADS)

    def multiply(share: list[tuple[Any, Any, int]]) -> None:
        for session, binding, often in share:
            for _ in range(often):
                session.run_with_iobinding(binding)

    return lambda: list(pool.map(multiply, shares)).clear()


def _session(k: int, n: int, operator: str) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """A session of one product uint8 (m, k) by int8 (k, n), on the caller's thread."""
    import numpy as np
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    draw = np.random.default_rng(0)
    weights: dict[str, np.ndarray] = {
        "right": draw.integers(-60, 60, (k, n), dtype=np.int8),
        "scale": np.ones((), np.float32),
        "scales": np.ones(n, np.float32),
        "middle": np.full((), 128, np.uint8),
    }
    takes, domain, kind = {
        "MatMulInteger": (["left", "right", "middle"], "", TensorProto.INT32),
        "MatMulIntegerToFloat": (["left", "right", "scale", "scales", "middle"], "com.microsoft", TensorProto.FLOAT),
    }[operator]
    graph = helper.make_graph(
        [helper.make_node(operator, takes, ["product"], domain=domain)],
        "product",
        [helper.make_tensor_value_info("left", TensorProto.UINT8, ["m", k])],
        [helper.make_tensor_value_info("product", kind, ["m", n])],
        [numpy_helper.from_array(array, name) for name, array in weights.items() if name in takes],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _bound(session: Any, m: int, k: int, n: int, operator: str) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """A binding with its input of m rows and its output already in place."""
    import numpy as np
    from onnxruntime import OrtValue

    binding = session.io_binding()
    binding.bind_cpu_input("left", np.random.default_rng(0).integers(1, 100, (m, k), dtype=np.uint8))
    out = np.empty((m, n), np.int32 if operator == "MatMulInteger" else np.float32)
    binding.bind_ortvalue_output("product", OrtValue.ortvalue_from_numpy(out))
    return binding
