"""The rows of picks as HTML."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from matinee.catalogue import Movie, Quote
from matinee.recommender import Answer, Pick
from matinee_demo.banner import render_banner
from matinee_demo.rows import render_row, render_shelves
from matinee_demo.templates import alert
from matinee_demo.wall import render_wall
from matinee_demo.words import VERDICTS

NASTY = '<script>alert(1)</script>" onmouseover="x \' `${1}` {{this}}'


class Tags(HTMLParser):
    """Collects every tag with its attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every `tag`."""
        return [attributes for name, attributes in self.tags if name == tag]


HEAT = Movie("tt0113277", "Heat", 1995, ("Crime",), 8.3, "https://example.org/heat", "posters/tt0113277.jpg")


def _answer(model: str = "bert", movie: Movie = HEAT, *, match: float = 0.5, inferred: bool = False) -> Answer:
    pick = Pick(movie, model, 1, match, f"because of {movie.title}", inferred, f"like {movie.title}")
    return Answer(model, [pick], 1.0)


def test_a_card_shows_title_year_imdb_score_match_and_reason_and_opens_the_films_details() -> None:
    page = Tags(render_row("bert", _answer(), {}))
    for words in (
        "Heat",
        "1995",
        "★ 8.3",
        "match: 100% of the best here",
        "like Heat",
        "BERT",
        "what reviews say",
    ):
        assert words in page.text
    opener = next(button for button in page.of("button") if button.get("data-act") == "open")
    assert opener["data-movie"] == "tt0113277"
    assert opener["aria-haspopup"] == "dialog"


def test_a_card_has_a_named_button_for_each_verdict() -> None:
    page = Tags(render_row("bert", _answer(), {}))
    said = [button for button in page.of("button") if button.get("data-act") == "say"]
    assert [button["data-said"] for button in said] == list(VERDICTS)
    assert {button["data-movie"] for button in said} == {"tt0113277"}
    for words in VERDICTS.values():
        assert f"{words}: Heat (1995)" in page.text


def test_a_row_says_how_long_its_model_took() -> None:
    assert "1,235 ms" in render_row("bert", Answer("bert", [], 1234.6), {})


def test_a_card_gives_a_brief_reason_with_a_quote_and_the_whole_reason_on_hover() -> None:
    reason, quote = 'close to what you wrote: "dark"', Quote("A <dark> one.", "someone")
    answer = Answer("bert", [Pick(HEAT, "bert", 1, 0.5, reason, False, "close to your words", quote)], 1.0)
    page = Tags(render_row("bert", answer, {}))
    assert "close to your wordsA <dark> one." in page.text.replace("words ", "words")
    assert f'{reason}; reviewers say: "A <dark> one."' in [line.get("title") for line in page.of("p")]
    assert "A <dark> one" not in str(Tags(render_row("bert", answer, {}, quotes=False)).tags)
    assert "A <dark> one" not in Tags(render_row("bert", answer, {}, quotes=False)).text


def test_posters_are_lazy_and_have_alternative_text() -> None:
    image = Tags(render_row("bert", _answer(), {})).of("img")[0]
    assert image["src"] == "posters/tt0113277.jpg"
    assert image["loading"] == "lazy"
    assert image["alt"] == "Poster of Heat (1995)"


def test_a_film_without_a_poster_year_or_score_shows_its_title_instead() -> None:
    page = Tags(render_row("bert", _answer(movie=replace(HEAT, poster=None, year=None, score=None)), {}))
    assert not page.of("img")
    assert "None" not in page.text


def test_titles_and_reasons_never_become_markup() -> None:
    movie = replace(HEAT, title=NASTY)
    page = Tags(render_row("bert", _answer(movie=movie), {}) + render_wall([movie], {}, 0) + alert(NASTY))
    assert not page.of("script")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert page.text.count(NASTY) == 6  # the title, what one can say of it, the reason, the alert


def test_inferred_picks_and_untrained_models_are_marked() -> None:
    bpr = render_row("bpr", _answer("bpr", inferred=True), {"clip": "seeded"})
    clip = render_row("clip", _answer("clip"), {"clip": "seeded"})
    assert ">inferred<" in bpr
    assert "untrained" not in bpr
    assert ">inferred<" not in clip
    assert "untrained weights: its picks mean nothing yet" in clip


def test_a_model_that_has_not_answered_waits() -> None:
    page = Tags(render_row("bert", None, {}))
    assert page.of("section")[0]["data-model"] == "bert"
    assert [strip.get("aria-busy") for strip in page.of("div") if strip.get("class") == "mt-strip"] == ["true"]


@pytest.mark.parametrize("match", [-3.0, 0.0, 1e-9, 1e9])
def test_any_score_draws_a_bar_of_at_most_the_whole_width(match: float) -> None:
    bar = Tags(render_row("bpr", _answer("bpr", match=match), {})).of("i")[0]["style"]
    assert bar in ("width:4%", "width:100%")


def test_a_row_without_picks_says_so() -> None:
    assert "Nothing here passes your filters" in render_row("bert", Answer("bert", [], 1.0), {})


def test_shelves_are_named_rows_of_films() -> None:
    page = Tags(render_shelves({"Most liked here": [Movie("tt1", "Heat", liked=1200)]}))
    assert "Most liked here" in page.text
    assert "liked by 1,200" in page.text


def test_the_banner_says_in_plain_words_which_data_and_weights_answer() -> None:
    about: dict[str, Any] = {
        "dataset": {"name": "Tiny <b>", "made_up": True, "note": "Invented.", "counts": {"movies": 1200, "texts": 0}},
        "encoders": {
            "bert": {"weights": "pretrained", "meaning": "pretrained weights", "source": "x"},
            "clip": {"weights": "seeded", "meaning": "untrained weights: its picks mean nothing yet", "source": "y"},
        },
        "models": {"bert": {}, "clip": {}},
    }
    page = Tags(render_banner(about))
    assert "made-up data Tiny <b>: 1,200 movies. Invented." in page.text
    assert "CLIP untrained weights: its picks mean nothing yet" in page.text
    assert [chip.get("class") for chip in page.of("li")] == [None, "mt-warn"]
    assert "Two models" in page.text
    about["dataset"]["made_up"] = False
    assert "real data" in render_banner(about)
