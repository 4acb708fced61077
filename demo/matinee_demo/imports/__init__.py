"""Reads the files that IMDb and Letterboxd export: their ratings and reviews, matched to the bundle's films."""

from matinee_demo.imports.exported import BadRow
from matinee_demo.imports.matched import MOST_RATINGS, MOST_REVIEWS, Imported, read_ratings

__all__ = ["MOST_RATINGS", "MOST_REVIEWS", "BadRow", "Imported", "read_ratings"]
