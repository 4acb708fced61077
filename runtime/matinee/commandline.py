"""Runs a Matinee command: an expected error is printed as one line, and Ctrl-C ends it without output."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from matinee.errors import MatineeError

FAILED = 2
"""Exit status of a command that could not do what was asked."""


def run(parser: argparse.ArgumentParser, argv: Sequence[str] | None = None) -> int:
    """Parse `argv` and call the chosen command's `command(options) -> int | None`; return the exit status.

    A MatineeError or an OSError (a full disk, no permission) becomes one line on stderr and status 2. Ctrl-C ends the
    process at once, even inside native code: every file that Matinee writes appears by renaming, so at most a ".part"
    is left, which the next run replaces. A closed pipe (`matinee info | head`) is not an error.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    warnings.showwarning = _show_warning
    options = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int | None] = options.command
    try:
        status = command(options) or 0
        sys.stdout.flush()
    except MatineeError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{parser.prog}: {_of_the_system(error)}", file=sys.stderr)
        return FAILED
    return status


def _of_the_system(error: OSError) -> str:
    """Return one line with the file and reason of an OSError, and what to check."""
    name = "" if error.filename is None else f"{os.fsdecode(error.filename)[-300:]!r}: "
    said = error.strerror or type(error).__name__
    return f"{name}{said}; check that the path is right, that it may be written to and that the disk has room"


def print_json(data: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print `data` as indented JSON on stdout."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"warning: {message}", file=sys.stderr)
