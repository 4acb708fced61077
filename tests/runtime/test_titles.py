"""Finding a movie by what a person typed."""

from __future__ import annotations

import time

import pytest

from matinee.catalogue import Catalogue, Movie
from matinee.errors import UnknownNameError
from matinee.titles import find, name_of, suggest, title_key

FILMS = [
    ("Heat", 1995, 80),
    ("Heat", 1986, 3),
    ("The Heat", 2013, 9),
    ("The Matrix", 1999, 99),
    ("Matrix Reloaded, The", 2003, 20),
    ("Rocky", 1976, 40),
    ("Rocky II", 1979, 10),
    ("Rocky III", 1982, 8),
    ("Amélie", 2001, 50),
    ("WALL·E", 2008, 60),
    ("Schindler's List", 1993, 70),
    ("Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", 1964, 30),
    ("Thelma & Louise", 1991, 22),
    ("2012", 2009, 5),
    ("1917", 2019, 12),
    ("Blade Runner 2049", 2017, 33),
    ("Blade Runner", 1982, 55),
    ("Spider-Man", 2002, 44),
    ("A.I. Artificial Intelligence", 2001, 6),
    ("Crouching Tiger, Hidden Dragon", 2000, 17),
    ("七人の侍", 1954, 25),
    ("The Silence of the Lambs", 1991, 77),
    ("Kill Bill: Vol. 1", 2003, 41),
    ("Kill Bill: Vol. 2", 2004, 39),
    ("Untitled", None, 0),
]
CATALOGUE = Catalogue(
    [Movie(f"tt{7 * row + 100:07d}", title, year, liked=liked) for row, (title, year, liked) in enumerate(FILMS)]
)


def _found(query: str) -> str:
    return str(CATALOGUE[find(CATALOGUE, query)])


@pytest.mark.parametrize(
    ("query", "movie"),
    [
        ("The Matrix", "The Matrix (1999)"),
        ("matrix", "The Matrix (1999)"),
        ("Matrix, The", "The Matrix (1999)"),
        ("Matrix, The (1999)", "The Matrix (1999)"),
        ("  THE   MATRIX  ", "The Matrix (1999)"),
        ("the matrix reloaded", "Matrix Reloaded, The (2003)"),
        ("amelie", "Amélie (2001)"),
        ("Amélie", "Amélie (2001)"),
        ("wall-e", "WALL·E (2008)"),
        ("walle", "WALL·E (2008)"),
        ("schindlers list", "Schindler's List (1993)"),
        ("Schindler’s List", "Schindler's List (1993)"),
        ("thelma and louise", "Thelma & Louise (1991)"),
        ("spiderman", "Spider-Man (2002)"),
        ("spider man", "Spider-Man (2002)"),
        ("ai artificial intelligence", "A.I. Artificial Intelligence (2001)"),
        ("crouching tiger hidden dragon", "Crouching Tiger, Hidden Dragon (2000)"),
        ("七人の侍", "七人の侍 (1954)"),
        ("untitled", "Untitled"),
    ],
)
def test_case_accents_articles_and_punctuation_do_not_matter(query: str, movie: str) -> None:
    assert _found(query) == movie


@pytest.mark.parametrize(
    ("query", "movie"),
    [
        ("rocky 2", "Rocky II (1979)"),
        ("Rocky III", "Rocky III (1982)"),
        ("kill bill vol ii", "Kill Bill: Vol. 2 (2004)"),
    ],
)
def test_roman_and_arabic_numbers_are_the_same(query: str, movie: str) -> None:
    assert _found(query) == movie


@pytest.mark.parametrize("query", ["Heat (1986)", "heat 1986", "Heat, 1986", "heat [1986]", "HEAT(1986)"])
def test_a_year_tells_equal_titles_apart(query: str) -> None:
    assert _found(query) == "Heat (1986)"


def test_of_equal_titles_the_most_liked_is_meant() -> None:
    assert _found("heat") == "Heat (1995)"


def test_the_very_year_comes_before_one_beside_it_however_liked() -> None:
    beside = Catalogue([Movie("tt0000001", "Heat", 1994, liked=90), Movie("tt0000002", "Heat", 1995, liked=5)])
    assert find(beside, "Heat (1995)") == 1


def test_a_year_may_be_off_by_one() -> None:
    assert _found("Amélie (2002)") == "Amélie (2001)"


@pytest.mark.parametrize("query", ["Heat (1950)", "The Silence of the Lambs (1950)"])
def test_a_year_that_is_far_off_is_not_guessed_away(query: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        find(CATALOGUE, query)
    assert any(query[:4] in name for name in error.value.nearest)


@pytest.mark.parametrize(
    ("query", "movie"),
    [
        ("2012", "2012 (2009)"),
        ("1917", "1917 (2019)"),
        ("1917 (2019)", "1917 (2019)"),
        ("blade runner 2049", "Blade Runner 2049 (2017)"),
        ("Blade Runner 2049 (2017)", "Blade Runner 2049 (2017)"),
        ("blade runner 1982", "Blade Runner (1982)"),
    ],
)
def test_a_number_in_a_title_is_not_a_year(query: str, movie: str) -> None:
    assert _found(query) == movie


@pytest.mark.parametrize(
    ("query", "movie"),
    [
        ("the silense of the lambs", "The Silence of the Lambs (1991)"),
        ("silence of teh lambs (1991)", "The Silence of the Lambs (1991)"),
        ("shindlers list", "Schindler's List (1993)"),
        ("the matrx", "The Matrix (1999)"),
        ("crouchin tiger hiden dragon", "Crouching Tiger, Hidden Dragon (2000)"),
        ("thelma & luise", "Thelma & Louise (1991)"),
    ],
)
def test_a_small_typo_is_forgiven(query: str, movie: str) -> None:
    assert _found(query) == movie


def test_a_typo_never_changes_a_number() -> None:
    with pytest.raises(UnknownNameError) as error:
        find(CATALOGUE, "Kill Bill: Vol. 3")
    assert {"Kill Bill: Vol. 1 (2003)", "Kill Bill: Vol. 2 (2004)"} <= set(error.value.nearest)


@pytest.mark.parametrize("query", ["tt0000121", "TT0000121", "tt00121", "https://www.imdb.com/title/tt0000121/?ref_=x"])
def test_imdb_ids_and_addresses_are_understood(query: str) -> None:
    assert find(CATALOGUE, query) == 3


def test_an_unknown_imdb_id_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no movie is called 'tt9999999'"):
        find(CATALOGUE, "tt9999999")


@pytest.mark.parametrize("query", ["", "   ", "!!!", "zzzzqqqq", "x" * 100_000, "\x00", "🎬", "the"])
def test_what_is_no_title_is_refused(query: str) -> None:
    with pytest.raises(UnknownNameError, match="no movie is called"):
        find(CATALOGUE, query)


@pytest.mark.parametrize("letters", ["ﷺ", "\u0301", "a,", "(1995)", "tt0", "a (", " "])
def test_a_megabyte_of_characters_is_answered_at_once_in_a_line(letters: str) -> None:
    start = time.perf_counter()
    with pytest.raises(UnknownNameError) as error:
        find(CATALOGUE, letters * 300_000)
    suggest(CATALOGUE, letters * 300_000)
    assert time.perf_counter() - start < 5
    assert len(str(error.value)) < 3_000
    assert "\n" not in str(error.value)


def test_an_unknown_title_lists_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean .*Heat \(1995\)") as error:
        find(CATALOGUE, "heatwave")
    assert 1 <= len(error.value.nearest) <= 3


def test_an_unknown_title_lists_those_it_begins() -> None:
    with pytest.raises(UnknownNameError) as error:
        find(CATALOGUE, "kill bill")
    assert error.value.nearest[:2] == ["Kill Bill: Vol. 1 (2003)", "Kill Bill: Vol. 2 (2004)"]


def test_every_movie_is_found_by_its_own_name() -> None:
    for row, movie in enumerate(CATALOGUE):
        if movie.title != "The Heat":  # Heat without its article is the other film
            assert find(CATALOGUE, str(movie)) == row
        assert find(CATALOGUE, movie.id) == row


def test_an_empty_catalogue_has_no_movies() -> None:
    with pytest.raises(UnknownNameError):
        find(Catalogue([]), "Heat")
    assert suggest(Catalogue([]), "heat") == []


def _offered(prefix: str, limit: int = 8) -> list[str]:
    return [str(CATALOGUE[row]) for row in suggest(CATALOGUE, prefix, limit)]


def test_suggestions_begin_with_what_was_typed_the_most_liked_first() -> None:
    assert _offered("hea") == ["Heat (1995)", "The Heat (2013)", "Heat (1986)"]


def test_the_very_title_is_suggested_before_more_liked_ones_that_begin_with_it() -> None:
    longer = Catalogue(
        [Movie("tt0000001", "Seven Samurai", 1954, liked=90), Movie("tt0000002", "Seven", 1995, liked=5)]
    )
    assert suggest(longer, "sev") == [0, 1]
    assert suggest(longer, "seven") == [1, 0]


def test_suggestions_include_words_inside_a_title_after_those_that_begin() -> None:
    assert _offered("r")[:2] == ["Rocky (1976)", "Rocky II (1979)"]
    assert "Blade Runner (1982)" in _offered("run")


def test_suggestions_forgive_typos() -> None:
    assert _offered("schnidler")[0] == "Schindler's List (1993)"


def test_suggestions_take_a_year() -> None:
    assert _offered("heat 1986")[0] == "Heat (1986)"


def test_suggestions_are_no_more_than_asked_for_and_never_twice() -> None:
    assert len(_offered("a", 3)) <= 3
    offered = _offered("rocky", 20)
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize("prefix", ["", "  ", "???", "\x00"])
def test_nothing_typed_suggests_nothing(prefix: str) -> None:
    assert _offered(prefix) == []


def test_a_title_key_keeps_what_tells_titles_apart() -> None:
    assert title_key("Alien") != title_key("Aliens")
    assert title_key("Rocky") != title_key("Rocky II")
    assert title_key("The The") == "the"


def test_every_movie_has_a_name_by_which_it_is_found() -> None:
    twins = Catalogue([*CATALOGUE, Movie("tt9000001", "Heat", 1995, liked=1), Movie("tt9000002", "???", None)])
    names = [name_of(twins, row) for row in range(len(twins))]
    assert names[0] == "Heat (1995)"
    assert names[-2:] == ["tt9000001", "???"]
    assert [find(twins, name) for name in names] == list(range(len(twins)))
