"""Reads, cleans and splits a dataset folder; trains and embeds nothing."""

from matinee_export.data.clean import Dataset, clean, impute
from matinee_export.data.readers.folder import RawDataset, read_dataset
from matinee_export.data.split import Split, split

__all__ = [
    "Dataset",
    "RawDataset",
    "Split",
    "clean",
    "impute",
    "read_dataset",
    "split",
]
