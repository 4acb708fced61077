"""The errors Matinee raises on purpose.

Every message says what was received, what is valid and how to fix it, in one or two sentences on one line; the command
lines print it as it is and exit with status 2. Anything else that escapes is a bug in Matinee.

    MatineeError
    ├── BadInputError            what a person gave cannot be used
    │   ├── BadTextError           a review without readable text
    │   ├── BadImageError          a poster that is missing, damaged, too large or not an image
    │   ├── BadRatingError         a rating outside 1 to 10
    │   ├── EmptyTasteError        a taste without a review, rating or poster
    │   ├── UnknownNameError       a movie, genre, model or encoder that does not exist; lists the nearest names
    │   └── DatasetError           a dataset folder that cannot be read
    ├── BundleError              a bundle that is missing, damaged, incomplete or from another format
    ├── BuildError               an export that cannot go on: no weights, a parity check that failed
    └── MissingExtraError        a package that an optional part needs is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_NAME = 80
"""Maximum number of characters of an unknown name that its error repeats."""


class MatineeError(Exception):
    """Base of every error that Matinee raises on purpose."""


class BadInputError(MatineeError):
    """What a person gave cannot be used."""


class BadTextError(BadInputError):
    """A review without readable text."""


class BadImageError(BadInputError):
    """A poster that is missing, damaged, too large or not an image."""


class BadRatingError(BadInputError):
    """A rating outside 1 to 10."""


class EmptyTasteError(BadInputError):
    """A taste without a review, rating or poster."""


class UnknownNameError(BadInputError):
    """A name that does not exist; the message lists the nearest valid names.

    Args:
        kind: What the name stands for, such as "genre".
        name: The name as received.
        valid: Every valid name.
        nearest: The nearest valid names, best first; by default those of the most similar spelling.
    """

    def __init__(self, kind: str, name: str, valid: Iterable[str], nearest: Iterable[str] | None = None) -> None:
        name, valid = str(name), list(valid)
        name = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"
        folded = {v.casefold(): v for v in reversed(valid)}
        self.nearest = (
            list(nearest)
            if nearest is not None
            else [folded[m] for m in get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)]
        )
        listed = ", ".join(repr(v[:LONGEST_NAME]) for v in valid[:12]) + (", ..." if len(valid) > 12 else "")
        near = " or ".join(repr(n[:LONGEST_NAME]) for n in self.nearest)
        hint = f"did you mean {near}?" if near else f"valid: {listed}"
        super().__init__(f"no {kind} is called {name!r}; {hint}")


class DatasetError(BadInputError):
    """A dataset folder that cannot be read."""


class BundleError(MatineeError):
    """A bundle that is missing, damaged, incomplete or from another format."""


class BuildError(MatineeError):
    """An export that cannot go on."""


class MissingExtraError(MatineeError):
    """A package that an optional part of Matinee needs is not installed.

    Args:
        package: The package that could not be imported.
        extra: The extra of matinee that installs it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f'{package} is not installed; install it with: pip install "matinee[{extra}]"')
