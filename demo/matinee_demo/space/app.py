"""Matinee as a Hugging Face Space.

Serves the bundle beside this file, or else the one in the model repository that bundle.json names, at that revision.
The packages `matinee` and `matinee_demo` are beside this file too.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported

from matinee import Bundle
from matinee_demo.page import build_page
from matinee_demo.serve import launch
from matinee_demo.service import Service

HERE = Path(__file__).resolve().parent


def bundle_folder() -> Path:
    """Return the folder of the bundle; files that are not on this machine yet are downloaded from the hub."""
    if (HERE / "bundle").is_dir():
        return HERE / "bundle"
    from huggingface_hub import snapshot_download

    named = json.loads((HERE / "bundle.json").read_text(encoding="utf-8"))
    return Path(snapshot_download(named["repo"], revision=named["revision"]))


def no_gpu_needed() -> None:
    """Do nothing: ZeroGPU starts no Space without a function that asks for a GPU, and Matinee needs none."""


if find_spec("spaces"):
    no_gpu_needed = import_module("spaces").GPU(no_gpu_needed)

service = Service(Bundle.open(bundle_folder()))
demo = build_page(service)

if __name__ == "__main__":
    print(f"Matinee answers at {launch(demo, service, mcp=find_spec('mcp') is not None)}", flush=True)
    service.warm_up()
    demo.block_thread()
