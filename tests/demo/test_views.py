"""What the page shows beside the rows: a film's details, the comparison, map and poster lab, and exports."""

from __future__ import annotations

import base64
import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from matinee.bundle import Bundle
from matinee.errors import BadInputError
from matinee.evidence import Embeds
from matinee.exact import Vectors
from matinee.images import ImageSource
from matinee.manifest import FileInfo, Manifest
from matinee.maps import load_map, mapped
from matinee.taste import Poster, Rating, Review, Taste
from matinee_demo import views
from matinee_demo.atlas import films, points
from matinee_demo.compare import render_strengths
from matinee_demo.embedding_cache import CAPACITY, EmbeddingCache
from matinee_demo.service import Service
from matinee_demo.session import Settings, Visit
from matinee_demo.share import decode
from matinee_demo.visitor import with_rating, with_verdict

LACKING = ("map.npy", "genres.npy", "genres.json", "posters.npy", "metrics.json")


@pytest.fixture(scope="module")
def service(small_bundle: Path) -> Service:
    return Service(Bundle.open(small_bundle))


@pytest.fixture(scope="module")
def plain(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A bundle without maps, genres, posters' vectors and figures, as older ones are."""
    folder = tmp_path_factory.mktemp("plain") / "bundle"
    shutil.copytree(small_bundle, folder)
    manifest = Manifest.load(folder)
    replace(
        manifest,
        files={name: info for name, info in manifest.files.items() if not name.endswith(LACKING)},
        models={name: replace(info, metrics={}) for name, info in manifest.models.items()},
    ).save(folder)
    return Service(Bundle.open(folder))


@pytest.fixture
def visit(service: Service) -> Visit:
    return _told(service)


def _told(service: Service) -> Visit:
    visit = Visit()
    visit.change(lambda visitor: with_rating(visitor, service.catalogue, "Stalker", 9))
    visit.evidence = service.recommender.hear(visit.visitor.taste)
    visit.picks = service.recommender.recommend(visit.evidence, k=4)
    return visit


def test_details_come_at_once_and_then_with_what_every_model_says(service: Service, visit: Visit) -> None:
    first, last = views.detail(service, visit, "tt0470752")
    for words in ("Ex Machina", "2015", "★ 7.7", "Drama · Sci-Fi · Thriller", "Wonderful, from start to finish."):
        assert words in first
    assert last.count("<dt>") == len(service.models) == 6
    assert all(f"More like this by {way}" in first for way in ("looks", "words", "viewers"))


def test_with_an_empty_taste_details_say_how_to_get_ranks(service: Service) -> None:
    (only,) = views.detail(service, Visit(), "tt0470752")
    assert "Say what you like first" in only


def test_details_of_a_film_that_is_not_there_are_refused(service: Service, visit: Visit) -> None:
    with pytest.raises(BadInputError, match="no film of this page"):
        list(views.detail(service, visit, "../manifest.json"))


def test_quotes_can_be_left_out_of_details(service: Service, visit: Visit) -> None:
    visit.change(lambda visitor: visitor, Settings(quotes=False))
    assert all("Wonderful" not in html for html in views.detail(service, visit, "tt0470752"))


def test_the_comparison_counts_shared_picks_and_lists_what_several_pick(service: Service, visit: Visit) -> None:
    html = views.comparison(service, visit)
    assert html.count("<tr><th") == len(service.models)
    assert "Films that several models pick" in html
    assert "What each model is good at" in html


def test_metrics_are_shown_beside_baselines_and_untrained_models_are_marked() -> None:
    figures = {"als": {"recall@10": 0.5}, "clip": {"recall@10": 0.1}, "random": {"recall@10": 0.1}}
    html = render_strengths(figures, {"clip": "seeded"})
    assert "width:100.0%" in html
    assert "50.0%" in html
    assert html.count('class="mt-baseline"') == html.count('class="mt-untrained-bar"') == 1
    assert ">chance" in html
    assert render_strengths({}, {}) == ""


def test_marks_are_rows_of_the_catalogue_and_places_on_every_map(service: Service, visit: Visit) -> None:
    visit.change(lambda visitor: with_verdict(visitor, service.catalogue, "tt0470752", "seen"))
    marks = views.marked(service, visit)
    rows = service.catalogue.rows
    assert marks["said"] == [[rows["tt0079944"], "liked"]]
    assert set(marks["picks"]) == set(marks["places"]) == set(mapped(service.bundle))
    for picks in marks["picks"].values():
        assert rows["tt0079944"] not in picks
        assert rows["tt0470752"] not in picks
    assert all(-1 <= number <= 1 for place in marks["places"].values() for number in place)
    json.dumps(marks)


def test_points_and_films_of_the_map_are_in_the_catalogues_order(service: Service) -> None:
    sent = np.frombuffer(base64.b64decode(points(service.bundle, "bpr")["positions"]), dtype="<f4").reshape(-1, 2)
    np.testing.assert_array_equal(sent, load_map(service.bundle, "bpr"))
    told = films(service.bundle)
    assert told["ids"] == [movie.id for movie in service.catalogue]
    first = [service.catalogue.genres[at] for at in told["genres"][0]]
    assert first == list(service.catalogue[0].genres)


def test_the_poster_lab_shows_films_genres_and_how_often_that_is_right(service: Service, small_bundle: Path) -> None:
    html = views.lab(service, str(next((small_bundle / "posters").iterdir())))
    for words in ("to ResNet50", "to CLIP", "Genres that CLIP reads in it", "is right for 30%", "untrained weights"):
        assert words in html


def test_what_a_bundle_lacks_is_left_out(plain: Service, small_bundle: Path) -> None:
    visit = _told(plain)
    assert "This bundle cannot read genres" in views.lab(plain, str(next((small_bundle / "posters").iterdir())))
    assert "What each model is good at" not in views.comparison(plain, visit)
    assert views.marked(plain, visit)["picks"] == {}
    assert "Ex Machina" in list(views.detail(plain, visit, "tt0470752"))[-1]


@pytest.fixture
def damaged(small_bundle: Path, tmp_path: Path) -> Service:
    """A bundle in which a map, the genres and the figures were changed after they were written."""
    folder = tmp_path / "bundle"
    shutil.copytree(small_bundle, folder)
    for name in ("bpr/map.npy", "clip/genres.json", "clip/posters.npy"):
        file = folder / "models" / name
        file.write_bytes(file.read_bytes() + b" ")
    return Service(Bundle.open(folder))


def test_what_is_damaged_costs_only_its_own_part_of_the_page(damaged: Service, small_bundle: Path) -> None:
    visit = _told(damaged)
    marks = views.marked(damaged, visit)
    assert list(marks["places"]) == [name for name in mapped(damaged.bundle) if name != "bpr"]
    assert "models/bpr/map.npy" in marks["damaged"][0]
    html = views.lab(damaged, str(next((small_bundle / "posters").iterdir())))
    for words in ("models/clip/genres.json", "models/clip/posters.npy", "cosine", "to ResNet50", "to CLIP"):
        assert words in html


def test_a_damaged_report_costs_only_the_metrics(small_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(small_bundle, folder)
    (folder / "report").mkdir()
    (folder / "report" / "metrics.json").write_text("{}", encoding="utf-8")
    manifest = Manifest.load(folder)
    replace(manifest, files={**manifest.files, "report/metrics.json": FileInfo(2, "0" * 64)}).save(folder)
    service = Service(Bundle.open(folder))
    html = views.comparison(service, _told(service))
    assert "Films that several models pick" in html
    assert "report/metrics.json" in html


def test_picks_are_exported_as_a_table_a_list_or_a_link(service: Service, visit: Visit) -> None:
    table = views.exported(service, visit, "csv")
    rows = list(csv.DictReader(table["text"].lstrip("\ufeff").splitlines()))
    assert [row["model"] for row in rows[:4]] == ["hybrid"] * 4
    assert len(rows) == 24
    films = list(csv.DictReader(views.exported(service, visit, "letterboxd")["text"].splitlines()))
    assert [film["Title"] for film in films] == [pick.movie.title for pick in visit.picks["hybrid"]]
    link = views.exported(service, visit, "link")
    assert decode(link["text"], service.catalogue).taste == visit.visitor.taste


class Counting:
    """An encoder that counts what it reads."""

    def __init__(self, encoder: Embeds) -> None:
        self.encoder, self.read = encoder, 0

    def text(self, text: str) -> Vectors:
        """Count, and embed."""
        self.read += 1
        return self.encoder.text(text)

    def poster(self, image: ImageSource) -> Vectors:
        """Count, and embed."""
        self.read += 1
        return self.encoder.poster(image)


@pytest.fixture
def counting(service: Service) -> Counting:
    return Counting(service.bundle.encoder("clip"))


def test_a_text_and_a_poster_are_embedded_once_while_other_things_change(service: Service, counting: Counting) -> None:
    cache = EmbeddingCache(lambda name: counting)
    picture = Image.new("RGB", (20, 30), "teal")
    taste = Taste(reviews=(Review("A quiet, strange film."),), posters=(Poster(picture),))
    for title in ("Stalker", "Jaws", "Speed"):
        told = replace(taste, ratings=(Rating(title, 8),))
        evidence = service.recommender.hear(told, encoders=cache)
        assert len(evidence["clip"]) == 3
    assert counting.read == 2


def test_the_cache_keeps_only_the_latest_vectors(counting: Counting) -> None:
    cache = EmbeddingCache(lambda name: counting)
    for number in range(CAPACITY + 1):
        cache("bert").text(f"text {number}")
    cache("bert").text("text 0")
    assert counting.read == CAPACITY + 2
    cache("bert").text(f"text {CAPACITY}")
    assert counting.read == CAPACITY + 2
