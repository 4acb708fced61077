"""A dataset folder, read, cleaned, split and described; nothing here trains or embeds."""

from matinee_export.dataset.clean import Dataset, clean, impute
from matinee_export.dataset.read import RawDataset, read_dataset
from matinee_export.dataset.split import Split, split

__all__ = ["Dataset", "RawDataset", "Split", "clean", "impute", "read_dataset", "split"]
