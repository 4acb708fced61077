"""A dataset folder, read, cleaned, split and described; nothing here trains or embeds."""

from matinee_export.dataset.clean import Dataset, clean, impute
from matinee_export.dataset.profile import Distribution, Figure, Profile, profile
from matinee_export.dataset.profile_report import profile_document, profile_json, profile_markdown
from matinee_export.dataset.read import RawDataset, read_dataset
from matinee_export.dataset.split import Split, split

__all__ = [
    "Dataset",
    "Distribution",
    "Figure",
    "Profile",
    "RawDataset",
    "Split",
    "clean",
    "impute",
    "profile",
    "profile_document",
    "profile_json",
    "profile_markdown",
    "read_dataset",
    "split",
]
