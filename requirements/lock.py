"""Writes the lock files: each package that `make` installs, at one version, with the sha256 of every file of it.

In: pyproject.toml; the files written before, whose versions are kept where they still fit; the package index, asked by
uv. Out, beside this module: `demo.txt` (what `make demo` installs), and with it either `torch-cpu.txt` or `torch.txt`;
`test.txt` (what `make test` installs further); `tools.txt` (this and the audit). Each serves all platforms and Python
3.11 and later at once. `make lock` runs it; `make lock LOCK=--upgrade` takes the newest versions.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

DEMO = ("pyproject.toml", "--extra=cpu", "--extra=demo", "--extra=export", "--group=build")
TEST = (*DEMO, "--extra=mcp", "--extra=ray", "--extra=dev")
TOOLS = ("--group=tools",)

NO_WHEELS = {"hnswlib"}
"""What is built where it is installed. All else comes as wheels: none of its code runs before something imports it."""

HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
TORCH = re.compile(r"torch|triton|(nvidia|cuda)-.*")
"""torch, and what nothing else needs: for Linux the package index has CUDA builds of torch alone."""

TORCH_CPU = {
    "2.13.0": (
        "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b",  # Python 3.11, x86-64
        "84453b69508ec79902f899c5ed9495acb9e2bbe9fda5f1d5d6f19e3c3842e1a7",  # Python 3.11, aarch64
        "4ca4a9394b0c771238a4f73590fdbbc4debad85ed0fa63d026ae1b085da7d6e2",  # Python 3.12, x86-64
        "6f307c2c32d764ffc6ff6893b801fad6d4752f3e67966cb8abf1843427c02604",  # Python 3.12, aarch64
        "3fbf9c9d1f3c10c2d59d04aca426dee9ccc6ceb32d255c61e93acc3b4f75fae6",  # Python 3.13, x86-64
        "0b8f7d0423027ae8b90c7977c627f3379f325363a08224dffad9b4b2d684a83d",  # Python 3.13, aarch64
        "d20fa53ee744502fa4c69818a720b05ca0d37abd055d4f6e66cae155114bc691",  # Python 3.14, x86-64
        "ca021f9eb2f8345c83fa03e3a04587308afb8df71bd472670b3ece00df58621c",  # Python 3.14, aarch64
    )
}
"""The sha256 of the torch project's CPU builds for Linux, by version of torch; pip takes one where PIP_FIND_LINKS or an
extra index shows it. The first was computed from the file and is also what others state; the rest are what several
public lock files and build recipes agree on."""


@dataclass(frozen=True)
class Entry:
    """One package of a lock file.

    Attributes:
        requirement: Name, version and where it applies, such as "numpy==2.4.6 ; python_full_version < '3.12'".
        hashes: The sha256 of each of its files, as "sha256:...", sorted.
        wanted_by: What asks for it.
    """

    requirement: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name, normalized."""
        return self.requirement.partition("==")[0]

    @property
    def version(self) -> str:
        """Its version."""
        return self.requirement.partition("==")[2].split()[0]

    def on_cpu(self) -> Entry:
        """Return this, which is torch's entry, for the CPU builds of its version."""
        if self.version not in TORCH_CPU:
            raise SystemExit(
                f"TORCH_CPU in {__file__} has no sha256 of the CPU builds of torch {self.version}: add them"
            )
        hashes = tuple(sorted(f"sha256:{digest}" for digest in TORCH_CPU[self.version]))
        return Entry(f"torch=={self.version}+cpu", hashes, self.wanted_by)

    def __str__(self) -> str:
        lines = [self.requirement, *(f"    --hash={digest}" for digest in self.hashes)]
        return " \\\n".join(lines) + f"\n    # for {', '.join(self.wanted_by)}"


def read(text: str) -> Iterator[Entry]:
    """Yield the entries of a lock file, ours or uv's."""
    for block in re.findall(r"^\w.*==.*\n(?:[ \t]+.*\n)*", text, re.MULTILINE):
        requirement = block.splitlines()[0].removesuffix("\\").strip()
        comments = " ".join(re.findall(r"# ?(.*)", block)).replace(",", " ").split()
        wanted_by = dict.fromkeys(word for word in comments if word not in {"via", "for"} and not word.startswith("("))
        yield Entry(requirement, tuple(sorted(HASH.findall(block))), tuple(wanted_by))


def main() -> None:
    """Write all files, from what stands in them and what else uv is told, such as --upgrade."""
    before = [entry for path in sorted(HERE.glob("*.txt")) for entry in read(path.read_text(encoding="utf-8"))]
    everything = _resolve(TEST, before, *sys.argv[1:])
    demo = _resolve(DEMO, everything)
    of_demo = {entry.requirement for entry in demo}
    torch = [entry for entry in demo if TORCH.fullmatch(entry.name)]
    on_cpu = [entry.on_cpu() for entry in torch if entry.name == "torch"]
    _write("demo", "What `make demo` installs, but for torch", [entry for entry in demo if entry not in torch])
    _write("torch", "torch from the package index, and what a CUDA build of it needs", torch)
    _write("torch-cpu", "A CPU build of torch, which needs nothing more", on_cpu)
    _write("test", "What `make test` installs further", [e for e in everything if e.requirement not in of_demo])
    _write("tools", "What `make lock` and `make audit` run", _resolve(TOOLS, before, *sys.argv[1:]))


def _resolve(what: Sequence[str], before: Sequence[Entry], *arguments: str) -> list[Entry]:
    """Return the packages for `what` of pyproject.toml, at versions that stand in `before` where these still fit."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out.txt"
        out.write_text("\n".join(entry.requirement for entry in before), encoding="utf-8")
        uv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version=3.11"]
        how = ["--generate-hashes", "--no-header", f"--output-file={out}", *arguments]
        subprocess.run([*uv, *how, *what], cwd=HERE.parent, check=True, stdout=subprocess.DEVNULL)
        return list(read(out.read_text(encoding="utf-8")))


def _write(name: str, title: str, entries: Sequence[Entry]) -> None:
    sources = [f"--no-binary {entry.name}" for entry in entries if entry.name in NO_WHEELS]
    head = [f"# {title}: written by requirements/lock.py (make lock).", "--only-binary :all:", *sources]
    text = "\n".join([*head, *map(str, entries), ""])
    (HERE / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
