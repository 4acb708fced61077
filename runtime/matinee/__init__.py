"""Matinee's runtime: opens a bundle anywhere and answers "what should I watch?" from it.

    from matinee import Bundle, Recommender, Review, Taste

    recommender = Recommender(Bundle.open("artifacts/sample"))
    picks = recommender.recommend(Taste(reviews=(Review("slow, rainy detective story with a twist"),)))

Light on purpose: it needs numpy, onnxruntime, tokenizers, pillow, msgspec and usearch, and never imports the packages
that build bundles or show them.
"""

from matinee.agreement import Agreed, Agreement, compare
from matinee.bundle import Bundle
from matinee.catalogue import Catalogue, Movie, Quote
from matinee.encoders import Encoder
from matinee.errors import (
    BadImageError,
    BadInputError,
    BadRatingError,
    BadTextError,
    BuildError,
    BundleError,
    DatasetError,
    EmptyTasteError,
    MatineeError,
    MissingExtraError,
    UnknownNameError,
)
from matinee.explanations import Explanation, explain
from matinee.index import Index
from matinee.manifest import Manifest
from matinee.maps import load_map, mapped, place
from matinee.neighbours import Neighbour, Neighbours, more_like, nearest_posters, ways
from matinee.recommender import Answer, Pick, Recommender
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where
from matinee.zero_shot import GenreAccuracy, GenreReader, Reading, can_read_genres, open_genres, read_genres

__all__ = [
    "Agreed",
    "Agreement",
    "Answer",
    "BadImageError",
    "BadInputError",
    "BadRatingError",
    "BadTextError",
    "BuildError",
    "Bundle",
    "BundleError",
    "Catalogue",
    "DatasetError",
    "EmptyTasteError",
    "Encoder",
    "Explanation",
    "GenreAccuracy",
    "GenreReader",
    "Index",
    "Manifest",
    "MatineeError",
    "MissingExtraError",
    "Movie",
    "Neighbour",
    "Neighbours",
    "Pick",
    "Poster",
    "Quote",
    "Rating",
    "Reading",
    "Recommender",
    "Review",
    "Taste",
    "UnknownNameError",
    "Where",
    "can_read_genres",
    "compare",
    "explain",
    "load_map",
    "mapped",
    "more_like",
    "nearest_posters",
    "open_genres",
    "place",
    "read_genres",
    "ways",
]
