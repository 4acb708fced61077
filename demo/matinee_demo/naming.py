"""What a film is called in a visitor's taste: by title and year, or by its id where those would find another film.

In: a catalogue and a row. Out: a name that `matinee.titles.find` takes back to that row. Knows nothing of visitors.
"""

from __future__ import annotations

from matinee.catalogue import Catalogue
from matinee.errors import UnknownNameError
from matinee.titles import find


def name_of(catalogue: Catalogue, row: int) -> str:
    """Return the name under which `find` gives `row` back."""
    movie = catalogue[row]
    try:
        unique = find(catalogue, str(movie)) == row
    except UnknownNameError:
        unique = False
    return str(movie) if unique else str(movie.id)
