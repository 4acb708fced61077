"""Matrices of a bundle: .npy files, mapped into memory once their header has been checked.

In: a file and the shape that it should have. Out: float32 (rows, columns), read-only. The header is read by numpy with
pickling off; any other type, order or size is refused.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from matinee.errors import BundleError

Matrix = npt.NDArray[np.float32]

LARGEST = 1e6
"""The largest absolute value that `read_matrix` accepts."""

_HEADER = 1_000
"""Maximum size in bytes of a .npy header, which holds a dtype, an order and a shape."""


def map_matrix(path: Path, name: str, columns: int, rows: int | None = None) -> Matrix:
    """Map a matrix into memory.

    Args:
        path: The file.
        name: What to call it in errors.
        columns: How many columns it must have.
        rows: How many rows it must have; any number by default.

    Raises:
        BundleError: It is not a .npy file of float32 in C order with this shape, or is truncated.
    """
    try:
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
            shape, fortran, dtype = read_header[version](file, max_header_size=_HEADER)
            start = file.tell()
        size = path.stat().st_size
    except Exception as error:  # numpy's parser raises all kinds of errors on a damaged header
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise BundleError(f"{name} is not a .npy file ({reason}); build the bundle again") from None
    wanted = f"float32 ({'rows' if rows is None else rows}, {columns})"
    if dtype != np.dtype("<f4") or len(shape) != 2 or shape[1] != columns or rows not in (None, shape[0]):
        raise BundleError(f"{name} holds {dtype} {shape} and should hold {wanted}; build the bundle again")
    if fortran:
        raise BundleError(
            f"{name} holds its numbers in column order and should hold them in row order; build the bundle again"
        )
    if size != start + 4 * shape[0] * shape[1]:
        raise BundleError(f"{name} has {size:,} bytes, which do not fit its shape {shape}; build the bundle again")
    if not shape[0] * shape[1]:
        return np.empty(shape, np.float32)
    # np.memmap slows down every small operation; a plain ndarray view of it stays mapped.
    return np.memmap(path, np.float32, "r", start, shape).view(np.ndarray)


def read_matrix(path: Path, name: str, columns: int, rows: int | None = None, *, unknown: bool = False) -> Matrix:
    """Map a matrix as `map_matrix` does, and check every value.

    Args:
        path: The file.
        name: What to call it in errors.
        columns: How many columns it must have.
        rows: How many rows it must have; any number by default.
        unknown: Whether a whole row may be NaN.

    Raises:
        BundleError: As `map_matrix` does, or a number is not finite or above LARGEST.
    """
    matrix = map_matrix(path, name, columns, rows)
    known = matrix[~np.isnan(matrix).all(axis=1)] if unknown else matrix
    if not np.isfinite(known).all() or np.abs(known).max(initial=0.0) > LARGEST:
        raise BundleError(f"{name} holds numbers that are not finite or above {LARGEST:,.0f}; build the bundle again")
    return matrix
