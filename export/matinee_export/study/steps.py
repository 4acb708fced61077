"""The steps of a study: results kept in a workspace under everything they depend on.

In: a function that makes a result, and what the result depends on. Out: the result, made now or read from an earlier
run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from matinee_export.embedding.vectors import ContentVectors
from matinee_export.study import store
from matinee_export.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Steps:
    """The steps of one study: what was done before is read, the rest is done.

    Attributes:
        workspace: Where they are.
        key: What every step depends on.
    """

    workspace: Workspace
    key: Mapping[str, Any]

    def do(self, name: str, code: str, kind: Any, make: Callable[[], T], **key: Any) -> T:  # noqa: ANN401 - any type, JSON
        """Return what `make` makes, now or in an earlier run.

        Args:
            name: The step's.
            code: The module that does the work, by its name in this package.
            kind: What it makes.
            make: Makes it.
            key: What else the result depends on; must be JSON.
        """
        folder = self.workspace.step(
            name,
            [f"matinee_export.study.{code}", "matinee_export.study.store"],
            {**self.key, **key},
            lambda to: store.save(make(), to),
        )
        found: T = store.load(kind, folder)
        return found


def vectors_digest(vectors: ContentVectors) -> str:
    """Return one sha256 (hex) over all that the encoders made, whatever code made it."""
    digest = hashlib.sha256()
    for what, array in vectors.arrays():
        digest.update(f"{what} {array.dtype} {array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
