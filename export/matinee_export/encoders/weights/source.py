"""Finds the weights of an encoder: in a given folder, on the hub or in its cache, in a package, or from a seed.

In: an encoder's recipe and an `EncoderChoice`. Out: a `WeightSource`, which gives the path of the weights and the facts
to record about them. With "auto", if the hub cannot be used, one line is logged and the next source is tried.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from matinee.errors import BuildError
from matinee_export.encoders.recipe import EncoderRecipe
from matinee_export.encoders.weights.choice import EncoderChoice
from matinee_export.encoders.weights.hub import (
    OPEN_CLIP_FILES,
    TRANSFORMERS_FILES,
    HubUnreachableError,
    NotOnHubError,
    fetch,
)
from matinee_export.log import Log

WEIGHT_FILES = ("model.onnx", *TRANSFORMERS_FILES, *OPEN_CLIP_FILES)


@dataclass(frozen=True)
class WeightSource:
    """The origin of an encoder's weights, and their file.

    Attributes:
        kind: "pretrained", "packaged" or "seeded".
        source: Name to record; never a path.
        revision: Commit, package version, digest or seed that identifies the weights.
        licence: Licence of the weights.
        model: Model whose architecture they fit, as in EncoderChoice.
        file: File of weights, in a folder with its configuration and tokenizer; None for seeded weights.
    """

    kind: str
    source: str
    revision: str
    licence: str
    model: str
    file: Path | None


def find_weights(encoder: EncoderRecipe, choice: EncoderChoice, seed: int, log: Log) -> WeightSource:
    """Find the weights that `choice` names.

    Args:
        encoder: The recipe of the encoder.
        choice: The chosen weights and model.
        seed: Seed of untrained weights.
        log: Called with one line for the user whenever a source other than the first is used.

    Raises:
        BuildError: The weights or the model named by the user do not exist.
    """
    if choice.folder is not None:
        return _from_folder(encoder, choice)
    if choice.weights == "packaged":
        return _from_package(encoder, choice)
    if choice.weights == "seeded":
        return _seeded(choice, seed)
    try:
        return _from_hub(encoder, choice)
    except (HubUnreachableError, NotOnHubError) as error:
        named_by_hand = choice.model != encoder.model
        if choice.weights == "hub" or (named_by_hand and isinstance(error, NotOnHubError)):
            raise
        fallback = _fallback(encoder, choice, seed)
        log(f"{encoder.name}: {error}; using {fallback.kind} weights instead: {fallback.source}")
        return fallback


def _fallback(encoder: EncoderRecipe, choice: EncoderChoice, seed: int) -> WeightSource:
    """The best weights available offline."""
    if encoder.package is not None and encoder.package.folder is not None:
        return _from_package(encoder, choice)
    download = encoder.download
    if download is not None and choice.model == encoder.model and (path := download.path()).is_file():
        licence = encoder.pin(choice.model).licence
        return WeightSource("pretrained", choice.model, download.revision, licence, choice.model, path)
    return _seeded(choice, seed)


def _from_hub(encoder: EncoderRecipe, choice: EncoderChoice) -> WeightSource:
    repo = encoder.repository(choice.model)
    pin = encoder.pin(repo)
    files = fetch(repo, pin.revision, encoder.wanted)
    licence = pin.licence if repo in encoder.pins else files.licence or pin.licence
    return WeightSource("pretrained", repo, files.commit, licence, choice.model, weight_file(files.folder))


def _from_folder(encoder: EncoderRecipe, choice: EncoderChoice) -> WeightSource:
    root = Path(choice.weights)
    folder = root / encoder.name
    if not folder.is_dir():
        there = ", ".join(sorted(path.name for path in root.iterdir() if path.is_dir())) or "no folders"
        raise BuildError(f"the weights folder {root} has no folder {encoder.name!r} in it (it has: {there})")
    path = weight_file(folder)
    with path.open("rb") as file:
        digest = sha256(file.read()).hexdigest()
    source = f"folder {root.name}/{encoder.name}"
    return WeightSource("pretrained", source, f"sha256:{digest}", "unknown", choice.model, path)


def weight_file(folder: Path) -> Path:
    """Return the file of weights in `folder`: one of WEIGHT_FILES, or else the first with a usual ending.

    Raises:
        BuildError: There is none.
    """
    usual = [folder / name for name in WEIGHT_FILES]
    others = sorted(path for ending in ("safetensors", "pth", "pt", "bin") for path in folder.glob(f"*.{ending}"))
    for path in (*usual, *others):
        if path.is_file():
            return path
    raise BuildError(f"{folder} holds no weights; put one of these there: {', '.join(WEIGHT_FILES)}, *.pth")


def _from_package(encoder: EncoderRecipe, choice: EncoderChoice) -> WeightSource:
    package = encoder.package
    if package is None:
        raise BuildError(f"no package brings weights for {encoder.name}; valid: auto, hub, seeded or a folder")
    if choice.model not in (package.model, encoder.model) and choice.weights == "packaged":
        raise BuildError(
            f"the package {package.name} holds {package.model}, not {choice.model}; "
            "use --weights hub or a folder for that"
        )
    folder = package.need()
    version = importlib.metadata.version(package.name)
    licence = encoder.pin(package.model).licence
    file = weight_file(folder)
    return WeightSource("packaged", package.model, f"{package.name} {version}", licence, package.model, file)


def _seeded(choice: EncoderChoice, seed: int) -> WeightSource:
    return WeightSource("seeded", f"{choice.model} (untrained)", f"seed {seed}", "none", choice.model, None)
