"""Quantizes a transformer's matrix products to int8 with fixed scales, and fuses its attention.

In: an fp32 ModelProto and some real inputs. Out: the same network, with each product by a constant matrix computed in
integers. A matrix has one scale per output column. Its input has one fixed scale and zero point, calibrated on the real
inputs after large channels were divided, and the matrix's rows multiplied, by the same factors (SmoothQuant, Xiao et
al. 2023, with alpha 1/2). The graph uses only standard operators and com.microsoft ones that every CPU build has.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import NodeProto, helper

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.fuse_attention import fuse_attention
from matinee_export.encoders.onnx.graph import MICROSOFT, Graph, gemm_matrix, rebuilt
from matinee_export.encoders.quantization.calibrate import sample

WEIGHT_RANGE = 63
"""Largest integer of a weight, 7 of 8 bits: processors without VNNI add pairs of u8 x s8 products in 16 bits, where
255 * 63 * 2 still fits, so every machine gives the same results."""

LEVELS = 255
"""Largest integer of an activation; they are unsigned because signed kernels are slow on x86."""

CLIPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
"""Shares of the observed range tried as clipping range; the one with the least squared error is taken."""

SMOOTHED = "LayerNormalization"
"""Operator whose result has a few channels far larger than the others, which one common scale would round to 0."""

PIECE = 1024
"""Most columns of a product before an activation; wider ones are split into pieces that fit a core's cache."""

ACTIVATIONS = ("Gelu",)
PRODUCTS = ("MatMul", "Gemm")

ENOUGH = 2**19
"""Largest number of values that a range is fitted to, spread evenly over those observed."""

SMALLEST = 1e-9


@dataclass(frozen=True)
class Product:
    """A product by a constant matrix found in a graph.

    Attributes:
        x: Name of its input, (..., width).
        y: Name of its result, bias added, (..., columns).
        matrix: (width, columns).
        bias: (columns,).
        last: The node that outputs `y`.
    """

    x: str
    y: str
    matrix: Array
    bias: Array
    last: NodeProto


def quantize_statically(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """Return the same network in int8.

    Args:
        model: fp32 network; not changed.
        rows: Real inputs for calibration: token ids (tokens,), or pixels (3, crop, crop).
    """
    fused = fuse_attention(model)
    graph = Graph(fused)
    products = {id(product.last): product for product in _products(graph)}
    seen = sample(fused, list(dict.fromkeys(product.x for product in products.values())), rows)
    job = _Job(graph, seen, _smoothing(graph, seen, list(products.values())))
    for node in graph.nodes:
        product = products.get(id(node))
        if product is not None:
            job.multiply(product)
        else:
            job.keep(node)  # `rebuilt` drops the activations that were computed in pieces
    return rebuilt(fused, job.nodes, job.constants)


def _products(graph: Graph) -> Iterator[Product]:
    for node in graph.nodes:
        matrix = graph.constant(node.input[1]) if node.op_type in PRODUCTS else None
        if matrix is None or matrix.ndim != 2:
            continue
        if node.op_type == "Gemm":
            matrix = gemm_matrix(node, matrix)
        bias, last = np.zeros(matrix.shape[1], np.float32), node
        takers = graph.takers[node.output[0]]
        adding = takers[0] if len(takers) == 1 and takers[0].op_type == "Add" else None
        for name in [*node.input[2:], *(adding.input if adding else ())]:
            value = graph.constant(name)
            if value is not None and value.shape == bias.shape:
                bias, last = bias + value, adding if adding and name in adding.input else node
        yield Product(node.input[0], last.output[0], matrix, bias, last)


def _smoothing(graph: Graph, seen: dict[str, Array], products: Sequence[Product]) -> dict[str, Array]:
    """Return, for each input of a product, the factors that its channels are divided by, (width,)."""
    factors = {x: np.ones(vectors.shape[1], np.float32) for x, vectors in seen.items()}
    for x in factors:
        if graph.maker(x, SMOOTHED):
            largest = np.maximum(np.abs(seen[x]).max(axis=0), SMALLEST)  # (width,)
            matrices = [np.abs(product.matrix).max(axis=1) for product in products if product.x == x]
            factors[x] = np.sqrt(largest / np.maximum(np.max(matrices, axis=0), SMALLEST)).astype(np.float32)
    return factors


def _residual(graph: Graph, node: NodeProto) -> NodeProto:
    """Return the node, with an Add before a LayerNormalization replaced by Sum.

    onnxruntime would fuse Add and LayerNormalization to SkipLayerNormalization, several times slower on a CPU.
    """
    if node.op_type != "Add" or all(taker.op_type != "LayerNormalization" for taker in graph.takers[node.output[0]]):
        return node
    return helper.make_node("Sum", node.input, node.output)


class _Job:
    """Builds the nodes and constants of the int8 network.

    Args:
        graph: The fp32 network.
        seen: Sampled vectors of each input of a product, (n, width), by name.
        factors: Factors that the channels of each are divided by, (width,), by name.
    """

    def __init__(self, graph: Graph, seen: dict[str, Array], factors: dict[str, Array]) -> None:
        self._graph, self._seen, self._factors = graph, seen, factors
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, Array] = {}

    def keep(self, node: NodeProto) -> None:
        """Add the node; if only products use its result, divide its weights by the factors, which scales the result."""
        x = node.output[0]
        if not self._divided_at_once(x):
            self.nodes.append(_residual(self._graph, node))
            return
        divided = NodeProto()
        divided.CopyFrom(node)
        for place, name in enumerate(node.input[1:], start=1):
            divided.input[place] = f"{x}.{place}"
            self.constants[f"{x}.{place}"] = self._graph.constant(name) / self._factors[x]
        self.nodes.append(divided)

    def multiply(self, product: Product) -> None:
        """Add nodes for the product or, if only an activation before products uses it, for that activation in int8."""
        self._quantize(product.x)
        activation = self._activation(product)
        if activation is None:
            self._piece(product, slice(None), product.y)
            return
        y = activation.output[0]
        self._scale(y)
        columns = np.arange(product.matrix.shape[1])
        pieces = []
        for number, some in enumerate(np.array_split(columns, -(-len(columns) // PIECE))):
            part = f"{product.y}.{number}"
            self._piece(product, slice(some[0], some[-1] + 1), part)
            copy = NodeProto()
            copy.CopyFrom(activation)
            copy.ClearField("name")
            copy.input[:], copy.output[:] = [part], [f"{part}.active"]
            self.nodes += [copy, self._rounded(f"{part}.active", y, f"{part}.int8")]
            pieces.append(f"{part}.int8")
        self.nodes.append(helper.make_node("Concat", pieces, [f"{y}.int8"], axis=-1))

    def _activation(self, product: Product) -> NodeProto | None:
        """Return the only node using the product's result, if it is an activation used by products alone, else None."""
        takers = self._graph.takers[product.y]
        if len(takers) != 1 or takers[0].op_type not in ACTIVATIONS:
            return None
        return takers[0] if self._only_multiplied(takers[0].output[0]) else None

    def _divided_at_once(self, x: str) -> bool:
        """Return whether the node that outputs `x` can include the division by the factors: only products use `x`."""
        maker = self._graph.maker(x, SMOOTHED)
        return maker is not None and self._only_multiplied(x) and all(self._graph.axes(n) == 1 for n in maker.input[1:])

    def _only_multiplied(self, x: str) -> bool:
        """Return whether a value is used, and only by products with constant matrices."""
        takers = self._graph.takers[x]
        return bool(takers) and all(n.op_type in PRODUCTS and self._graph.axes(n.input[1]) == 2 for n in takers)

    def _quantize(self, x: str) -> None:
        if f"{x}.scale" in self.constants:
            return
        self._scale(x)
        source = x
        if self._graph.maker(x, SMOOTHED) and not self._divided_at_once(x):
            source = f"{x}.smooth"
            self.constants[f"{x}.factors"] = 1 / self._factors[x]
            self.nodes.append(helper.make_node("Mul", [x, f"{x}.factors"], [source]))
        self.nodes.append(self._rounded(source, x, f"{x}.int8"))

    def _scale(self, x: str) -> None:
        scale, zero = _range(self._seen[x] / self._factors[x])
        self.constants |= {f"{x}.scale": np.array(scale, np.float32), f"{x}.zero": np.array(zero, np.uint8)}

    def _rounded(self, source: str, x: str, y: str) -> NodeProto:
        return helper.make_node("QuantizeLinear", [source, f"{x}.scale", f"{x}.zero"], [y])

    def _piece(self, product: Product, columns: slice, y: str) -> None:
        """Add the node that computes the `columns` of a product, named `y`."""
        x, matrix = product.x, (product.matrix * self._factors[product.x][:, None])[:, columns]
        scales = np.maximum(np.abs(matrix).max(axis=0) / WEIGHT_RANGE, SMALLEST).astype(np.float32)
        self.constants |= {
            f"{y}.matrix8": np.rint(matrix / scales).astype(np.int8),
            f"{y}.scales": scales,
            f"{y}.zeros": np.zeros(len(scales), np.int8),
            f"{y}.bias": product.bias[columns],
        }
        inputs = [f"{x}.int8", f"{y}.matrix8", f"{x}.scale", f"{y}.scales", f"{x}.zero", f"{y}.zeros", f"{y}.bias"]
        self.nodes.append(helper.make_node("MatMulIntegerToFloat", inputs, [y], domain=MICROSOFT))


def _range(seen: Array) -> tuple[float, int]:
    """Return the scale and zero point with the least squared error on `seen`, (n, width)."""
    low, high = min(0.0, float(seen.min())), max(0.0, float(seen.max()))
    some = seen[:: -(-seen.size // ENOUGH)]  # whole vectors, so that every channel counts
    best, least = (SMALLEST, 0), np.inf
    for below, above in itertools.product(CLIPS, CLIPS):
        scale = max(high * above - low * below, SMALLEST) / LEVELS
        zero = round(-low * below / scale)
        kept = (np.clip(np.rint(some / scale) + zero, 0, LEVELS) - zero) * scale
        error = float(np.square(kept - some).sum())
        if error < least:
            best, least = (scale, zero), error
    return best
