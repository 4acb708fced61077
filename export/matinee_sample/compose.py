"""Composes a made-up review: a headline and a text that fit the film, the rating and the reviewer's voice.

In: a film and its relatives, a rating from 1 to 10, a voice and a random generator. Out: `Prose(summary, text,
spoiler)`. The phrase banks are in `phrases/sentences.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee_sample.films import Film
from matinee_sample.phrasing import bank, contract, expand, pick
from matinee_sample.wording import Wording

VOICES = ("plain", "terse", "chatty", "scholarly", "grumpy", "enthusiastic")
_BANDS = ("hate", "dislike", "mixed", "like", "love")  # two ratings each: 1-2, 3-4, 5-6, 7-8, 9-10
_KINDNESS = {"love": 0.97, "like": 0.82, "mixed": 0.5, "dislike": 0.18, "hate": 0.05}  # share of praising sentences
_ONE_LINERS = {"love": "good", "like": "good", "mixed": "mixed", "dislike": "bad", "hate": "bad"}
# Probabilities, by voice, of one line, a few sentences, one paragraph and several paragraphs.
_LENGTHS = {
    "plain": (0.14, 0.34, 0.38, 0.14),
    "terse": (0.42, 0.46, 0.12, 0.0),
    "chatty": (0.1, 0.34, 0.4, 0.16),
    "scholarly": (0.02, 0.16, 0.42, 0.4),
    "grumpy": (0.14, 0.42, 0.34, 0.1),
    "enthusiastic": (0.14, 0.36, 0.36, 0.14),
}
_CRAFTS = ("acting", "script", "camera", "score", "ending", "design", "editing", "characters")
_SPOKEN = frozenset({"chatty", "grumpy", "enthusiastic"})
# A film's kind of spoiler is the first family here with a key among its themes or genres.
_SPOILERS = (
    ("family", frozenset({"animation", "Children"})),
    ("fear", frozenset({"ghosts", "slasher", "zombies", "monster", "possession", "haunted-house", "Horror"})),
    ("crime", frozenset({"detective", "twist", "heist", "murder-plot", "double-cross", "con-artists", "conspiracy"})),
    ("war", frozenset({"wwii", "war-front", "soldiers", "vietnam", "submarine"})),
    ("love", frozenset({"romance", "lost-love", "forbidden-love", "first-love", "infidelity"})),
    ("quest", frozenset({"quest", "space", "superhero", "western-showdown", "sword-fights", "treasure"})),
)


@dataclass(frozen=True, slots=True)
class Prose:
    """The headline and the text of a review; `spoiler` is whether it gives the ending away."""

    summary: str
    text: str
    spoiler: bool


def compose(
    film: Film, relatives: Sequence[Film], rating: int, voice: str, spoiler: bool, rng: np.random.Generator
) -> Prose:
    """Return a review of `film` in `voice` whose praise and blame fit `rating` (1 to 10)."""
    band = _BANDS[(rating - 1) // 2]
    writer = _Writer(film, Wording(film, relatives, rng), band, voice, rng)
    summary = writer.sentence(f"headline.{band}")
    paragraphs = writer.paragraphs()
    if spoiler:
        paragraphs[-1].insert(len(paragraphs[-1]) // 2 + 1, writer.sentence(f"spoiler.{_spoiler_family(film)}"))
    text = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    spoken = voice in _SPOKEN and rng.random() < 0.8
    return Prose(summary, contract(text) if spoken else text, spoiler)


class _Writer:
    """Writes the sentences of one review, without repeating a template while others are left."""

    def __init__(self, film: Film, wording: Wording, band: str, voice: str, rng: np.random.Generator) -> None:
        self._film = film
        self._wording = wording
        self._band = band
        self._voice = voice
        self._rng = rng
        self._used: set[str] = set()
        self._turned = False

    def paragraphs(self) -> list[list[str]]:
        """Return the text's paragraphs, each a list of sentences."""
        shapes = (self._one_line, self._few, self._paragraph, self._several)
        return shapes[int(self._rng.choice(4, p=_LENGTHS[self._voice]))]()

    def sentence(self, kind: str) -> str:
        """Return a sentence of `kind`, from a template that this review has not used, if any is left."""
        unused = [template for template in bank("sentences")[kind] if template not in self._used]
        template = pick(unused or bank("sentences")[kind], self._rng)
        self._used.add(template)
        return expand(template, self._wording.fill, self._rng)

    def _one_line(self) -> list[list[str]]:
        return [[self.sentence(f"oneliner.{_ONE_LINERS[self._band]}")]]

    def _few(self) -> list[list[str]]:
        body = [self._about(), *self._remarks(int(self._rng.integers(1, 3)))]
        ends = self._open() if self._rng.random() < 0.6 else []
        return [[*ends, *body, self.sentence(f"verdict.{self._band}")]]

    def _paragraph(self) -> list[list[str]]:
        body = [self.sentence("premise"), *self._remarks(int(self._rng.integers(3, 6)))]
        return [[*self._open(), *body, *self._close()]]

    def _several(self) -> list[list[str]]:
        first = [*self._open(), self.sentence("premise"), self._setting()]
        middle = self._remarks(int(self._rng.integers(4, 6)))
        craft = [self._craft() for _ in range(int(self._rng.integers(1, 3)))] + [self._highlight(), self._era()]
        return [first, middle, craft, self._close()]

    def _open(self) -> list[str]:
        greets = self._rng.random() < 0.3 and self._in_voice()
        greeting = [self.sentence(f"voice.{self._voice}.start")] if greets else []
        return [*greeting, self.sentence(f"opening.{self._band}")]

    def _about(self) -> str:
        return self.sentence("premise") if self._rng.random() < 0.55 else self._judge("theme")

    def _close(self) -> list[str]:
        tail = self._rng.random(3)
        aside = [self.sentence(f"voice.{self._voice}.aside")] if tail[0] < 0.35 and self._in_voice() else []
        compared = [self._judge("compare")] if tail[1] < 0.2 else []
        advice = [self._judge("audience")] if tail[2] < 0.45 else []
        return [*aside, *compared, *advice, self.sentence(f"verdict.{self._band}")]

    def _remarks(self, count: int) -> list[str]:
        """Return `count` remarks on different subjects, in a natural order."""
        matters = (self._theme, self._mood, self._pace, self._setting, self._craft, self._director, self._highlight)
        weights = np.array([1.8, 1.2, 1.0, 0.5, 1.2, 0.6, 0.9])
        chosen = self._rng.choice(len(matters), size=count, replace=False, p=weights / weights.sum())
        return [matters[i]() for i in sorted(int(i) for i in chosen)]

    def _judge(self, kind: str) -> str:
        """Return a sentence of praise or blame; the first against the review's tone begins with a "turn" phrase."""
        good = self._rng.random() < _KINDNESS[self._band]
        said = self.sentence(f"{kind}.{'good' if good else 'bad'}")
        against = good != self._pleased() and self._band != "mixed"
        if not against or self._turned or kind in ("compare", "audience"):
            return said
        self._turned = True
        return f"{self.sentence('turn.good' if good else 'turn.bad')} {said}"

    def _theme(self) -> str:
        return self._judge("theme")

    def _mood(self) -> str:
        return self._judge("mood")

    def _pace(self) -> str:
        return self._judge(f"pace.{self._film.pace}")

    def _setting(self) -> str:
        return self._theme() if self._wording.said("setting") else self._judge("setting")

    def _highlight(self) -> str:
        return self._mood() if self._wording.said("highlight") else self._judge("highlight")

    def _craft(self) -> str:
        return self._judge(f"craft.{pick(_CRAFTS, self._rng)}")

    def _director(self) -> str:
        return self._craft() if " and " in self._film.director else self._judge("director")

    def _era(self) -> str:
        return self.sentence(f"era.{_era(self._film.year) if self._pleased() else 'neutral'}")

    def _pleased(self) -> bool:
        return self._band in ("love", "like")

    def _in_voice(self) -> bool:
        """Return whether phrases of the reviewer's voice fit: an enthusiast's only fit a favourable review."""
        return self._voice != "enthusiastic" or self._pleased()


def _era(year: int) -> str:
    bounds = ((1940, "early"), (1967, "classic"), (1981, "seventies"), (2000, "eighties"))
    return next((name for end, name in bounds if year < end), "modern")


def _spoiler_family(film: Film) -> str:
    keys = {*film.themes, *film.genres}
    return next((family for family, marks in _SPOILERS if keys & marks), "drama")
