"""Writes the folder of a Space: Matinee's packages, a bundle or the name of one, and the files that configure the hub.

In: a bundle, and perhaps a model repository that holds it. Out: a folder, complete or not written at all. The same
input gives the same bytes.

A Space installs requirements.txt before the rest of the folder is there, and brings gradio itself in the version that
README.md names. So Matinee lies in the folder as source, and requirements.txt names third-party packages only.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import files, version
from pathlib import Path

import matinee
import matinee_demo
from matinee import folders
from matinee.bundle import Bundle
from matinee.errors import BadInputError, BundleError
from matinee.hnsw import LIBRARIES
from matinee.manifest import MANIFEST
from matinee_demo.space.readme import readme

LARGEST = 900_000_000
"""Bytes that the folder may have: a Space's repository holds 1 GB for free, its history included."""

LARGEST_PLAIN = 10_000_000
"""Bytes from which the hub accepts a file only through Git LFS, which .gitattributes must declare."""

LARGE = ("*.onnx", "*.onnx_data", "*.data", "*.npy", "*.hnsw", "*.usearch", "*.jpg", "*.jpeg", "*.png", "*.webp")
"""Files that Git LFS stores whatever their size, since the hub accepts no binary file otherwise."""

REQUIREMENTS = ("msgspec", "numpy", "onnxruntime", "pillow", "tokenizers", "usearch")
"""What the runtime imports, each required in the version that is installed here; gradio comes with the Space."""

COMPILED = {"hnswlib": "g++"}
"""Packages without wheels, required only where an index of the bundle needs them, and the compiler they need."""

SPACE = "space"
"""The kind of folder, for its marker."""

_REPO = re.compile(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True)
class Space:
    """A written folder: its path, its number of files and their size in bytes."""

    path: Path
    files: int
    bytes: int


def write_space(bundle_folder: Path, out: Path, model_repo: str | None = None) -> Space:
    """Write the folder of a Space that answers from a bundle.

    Args:
        bundle_folder: The bundle; every file of it is checked first.
        out: The folder to write. An older Space there is replaced, but for its .git.
        model_repo: "OWNER/NAME@REVISION" of a model repository on the hub that holds this very bundle, which is then
            left out of the folder; the revision is a full commit hash.

    Raises:
        BundleError: The bundle is missing or damaged.
        BuildError: `out` has contents that this command did not write.
        BadInputError: The bundle is too large, or `model_repo` is malformed.
    """
    target = folders.target_folder(out, SPACE)
    bundle = Bundle.open(bundle_folder)
    for problem in bundle.problems():
        raise BundleError(problem)
    source = None if model_repo is None else _repo(model_repo)
    with folders.writing(target, SPACE) as new:
        _fill(new, bundle, source)
        return _measured(new, target)


def _repo(name: str) -> tuple[str, str]:
    match = _REPO.fullmatch(name)
    if match is None:
        raise BadInputError(
            f"a model repository must be OWNER/NAME@REVISION, with the 40 hexadecimal digits of a commit, not {name!r}"
        )
    return match[1], match[2]


def _fill(part: Path, bundle: Bundle, source: tuple[str, str] | None) -> None:
    for package in (matinee, matinee_demo):
        _copy_package(Path(str(package.__file__)).parent, part)
    for file in files("matinee") or ():
        if "licenses" in file.parts:
            _copy(Path(str(file.locate())), part / file.name)
    shutil.copyfile(Path(__file__).with_name("app.py"), part / "app.py")
    if source is None:
        for name in (MANIFEST, *bundle.manifest.files):
            _copy(bundle.path / name, part / "bundle" / name)
    else:
        _write(part / "bundle.json", json.dumps({"repo": source[0], "revision": source[1]}, indent=1) + "\n")
    compiled = [
        name for name in COMPILED if any(Path(file).name == LIBRARIES[name].file for file in bundle.manifest.files)
    ]
    _write(part / "requirements.txt", "".join(f"{name}=={version(name)}\n" for name in (*REQUIREMENTS, *compiled)))
    _write(part / "packages.txt", "".join(f"{COMPILED[name]}\n" for name in compiled))
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    _write(part / "README.md", readme(bundle.manifest, version("gradio"), python, source))
    _write(part / ".gitattributes", "".join(f"{line}\n" for line in _attributes(part)))


def _copy_package(package: Path, part: Path) -> None:
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            _copy(path, part / package.name / path.relative_to(package))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _attributes(part: Path) -> Iterator[str]:
    """Yield the lines of .gitattributes: the patterns of LARGE, and every other file too large for plain Git."""
    yield from (f"{pattern} filter=lfs diff=lfs merge=lfs -text" for pattern in LARGE)
    for path in sorted(part.rglob("*")):
        usual = any(fnmatch(path.name, pattern) for pattern in LARGE)
        if path.is_file() and path.stat().st_size > LARGEST_PLAIN and not usual:
            yield f'"/{path.relative_to(part).as_posix()}" filter=lfs diff=lfs merge=lfs -text'


def _measured(part: Path, out: Path) -> Space:
    """Measure the written folder; raises BadInputError if it is larger than a Space may be."""
    sizes = [path.stat().st_size for path in part.rglob("*") if path.is_file()]
    if sum(sizes) > LARGEST:
        raise BadInputError(
            f"the Space would have {sum(sizes) / 1e6:,.0f} MB and may have {LARGEST / 1e6:,.0f}: put the bundle into a "
            "model repository (hf upload OWNER/NAME DIR .) and name it with --model-repo OWNER/NAME@REVISION"
        )
    return Space(out, len(sizes), sum(sizes))
