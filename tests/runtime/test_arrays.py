"""Matrices of a bundle: float32 rows of the right shape, mapped, or one BundleError."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.arrays import LARGEST, map_matrix, read_matrix
from matinee.errors import BundleError

MATRIX = np.arange(12, dtype=np.float32).reshape(4, 3)


def write(path: Path, array: np.ndarray = MATRIX) -> Path:
    np.save(path, array, allow_pickle=True)
    return path


def test_a_matrix_is_mapped_and_read_only(tmp_path: Path) -> None:
    matrix = map_matrix(write(tmp_path / "m.npy"), "m", 3, 4)
    assert np.array_equal(matrix, MATRIX)
    with pytest.raises(ValueError, match="read-only"):
        matrix[0] = 1


@pytest.mark.parametrize("rows", [0, 5])
def test_a_matrix_without_numbers_has_its_shape(tmp_path: Path, rows: int) -> None:
    columns = 0 if rows else 3
    assert map_matrix(write(tmp_path / "m.npy", np.empty((rows, columns), np.float32)), "m", columns).size == 0


@pytest.mark.parametrize(
    "array",
    [
        MATRIX.astype(np.float64),
        MATRIX.astype(">f4"),
        MATRIX.astype(object),
        np.asfortranarray(MATRIX),
        MATRIX[0],
        MATRIX[:, :2],
        MATRIX[:3],
    ],
)
def test_another_type_order_or_shape_is_refused(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(BundleError, match=r"^m holds "):
        map_matrix(write(tmp_path / "m.npy", array), "m", 3, 4)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: b"PK\x03\x04" + data,
        lambda data: data.replace(b"(4, 3)", b"(9**999999, 3)"),
        lambda data: data.replace(b"(4, 3)", b"((((((((4, 3)"),
        lambda data: data.replace(b"'descr'", b"'descr"),
        lambda data: b"",
        lambda data: data[:7],
        lambda data: b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65_535,
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path / "m.npy")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BundleError, match=r"^m (is not a .npy file|has )"):
        map_matrix(path, "m", 3, 4)


@settings(max_examples=200)
@given(at=st.integers(0, 127), byte=st.integers(0, 255))
def test_any_byte_of_the_header_may_be_wrong(tmp_path_factory: pytest.TempPathFactory, at: int, byte: int) -> None:
    path = write(tmp_path_factory.mktemp("m") / "m.npy")
    data = bytearray(path.read_bytes())
    data[at] = byte
    path.write_bytes(data)
    with suppress(BundleError):
        assert map_matrix(path, "m", 3, 4).shape == (4, 3)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 2 * LARGEST])
def test_numbers_that_no_answer_can_be_made_of_are_refused(tmp_path: Path, number: float) -> None:
    array = MATRIX.copy()
    array[1, 1] = number
    with pytest.raises(BundleError, match="not finite or above"):
        read_matrix(write(tmp_path / "m.npy", array), "m", 3, unknown=True)


def test_a_row_of_nan_is_unknown_where_that_may_be(tmp_path: Path) -> None:
    array = MATRIX.copy()
    array[1] = np.nan
    assert len(read_matrix(write(tmp_path / "m.npy", array), "m", 3, unknown=True)) == 4
    with pytest.raises(BundleError, match="not finite"):
        read_matrix(write(tmp_path / "m.npy", array), "m", 3)
