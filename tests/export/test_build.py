"""The whole flow from a dataset folder to a bundle, run as people run it; the networks are tiny, all else is real."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest
from PIL import Image
from tests.export.builds import Built, build, command, contents, stop_when

from matinee.bundle import Bundle
from matinee.manifest import TIMINGS, Manifest
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste

pytest.importorskip("torch")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(undisturbed: Built) -> Path:
    """A bundle that was built without being disturbed."""
    return undisturbed.bundle


@pytest.fixture
def data(small_dataset: Path, tmp_path: Path) -> Path:
    """A copy of the small dataset that a test may spoil."""
    return Path(shutil.copytree(small_dataset, tmp_path / "data"))


def test_every_model_of_a_built_bundle_answers_a_review_a_poster_and_a_rating(built: Path) -> None:
    bundle = Bundle.open(built)
    assert list(bundle.problems()) == []
    taste = Taste(
        (Review("a tense gangster heist"),),
        (Rating("film number 2", 9),),
        (Poster(Image.new("RGB", (32, 48), (30, 60, 200))),),
    )
    picks = Recommender(bundle).recommend(taste, k=5)
    assert list(picks) == ["bpr", "als", "bert", "resnet50", "clip", "hybrid"]
    for model, listed in picks.items():
        crime = [pick for pick in listed if "Crime" in pick.movie.genres]
        assert len(listed) == 5
        assert len(crime) >= 4, (model, [str(pick.movie) for pick in listed])
        assert all(pick.reason for pick in listed)


def test_the_manifest_says_what_was_built_from_what(built: Path) -> None:
    manifest = Manifest.load(built)
    assert manifest.dataset.counts["movies"] == 36
    assert manifest.dataset.counts["posters"] == 36
    assert {name: info.weights for name, info in manifest.encoders.items()} == {
        "bert": "pretrained",
        "resnet50": "pretrained",
        "clip": "pretrained",
    }
    for name, model in manifest.models.items():
        assert 0 <= model.metrics["ndcg@10"] <= 1
        assert name == "hybrid" or (model.index_recall is not None and model.index_recall >= 0.99)
    assert (
        manifest.models["als"].metrics["ndcg@10"]
        > json.loads((built / "report/metrics.json").read_text())["models"]["random"]["ndcg@10"]
    )


def test_the_manifest_and_the_report_say_how_each_network_was_measured(built: Path) -> None:
    manifest = Manifest.load(built)
    for name, encoder in manifest.encoders.items():
        for kind, tower in encoder.towers.items():
            assert (tower["precision"], tower["provider"]) == ("int8", "CPUExecutionProvider"), (name, kind)
            assert tower["variants"]["int8"].keys() == {"cosine", "overlap", "batch_cosine"}
            assert tower["measured"]["threads"] >= 1
            assert json.loads((built / TIMINGS).read_text())["times as fast as fp32"][name][kind]["int8"] > 0
            assert f"| {name} | {kind} | int8 | " in (built / "report" / "REPORT.md").read_text(encoding="utf-8")


def test_the_catalogue_holds_each_movie_with_what_is_known_of_it(built: Path) -> None:
    catalogue = Bundle.open(built).catalogue
    assert [movie.id for movie in catalogue] == [f"tt{row + 1:07d}" for row in range(36)]
    assert (str(catalogue[5]), catalogue[5].genres, catalogue[5].score) == ("Film number 5 (1965)", ("Romance",), 5.5)
    assert (catalogue[6].title, catalogue[6].year, catalogue[6].score) == ("Film number 6", None, None)
    assert all(movie.ratings >= movie.liked for movie in catalogue)
    assert sum(movie.reviews for movie in catalogue) > 0


def test_a_bundle_names_no_path_of_the_machine_that_built_it(built: Path) -> None:
    for path in built.rglob("*"):
        if path.is_file():
            assert str(built.parent).encode() not in path.read_bytes(), path


def test_nothing_is_left_beside_a_finished_bundle(built: Path) -> None:
    assert [path.name for path in built.parent.iterdir()] == ["bundle"]


def test_a_build_that_is_killed_at_any_step_goes_on_and_ends_with_the_same_files(
    built: Path, small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bundle"
    start = command(small_dataset, out, tiny_weights)
    for said in ("encoder-resnet50 ...", "clip: reviews: 0", "factors-als ...", "random: test"):
        status, lines = stop_when(said, start, signal.SIGKILL)
        assert status == -signal.SIGKILL
        assert not out.exists()
    assert "encoder-clip: done before" in lines
    assert build(small_dataset, out, tiny_weights).status == 0
    assert contents(out) == contents(built)


def test_the_old_bundle_stays_until_the_new_one_is_complete(
    built: Path, data: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(built, tmp_path / "out" / "bundle"))
    with (data / "reviews.csv").open("a") as file:
        file.write("new,somebody new,Film number 3 (1963),9,,1 July 2001,0,a fine romance,\n")
    stop_when("factors-bpr ...", command(data, out, tiny_weights), signal.SIGKILL)
    assert list(Bundle.open(out).problems()) == []
    assert Manifest.load(out) == Manifest.load(built)
    assert build(data, out, tiny_weights).status == 0
    assert contents(out) != contents(built)
    assert list(Bundle.open(out).problems()) == []


def test_ctrl_c_stops_at_once_without_a_traceback_or_a_bundle(
    small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    status, said = stop_when("encoder-bert ...", command(small_dataset, tmp_path / "b", tiny_weights), signal.SIGINT)
    assert status == -signal.SIGINT
    assert "Traceback" not in said
    assert not (tmp_path / "b").exists()


def test_posters_and_rows_that_cannot_be_used_are_set_aside_and_counted(
    data: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    (data / "posters" / "1.jpg").write_text("<html>no poster</html>")
    (data / "posters" / "2.jpg").write_bytes((data / "posters" / "2.jpg").read_bytes()[:200])
    (data / "posters" / "3.jpg").unlink()
    with (data / "reviews.csv").open("a") as file:
        file.write("x,somebody,Film number 3 (1963),eleven,,1 July 2001,0,,\n")
        file.write("y,,Film number 3 (1963),9,,1 July 2001,0,,\n")
        file.write("z,somebody,No such film (1901),9,,1 July 2001,0,,\n")
    done = build(data, tmp_path / "bundle", tiny_weights)
    assert done.status == 0, done.err
    manifest = Manifest.load(tmp_path / "bundle")
    assert manifest.dataset.counts["posters"] == 33
    assert manifest.dataset.set_aside["poster that cannot be read"] == 2
    assert sum(n for why, n in manifest.dataset.set_aside.items() if why.startswith("reviews.csv")) == 3
    for row in range(3):
        assert Bundle.open(tmp_path / "bundle").poster_path(row) is None
    for why in manifest.dataset.set_aside:
        assert why in (tmp_path / "bundle" / "report" / "REPORT.md").read_text()


def test_a_dataset_without_posters_gives_a_bundle_without_the_model_of_posters(
    data: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    shutil.rmtree(data / "posters")
    done = build(data, tmp_path / "bundle", tiny_weights)
    assert done.status == 0, done.err
    picks = Recommender(Bundle.open(tmp_path / "bundle")).recommend(Taste(ratings=(Rating("film number 2", 9),)))
    assert list(picks) == ["bpr", "als", "bert", "clip", "hybrid"]


def test_a_dataset_that_cannot_be_read_writes_nothing(data: Path, tiny_weights: Path, tmp_path: Path) -> None:
    (data / "movies.csv").unlink()
    done = build(data, tmp_path / "bundle", tiny_weights)
    assert done.status == 2
    assert done.out == ""
    assert "there is no movies.csv in" in done.err
    assert "Traceback" not in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_folder_that_is_no_bundle_is_never_replaced(small_dataset: Path, tiny_weights: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.jpg").write_bytes(b"x")
    done = build(small_dataset, tmp_path / "photos", tiny_weights)
    assert done.status == 2
    assert "is left alone: it holds 'holiday.jpg' but no .matinee" in done.err
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--weights", "nowhere"], "no kind or folder of weights is called 'nowhere'"),
        (["--factors", "many"], "factor sizes are auto or whole numbers"),
        (["--precision", "int4"], "no precision is called 'int4'"),
    ],
)
def test_options_that_cannot_be_used_are_refused_in_one_line(
    small_dataset: Path, tiny_weights: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = build(small_dataset, tmp_path / "bundle", tiny_weights, *arguments)
    assert done.status == 2
    assert sentence in done.err.splitlines()[-1]
    assert len(done.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_estimate_says_how_long_the_embedding_takes_and_keeps_what_it_did(
    small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bundle"
    done = build(small_dataset, out, tiny_weights, "--estimate")
    assert done.status == 0, done.err
    jobs = ("bert: reviews", "resnet50: posters", "clip: reviews", "clip: posters")
    assert [line.split(" take ")[0].rsplit(": ", 1)[0] for line in done.out.splitlines()[:-1]] == list(jobs)
    assert done.out.splitlines()[-1].startswith("embedding everything takes ")
    assert not out.exists()
    again = build(small_dataset, out, tiny_weights, "--estimate", "--json")
    assert "encoder-clip: done before" in again.err
    assert [job["measured"] for job in json.loads(again.out)] == [0, 0, 0, 0]
