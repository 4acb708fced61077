"""An opened bundle: every file is checked before it is used, and read only when it is needed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from matinee.bundle import Bundle
from matinee.errors import BundleError, UnknownNameError
from matinee.manifest import MANIFEST, list_files
from matinee.recommender import Recommender
from matinee.taste import Rating, Review, Taste

WEIGHTS = {"als": 1.0, "bert": 1.0}


@pytest.fixture(scope="module")
def written(world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = world.write_bundle(tmp_path_factory.mktemp("bundle") / "written", tiny_encoder, WEIGHTS)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of the bundle that a test may spoil."""
    return Path(shutil.copytree(written, tmp_path / "bundle"))


def list_anew(folder: Path) -> None:
    """Let the manifest list the files as they are now, as if they had been written so."""
    path = folder / MANIFEST
    data = json.loads(path.read_text())
    data["files"] = {name: {"bytes": i.bytes, "sha256": i.sha256} for name, i in list_files(folder)}
    path.write_text(json.dumps(data))


def test_a_sound_bundle_has_no_problems(folder: Path) -> None:
    assert list(Bundle.open(folder).problems()) == []


def test_a_bundle_works_wherever_it_is_moved(folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path / "else where")
    picks = Recommender(Bundle.open(moved)).recommend(Taste(ratings=(Rating("Film 1", 9),)), model="als", k=3)
    assert len(picks["als"]) == 3


@pytest.mark.parametrize("name", ["catalogue.jsonl", "models/als/movies.npy", "encoders/bert/encoder.json"])
def test_a_missing_file_is_refused_by_name(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"{name} is missing .* build the bundle again"):
        Bundle.open(folder).file(name)
    assert any(name in problem for problem in Bundle.open(folder).problems())


def test_a_changed_file_is_refused_by_name_also_when_its_size_is_the_same(folder: Path) -> None:
    path = folder / "models" / "als" / "movies.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match=r"models/als/movies\.npy .* checksum differs"):
        Bundle.open(folder).vectors("als")


def test_a_changed_network_is_refused_before_it_is_opened(folder: Path) -> None:
    network = folder / "encoders" / "bert" / "text.onnx"
    network.write_bytes(network.read_bytes() + b"x")
    recommender = Recommender(Bundle.open(folder))
    with pytest.raises(BundleError, match=r"encoders/bert/text\.onnx"):
        recommender.recommend(Taste(reviews=(Review("gangster heist"),)), model="bert")


def test_changed_weights_beside_a_network_are_refused_before_it_answers(folder: Path) -> None:
    onnx = pytest.importorskip("onnx")
    network, weights = (folder / "encoders" / "bert" / name for name in ("text.onnx", "text.onnx.data"))
    onnx.save(onnx.load(network), network, save_as_external_data=True, location=weights.name, size_threshold=0)
    list_anew(folder)
    weights.write_bytes(b"\1" + weights.read_bytes()[1:])
    recommender = Recommender(Bundle.open(folder))
    with pytest.raises(BundleError, match=r"encoders/bert/text\.onnx\.data .* checksum differs"):
        recommender.recommend(Taste(reviews=(Review("gangster heist"),)), model="bert")


def test_what_a_question_does_not_need_may_be_damaged(folder: Path) -> None:
    (folder / "models" / "bert" / "movies.npy").unlink()
    picks = Recommender(Bundle.open(folder)).recommend(Taste(ratings=(Rating("Film 1", 9),)), model="als")
    assert picks["als"]


def test_vectors_of_another_number_of_movies_than_the_catalogue_are_refused(folder: Path) -> None:
    als = np.load(folder / "models" / "als" / "movies.npy")
    np.save(folder / "models" / "als" / "movies.npy", als[:-1])
    list_anew(folder)
    with pytest.raises(BundleError, match=r"has 159 rows and the catalogue 160 movies; build the bundle again"):
        Bundle.open(folder).vectors("als")


def test_a_prior_of_another_shape_is_refused(folder: Path) -> None:
    np.save(folder / "models" / "hybrid" / "prior.npy", np.zeros((160, 3), np.float32))
    list_anew(folder)
    with pytest.raises(BundleError, match=r"prior\.npy holds float32 \(160, 3\)"):
        _ = Bundle.open(folder).prior


def test_vectors_of_another_shape_than_the_manifest_says_are_refused(folder: Path) -> None:
    np.save(folder / "models" / "als" / "movies.npy", np.zeros((3, 2), np.float32))
    list_anew(folder)
    with pytest.raises(BundleError, match=r"holds float32 \(3, 2\) and should hold float32 \(rows, 16\)"):
        Bundle.open(folder).vectors("als")


def test_a_pickle_in_place_of_vectors_is_refused_and_never_run(folder: Path) -> None:
    path = folder / "models" / "als" / "movies.npy"
    np.save(path, np.array([print], dtype=object), allow_pickle=True)
    list_anew(folder)
    with pytest.raises(BundleError, match=r"movies\.npy holds object .* and should hold float32"):
        Bundle.open(folder).vectors("als")


def test_a_file_that_is_not_listed_is_not_used(folder: Path) -> None:
    (folder / "posters").mkdir(exist_ok=True)
    (folder / "posters" / "extra.jpg").write_bytes(b"x")
    with pytest.raises(BundleError, match="not among the files"):
        Bundle.open(folder).file("posters/extra.jpg")


def test_a_line_that_is_no_movie_is_named(folder: Path) -> None:
    path = folder / "catalogue.jsonl"
    path.write_text(path.read_text() + "{}\n")
    list_anew(folder)
    with pytest.raises(BundleError, match=r"catalogue\.jsonl line 161 is not a movie"):
        _ = Bundle.open(folder).catalogue


def test_an_unknown_model_or_encoder_lists_those_there_are(folder: Path) -> None:
    bundle = Bundle.open(folder)
    with pytest.raises(UnknownNameError, match=r"no model is called 'asl'; did you mean 'als'"):
        bundle.vectors("asl")
    with pytest.raises(UnknownNameError, match=r"no encoder is called 'brt'; did you mean 'bert'"):
        bundle.encoder("brt")


@pytest.mark.parametrize(("recall", "exact"), [(0.999, 500_000), (None, 500_000), (0.93, 160)])
def test_a_graph_that_finds_too_few_of_the_true_neighbours_is_not_searched(
    folder: Path, recall: float | None, exact: int
) -> None:
    path = folder / MANIFEST
    data = json.loads(path.read_text())
    data["models"]["als"]["index_recall"] = recall
    path.write_text(json.dumps(data))
    index = Bundle.open(folder).index("als")
    assert index.exact_up_to == exact
    assert len(index.vectors) <= index.exact_up_to


def test_threads_that_ask_together_get_the_same_thing(folder: Path) -> None:
    bundle = Bundle.open(folder)
    with ThreadPoolExecutor(8) as pool:
        encoders = list(pool.map(lambda _: bundle.encoder("bert"), range(32)))
    assert all(encoder is encoders[0] for encoder in encoders)


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("models/hybrid/prior.npy", np.full((160, 2), np.nan, np.float32), r"prior\.npy holds numbers"),
        ("models/als/map.npy", np.zeros((3, 2), np.float32), r"models/als/map\.npy holds"),
        ("models/bert/text-space.npy", np.zeros((0, 32), np.float32), "is empty and should begin with a centre"),
        ("models/clip/posters.npy", np.zeros((160, 31), np.float32), r"posters\.npy holds"),
    ],
)
def test_what_serving_relies_on_is_checked_though_every_sum_is_right(
    folder: Path, name: str, array: np.ndarray, said: str
) -> None:
    np.save(folder / name, array)
    list_anew(folder)
    (problem,) = Bundle.open(folder).problems()
    assert re.search(said, problem)


def test_a_parameter_that_fold_in_cannot_use_is_a_problem(folder: Path) -> None:
    path = folder / MANIFEST
    data = json.loads(path.read_text())
    del data["models"]["als"]["params"]["alpha"]
    path.write_text(json.dumps(data))
    assert "als needs alpha above 0" in next(Bundle.open(folder).problems())


def test_a_poster_that_is_not_listed_is_a_problem(folder: Path) -> None:
    path = folder / "catalogue.jsonl"
    path.write_text(path.read_text().replace('"poster": null', '"poster": "../../etc/passwd"', 1))
    list_anew(folder)
    assert "the poster '../../etc/passwd' of Film 0 (1950) is not listed" in next(Bundle.open(folder).problems())


def test_a_file_of_a_bundle_may_be_a_link_to_the_right_content_as_in_the_hubs_cache(folder: Path) -> None:
    path = folder / "catalogue.jsonl"
    path.rename(folder.parent / "blob")
    path.symlink_to(folder.parent / "blob")
    assert list(Bundle.open(folder).problems()) == []
    path.unlink()
    path.symlink_to("/dev/zero")
    assert "catalogue.jsonl is missing" in next(Bundle.open(folder).problems())
