"""Tries an encoder in a child process with limited time and memory, so that it cannot harm this one.

In: an encoder's folder, whose files were checked. Out: nothing where each tower turns a short text, a text of its
greatest length or a poster into a vector; else BundleError. How onnxruntime opens a network depends on nothing else,
and what a run takes on little but the text's length, see `onnx_check`; other runs are limited by `session` and
`deadline`.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from matinee.errors import BundleError, MatineeError

SECONDS = 300
"""How long the trial of an encoder may take; the sample's take about one second."""

MEMORY = 8 << 30
"""Most bytes of addresses that the trial may use beside three times its files, where the system can bound them."""

REFUSED = 2
"""Exit status where a MatineeError says what is wrong."""


def try_encoder(folder: Path) -> None:
    """Embed a short text, a long one and a poster, as far as the encoder reads them, in a child process.

    Raises:
        BundleError: It failed, was too slow, or wanted too much memory.
    """
    # -P: what lies in the current folder, perhaps the very bundle, is no module.
    command = [sys.executable, "-P", "-m", "matinee.trial", str(folder), str(MEMORY)]
    again = "build or fetch the bundle again"
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BundleError(f"the encoder in {folder} gave no answer within {SECONDS:,.0f} s; {again}") from None
    if done.returncode == REFUSED and done.stdout.strip():
        raise BundleError(done.stdout.strip().splitlines()[-1])
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BundleError(
            f"the encoder in {folder} ended the process that tried it ({done.returncode}: {said[:200]}); {again}"
        )


def main(folder: Path, memory: int) -> int:
    """Try the encoder in `folder` in this process, in so much memory beside its files; returns the exit status."""
    from PIL import Image

    from matinee.encoders import Encoder
    from matinee.session import CPU

    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit, and macOS none that holds
        import resource

        most = memory + 3 * sum(path.stat().st_size for path in folder.iterdir())
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        encoder = Encoder.open(folder, providers=[CPU])  # a GPU's memory takes addresses without end
        if (text := encoder.spec.text) is not None:
            encoder.text("film")
            encoder.text("film " * text.max_tokens)
        if encoder.spec.image is not None:
            encoder.poster(Image.new("RGB", (200, 300), "teal"))
    except MatineeError as error:
        print(error)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
