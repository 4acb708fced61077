"""What a result depends on: the module that made it and what that imports, nothing else."""

from __future__ import annotations

import pytest

from matinee_export.sources import source_files


def names(*modules: str) -> set[str]:
    return {"/".join(path.parts[-2:]) for path in source_files(modules)}


def test_a_module_depends_on_itself_and_on_what_it_imports_directly_or_not() -> None:
    assert {"evaluation/metrics.py"} == names("matinee_export.evaluation.metrics")
    assert {"models/factors.py", "data/interactions.py", "matinee/taste.py"} <= names("matinee_export.models.factors")


def test_embedding_depends_on_the_runtimes_encoders_and_not_on_how_users_are_modelled() -> None:
    embedding = names("matinee_export.embedding.embed", "matinee_export.encoders.networks.clip")
    assert {"matinee/text.py", "matinee/images.py", "networks/clip.py"} <= embedding
    assert not {"matinee/recommender.py", "models/content.py", "models/training.py"} & embedding


def test_a_package_stands_for_what_it_imports() -> None:
    assert {"matinee_sample/__init__.py", "matinee_sample/films.py", "poster_art/layouts.py"} <= names("matinee_sample")


def test_an_unknown_module_is_refused() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such"):
        source_files(["matinee_export.no_such"])
