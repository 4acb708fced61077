"""The runtime stays light: it imports a handful of packages, and answers where nothing else is installed."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import matinee
from matinee import errors

HOME = Path(str(matinee.__file__)).parent
MAY_IMPORT = {"matinee", "numpy", "onnxruntime", "tokenizers", "PIL", "hnswlib", "usearch", "msgspec"}
HEAVY = ["torch", "torchvision", "pandas", "gradio", "transformers", "open_clip", "implicit", "scipy", "onnx",
         "matinee_export", "matinee_demo"]  # fmt: skip
WITHOUT = f"""
import sys
for name in {HEAVY!r}:
    sys.modules[name] = None  # importing it fails, as where it is not installed
from matinee.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("path", sorted(HOME.rglob("*.py")), ids=lambda path: path.relative_to(HOME).as_posix())
def test_a_module_imports_nothing_but_the_light_packages(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert imported - MAY_IMPORT <= set(sys.stdlib_module_names)


def test_it_answers_for_all_models_where_nothing_heavy_is_installed(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {"als": 1.0})
    world.poster(1).save(tmp_path / "p.png")
    arguments = ["recommend", "--bundle", str(folder), "--rate", "Film 1=9", "--review", "heist", "--poster"]
    command = [sys.executable, "-c", WITHOUT, *arguments, str(tmp_path / "p.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"\n{model}\n" in done.stdout for model in ("bpr", "als", "bert", "resnet50", "clip", "hybrid"))


LOADED = """
import sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0]).replace(chr(92), "/")) if event == "open" else None)
from matinee.cli import main
status = main(sys.argv[1:])
print("packages", *(name for name in ("onnxruntime", "tokenizers", "PIL", "hnswlib", "usearch") if name in sys.modules))
print("files", *sorted(name.split("/bundle/")[1] for name in opened if "/bundle/" in name))
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("model", "told", "packages", "encoders"),
    [
        ("als", ["--rate", "Film 1=9"], "", set()),
        ("bert", ["--review", "heist"], "onnxruntime tokenizers", {"bert/encoder.json", "bert/text.onnx",
                                                                  "bert/tokenizer.json"}),
        ("resnet50", ["--poster"], "onnxruntime PIL", {"resnet50/encoder.json", "resnet50/image.onnx"}),
    ],
)  # fmt: skip
def test_a_question_loads_only_what_it_needs(
    model: str,
    told: list[str],
    packages: str,
    encoders: set[str],
    world: ModuleType,
    tiny_encoder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {"als": 1.0})
    if told == ["--poster"]:
        world.poster(1).save(tmp_path / "p.png")
        told = ["--poster", str(tmp_path / "p.png")]
    asked = ["recommend", "--bundle", str(folder), "--model", model, *told]
    done = subprocess.run([sys.executable, "-c", LOADED, *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *_, loaded, files = done.stdout.splitlines()
    assert loaded.split()[1:] == packages.split()
    expected = {"manifest.json", "catalogue.jsonl", f"models/{model}/movies.npy", *(f"encoders/{e}" for e in encoders)}
    assert set(files.split()[1:]) == expected


def test_every_error_and_whatever_a_public_function_returns_is_public() -> None:
    functions = [public for name in matinee.__all__ if inspect.isfunction(public := getattr(matinee, name))]
    assert functions
    for function in functions:
        named = re.findall(r"\w+", str(inspect.signature(function).return_annotation))
        ours = {name for name in named if inspect.isclass(function.__globals__.get(name)) and name != "Any"}
        assert ours <= set(matinee.__all__), function.__name__
    raised = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)}
    assert raised <= set(matinee.__all__)


def test_a_missing_extra_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    build = ["build", "--data", "sample", "--out", str(tmp_path / "bundle")]
    script = WITHOUT.replace(", 'matinee_export'", "").replace("matinee.cli", "matinee_export.cli")
    done = subprocess.run([sys.executable, "-c", script, *build], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install "matinee[export]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1
