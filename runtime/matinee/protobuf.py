"""Reads the fields of a protobuf message where it lies in a file, without a schema compiler and without copying.

In: bytes, most often a mapped file, and which fields of a message are wanted. Out: their values; of what is long, such
as weights, only its place. It reads as the protobuf libraries do, and refuses what those may read in different ways: a
single field given twice, or a field of another wire type. Every file costs at most FIELDS steps.
Reference: protobuf.dev, "Encoding".
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = 500_000
"""Most fields of a file. A network of 750 operators has about 15,000: its weights are one field each."""

LONGEST = 4_096
"""Bytes that a name may have."""

Span = tuple[int, int]
"""Where something begins and where it ends in the file."""

VARINT, BYTES = 0, 2
"""Wire types of numbers and of what has a length; 3 and 4 are groups, which ONNX has none of."""

_FIXED = {1: 8, 5: 4}
"""Bytes of the wire types of fixed size."""

_CUT = "it is cut short or no message"


@dataclass(frozen=True)
class Field:
    """A field that is wanted.

    Attributes:
        name: What its value is called in the answer.
        wire: Its wire type.
        many: Whether it may be given several times; numbers may then be packed.
        text: Whether its bytes are a name.
        absent: What stands for it where it is not given.
    """

    name: str
    wire: int
    many: bool = False
    text: bool = False
    absent: object = None


def number(name: str) -> Field:
    """A whole number; 0 where it is not given."""
    return Field(name, VARINT, absent=0)


def numbers(name: str) -> Field:
    """A list of whole numbers."""
    return Field(name, VARINT, many=True)


def text(name: str) -> Field:
    """A name; empty where it is not given."""
    return Field(name, BYTES, text=True, absent="")


def texts(name: str) -> Field:
    """A list of names."""
    return Field(name, BYTES, many=True, text=True)


def message(name: str) -> Field:
    """A message or bytes, as the place where they lie; None where they are not given."""
    return Field(name, BYTES)


def messages(name: str) -> Field:
    """A list of such places."""
    return Field(name, BYTES, many=True)


class DamagedError(ValueError):
    """The bytes are no message of this kind; the text says why."""


class Reader:
    """Reads messages of one file.

    Args:
        data: All bytes of the file.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self.data = data
        self._left = FIELDS

    def read(self, span: Span, wanted: Mapping[int, Field]) -> dict[str, Any]:
        """Return every wanted field of the message in `span` by its name: a value, or a list where there may be many.

        Raises:
            DamagedError: It is no message, or one that two readers might understand in two ways.
        """
        data, (at, end) = self.data, span
        found: dict[str, Any] = {field.name: [] if field.many else field.absent for field in wanted.values()}
        given = set()
        while at < end:
            self._spend()
            key, at = (data[at], at + 1) if data[at] < 128 else self._varint(at, end)
            number, wire = key >> 3, key & 7
            value: Any
            if wire == VARINT:
                value, at = self._varint(at, end)
            else:
                length = _FIXED.get(wire)
                if wire == BYTES:
                    length, at = (data[at], at + 1) if at < end and data[at] < 128 else self._varint(at, end)
                if length is None or length > end - at:
                    raise DamagedError(_CUT)
                value = at, at + length
                at += length
            field = wanted.get(number)
            if field is None:
                continue
            if field.many and field.wire == VARINT and wire == BYTES:
                found[field.name] += self._packed(value)
                continue
            if wire != field.wire:
                raise DamagedError(f"its field {field.name} has wire type {wire} in place of {field.wire}")
            if field.text:
                value = self._name(value)
            if field.many:
                found[field.name].append(value)
            elif number in given:
                raise DamagedError(f"its field {field.name} is given twice")
            else:
                given.add(number)
                found[field.name] = value
        return found

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise DamagedError(f"it has more than {FIELDS:,} fields")

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        """The number at `at`, as its 64 bits say without a sign, and where it ends."""
        value = shift = 0
        while at < end and shift < 70:
            byte = self.data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value & (1 << 64) - 1, at
            shift += 7
        raise DamagedError(_CUT)

    def _packed(self, span: Span) -> list[int]:
        values, (at, end) = [], span
        while at < end:
            self._spend()
            value, at = self._varint(at, end)
            values.append(value)
        return values

    def _name(self, span: Span) -> str:
        start, end = span
        if end - start > LONGEST:
            raise DamagedError(f"a name in it has {end - start:,} bytes")
        try:
            return str(self.data[start:end], "utf-8")
        except UnicodeDecodeError:
            raise DamagedError("a name in it is not UTF-8") from None


def signed(value: int) -> int:
    """Return the number that 64 bits stand for in two's complement."""
    return value - (1 << 64) if value >> 63 else value
