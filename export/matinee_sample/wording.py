"""Words for the slots of the sentence templates in one review of one film.

In: a `Film`, its closest relatives, and a random generator. Out: `Wording`, which returns the text for a slot ("theme",
"a_kind", "highlight", ...).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matinee_sample.films import Film
from matinee_sample.phrasing import bank, pick

_PACE_WORDS = {
    "slow": ("slow", "slow-burning", "unhurried"),
    "steady": ("steady", "measured", "well-paced"),
    "brisk": ("brisk", "lively", "nimble"),
    "fast": ("fast", "breathless", "rapid"),
}
_LIGHT_MOODS = frozenset({"absurd", "feel-good", "funny", "hopeful", "playful", "sexy", "tender", "warm", "whimsical"})
_DECADES = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


class Wording:
    """Fills the slots in one review of one film; each use of the theme or mood slot takes the next theme or mood."""

    def __init__(self, film: Film, relatives: Sequence[Film], rng: np.random.Generator) -> None:
        self._film = film
        self._relatives = relatives
        self._rng = rng
        self._themes = _leading_first(film.themes, rng)
        self._moods = _leading_first(film.moods, rng)
        self._kind = pick((kinds(film) * 2)[:3], rng)  # the first kind twice as often as the second
        self._theme_turn = 0
        self._mood_turn = 0
        self._said: set[str] = set()

    def fill(self, slot: str) -> str:
        """Return the words for `slot`; raises AttributeError if there is no such slot."""
        self._said.add(slot)
        return str(getattr(self, f"_say_{slot}")())

    def said(self, slot: str) -> bool:
        """Return whether this review has used `slot` already."""
        return slot in self._said

    def _say_title(self) -> str:
        return self._film.title

    def _say_director(self) -> str:
        return self._film.director

    def _say_year(self) -> str:
        return str(self._film.year)

    def _say_decade(self) -> str:
        decade = self._film.year // 10 - 192
        by_name = decade < len(_DECADES) and self._rng.random() < 0.5
        return _DECADES[decade] if by_name else f"{self._film.year // 10}0s"

    def _say_setting(self) -> str:
        return self._film.setting

    def _say_premise(self) -> str:
        return self._film.premise

    def _say_highlight(self) -> str:
        return self._film.highlight

    def _say_theme(self) -> str:
        self._theme_turn += 1
        theme = self._themes[(self._theme_turn - 1) % len(self._themes)]
        return str(pick(bank("themes")[theme], self._rng))

    _say_theme2 = _say_theme

    def _say_mood(self) -> str:
        self._mood_turn += 1
        mood = self._moods[(self._mood_turn - 1) % len(self._moods)]
        return str(pick(bank("moods")[mood]["adjectives"], self._rng))

    _say_mood2 = _say_mood

    def _say_moodnoun(self) -> str:
        return str(pick(bank("moods")[self._moods[0]]["nouns"], self._rng))

    def _say_mood_not(self) -> str:
        light, heavy = ("cosy", "cheerful", "sunny", "comfortable"), ("grim", "solemn", "gloomy", "harsh")
        return pick(heavy if self._moods[0] in _LIGHT_MOODS else light, self._rng)

    def _say_attr(self) -> str:
        return str(bank("moods")[self._moods[0]]["adjectives"][0])

    def _say_attr2(self) -> str:
        return str(bank("moods")[self._moods[1 % len(self._moods)]]["adjectives"][0])

    def _say_pace_word(self) -> str:
        return pick(_PACE_WORDS[self._film.pace], self._rng)

    def _say_kind(self) -> str:
        return self._kind[0]

    def _say_kinds(self) -> str:
        return self._kind[1]

    def _say_a_kind(self) -> str:
        return f"{'an' if self._kind[0][0] in 'aeiou' else 'a'} {self._kind[0]}"

    def _say_other(self) -> str:
        other = pick(self._relatives, self._rng)
        return other.title if self._rng.random() < 0.7 else f"{other.title} ({other.year})"


def kinds(film: Film) -> list[tuple[str, str]]:
    """Return the film's kinds, the most characteristic first, as pairs like ("war film", "war films")."""
    found = [(row["one"], row["many"]) for row in bank("kinds") if row["key"] in _field(film, row["field"])]
    return list(dict.fromkeys(found)) or [("film", "films")]


def _field(film: Film, name: str) -> tuple[str, ...]:
    return film.themes if name == "theme" else film.genres


def _leading_first(keys: tuple[str, ...], rng: np.random.Generator) -> list[str]:
    """Shuffle the keys such that the first, most characteristic ones tend to stay in front."""
    places = np.arange(len(keys)) + rng.exponential(1.2, len(keys))
    return [keys[i] for i in np.argsort(places, kind="stable")]
