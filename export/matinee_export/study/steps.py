"""The steps of a study: results kept in a workspace, under digests of everything they depend on.

In: a function that computes a result, and the values that the result depends on. Out: the result, computed now or read
from an earlier run.
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
    """The steps of one study: a result of an earlier run is read, any other is computed.

    Attributes:
        workspace: Where results are kept.
        key: Values that every step depends on; JSON.
    """

    workspace: Workspace
    key: Mapping[str, Any]

    def do(self, name: str, code: str, kind: Any, make: Callable[[], T], **key: Any) -> T:  # noqa: ANN401 - any type, JSON
        """Return the result of `make`, computed now or in an earlier run.

        Args:
            name: Name of the step.
            code: The module that computes the result, by its name in this package.
            kind: Type of the result.
            make: Computes the result.
            key: Further values that the result depends on; must be JSON.
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
    """Return one sha256 (hex) over all vectors of the encoders, whichever code made them."""
    digest = hashlib.sha256()
    for what, array in vectors.arrays():
        digest.update(f"{what} {array.dtype} {array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
