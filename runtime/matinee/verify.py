"""Checks everything in a bundle that serving relies on, for `matinee verify` and at the end of an export.

In: an opened bundle. Out: a sentence for each problem. Once the sha256 of every file is right, each is
opened as serving opens it, since a hash does not prove that a file is valid or harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from matinee.bundle import Bundle
from matinee.errors import BundleError, MatineeError
from matinee.maps import load_map, mapped
from matinee.models.hybrid import Hybrid
from matinee.neighbours import comparisons, has_points, load_points
from matinee.recommender import Recommender
from matinee.zero_shot import can_read_genres, open_genres


def problems(bundle: Bundle) -> Iterator[str]:
    """Yield one sentence for each problem; if files are damaged, only for these."""
    damaged = False
    for name in bundle.manifest.files:
        for said in _said(partial(bundle.check_file, name)):
            damaged = True
            yield said
    for check in () if damaged else _checks(bundle):
        yield from _said(check)


def _said(check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except MatineeError as error:
        yield str(error)


def _checks(bundle: Bundle) -> Iterator[Callable[[], object]]:
    """Yield the checks, cheap ones first."""
    yield partial(_check_posters, bundle)
    recommender = Recommender(bundle)
    for model in recommender.members:
        yield partial(_check_dim, bundle, model)
        yield partial(recommender.members.__getitem__, model)
        yield partial(_check_index, bundle, model)
    if Hybrid.spec.name in bundle.manifest.models:
        yield lambda: recommender.hybrid
        if bundle.has_cold_start:
            yield partial(_check_index, bundle, Hybrid.spec.name)
    for model in mapped(bundle):
        yield partial(load_map, bundle, model)
    if can_read_genres(bundle):
        yield partial(open_genres, bundle)
    for spec, way in comparisons().values():
        if has_points(bundle, spec, way):
            yield partial(load_points, bundle, spec, way)
    for encoder in bundle.manifest.encoders:
        yield partial(_check_encoder, bundle, encoder)


def _check_posters(bundle: Bundle) -> None:
    for movie in bundle.catalogue:
        if movie.poster is not None and movie.poster not in bundle.manifest.files:
            raise BundleError(f"the poster {movie.poster!r} of {movie} is not listed; build the bundle again")


def _check_dim(bundle: Bundle, model: str) -> None:
    """Raise BundleError if a model has an encoder whose vectors differ in length from the model's."""
    encoder, dim = bundle.manifest.encoders.get(model), bundle.manifest.model(model).dim
    if encoder is not None and encoder.dim != dim:
        raise BundleError(
            f"the model {model} has vectors of {dim} numbers and its encoder of {encoder.dim}; build the bundle again"
        )


def _check_index(bundle: Bundle, model: str) -> None:
    bundle.index(model).check()


def _check_encoder(bundle: Bundle, name: str) -> None:
    bundle.encoder(name).check()
