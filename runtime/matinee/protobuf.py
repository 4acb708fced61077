"""Reads selected fields of a protobuf message from a file's bytes, without a schema compiler and without copying.

In: bytes, most often a mapped file, and which fields of a message are wanted. Out: their values, or for long ones, such
as weights, only their place. It reads as the protobuf libraries do, and refuses messages that these may read in
different ways: with a single field given twice, or a field of another wire type. Every file takes at most FIELDS steps.
Reference: protobuf.dev, "Encoding".
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = 500_000
"""Maximum number of fields in a file. A network of 750 operators has about 15,000: each weight is one field."""

LONGEST = 4_096
"""Maximum length of a name, in bytes."""

Span = tuple[int, int]
"""Begin and end of a value in the file, in bytes."""

VARINT, BYTES = 0, 2
"""Wire types of integers and of length-delimited values; 3 and 4 are groups, which ONNX does not use."""

_FIXED = {1: 8, 5: 4}
"""Size in bytes of the wire types of fixed size."""

_CUT = "it is cut short or no message"


@dataclass(frozen=True)
class Field:
    """A field that is wanted.

    Attributes:
        name: Key of its value in the result of `Reader.read`.
        wire: Its wire type.
        many: Whether it may be given several times; numbers may then be packed.
        text: Whether its bytes are a name.
        absent: Its value where the message does not have it.
    """

    name: str
    wire: int
    many: bool = False
    text: bool = False
    absent: object = None


def number(name: str) -> Field:
    """Return a field that is an integer, 0 where absent."""
    return Field(name, VARINT, absent=0)


def numbers(name: str) -> Field:
    """Return a field that is a list of integers."""
    return Field(name, VARINT, many=True)


def text(name: str) -> Field:
    """Return a field that is a name, empty where absent."""
    return Field(name, BYTES, text=True, absent="")


def texts(name: str) -> Field:
    """Return the description of a repeated field of strings."""
    return Field(name, BYTES, many=True, text=True)


def message(name: str) -> Field:
    """Return a field that is a message or bytes, read as their `Span`; None where absent."""
    return Field(name, BYTES)


def messages(name: str) -> Field:
    """Return a field that is a list of messages or bytes, read as a list of `Span`s."""
    return Field(name, BYTES, many=True)


class DamagedError(ValueError):
    """The bytes are not a valid message; the error's text says why."""


class Reader:
    """Reads messages of one file.

    Args:
        data: All bytes of the file.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self.data = data
        self._left = FIELDS

    def read(self, span: Span, wanted: Mapping[int, Field]) -> dict[str, Any]:
        """Return every wanted field of the message in `span` by its name: a value, or a list for a repeated field.

        Raises:
            DamagedError: It is not a message, or one that two readers might read differently.
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
        """Return the unsigned 64-bit number at `at`, and the position of its end."""
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
    """Return the signed number that an unsigned 64-bit `value` represents in two's complement."""
    return value - (1 << 64) if value >> 63 else value
