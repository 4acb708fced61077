"""Decides whether an ONNX network is safe to open, from the file's description alone, before anything opens it.

In: the path of a network, and the length of its vectors and the inputs that encoder.json gives. Out: the names of the
files beside it that hold its weights; or BundleError. A network that passes has only the operators of `operators`,
weights that fit their shapes and their files, and no size that depends on a visitor's words or picture. Memory and time
are bounded where it runs: see `session`, `deadline` and `trial`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from matinee.binding import OUTPUT
from matinee.errors import BundleError
from matinee.onnx_file import FLOAT, INT64, NODES, Graph, Node, Tensor, Value, read_onnx
from matinee.operators import AT_LEAST_ONE, LARGEST_ATTRIBUTE, MEASURES, OPERATORS, SIZES
from matinee.protobuf import DamagedError

Shape = tuple[int | None, ...]

TOKENS: tuple[int, Shape] = (INT64, (None, None))
"""The element type and the shape of an input of token ids, (batch, tokens); None is any size."""


def pixels(crop: int) -> tuple[int, Shape]:
    """Return the element type and the shape of an input of pictures, (batch, 3, crop, crop)."""
    return FLOAT, (None, 3, crop, crop)


def check_network(path: Path, dim: int, inputs: Mapping[str, tuple[int, Shape]]) -> tuple[str, ...]:
    """Check a network and return the names of the files beside it that hold its weights.

    Args:
        path: The `.onnx` file.
        dim: Length of the vectors that it must give.
        inputs: Element type and shape of each input that it must take, by name.

    Raises:
        BundleError: It is missing, damaged, or not a plain encoder with these inputs.
    """
    graph, files = inspect_network(path)
    _check_ends(path, graph, dim, inputs)
    return files


def inspect_network(path: Path) -> tuple[Graph, tuple[str, ...]]:
    """Return a network's graph and the names of the files that hold its weights; inputs and outputs are not checked.

    Raises:
        BundleError: It is missing, damaged, or not a plain encoder.
    """
    if not path.is_file():
        raise BundleError(f"the network {path} is missing; build or fetch the bundle again")
    try:
        graph = read_onnx(path)
        nodes = list(_nodes(graph))
        if len(nodes) > NODES:
            raise DamagedError(f"it has {len(nodes):,} operators and may have {NODES:,}")
        for node in nodes:
            _check_node(node)
        _check_sizes(graph, frozenset(value.name for value in graph.inputs), frozenset())
        return graph, _check_weights(path, graph)
    except OSError as error:
        raise BundleError(f"the network {path} cannot be read ({error.strerror}); fetch the bundle again") from None
    except DamagedError as error:
        raise BundleError(f"the network {path} cannot be opened ({error}); build or fetch the bundle again") from None


def _nodes(graph: Graph) -> Iterator[Node]:
    """Yield every operator, including those of nested graphs."""
    for node in graph.nodes:
        yield node
        for inner in node.graphs:
            yield from _nodes(inner)


def _check_node(node: Node) -> None:
    if node.operator not in OPERATORS.get(node.domain, ()):
        name = f"{node.domain}.{node.operator}" if node.domain else node.operator
        raise DamagedError(f"it has the operator {name[:80]!r}, which no encoder needs")
    if node.graphs and node.operator != "If":
        raise DamagedError(f"its operator {node.operator!r} has a graph of its own")
    for tensor in node.tensors:
        _check_inline(tensor)
    for name, values in node.numbers.items():
        least = 1 if name in AT_LEAST_ONE else 0
        if name in (*AT_LEAST_ONE, "pads") and not all(least <= v <= LARGEST_ATTRIBUTE for v in values[1:] or values):
            raise DamagedError(f"its operator {node.operator!r} has {name} {list(values[1:] or values)[:8]}")


def _check_sizes(graph: Graph, variable: frozenset[str], known: frozenset[str]) -> None:
    """Raise DamagedError if a size depends on `variable` values: the inputs and all values computed from them.

    Args:
        graph: The graph.
        variable: Names of values, of this graph and those around it, that depend on the network's input.
        known: Names of all values of the graphs around it.
    """
    stored = {*(value.name for value in graph.inputs), *(tensor.name for tensor in graph.tensors)}
    variable_here, known_here = set(variable), {"", *known, *stored}
    for node in _in_order(graph, known_here):
        if any(node.inputs[at] in variable_here for at in SIZES.get(node.operator, ()) if at < len(node.inputs)):
            raise DamagedError(f"the size of what its operator {node.operator!r} makes depends on its input")
        for inner in node.graphs:
            _check_sizes(inner, frozenset(variable_here), frozenset(known_here))
        known_here.update(node.outputs)
        # A nested graph may use any value of those around it, so all its outputs may depend on the input.
        if node.graphs or (node.operator not in MEASURES and not variable_here.isdisjoint(node.inputs)):
            variable_here.update(filter(None, node.outputs))


def _in_order(graph: Graph, known: set[str]) -> Iterator[Node]:
    """Yield the operators of a graph in topological order; not every exporter writes them so.

    Raises:
        DamagedError: An operator's input is never computed, or depends on its own output.
    """
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    missing = [_needed(node) - known for node in graph.nodes]
    for at, names in enumerate(missing):
        for name in names:
            waiting[name].append(at)
    ready = [at for at, names in enumerate(missing) if not names]
    done = 0
    while ready:
        node = graph.nodes[ready.pop()]
        done += 1
        yield node
        for name in node.outputs:
            for at in waiting.pop(name, ()):
                missing[at].discard(name)
                if not missing[at]:
                    ready.append(at)
    if done < len(graph.nodes):
        stuck = next(node for node, names in zip(graph.nodes, missing, strict=True) if names)
        raise DamagedError(f"its operator {stuck.operator!r} takes what is never computed")


def _needed(node: Node) -> set[str]:
    """Return the names of an operator's inputs, including the outer values that its nested graphs use."""
    needed = set(node.inputs)
    for inner in node.graphs:
        made = {*(value.name for value in inner.inputs), *(tensor.name for tensor in inner.tensors)}
        made.update(*(each.outputs for each in inner.nodes))
        needed |= set().union(*map(_needed, inner.nodes)) - made
    return needed - {""}


def _check_weights(path: Path, graph: Graph) -> tuple[str, ...]:
    """Check that every weight has the size of its shape and lies inside its file; return the names of the files."""
    weights = list(graph.tensors) + [t for node in _nodes(graph) for inner in node.graphs for t in inner.tensors]
    used: Counter[str] = Counter()
    for tensor in weights:
        if tensor.inline is not None:
            _check_inline(tensor)
            continue
        place = dict(tensor.place)
        name = place.get("location", "")
        if not _plain(name) or name == path.name or len(place) < len(tensor.place):
            raise DamagedError(f"its weights {tensor.name[:80]!r} lie in {name[:80]!r}, which is no file beside it")
        beside = path.with_name(name)
        if not beside.is_file():
            raise BundleError(f"the weights {beside} of a network are missing; build or fetch the bundle again")
        start, length = (_whole(place.get(key), default) for key, default in (("offset", 0), ("length", tensor.bytes)))
        used[name] += tensor.bytes
        if length != tensor.bytes or start + length > beside.stat().st_size or used[name] > beside.stat().st_size:
            raise DamagedError(f"its weights {tensor.name[:80]!r} do not fit into {name}")
    return tuple(used)


def _check_inline(tensor: Tensor) -> None:
    if tensor.inline != tensor.bytes:
        held = "elsewhere" if tensor.inline is None else f"in {tensor.inline:,} bytes"
        raise DamagedError(f"its constant {tensor.name[:80]!r} of shape {list(tensor.dims)[:8]} lies {held}")


def _plain(name: str) -> bool:
    """Whether `name` is a file name without a folder, on any operating system."""
    return name not in ("", ".", "..") and not set(name) & set('/\\:*?"<>|') and name.isprintable()


def _whole(value: str | None, default: int) -> int:
    if value is None:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise DamagedError(f"an offset or a length in it is {value[:40]!r}")
    return int(value)


def _check_ends(path: Path, graph: Graph, dim: int, inputs: Mapping[str, tuple[int, Shape]]) -> None:
    """Raise BundleError unless a network's declared inputs and output are those of encoder.json."""
    stored = {tensor.name for tensor in graph.tensors}
    takes = {value.name: value for value in graph.inputs if value.name not in stored}
    gives = {value.name: value for value in graph.outputs}
    if takes.keys() != inputs.keys() or OUTPUT not in gives:
        raise BundleError(
            f"the network {path} takes {sorted(takes)} and gives {sorted(gives)}, "
            f"but encoder.json says {sorted(inputs)} and [{OUTPUT!r}]; build or fetch the bundle again"
        )
    wanted = {**inputs, OUTPUT: (FLOAT, (None, dim))}
    for name, (kind, shape) in wanted.items():
        value = gives[name] if name == OUTPUT else takes[name]
        if not _fits(value, kind, shape):
            raise BundleError(
                f"the network {path} has {name} of kind {value.kind} and shape {_shown(value.dims)} where encoder.json "
                f"says {kind} and {_shown(shape)}; build or fetch the bundle again"
            )


def _fits(value: Value, kind: int, shape: Shape) -> bool:
    """Whether a value's declaration allows this element type and shape; undeclared parts are checked when it runs."""
    if value.kind not in (0, kind):
        return False
    return value.dims is None or (
        len(value.dims) == len(shape)
        and all(None in (own, wanted) or own == wanted for own, wanted in zip(value.dims, shape, strict=True))
    )


def _shown(dims: Shape | None) -> str:
    return "any" if dims is None else f"({', '.join('any' if dim is None else str(dim) for dim in dims)})"
