"""Says whether two sides made the same vectors, and turns their times into rows.

In: arrays (n, dim) of unit rows by side, and `Times`. Out: one `Result` a peer. A peer that computes something else is
an error, never a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tests.benchmarks.harness import Result, Times

Vectors = npt.NDArray[np.float32]

OURS = "ours"
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


def rate_rows(
    work: str,
    unit_name: str,
    count: int,
    times: Mapping[str, Times],
    same: SameVectors,
    gflop: float,
    limit: float,
    note: str,
) -> list[Result]:
    """One row a peer: how many times as long as ours it took for the same `count` inputs.

    Args:
        work: What was done.
        unit_name: What is counted, such as "texts".
        count: How many of them one round did.
        times: The rounds of ours and of every peer.
        same: What was found when the vectors were compared.
        gflop: Floating-point operations of one round, in 10^9; padding is not counted.
        limit: The GFLOP/s of this machine that ours is held against.
        note: What a reader has to know of every row.
    """
    ours = times[OURS].median
    return [
        Result(
            work=work,
            peer=name,
            goal=peer.goal,
            ratio=times[name].median / ours,
            quality=same.found[name],
            ours=f"{count / ours:.1f} {unit_name}/s",
            theirs=f"{count / times[name].median:.1f} {unit_name}/s",
            note=note,
            share=gflop / ours / limit,
            rounds={OURS: times[OURS], name: times[name]},
        )
        for name, peer in same.peers.items()
    ]


def share_row(work: str, precision: str, goal: str, gflop: float, ours: Times, limit: float) -> Result:
    """Ours beside the machine: the share of its rate of products that the whole way from text to vector reaches."""
    rate = gflop / ours.median
    return Result(
        work=work,
        peer=f"the machine's own products in {precision}",
        goal=goal,
        ratio=rate / limit,
        quality="",
        ours=f"{rate:.0f} GFLOP/s",
        theirs=f"{limit:.0f} GFLOP/s",
        note="of the operations that the tokens need, padding not counted",
        share=rate / limit,
        rounds={OURS: ours},
    )
