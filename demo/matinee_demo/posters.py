"""Serves the bundle's posters, and no other file.

In: `/posters/<movie id>.jpg`. Out: the file that the manifest lists as that movie's poster, checked against its sha256
the first time, or 404. gradio is given no folder to serve, so no other file of the bundle has an address.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from matinee.bundle import Bundle
from matinee.catalogue import Movie
from matinee.errors import BundleError

HEADERS = {"Cache-Control": "public, max-age=3600"}


def poster_address(movie: Movie) -> str | None:
    """Return the address of the movie's poster, relative to the page, or None where it has none."""
    return f"posters/{quote(movie.id, safe='')}.jpg" if movie.poster else None


def poster_route(bundle: Bundle) -> Route:
    """Return the route that serves the posters of `bundle`."""

    def poster(request: Request) -> FileResponse:
        row = bundle.catalogue.rows.get(request.path_params["movie_id"])
        try:
            path = None if row is None else bundle.poster_path(row)
        except BundleError as error:
            raise HTTPException(404, str(error)) from None
        if path is None:
            raise HTTPException(404, "no film here has that id, or it has no poster")
        return FileResponse(path, media_type="image/jpeg", headers=HEADERS)

    return Route("/posters/{movie_id}.jpg", poster)
