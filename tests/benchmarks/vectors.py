"""Says whether two sides made the same vectors, and turns their times into rows.

In: arrays (n, dim) of unit rows by side. Out: one `Result` a peer. A peer that computes something else is
an error, never a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tests.benchmarks import machine
from tests.benchmarks.harness import Result, interleave

Vectors = npt.NDArray[np.float32]

OURS, LIMIT = "ours", "the machine's own products in "
SAME = {True: 0.999, False: 0.99}
"""Lowest mean cosine between two sides that both compute in float32, and where one of them does not."""

OWN_ROW = 0.9
"""Least share of rows that are nearer to their own counterpart than to any other row's."""


@dataclass(frozen=True)
class Peer:
    """What stands beside ours in one row.

    Args:
        name: Who it is and how it was set.
        goal: What the ratio of its time to ours has to be.
        fp32: Whether it computes in float32.
    """

    name: str
    goal: str
    fp32: bool = True


class DifferentWorkError(AssertionError):
    """Two sides did not make the same vectors."""


def unit(rows: npt.ArrayLike | Iterable[npt.ArrayLike]) -> Vectors:
    """Rows (n, dim) at length 1, float32."""
    array = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.float32)  # type: ignore[arg-type]
    scaled: Vectors = array / np.linalg.norm(array, axis=1, keepdims=True)
    return scaled


def agreement(ours: Vectors, theirs: Vectors, *, fp32: bool) -> str:
    """Say how alike two sides' vectors (n, dim) are.

    Beside the cosine each row has to be nearest to its own counterpart once the mean is taken away: untrained networks
    give every input nearly the same vector, and a cosine alone would not see rows in another order.

    Raises:
        DifferentWorkError: They are not the same vectors, within what the precision allows.
    """
    if ours.shape != theirs.shape:
        raise DifferentWorkError(f"ours are {ours.shape} vectors and theirs {theirs.shape}")
    cosines = (unit(ours) * unit(theirs)).sum(axis=1)
    mean = float(cosines.mean())
    centre = ours.mean(axis=0)
    nearest = (unit(theirs - centre) @ unit(ours - centre).T).argmax(axis=1)
    # Of inputs that occur twice either counterpart will do.
    own = float(np.mean([np.allclose(ours[row], ours[found], atol=1e-6) for row, found in enumerate(nearest)]))
    if mean < SAME[fp32] or own < OWN_ROW:
        raise DifferentWorkError(
            f"mean cosine {mean:.4f} (at least {SAME[fp32]} is wanted), "
            f"{own:.0%} of rows nearest to their own counterpart (at least {OWN_ROW:.0%} is wanted)"
        )
    return f"cosine {mean:.4f}, lowest {cosines.min():.4f}"


@dataclass
class SameVectors:
    """The check of `interleave` for sides that make vectors; keeps what it found as each peer's quality.

    Args:
        peers: The sides beside ours, by their names.
        fp32: Whether ours computes in float32.
    """

    peers: Mapping[str, Peer]
    fp32: bool

    def __post_init__(self) -> None:
        self.found: dict[str, str] = {}

    def __call__(self, outputs: Mapping[str, Vectors]) -> None:
        """Compare every peer with ours; raises DifferentWorkError naming the peer."""
        for name, peer in self.peers.items():
            try:
                self.found[name] = agreement(outputs[OURS], outputs[name], fp32=self.fp32 and peer.fp32)
            except DifferentWorkError as error:
                raise DifferentWorkError(f"{name}: {error}") from None


@dataclass(frozen=True)
class Workload:
    """Vectors to be made of some inputs, and what is known of the work.

    Args:
        name: What is done, such as "texts to vectors".
        network: Name in `machine.SHAPES`.
        precision: What ours computes in.
        unit: What is counted, such as "texts".
        count: How many of them one round does.
        gflop: Floating-point operations of one round, in 10^9; padding is not counted.
        note: What a reader has to know of every row.
        half: What the share of the machine's limit in reduced precision has to be; empty where nothing is asked.
    """

    name: str
    network: str
    precision: str
    unit: str
    count: int
    gflop: float
    note: str
    half: str = ""

    @property
    def title(self) -> str:
        """What the table calls it."""
        return f"{self.name}, {self.network}, {self.precision}"


def measure_vectors(
    work: Workload, sides: Mapping[str, Callable[[], Vectors]], peers: Sequence[Peer], rounds: int
) -> list[Result]:
    """Check and time ours and every peer, in turns with the machine's own products at the network's shapes.

    Args:
        work: What is done.
        sides: OURS and every peer by name; each does one round.
        peers: What stands beside ours.
        rounds: How many timed turns each gets.

    Returns:
        One row a peer, how many times as long as ours it took; and one for each precision of the machine's products,
        which share of their rate ours reaches.
    """
    same = SameVectors({peer.name: peer for peer in peers}, fp32=work.precision == "fp32")
    limits = {kind: machine.products(work.network, kind) for kind in machine.KERNELS}
    times = interleave({**sides, **{LIMIT + kind: run for kind, (run, _) in limits.items()}}, rounds, same)
    ours = times[OURS].median
    rate = work.gflop / ours
    shares = {kind: rate / (gflop / times[LIMIT + kind].median) for kind, (_, gflop) in limits.items()}
    found = [
        Result(
            work=work.title,
            peer=peer.name,
            goal=peer.goal,
            ratio=times[peer.name].median / ours,
            quality=same.found[peer.name],
            ours=f"{work.count / ours:.1f} {work.unit}/s",
            theirs=f"{work.count / times[peer.name].median:.1f} {work.unit}/s",
            note=work.note,
            share=shares[machine.kernel_of(work.precision)],
            rounds={OURS: times[OURS], peer.name: times[peer.name]},
        )
        for peer in peers
    ]
    of_limits = [
        Result(
            work=work.title,
            peer=LIMIT + kind,
            goal="" if kind == "fp32" else work.half,
            ratio=share,
            quality="",
            ours=f"{rate:.0f} GFLOP/s",
            theirs=f"{rate / share:.0f} GFLOP/s",
            note="of the operations that the inputs need, padding not counted",
            share=share,
            rounds={OURS: times[OURS], LIMIT + kind: times[LIMIT + kind]},
        )
        for kind, share in shares.items()
    ]
    return found + of_limits
