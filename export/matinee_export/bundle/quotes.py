"""Chooses one spoiler-free sentence per movie from its reviews, to show beside a pick.

In: the review table and the train rows. Out: movie row to (sentence, reviewer). A movie without a good enough sentence
has no quote.

Only reviews that like the movie are used (rated 7 or more, or not rated at all), and never one tagged as a spoiler;
without a tag, none that contains the word "spoiler". The most helpful reviews of each movie are split into sentences,
and a sentence is quoted whole or not at all: 40 to 160 characters, with an opinion about some aspect of the movie and
nothing about how it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matinee.taste import LIKED

SHORTEST, LONGEST = 40, 160
"""Minimum and maximum length of a quote in characters."""

ASKED = 15
"""Maximum number of reviews that are read per movie."""

FIRST_CHARACTERS = 4000
"""Number of characters at the start of a review in which sentences are searched."""

OPINION = re.compile(
    r"\b(amaz|astonish|atmospher|awesome|beautiful|best|brillian|captivat|charm|chilling|classic\b|clever|compelling|"
    r"delight|dazzl|elegan|engag|enjoy|enthrall|excellen|exciting|exhilarat|extraordinar|fantastic|fascinat|favou?rite|"
    r"fresh|fun\b|funn|gem\b|gorgeous|great|gripping|haunting|heartbreaking|heartfelt|hilarious|honest|imaginative|"
    r"impressi|incredible|inspir|intelligent|intense|love(?:ly|d)?\b|magic|magnificent|marvel|masterful|masterpiece|"
    r"memorable|mesmeri|moving|must-see|original\b|outstanding|perfect|poignant|powerful|profound|refreshing|remarkable|"
    r"rewarding|riveting|sharp|smart|spectacular|splendid|stunning|stylish|sublime|superb|suspens|tender|terrific|"
    r"thoughtful|thrilling|timeless|touching|unforgettable|warm|witty|wonderful)"
)
"""Beginnings of words that express an opinion. The patterns from here to UNFIT are matched against lower-case text."""

SUBSTANCE = re.compile(
    r"\b(act(?:ing|or|ors|ress)|camera\w*|cast|character\w*|cinematograph\w*|comedy|dialogue|direct\w+|drama|editing|"
    r"effects|humou?r|images?|music|performances?|photograph\w*|plot|scenery|score|screenplay|script|songs?|soundtrack|"
    r"story|storytelling|style|thriller|visual\w*|writing)\b"
)
"""Words for the aspect of a movie that an opinion is about."""

SPOILING = re.compile(
    r"\b(spoil\w*|ending|ends?\b|the end|final\w*|finish\w*|climax\w*|twists?\b|turns? out|reveal\w*|surprise|"
    r"surprising\w*|died?|dies|dead|death\w*|dying|kill\w*|murder\w*|shot|stab\w*|suicide|survive\w*|defeat\w*|escapes?|betray\w*|"
    r"culprit|pregnan\w*|marr(?:y|ies|ied)|last (?:scene|shot|minutes?|act|half)|secretly|actually (?:is|was)|"
    r"when (?:he|she|they)|after (?:he|she|they)|until)\b"
)
"""Words that may give away the plot; a sentence with one of them is not used."""

UNFIT = re.compile(
    r"(https?:|www\.|@|[<>{}\[\]|*_~#=\\]|\.\.|…|\?|!!|\d\s*/\s*\d|\bout of (?:10|ten|5|five)\b|"
    r"\b(?:not|n[o']t|never|no|nothing|unfortunately|sadly|bad|worst|worse|boring|awful|terrible|poor\w*|waste\w*|"
    r"weak\w*|offens\w*|rather|maybe|might|would|could|should|okay|if|imo|in love|oscars?|awards?|nominat\w*|"
    r"dull|disappoint\w*|overrated|however|although|though|but|except|despite|fails?|failed|lacks?|lacking|"
    r"review\w*|comment\w*|imdb|rated|rating|stars?|vote\w*|dvd|blu-?ray|vhs|remake|sequel|fuck\w*|shit\w*|crap\w*|"
    r"damn\w*|ass|bitch\w*|sexy?|nude|nudity|rap(?:e|ed|ist))\b|n't\b)"
)
"""Patterns that make a sentence unfit to stand alone: links, mark-up, hedging, criticism, ratings, coarse words."""

SLIPS = re.compile(r"\b[A-Z]{4,}\b|[.!,;][A-Z]")
"""Words in capitals, and sentences without a space between them."""

LEANING = re.compile(
    r"(?:And|But|Or|So|Yet|Also|Then|Which|Because|Since|Besides|He|She|They|His|Her|Their|That|These|Those|There|Here|"
    r"Such|Both|Another|As|While|Well|Yes|Oh|My|We|You|If|When|Again|Anyway|Still|Even|Just|To|At|In|I)\b"
)
"""First words that depend on the sentence before, or that refer to the reviewer."""

_FULL_STOP = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|etc|No|Vol|Lt|Sgt|Capt|Col|Gen|Prof|e\.g|i\.e)|\b[A-Z])\.$"
)
_PAIRS = (("(", ")"), ("“", "”"))


class HasReviews(Protocol):
    """The part of a cleaned dataset that is used here: its review table."""

    @property
    def reviews(self) -> pd.DataFrame:
        """The review table: reviewer, movie, rating, imputed, text, spoiler, helpful, helpful_of."""


def choose_quotes(dataset: HasReviews, rows: NDArray[np.integer] | Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return the best sentence of each movie that has one.

    Args:
        dataset: The cleaned dataset.
        rows: Train rows of its review table; no other row is read.

    Returns:
        Movie row to (sentence, reviewer), in the order of the movie rows; the same for the same reviews.
    """
    chosen: dict[int, tuple[str, str]] = {}
    for movie, reviews in _asked(dataset.reviews.iloc[np.sort(np.asarray(rows, dtype=np.int64))]).groupby("movie"):
        best = max(_candidates(reviews), default=None, key=lambda candidate: candidate[0])
        if best is not None:
            chosen[int(str(movie))] = best[1:]
    return chosen


def sentences(text: str) -> list[str]:
    """Return the sentences of an English text, white space folded; "Mr. Ripley" and "J. R. R." do not end one."""
    found: list[str] = []
    for piece in _FULL_STOP.split(" ".join(text.split())):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] += " " + piece
        else:
            found.append(piece)
    return found


def merit(sentence: str) -> float:
    """Return how well a sentence stands alone as praise: 0 if it must not be used, else up to about 5."""
    if not SHORTEST <= len(sentence) <= LONGEST or not sentence[0].isupper() or sentence[-1] not in ".!":
        return 0.0
    low = sentence.lower()
    opinions, subjects = len(OPINION.findall(low)), len(SUBSTANCE.findall(low))
    if not opinions or opinions + subjects < 2:
        return 0.0
    if SPOILING.search(low) or UNFIT.search(low) or SLIPS.search(sentence) or LEANING.match(sentence):
        return 0.0
    if sentence.count('"') % 2 or any(sentence.count(one) != sentence.count(other) for one, other in _PAIRS):
        return 0.0
    fitting = 1.0 - abs(len(sentence) - 100) / 100
    return 1.0 + 0.5 * min(opinions, 3) + 0.4 * min(subjects, 3) + fitting - 0.3 * sentence.count("!")


def _asked(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return the reviews that may be quoted, the most helpful first, at most ASKED per movie."""
    liked = reviews["imputed"] | (reviews["rating"] >= LIKED)
    tag = reviews["spoiler"].astype("Float64").fillna(-1).astype(float)
    fine = liked & (tag != 1) & (reviews["text"].str.len() >= SHORTEST)
    kept = reviews[fine]
    silent = (tag[fine] == 0) | ~kept["text"].str.contains("spoiler", case=False, regex=False)
    ranked = kept[silent].sort_values("helpful", ascending=False, kind="stable")
    return ranked.groupby("movie", sort=False).head(ASKED)


def _candidates(reviews: pd.DataFrame) -> Iterator[tuple[float, str, str]]:
    """Yield (value, sentence, reviewer) for every usable sentence, those of more helpful reviews first.

    The value is the sentence's merit, plus up to 0.5 for a high rating and up to 1 for helpful votes.
    """
    columns = ("text", "reviewer", "rating", "imputed", "helpful", "helpful_of")
    for text, reviewer, rating, imputed, helpful, votes in zip(*(reviews[c] for c in columns), strict=True):
        warmth = 0.0 if imputed else (rating - LIKED) / 6
        trust = (helpful + 1) / (votes + 2)
        for sentence in sentences(text[:FIRST_CHARACTERS]):
            value = merit(sentence)
            if value > 0:
                yield value + warmth + trust, sentence, str(reviewer)
