"""The `matinee-export` command: from a dataset folder to a bundle, and what the dataset holds.

A thin layer over the library: it parses arguments, calls one function and prints what comes back.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from matinee.commandline import print_json, run
from matinee.errors import MissingExtraError
from matinee.manifest import Manifest


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `matinee-export` command and return its exit status."""
    return run(build_parser(), argv)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the `matinee-export` command; each sub-command sets `command` to its function."""
    parser = argparse.ArgumentParser(prog="matinee-export", description="From a dataset to a bundle.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data", required=True, metavar="DIR", help="folder with reviews.csv, movies.csv and posters/, or: sample"
    )
    common.add_argument("--json", action="store_true", help="print JSON")

    build = commands.add_parser("build", parents=[common], help="build a bundle from a dataset")
    build.set_defaults(command=_build)
    build.add_argument("--out", required=True, type=Path, metavar="DIR", help="where the bundle goes")
    build.add_argument(
        "--weights",
        default="auto",
        metavar="KIND",
        help="auto (hub, else packaged, else seeded; default), hub, packaged, seeded, or a folder of weights",
    )
    for name, example in (("bert", "a hub repository"), ("resnet50", "a hub repository"), ("clip", "ARCH/TAG")):
        build.add_argument(f"--{name}", metavar="NAME", help=f"another model for this encoder: {example}")
    build.add_argument(
        "--factors", default="auto", metavar="SIZES", help="sizes of BPR and ALS to try: auto, or 50,100,200"
    )
    build.add_argument(
        "--precision",
        default="auto",
        choices=["auto", "fp32", "int8"],
        help="of the networks; auto takes int8 where every quality bar is met (default)",
    )
    build.add_argument(
        "--exporter", default="torch", choices=["torch", "optimum"], help="what writes the ONNX networks"
    )
    build.add_argument("--split", default="random", choices=["random", "leave-last", "time"], help="how rows are split")
    build.add_argument("--seed", type=int, default=0, metavar="N", help="seed of everything random (default: 0)")

    profile = commands.add_parser("profile", parents=[common], help="print a dataset's figures beside the paper's")
    profile.set_defaults(command=_profile)
    return parser


def _build(options: argparse.Namespace) -> None:
    try:
        from matinee_export.build import BuildOptions, build
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "export") from None
    chosen = BuildOptions(
        data=options.data,
        out=options.out,
        weights=options.weights,
        encoders={n: v for n in ("bert", "resnet50", "clip") if (v := getattr(options, n)) is not None},
        factors=options.factors,
        precision=options.precision,
        exporter=options.exporter,
        by=options.split,
        seed=options.seed,
    )
    out = build(chosen, report=lambda line: print(line, file=sys.stderr, flush=True))
    manifest = Manifest.load(out)
    if options.json:
        print_json({"bundle": str(out), "models": {name: model.metrics for name, model in manifest.models.items()}})
    else:
        print((out / "report" / "REPORT.md").read_text(encoding="utf-8"))


def _profile(options: argparse.Namespace) -> None:
    try:
        from matinee_export.dataset import clean, profile, profile_json, profile_markdown, read_dataset
        from matinee_export.sample import SAMPLE, write_sample
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "export") from None
    with TemporaryDirectory() as temporary:
        folder = Path(temporary if options.data == SAMPLE else options.data)
        if options.data == SAMPLE:
            write_sample(folder)
        raw = read_dataset(folder)
        found = profile(raw, clean(raw))
    if options.json:
        print_json(profile_json(found))
    else:
        print(profile_markdown(found))


if __name__ == "__main__":
    sys.exit(main())
