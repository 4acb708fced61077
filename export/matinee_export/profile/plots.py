"""The plots of a profile, each with a sentence that gives its main figures.

In: a `Profile`. Out: plots by section; a plot that would be empty is left out. A plot shows the data after cleaning,
and also the data before cleaning if they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from matinee_export.profile.sections import edges
from matinee_export.profile.statistics import CLEANED, READ, Distribution, Profile, Value, say
from matinee_export.reports import Plot, plain, plots

_MONTHS = 48  # dates that span more are drawn by year
_GENRES = 24  # commonest genres that are drawn


def profile_plots(found: Profile) -> dict[str, list[Plot]]:
    """Return a profile's plots by section, such as "ratings"."""
    facts = {figure.key: (figure.cleaned if figure.cleaned is not None else figure.read) for figure in found.figures}
    drawn = {
        "per_reviewer": _spread(found, facts, "per_reviewer", "reviews_of_a_reviewer", "reviewer"),
        "per_movie": _spread(found, facts, "per_movie", "reviews_of_a_movie", "movie"),
        "ratings": _ratings(found.distributions["ratings"], facts),
        "dates": _dates(found, facts),
        "spoilers": _spoilers(facts),
        "helpful": _helpful(found),
        "texts": _texts(found.distributions["text_lengths"], facts),
        "movies": _years(found.distributions["movie_years"]),
        "scores": _scores(found.distributions["scores"], facts),
        "genres": _genres(facts),
    }
    return {section: list(made) for section, made in drawn.items()}


Facts = Mapping[str, Value]


def _spread(found: Profile, facts: Facts, section: str, name: str, whose: str) -> Iterator[Plot]:
    """Plot how many reviews each reviewer or movie has, on logarithmic axes with intervals of equal ratio."""
    spread = found.distributions[name]
    numbers = [int(number) for number in (*spread.cleaned, *spread.read)]
    ends = edges(min(numbers), max(numbers), per_octave=1 if min(numbers) < 8 else 4)
    title = f"Reviews of each {whose}"
    svg = plots.histogram(title, ends, _binned(spread, ends), "reviews", f"{whose}s", log_x=True, log_y=True)
    mean, sd, median, least, most = (say(facts[f"{section}.{key}"]) for key in ("mean", "sd", "median", "min", "max"))
    deviation = "" if sd == "–" else f" (standard deviation {sd})"
    alt = f"{title}, both axes logarithmic: {mean} on average{deviation}, median {median}, from {least} to {most}."
    yield Plot(f"reviews-of-each-{whose}", svg, alt)


def _ratings(ratings: Distribution, facts: Facts) -> Iterator[Plot]:
    svg = _columns("Reviews by rating", ratings, "rating", [str(rating) for rating in range(1, 11)])
    alt = (
        f"Reviews by rating, to the nearest whole: mean {say(facts['ratings.mean'])}, standard deviation "
        f"{say(facts['ratings.sd'])}, commonest {say(facts['ratings.mode'])}; "
        f"{say(facts['ratings.imputed'])} are imputed."
    )
    yield Plot("ratings", svg, alt)


def _dates(found: Profile, facts: Facts) -> Iterator[Plot]:
    months, years = found.distributions["review_months"], found.distributions["review_years"]
    if not months.cleaned:
        return
    ordered = _months(next(iter(months.cleaned)), list(months.cleaned)[-1])
    if len(ordered) <= _MONTHS:
        svg, unit = _columns("Reviews by month", months, "month", ordered), "month"
    else:
        spanned = range(int(next(iter(years.cleaned))), int(list(years.cleaned)[-1]) + 1)
        svg, unit = _columns("Reviews by year", years, "year", [str(year) for year in spanned]), "year"
    alt = (
        f"Reviews by {unit}, from {facts['dates.first']} to {facts['dates.last']}; the commonest date is "
        f"{facts['dates.commonest']}, with {say(facts['dates.commonest_count'])}."
    )
    yield Plot("review-dates", svg, alt)


def _spoilers(facts: Facts) -> Iterator[Plot]:
    flags = {label: _count(facts[f"spoilers.{key}"]) for label, key in (("spoiler", "yes"), ("no spoiler", "no"))}
    if not sum(flags.values()):
        return
    flags["not said"] = _count(facts["spoilers.unknown"])
    svg = plots.bars("Reviews by spoiler flag", flags, "reviews", horizontal=True)
    yield Plot("spoilers", svg, f"Reviews by spoiler flag: {_listed(flags)}.")


def _helpful(found: Profile) -> Iterator[Plot]:
    votes = {
        figure.label: _count(figure.read)
        for figure in sorted(found.figures, key=lambda figure: -_count(figure.read))
        if figure.key.startswith("helpful.[") and figure.read
    }
    if votes:
        svg = plots.bars("Commonest helpful votes, as read", votes, "reviews", horizontal=True)
        yield Plot("helpful", svg, f"Reviews by [votes that found it helpful, all votes]: {_listed(votes, 4)}.")


def _texts(lengths: Distribution, facts: Facts) -> Iterator[Plot]:
    if lengths.cleaned:
        lows = [int(low) for low in lengths.cleaned]
        ends = [*lows, max(round(lows[-1] * 2**0.5), lows[-1] + 1)]
        svg = plots.histogram("Lengths of texts", ends, _series(lengths), "characters", "reviews", log_x=True)
        mean, median, least, most = (say(facts[f"texts.{key}"]) for key in ("mean", "median", "min", "max"))
        alt = (
            f"Lengths of texts in characters, in intervals of equal ratio: {mean} on average, median {median}, "
            f"from {least} to {most}."
        )
        yield Plot("text-lengths", svg, alt)


def _years(years: Distribution) -> Iterator[Plot]:
    if years.cleaned:
        spanned = [int(year) for year in years.cleaned]
        svg = _columns("Movies by year", years, "year", [str(year) for year in range(spanned[0], spanned[-1] + 1)])
        most = max(years.cleaned, key=lambda year: years.cleaned[year])
        alt = f"Movies by year, from {spanned[0]} to {spanned[-1]}; most, {years.cleaned[most]:,}, are of {most}."
        yield Plot("movie-years", svg, alt)


def _scores(scores: Distribution, facts: Facts) -> Iterator[Plot]:
    if scores.cleaned:
        values = [float(score) for score in (*scores.cleaned, *scores.read)]
        ends = [step / 2 for step in range(int(2 * min(values)), int(2 * max(values)) + 2)]
        svg = plots.histogram("Movies by IMDb score", ends, _binned(scores, ends), "score", "movies")
        mean, sd, least, most = (say(facts[f"scores.{key}"]) for key in ("mean", "sd", "min", "max"))
        yield Plot(
            "scores",
            svg,
            f"Movies by IMDb score: mean {mean}, standard deviation {sd}, from {least} to {most}.",
        )


def _genres(facts: Facts) -> Iterator[Plot]:
    counts = {key.partition(".")[2]: _count(value) for key, value in facts.items() if key.startswith("genres.")}
    shown = dict(list({name: n for name, n in counts.items() if n}.items())[:_GENRES])
    if shown:
        svg = plots.bars("Movies by genre", shown, "movies", horizontal=True)
        yield Plot("genres", svg, f"Movies by genre, of which a movie may have several: {_listed(shown, 5)}.")


def _columns(title: str, counts: Distribution, xlabel: str, names: list[str]) -> str:
    """Draw one column for each name, or two side by side if cleaning changed any count."""
    series = {name: [numbers.get(n, 0) for n in names] for name, numbers in _sides(counts).items()}
    if len(series) == 1:
        return plots.bars(title, dict(zip(names, series[CLEANED], strict=True)), xlabel, _ylabel(title))
    by_name = {
        name: {side: float(values[place]) for side, values in series.items()} for place, name in enumerate(names)
    }
    return plots.grouped(title, by_name, _ylabel(title))


def _ylabel(title: str) -> str:
    return title.partition(" ")[0].lower()


def _sides(counts: Distribution) -> dict[str, dict[str, int]]:
    """Return the counts after cleaning and, if they differ, those before it, by the name of the side."""
    return ({READ: counts.read} if counts.read != counts.cleaned else {}) | {CLEANED: counts.cleaned}


def _series(counts: Distribution) -> dict[str, list[int]]:
    return {name: list(side.values()) for name, side in _sides(counts).items()}


def _binned(counts: Distribution, ends: list[int] | list[float]) -> dict[str, list[int]]:
    """Return, for each side, the counts in the intervals between successive `ends`, upper ends excluded."""
    return {
        name: [sum(n for value, n in side.items() if low <= float(value) < high) for low, high in pairwise(ends)]
        for name, side in _sides(counts).items()
    }


def _months(first: str, last: str) -> list[str]:
    """Return every month from `first` to `last`, in the form "2005-07"."""
    start, stop = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, stop + 1)]


def _listed(counts: Mapping[str, float], most: int = 12) -> str:
    listed = ", ".join(f"{plain(name)} {n:,.0f}" for name, n in list(counts.items())[:most])
    return f"{listed}, and {len(counts) - most} more" if len(counts) > most else listed


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0
