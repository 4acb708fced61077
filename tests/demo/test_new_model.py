"""A model that is one file and one line of the registry is on the page everywhere, with its own words."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from matinee.bundle import Bundle
from matinee.manifest import Manifest, list_files
from matinee.models import MODELS, ModelSpec, Way
from matinee.models.cosine import CosineModel
from matinee_demo import views
from matinee_demo.rows import render_row
from matinee_demo.service import Service
from matinee_demo.session import Visit
from matinee_demo.visitor import with_rating


class Toy(CosineModel):
    """A model that the page has no code for."""

    spec: ClassVar[ModelSpec] = ModelSpec(
        name="toy",
        title="Toy <3",
        goes_by="what it was made for",
        reads=frozenset({"movie"}),
        reason="it plays like {}",
        brief="plays like {}",
        unknown="nobody played with it",
        ways=(Way(name="play", order=99, title="by play"),),
    )


@pytest.fixture
def service(small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The small bundle with the model in it."""
    monkeypatch.setitem(MODELS, "toy", Toy)
    folder = tmp_path / "bundle"
    shutil.copytree(small_bundle, folder)
    shutil.copytree(folder / "models" / "bert", folder / "models" / "toy")
    manifest = Manifest.load(folder)
    (folder / "manifest.json").unlink()
    replace(
        manifest,
        models={**manifest.models, "toy": manifest.models["bert"]},
        hybrid_weights={**manifest.hybrid_weights, "toy": manifest.hybrid_weights["bert"]},
        files=dict(list_files(folder)),
    ).save(folder)
    return Service(Bundle.open(folder))


def test_it_answers_in_a_row_of_its_own_and_is_compared_explained_and_mapped(service: Service) -> None:
    visit = Visit()
    visit.change(lambda visitor: with_rating(visitor, service.catalogue, "Stalker", 9))
    visit.evidence = service.recommender.hear(visit.visitor.taste)
    assert service.models[-1] == "toy"
    (row,) = (
        render_row(answer.model, answer, service.weights)
        for answer in service.stream(visit.evidence, 3, visit.where)
        if answer.model == "toy"
    )
    for words in ("Toy &lt;3", "what it was made for", "plays like Stalker"):
        assert words in row
    assert "Toy &lt;3" in views.comparison(service, visit)
    film = list(views.detail(service, visit, "tt0470752"))[-1]
    assert "More like this by play" in film
    assert film.count("<dt>Toy &lt;3") == 1
    assert ["toy", "Toy <3"] in views.marked(service, visit)["models"]
    assert service.about()["models"]["toy"] == {"name": "Toy <3", "understands": "what it was made for"}
