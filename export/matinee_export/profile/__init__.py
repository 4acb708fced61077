"""The profile of a dataset: its statistics next to those of the paper's dataset, as a report with plots."""

from matinee_export.profile.report import profile_document, profile_json, profile_markdown
from matinee_export.profile.statistics import Distribution, Figure, Profile, profile

__all__ = [
    "Distribution",
    "Figure",
    "Profile",
    "profile",
    "profile_document",
    "profile_json",
    "profile_markdown",
]
