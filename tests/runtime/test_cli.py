"""The `matinee` command: its picks, vectors, facts and checks, and how it refuses what it cannot use."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pytest

from matinee.bundle import Bundle
from matinee.cli import main, parse_rating, parse_years, write_npy
from matinee.errors import BadInputError

WEIGHTS = {"als": 1.0, "bert": 1.0}


@pytest.fixture(scope="module")
def bundle(world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = world.write_bundle(tmp_path_factory.mktemp("cli") / "bundle", tiny_encoder, WEIGHTS)
    return folder


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    error: str


Run = Callable[..., Ended]


@pytest.fixture
def matinee(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """`matinee(*arguments, text="")` runs the command in this process, with `text` on standard input."""

    def run(*arguments: object, text: str = "") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        status = main([str(argument) for argument in arguments])
        return Ended(status, *capsys.readouterr())

    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # the command sets both, for its whole process
    handler = signal.getsignal(signal.SIGINT)
    yield run
    signal.signal(signal.SIGINT, handler)


def refused(ended: Ended) -> str:
    """The one line that a refusal consists of."""
    assert ended.status == 2
    assert ended.out == ""
    lines = ended.error.splitlines()
    assert len(lines) == 1, ended.error
    return lines[0]


def test_a_review_a_poster_and_a_rating_bring_picks_of_every_model(
    matinee: Run, bundle: Path, world: ModuleType, tmp_path: Path
) -> None:
    world.poster(1).save(tmp_path / "p.png")
    done = matinee(
        "recommend", "--bundle", bundle, "--review", "gangster heist and police", "--poster", tmp_path / "p.png",
        "--rate", "film 1=9", "-k", 4, "--json",
    )  # fmt: skip
    assert done.status == 0, done.error
    picks = json.loads(done.out)
    assert list(picks) == ["bpr", "als", "bert", "resnet50", "clip", "hybrid"]
    for listed in picks.values():
        assert [pick["rank"] for pick in listed] == [1, 2, 3, 4]
        assert all(pick["reason"] and pick["title"] != "Film 1" for pick in listed)
    assert picks["bert"][0]["genres"] == ["Crime"]


def test_picks_are_printed_for_people_with_a_warning_about_untrained_weights(matinee: Run, bundle: Path) -> None:
    done = matinee("recommend", "--bundle", bundle, "--rate", "Film 1=9", "--model", "als", "-k", 2)
    assert done.status == 0
    assert "als" in done.out
    assert "liked by viewers who also like Film 1" in done.out
    assert "untrained weights" in done.error


def test_filters_hold(matinee: Run, bundle: Path) -> None:
    done = matinee(
        "recommend", "--bundle", bundle, "--rate", "Film 1=9", "--model", "als", "-k", 5, "--json",
        "--genre", "horror", "--years", "1960-1980", "--min-score", 5.5, "--exclude", "Film 27",
    )  # fmt: skip
    picks = json.loads(done.out)["als"]
    assert len(picks) == 5
    for pick in picks:
        assert pick["genres"] == ["Horror"]
        assert 1960 <= pick["year"] <= 1980
        assert pick["imdb_score"] >= 5.5
        assert pick["title"] != "Film 27"


def test_surprise_brings_other_picks_of_the_same_model(matinee: Run, bundle: Path) -> None:
    asked = ["recommend", "--bundle", bundle, "--rate", "Film 1=9", "--model", "als", "-k", 5, "--json"]
    plain, familiar, surprising = (
        [pick["id"] for pick in json.loads(matinee(*asked, *more).out)["als"]]
        for more in ([], ["--surprise", 0], ["--surprise", 1])
    )
    assert plain == familiar
    assert len(surprising) == 5
    assert surprising != plain


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--review", "   "], "a review needs some words"),
        (["--review", "\x01\x02"], "no text to read"),
        ([], "nothing to go on"),
        (["--rate", "Film 1"], "--rate takes a title"),
        (["--rate", "Film 1=eleven"], "a number from 1 to 10, not 'eleven'"),
        (["--rate", "Film 1=11"], "a number from 1 to 10"),
        (["--rate", "Fylm nowhere=9"], "no movie is called"),
        (["--rate", "Film 1=9", "--model", "bret"], "did you mean 'bert'"),
        (["--rate", "Film 1=9", "--genre", "Horor"], "did you mean 'Horror'"),
        (["--rate", "Film 1=9", "--years", "nineties"], "--years takes a year or a span"),
        (["--rate", "Film 1=9", "-k", "0"], "a whole number from 1"),
        (["--rate", "Film 1=9", "--surprise", "1.5"], "from 0, familiar, to 1, surprising, not 1.5"),
        (["--poster", "nowhere.jpg"], "'nowhere.jpg' does not exist"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    matinee: Run, bundle: Path, arguments: list[str], sentence: str
) -> None:
    assert sentence in refused(matinee("recommend", "--bundle", bundle, *arguments))


def test_an_html_page_named_jpg_is_refused_in_one_line(matinee: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_text("<html><body>not found</body></html>")
    assert "p.jpg" in refused(matinee("recommend", "--bundle", bundle, "--poster", tmp_path / "p.jpg"))


def test_k_beyond_the_catalogue_is_clamped(matinee: Run, bundle: Path) -> None:
    done = matinee("recommend", "--bundle", bundle, "--rate", "Film 1=9", "--model", "bpr", "-k", 100000, "--json")
    assert len(json.loads(done.out)["bpr"]) == 159


def test_a_folder_that_is_no_bundle_is_refused_with_what_to_do(matinee: Run, tmp_path: Path) -> None:
    assert "matinee-export build" in refused(matinee("info", "--bundle", tmp_path))


def test_texts_are_embedded_to_unit_rows_in_their_order(matinee: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a ghost\nalien spaceship in space\na ghost\n")
    out = tmp_path / "v.npy"
    done = matinee(
        "embed", "--bundle", bundle, "--encoder", "bert", "--texts", tmp_path / "texts", "--out", out, "--json"
    )
    assert json.loads(done.out) == {"out": str(out), "rows": 3, "dim": 32}
    vectors = np.load(out, allow_pickle=False)
    assert vectors.shape == (3, 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[2])
    assert np.allclose(vectors[1], Bundle.open(bundle).encoder("bert").text("alien spaceship in space"), atol=1e-5)


def test_texts_come_from_standard_input_too(matinee: Run, bundle: Path, tmp_path: Path) -> None:
    done = matinee(
        "embed", "--bundle", bundle, "--encoder", "clip", "--texts", "-", "--out", tmp_path / "v.npy", text="one\ntwo\n"
    )
    assert "2 vectors of 32" in done.out


def test_a_file_of_a_persons_beside_the_vectors_is_left_alone(matinee: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "v.npy.part").write_text("mine")
    matinee("embed", "--bundle", bundle, "--encoder", "bert", "--texts", "-", "--out", tmp_path / "v.npy", text="one\n")
    assert {path.name for path in tmp_path.iterdir()} == {"v.npy", "v.npy.part"}
    assert (tmp_path / "v.npy.part").read_text() == "mine"


def test_a_folder_of_posters_is_embedded(matinee: Run, bundle: Path, world: ModuleType, tmp_path: Path) -> None:
    for number in range(3):
        world.poster(number).save(tmp_path / f"{number}.png")
    matinee("embed", "--bundle", bundle, "--encoder", "resnet50", "--posters", tmp_path, "--out", tmp_path / "v.npy")
    assert np.load(tmp_path / "v.npy").shape == (3, 32)


def test_a_refused_text_leaves_no_half_written_file(matinee: Run, bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "v.npy"
    done = matinee("embed", "--bundle", bundle, "--encoder", "bert", "--texts", "-", "--out", out, text="one\n\n")
    assert "line 2 of the texts" in done.error
    assert done.status == 2
    assert list(tmp_path.iterdir()) == []


def test_info_says_which_data_and_weights_answer(matinee: Run, bundle: Path) -> None:
    done = matinee("info", "--bundle", bundle)
    assert "world (made up)" in done.out
    assert "seeded" in done.out
    assert json.loads(matinee("info", "--bundle", bundle, "--json").out)["dataset"]["name"] == "world"


def test_verify_names_a_damaged_file_and_exits_with_1(
    matinee: Run, world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, WEIGHTS, ["als"])
    assert matinee("verify", "--bundle", folder).status == 0
    (folder / "models" / "als" / "index.usearch").write_bytes(b"")
    done = matinee("verify", "--bundle", folder, "--json")
    assert done.status == 1
    assert "models/als/index.usearch" in json.loads(done.out)["problems"][0]


def test_ctrl_c_stops_at_once_without_a_traceback(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "v.npy"
    command = [sys.executable, "-m", "matinee.cli", "embed", "--bundle", str(bundle), "--encoder", "bert",
               "--texts", "-", "--out", str(out)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "embedding" in process.stderr.readline()  # it has begun, and waits for more texts
        process.send_signal(2)
        _, error = process.communicate()
    assert process.returncode == -2
    assert "Traceback" not in error
    assert not out.exists()


def test_a_reader_that_went_away_is_no_error(bundle: Path) -> None:
    command = f"{sys.executable} -m matinee.cli recommend --bundle {bundle} --rate 'Film 1=9' -k 100 --json | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("", (None, None)),
        ("1990-1999", (1990, 1999)),
        ("1990-", (1990, None)),
        ("-1950", (None, 1950)),
        ("1994", (1994, 1994)),
    ],
)
def test_years_are_read_as_people_write_them(text: str, years: tuple[int | None, int | None]) -> None:
    assert parse_years(text) == years


def test_a_title_may_hold_an_equals_sign() -> None:
    rating = parse_rating("E=mc2 (2005) = 8.5")
    assert (rating.movie, rating.rating) == ("E=mc2 (2005)", 8.5)
    with pytest.raises(BadInputError):
        parse_rating("=7")


def test_blocks_are_written_as_one_array(tmp_path: Path) -> None:
    blocks = [np.full((n, 3), n, np.float32) for n in (2, 0, 5)]
    assert write_npy(tmp_path / "v.npy", iter(blocks), 3) == 7
    assert np.array_equal(np.load(tmp_path / "v.npy", allow_pickle=False), np.concatenate(blocks))
