"""The `matinee` command: recommends movies, embeds inputs, and describes or verifies a bundle.

A thin layer over the library: it parses arguments, calls one function and prints what comes back, as text for people or
as JSON for programs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from matinee.bundle import Bundle
from matinee.commandline import print_json, run
from matinee.errors import BadInputError, MatineeError
from matinee.manifest import Manifest
from matinee.models import reading
from matinee.progress import Progress
from matinee.reasons import with_quote
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste, check_rating
from matinee.where import Where

DEFAULT_BUNDLE = os.environ.get("MATINEE_BUNDLE", "artifacts/sample")
SHOWN_METRICS = ("ndcg@10", "map", "precision@10", "recall@10", "auc")
"""Metrics that `info` prints as text; `info --json` prints every metric."""

IMAGE_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `matinee` command and return its exit status."""
    return run(build_parser(), argv)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the `matinee` command; each sub-command sets `command` to its function."""
    parser = argparse.ArgumentParser(prog="matinee", description="Movie recommendations from a bundle.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--bundle", default=DEFAULT_BUNDLE, metavar="DIR", help="the bundle (default: %(default)s)")
    common.add_argument("--json", action="store_true", help="print JSON")

    recommend = commands.add_parser("recommend", parents=[common], help="recommend movies for a taste")
    recommend.set_defaults(command=_recommend)
    recommend.add_argument("--review", action="append", default=[], metavar="TEXT", help="what you thought of a film")
    recommend.add_argument("--poster", action="append", default=[], metavar="FILE", help="a poster you like")
    recommend.add_argument("--rate", action="append", default=[], metavar="TITLE=N", help="a film and a rating, 1-10")
    recommend.add_argument("--model", default="all", metavar="NAME", help="one model, or all (default)")
    recommend.add_argument("-k", type=int, default=10, metavar="N", help="picks per model (default: 10)")
    recommend.add_argument(
        "--surprise", type=float, default=0.0, metavar="S", help="0 familiar (default) to 1 surprising"
    )
    recommend.add_argument("--genre", action="append", default=[], metavar="NAME", help="only films of these genres")
    recommend.add_argument("--years", default="", metavar="FROM-TO", help="only films of these years: 1990-1999, 1990-")
    recommend.add_argument("--min-score", type=float, metavar="S", help="only films with at least this IMDb score")
    recommend.add_argument("--exclude", action="append", default=[], metavar="TITLE", help="never this film")

    embed = commands.add_parser("embed", parents=[common], help="turn texts or posters into vectors")
    embed.set_defaults(command=_embed)
    embed.add_argument(
        "--encoder", required=True, metavar="NAME", help=f"one of {', '.join(reading('text', 'poster'))}"
    )
    inputs = embed.add_mutually_exclusive_group(required=True)
    inputs.add_argument("--texts", metavar="FILE", help="a file with one text a line; - reads standard input")
    inputs.add_argument("--posters", metavar="PATH", nargs="+", help="image files, or folders of them")
    embed.add_argument("--out", required=True, metavar="FILE", help="where the vectors go: float32 .npy, unit rows")

    info = commands.add_parser("info", parents=[common], help="say what a bundle holds")
    info.set_defaults(command=_info)

    verify = commands.add_parser("verify", parents=[common], help="check every file of a bundle")
    verify.set_defaults(command=_verify)
    return parser


def _recommend(options: argparse.Namespace) -> None:
    taste = Taste(
        reviews=tuple(Review(text) for text in options.review),
        ratings=tuple(parse_rating(text) for text in options.rate),
        posters=tuple(Poster(Path(file), label=Path(file).name) for file in options.poster),
    )
    where = Where(
        genres=tuple(options.genre),
        years=parse_years(options.years),
        min_score=options.min_score,
        exclude=tuple(options.exclude),
    )
    bundle = Bundle.open(options.bundle)
    picks = Recommender(bundle).recommend(taste, options.model, options.k, where, options.surprise)
    if options.json:
        print_json({model: [pick.to_json() for pick in listed] for model, listed in picks.items()})
        return
    for model, listed in picks.items():
        print(f"\n{model}")
        for pick in listed:
            inferred = " (inferred)" if pick.inferred else ""
            reason = with_quote(pick.reason, pick.quote)
            print(f"  {pick.rank:2d}. {pick.movie!s:45.45} {pick.score:6.3f}  {reason}{inferred}")
    for warning in untrained(bundle.manifest):
        print(f"\nnote: {warning}", file=sys.stderr)


def _embed(options: argparse.Namespace) -> None:
    encoder = Bundle.open(options.bundle).encoder(options.encoder)
    out = Path(options.out)
    with Progress(f"{encoder.name}: embedding") as progress:
        blocks = (
            encoder.embed_texts(_lines(options.texts), on_error=_refuse_line)
            if options.texts
            else encoder.embed_posters(_images(options.posters))
        )
        rows = write_npy(out, _counted(blocks, progress), encoder.dim)
    if options.json:
        print_json({"out": str(out), "rows": rows, "dim": encoder.dim})
    else:
        print(f"{rows} vectors of {encoder.dim} in {out}")


def _info(options: argparse.Namespace) -> None:
    manifest = Manifest.load(Path(options.bundle))
    if options.json:
        print_json({key: value for key, value in asdict(manifest).items() if key != "files"})
        return
    data = manifest.dataset
    print(
        f"{data.name}{' (made up)' if data.made_up else ''}: " + ", ".join(f"{n:,} {k}" for k, n in data.counts.items())
    )
    if data.note:
        print(data.note)
    for name, encoder in manifest.encoders.items():
        precision = ", ".join(f"{tower} {facts.get('precision', 'unknown')}" for tower, facts in encoder.towers.items())
        print(f"  encoder {name:9} {encoder.weights:10} {encoder.source}@{encoder.revision[:12]} ({precision})")
    for model_name, model in manifest.models.items():
        metrics = ", ".join(f"{name} {model.metrics[name]:.4f}" for name in SHOWN_METRICS if name in model.metrics)
        print(f"  model {model_name:11} {metrics}")
    print(f"  {len(manifest.files)} files, {sum(f.bytes for f in manifest.files.values()) / 1e6:,.0f} MB")
    for warning in untrained(manifest):
        print(f"note: {warning}")


def _verify(options: argparse.Namespace) -> int:
    bundle = Bundle.open(options.bundle)
    problems = list(bundle.problems())
    if options.json:
        print_json({"sound": not problems, "files": len(bundle.manifest.files), "problems": problems})
    else:
        print("\n".join(problems) or f"sound: all {len(bundle.manifest.files)} files are as they were written")
    return 1 if problems else 0


def parse_rating(text: str) -> Rating:
    """Parse "TITLE=N", such as "Heat (1995)=9", into a Rating; raises BadInputError for any other form."""
    movie, equals, rating = text.rpartition("=")
    if not equals or not movie.strip():
        raise BadInputError(f'--rate takes a title, "=" and a number from 1 to 10, as in "Heat (1995)=9", not {text!r}')
    return Rating(movie.strip(), check_rating(rating))


def parse_years(text: str) -> tuple[int | None, int | None]:
    """Read "1990-1999", "1990-", "-1999" or "1994" as (first, last), None meaning no bound."""
    first, dash, last = text.strip().partition("-")
    try:
        low = int(first) if first else None
        return (low, int(last) if last else None) if dash else (low, low)
    except ValueError:
        raise BadInputError(f"--years takes a year or a span such as 1990-1999 or 1990-, not {text!r}") from None


def untrained(manifest: Manifest) -> list[str]:
    """Return a sentence that names the encoders with untrained weights, if there are any."""
    names = [name for name, encoder in manifest.encoders.items() if encoder.weights == "seeded"]
    if not names:
        return []
    return [f"{' and '.join(names)} have untrained weights, so their picks mean nothing yet"]


def write_npy(path: Path, blocks: Iterable[npt.NDArray[np.float32]], dim: int) -> int:
    """Write blocks (n, dim) float32 to one .npy file, with one block in memory at a time; return the number of rows.

    The header is written first for 0 rows and overwritten at the end; numpy pads it so that the row count fits.
    The file is written under a temporary name and renamed when it is complete.
    """
    rows = 0
    header: dict[str, Any] = {"descr": "<f4", "fortran_order": False, "shape": (0, dim)}
    part = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")
    with part.open("xb") as file:
        try:
            np.lib.format.write_array_header_1_0(file, header)
            for block in blocks:
                file.write(np.ascontiguousarray(block, dtype="<f4").tobytes())
                rows += len(block)
            file.seek(0)
            np.lib.format.write_array_header_1_0(file, {**header, "shape": (rows, dim)})
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink()
            raise
    return rows


def _counted(blocks: Iterator[npt.NDArray[np.float32]], progress: Progress) -> Iterator[npt.NDArray[np.float32]]:
    for block in blocks:
        progress.advance(len(block))
        yield block


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise BadInputError(f"cannot read {name}: {error.strerror}") from None


def _refuse_line(row: int, error: MatineeError) -> NoReturn:
    raise BadInputError(f"line {row + 1} of the texts: {error}") from None


def _images(names: Sequence[str]) -> Iterator[Path]:
    for path in map(Path, names):
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in IMAGE_ENDINGS)
        else:
            yield path


if __name__ == "__main__":
    sys.exit(main())
