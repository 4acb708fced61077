"""The known layouts of dataset folders; to add one, write its reader in a new module and list it here."""

from __future__ import annotations

from matinee_export.data.readers.movielens import MOVIELENS_100K, MOVIELENS_CSV
from matinee_export.data.readers.paper import PAPER
from matinee_export.data.readers.reader import Reader

READERS: tuple[Reader, ...] = (PAPER, MOVIELENS_100K, MOVIELENS_CSV)
"""All readers; a folder is read by the first that recognises its layout."""
