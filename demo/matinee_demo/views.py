"""What each part of the page shows for one visit: details of a film, the comparison, the map, the poster lab, exports.

In: a `Service` and a `Visit`. Out: HTML or plain data. What a bundle lacks is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any

from matinee.agreement import compare
from matinee.errors import BadInputError, BundleError
from matinee.explanations import explain
from matinee.maps import place
from matinee.neighbours import Neighbours, comparisons, more_like, nearest_posters, ways
from matinee_demo.atlas import marks
from matinee_demo.compare import render_agreement, render_strengths
from matinee_demo.detail import render_detail
from matinee_demo.exports import letterboxd_list, picks_csv
from matinee_demo.lab import render_lab
from matinee_demo.service import Service
from matinee_demo.session import Visit
from matinee_demo.share import encode
from matinee_demo.templates import alert
from matinee_demo.visitor import Visitor, verdicts_of, with_poster
from matinee_demo.words import shown_ways

ALIKE = 12
"""Number of similar films that are shown, in each way of comparing."""

DEPTH = 50
"""Number of picks of each model that are compared."""

MAPPED = 10
"""Number of picks that the map shows."""


def detail(service: Service, visit: Visit, movie_id: str) -> Iterator[str]:
    """Yield the details of a film: first without, then with each model's rank and reason for this visitor."""
    if movie_id not in service.catalogue.rows:
        raise BadInputError("no film of this page has that id; choose one that is shown")
    movie = service.catalogue[service.catalogue.rows[movie_id]]
    likes = _found(service, shown_ways(), lambda way: more_like(service.recommender, movie_id, way, ALIKE))
    said = verdicts_of(visit.visitor, service.catalogue)
    explanations = None
    evidence = visit.evidence
    if evidence is not None:
        yield render_detail(movie, [], likes, said, service.weights, quotes=visit.settings.quotes)
        found = explain(service.recommender, evidence, movie_id, visit.where)
        explanations = [found[name] for name in service.models]
    yield render_detail(movie, explanations, likes, said, service.weights, quotes=visit.settings.quotes)


def comparison(service: Service, visit: Visit) -> str:
    """Return the HTML of how much the models agree for the visitor, and of the models' metrics."""
    strengths = _strengths(service)
    evidence = visit.evidence
    if evidence is None:
        return render_agreement(None, DEPTH) + strengths
    picks = service.recommender.recommend(evidence, k=DEPTH, where=visit.where, surprise=visit.settings.surprise)
    return render_agreement(compare({name: picks[name] for name in service.models}), DEPTH) + strengths


def marked(service: Service, visit: Visit) -> dict[str, Any]:
    """Return the visitor's marks on the maps: verdicts, picks, and the visitor's own place."""
    said = verdicts_of(visit.visitor, service.catalogue)
    evidence = visit.evidence
    if evidence is None:
        return marks(service.bundle, service.maps, said, {}, {})
    names = service.maps.models
    picks = service.recommender.recommend(evidence, k=MAPPED, where=visit.where, surprise=visit.settings.surprise)
    places = {name: place(service.recommender, evidence, name) for name in names}
    return marks(service.bundle, service.maps, said, {name: picks[name] for name in names}, places)


def lab(service: Service, path: str) -> str:
    """Return the films and genres that the networks find for the poster in a file; the poster is not kept."""
    visitor = with_poster(Visitor(), path, "your poster")
    (poster,) = visitor.taste.posters
    looks = [name for name, (_, way) in comparisons().items() if way.posters]
    found = _found(service, looks, lambda way: nearest_posters(service.recommender, poster.image, way, ALIKE))
    try:
        reader = service.genre_reader
        genres = reader.read(service.bundle.encoder(reader.model).poster(poster.image)) if reader else ()
        worth = reader.accuracy.sentence() if reader else "This bundle cannot read genres."
    except BundleError as error:
        genres, worth = (), str(error)
    return render_lab(visitor.thumbnails[0], found, service.genre_model, genres, worth, service.weights)


def _found(service: Service, some: Container[str], find: Callable[[str], Neighbours]) -> list[Neighbours]:
    """Return the results of `find` for those of `some` ways that the bundle has; a note where a file is damaged."""
    found = []
    for way in ways(service.recommender):
        if way in some:
            try:
                found.append(find(way))
            except BundleError as error:
                found.append(Neighbours(way, comparisons()[way][0].name, (), str(error)))
    return found


def _strengths(service: Service) -> str:
    try:
        return render_strengths(service.figures, service.weights)
    except BundleError as error:
        return alert(str(error))


def exported(service: Service, visit: Visit, kind: str) -> dict[str, str]:
    """Return what `static/exports.js` gives the visitor: picks as a text file, or the taste as a link.

    Args:
        service: The service of the bundle.
        visit: The visit.
        kind: "csv", "letterboxd" or "link".
    """
    if kind == "link":
        link = encode(visit.visitor.taste, service.catalogue, visit.settings.where)
        return {"kind": "link", "text": link.text, "note": f"{link.note}." if link.note else ""}
    if kind == "letterboxd":
        picks = visit.picks.get(service.models[0], [])
        return {"kind": "file", "name": "matinee-letterboxd.csv", "text": letterboxd_list(picks)}
    shown = {model: visit.picks[model] for model in service.models if model in visit.picks}
    return {"kind": "file", "name": "matinee-picks.csv", "text": "\ufeff" + picks_csv(shown)}
