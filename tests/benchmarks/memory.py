"""Memory after opening a bundle and asking one question of each kind, beside the size of the files used.

In: the bundle of the built-in sample. Out: one row: what a process holds more than an interpreter that has imported the
same libraries, over the bytes of the files that the questions used. Linux only.
"""

from __future__ import annotations

import json
import sys

from tests.benchmarks.harness import Context, Result
from tests.benchmarks.served import MISSING, REVIEW, bundle, poster, python

WORK, FILES, GOAL = "memory after one question of each kind", "the files used", "<= 1.3"
MB = 1e6

HELD = """
def held():
    pairs = [line.split() for line in open("/proc/self/status") if line.startswith(("VmRSS", "VmHWM"))]
    return {name[:-1]: 1024 * int(size) for name, size, _ in pairs}
"""
BARE = f"import json, sys\n{HELD}\nprint(json.dumps(held()))"
LIBRARIES = f"import json, numpy, onnxruntime, tokenizers, PIL.Image\n{HELD}\nprint(json.dumps(held()))"
ASK = f"""
import json, sys
from pathlib import Path
from matinee import Bundle, Poster, Rating, Recommender, Review, Taste
{HELD}
used, checked = set(), Bundle.file
def file(self, name):
    used.add(name)
    return checked(self, name)
Bundle.file = file
folder, review, poster = sys.argv[1:]
recommender = Recommender(Bundle.open(folder))
movie = str(recommender.bundle.catalogue[0])
tastes = (Taste(ratings=(Rating(movie, 9),)), Taste(reviews=(Review(review),)), Taste(posters=(Poster(Path(poster)),)))
for taste in tastes:
    recommender.recommend(taste)
sizes = {{name: (Path(folder) / name).stat().st_size for name in [*used, "manifest.json"]}}
print(json.dumps({{**held(), "files": sum(sizes.values())}}))
"""


def measure(context: Context) -> list[Result]:
    """The one row."""
    folder = bundle()
    if folder is None or not sys.platform.startswith("linux"):
        return [
            Result.absent(WORK, FILES, GOAL, MISSING if folder is None else "what a process holds is Linux's to say")
        ]
    asked = _said(context, ASK, [str(folder), REVIEW, str(poster(folder))])
    bare, libraries = _said(context, BARE, []), _said(context, LIBRARIES, [])
    more = asked["VmRSS"] - libraries["VmRSS"]
    beyond_bare = (asked["VmRSS"] - bare["VmRSS"]) / asked["files"]
    return [
        Result(
            WORK,
            FILES,
            GOAL,
            more / asked["files"],
            "a rating, a review and a poster to all models",
            f"{asked['VmRSS'] / MB:,.0f} MB, {more / MB:,.0f} more than the libraries alone",
            f"{asked['files'] / MB:,.0f} MB",
            f"{beyond_bare:.2f}x counting the libraries too; at most {asked['VmHWM'] / MB:,.0f} MB on the way",
        )
    ]


def _said(context: Context, script: str, arguments: list[str]) -> dict[str, int]:
    said: dict[str, int] = json.loads(python(context, ["-c", script, *arguments]))
    return said
