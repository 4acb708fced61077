"""The layouts of dataset folders that are known: a further one is a file of its own and a line here."""

from __future__ import annotations

from matinee_export.data.readers.movielens import MOVIELENS_100K, MOVIELENS_CSV
from matinee_export.data.readers.paper import PAPER
from matinee_export.data.readers.reader import Reader

READERS: tuple[Reader, ...] = (PAPER, MOVIELENS_100K, MOVIELENS_CSV)
"""The first that detects its layout in a folder reads it."""
