"""Tries an encoder in a child process with limited time and memory, so that it cannot harm this one.

In: an encoder's folder, whose files were checked. Out: nothing where each tower turns a short text, a text of its
greatest length or a poster into a vector; else BundleError. The trial is representative: opening a network depends on
its files alone, and the cost of a run on little but the text's length (see `onnx_check`); later runs are limited by
`session` and `deadline`.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from matinee.errors import BundleError, MatineeError

SECONDS = 300
"""Time limit of the trial of an encoder, in seconds; those of the sample bundle take about one second."""

MEMORY = 8 << 30
"""Bytes of address space that the trial may use besides three times its files, where the system can limit it."""

REFUSED = 2
"""Exit status of the child process after it has printed a MatineeError."""


def try_encoder(folder: Path) -> None:
    """Embed a short text, a long one and a poster, as far as the encoder reads them, in a child process.

    Raises:
        BundleError: It failed, was too slow, or wanted too much memory.
    """
    # -P: files in the current folder, which may be the bundle itself, must not be imported as modules.
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
    """Try the encoder in `folder` in this process, in `memory` bytes besides its files; return the exit status."""
    from PIL import Image

    from matinee.encoders import Encoder
    from matinee.session import CPU

    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit, and macOS none that holds
        import resource

        most = memory + 3 * sum(path.stat().st_size for path in folder.iterdir())
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        encoder = Encoder.open(folder, providers=[CPU])  # a GPU's driver maps huge address ranges
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
