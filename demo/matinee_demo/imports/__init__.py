"""Reading what a person rated and wrote elsewhere: an export of IMDb or Letterboxd becomes ratings and reviews."""

from matinee_demo.imports.exported import BadRow
from matinee_demo.imports.matched import MOST_RATINGS, MOST_REVIEWS, Imported, read_ratings

__all__ = ["MOST_RATINGS", "MOST_REVIEWS", "BadRow", "Imported", "read_ratings"]
