"""The `matinee-export` command: from a dataset folder to a bundle, and what the dataset holds.

A thin layer over the library: it parses arguments, calls one function and prints what comes back.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from matinee.commandline import print_json, run
from matinee.errors import MissingExtraError
from matinee.folders import target_folder
from matinee.hnsw import DEFAULT, LIBRARIES
from matinee.manifest import Manifest
from matinee.models import reading
from matinee.progress import duration

if TYPE_CHECKING:
    from matinee_export.embedding.embed import Projection
    from matinee_export.prepare import Source


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

    source = argparse.ArgumentParser(add_help=False, parents=[common])
    source.add_argument(
        "--weights",
        default="auto",
        metavar="KIND",
        help="auto (hub, else packaged, else seeded; default), hub, packaged, seeded, or a folder of weights",
    )
    for name in reading("text", "poster"):
        source.add_argument(
            f"--{name}",
            metavar="NAME",
            help="another model for this encoder: a hub repository, or ARCHITECTURE/TAG as open_clip names it",
        )
    source.add_argument(
        "--factors", default="auto", metavar="SIZES", help="sizes of BPR and ALS to try: auto, or 50,100,200"
    )
    source.add_argument(
        "--precision",
        default="auto",
        metavar="NAME",
        help="of the networks: auto (the fastest here that keeps every quality threshold; default), fp32, int8 or fp16",
    )
    source.add_argument(
        "--exporter", default="torch", choices=["torch", "optimum"], help="what writes the ONNX networks"
    )
    source.add_argument(
        "--engine",
        default="local",
        choices=["local", "ray"],
        help="where everything is embedded: in this process (default), or on the Ray cluster that RAY_ADDRESS names, "
        "else on one that is started on this machine",
    )
    source.add_argument("--seed", type=int, default=0, metavar="N", help="seed of everything random (default: 0)")

    build = commands.add_parser("build", parents=[source], help="build a bundle from a dataset")
    build.set_defaults(command=_build)
    build.add_argument("--out", required=True, type=Path, metavar="DIR", help="where the bundle goes")
    build.add_argument("--split", default="random", choices=["random", "leave-last", "time"], help="how rows are split")
    build.add_argument(
        "--index", default=DEFAULT, choices=[*LIBRARIES], help=f"what makes the search indexes (default: {DEFAULT})"
    )
    build.add_argument(
        "--estimate",
        action="store_true",
        help="embed 1 %%, say how long all of it takes, and stop; what is done is kept for the build",
    )

    study = commands.add_parser("study", parents=[source], help="compare the models on a dataset, as a report")
    study.set_defaults(command=_study)
    study.add_argument(
        "--mode",
        default="honest",
        choices=["honest", "paper"],
        help="honest: splits, intervals, tests and baselines that can be trusted (default); paper: the paper's tables",
    )
    study.add_argument("--out", type=Path, metavar="DIR", help="where reports go (default: artifacts/study-NAME)")

    profile = commands.add_parser("profile", parents=[common], help="print a dataset's figures beside the paper's")
    profile.set_defaults(command=_profile)
    profile.add_argument("--out", type=Path, metavar="DIR", help="write a report with plots here, too")
    return parser


def _build(options: argparse.Namespace) -> None:
    try:
        from matinee_export.build import BuildOptions, build, estimate_build
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "export") from None
    asked = BuildOptions(_source(options), options.out, options.split, options.index)
    if options.estimate:
        _print_estimate(estimate_build(asked, _say), as_json=options.json)
        return
    out = build(asked, _say)
    manifest = Manifest.load(out)
    if options.json:
        print_json({"bundle": str(out), "models": {name: model.metrics for name, model in manifest.models.items()}})
    else:
        print((out / "report" / "REPORT.md").read_text(encoding="utf-8"))


def _print_estimate(found: Sequence[Projection], as_json: bool) -> None:
    if as_json:
        print_json([asdict(projection) for projection in found])
    else:
        print(*found, f"embedding everything takes {duration(sum(one.whole for one in found))}", sep="\n")


def _study(options: argparse.Namespace) -> None:
    try:
        from matinee_export.study.run import FIGURES, StudyOptions, study
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "export") from None
    out = options.out or Path("artifacts") / f"study-{Path(options.data).resolve().name}"
    folder = study(StudyOptions(_source(options), out, options.mode), _say)
    print((folder / (FIGURES if options.json else "REPORT.md")).read_text(encoding="utf-8"))


def _profile(options: argparse.Namespace) -> None:
    try:
        from matinee_export.data import clean, read_dataset
        from matinee_export.profile import profile, profile_document, profile_json, profile_markdown
        from matinee_export.reports.document import REPORT
        from matinee_sample import SAMPLE, write_sample
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "export") from None
    if options.out is not None:
        target_folder(options.out, REPORT)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary if options.data == SAMPLE else options.data)
        if options.data == SAMPLE:
            write_sample(folder)
        raw = read_dataset(folder)
        dataset = clean(raw)
        if options.out is not None:
            profile_document(raw, dataset).save(options.out)
            _say(f"the report is in {options.out / 'report.html'}")
    found = profile(raw, dataset)
    if options.json:
        print_json(profile_json(found))
    else:
        print(profile_markdown(found))


def _source(options: argparse.Namespace) -> Source:
    """Return the options that `build` and `study` share."""
    from matinee_export.prepare import Source

    return Source(
        data=options.data,
        weights=options.weights,
        encoders={name: value for name in reading("text", "poster") if (value := getattr(options, name)) is not None},
        precision=options.precision,
        exporter=options.exporter,
        seed=options.seed,
        factors=options.factors,
        engine=options.engine,
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
