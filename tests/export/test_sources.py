"""What a result depends on: the module that made it and what that imports, nothing else."""

from __future__ import annotations

import pytest

from matinee_export.sources import source_files


def names(*modules: str) -> set[str]:
    return {"/".join(path.parts[-2:]) for path in source_files(modules)}


def test_a_module_depends_on_itself_and_on_what_it_imports_directly_or_not() -> None:
    assert {"matinee_export/metrics.py"} == names("matinee_export.metrics")
    assert {"matinee_export/factors.py", "matinee_export/interactions.py", "matinee/taste.py"} <= names(
        "matinee_export.factors"
    )


def test_embedding_depends_on_the_runtimes_encoders_and_not_on_how_users_are_modelled() -> None:
    embedding = names("matinee_export.embed", "matinee_export.encoders.clip")
    assert {"matinee/text.py", "matinee/images.py", "encoders/clip.py"} <= embedding
    assert not {"matinee/recommender.py", "matinee_export/vectors.py", "matinee_export/assess.py"} & embedding


def test_a_package_stands_for_what_it_imports() -> None:
    assert {"sample/__init__.py", "sample/films.py", "poster_art/layouts.py"} <= names("matinee_export.sample")


def test_an_unknown_module_is_refused() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such"):
        source_files(["matinee_export.no_such"])
