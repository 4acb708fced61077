"""The built-in sample: true facts, the paper's schema, coherent ratings, and reviews that tell films apart."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from matinee_sample import Film, load_films, write_sample, write_tables
from matinee_sample.phrasing import bank, contract, expand

pytestmark = pytest.mark.slow

MOVIE_COLUMNS = ["imdbId", "Imdb Link", "Title", "IMDB Score", "Genre", "Poster"]
REVIEW_COLUMNS = [
    *("review_id", "reviewer", "movie", "rating", "review_summary"),
    *("review_date", "spoiler_tag", "review_detail", "helpful"),
]
Rows = list[dict[str, str]]


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample")
    write_tables(path)
    return path


@pytest.fixture(scope="module")
def reviews(folder: Path) -> Rows:
    return _rows(folder / "reviews.csv")


@pytest.fixture(scope="module")
def texts(reviews: Rows) -> Rows:
    return [row for row in reviews if row["review_detail"]]


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_tables(tmp_path)
    for name in ("movies.csv", "reviews.csv", "dataset.json"):
        assert _sha(folder / name) == _sha(tmp_path / name)


def test_another_seed_writes_other_reviews_of_the_same_films(folder: Path, tmp_path: Path) -> None:
    write_tables(tmp_path, seed=1)
    assert _sha(folder / "movies.csv") == _sha(tmp_path / "movies.csv")
    assert _sha(folder / "reviews.csv") != _sha(tmp_path / "reviews.csv")


def test_every_movie_gets_its_poster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def touch(film: Film, path: Path) -> None:  # drawing is tested with the posters; here only who is drawn where
        path.write_text(film.imdb_id)

    monkeypatch.setattr("matinee_sample.draw_poster", touch)
    write_sample(tmp_path / "new" / "folder")
    movies = _rows(tmp_path / "new" / "folder" / "movies.csv")
    drawn = {row["Poster"]: (tmp_path / "new" / "folder" / row["Poster"]).read_text() for row in movies}
    assert all(int(Path(poster).stem) == int(imdb_id[2:]) for poster, imdb_id in drawn.items())


def test_the_tables_have_the_papers_columns(folder: Path, reviews: Rows) -> None:
    assert list(_rows(folder / "movies.csv")[0]) == MOVIE_COLUMNS
    assert list(reviews[0]) == REVIEW_COLUMNS


def test_the_dataset_says_that_it_is_made_up(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    assert about["name"] == "sample"
    assert about["made_up"] is True
    assert "made up" in about["note"]


def test_cells_have_the_papers_formats(reviews: Rows) -> None:
    for row in reviews:
        assert re.fullmatch(r"tt\d{7,8}_\d+", row["review_id"])
        assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", row["review_date"])
        assert re.fullmatch(r"\['\d+', '\d+'\]", row["helpful"])
        assert row["spoiler_tag"] in ("", "0", "1")
        assert row["rating"] in ("", *map(str, range(1, 11)))


def test_every_review_is_of_a_listed_movie_after_it_came_out(folder: Path, reviews: Rows) -> None:
    titles = {row["Title"] for row in _rows(folder / "movies.csv")}
    for row in reviews:
        assert row["movie"] in titles
        assert int(row["review_date"][-4:]) >= int(row["movie"][-5:-1])


def test_no_more_people_find_a_review_helpful_than_voted(reviews: Rows) -> None:
    votes = [tuple(int(n) for n in re.findall(r"\d+", row["helpful"])) for row in reviews]
    assert all(helpful <= total for helpful, total in votes)
    assert Counter(votes).most_common(1)[0][0] == (0, 0)


def test_the_sample_is_large_enough_to_learn_from(reviews: Rows, texts: Rows) -> None:
    assert len(load_films()) >= 400
    assert len({row["reviewer"] for row in reviews}) >= 300
    assert len(reviews) >= 8000
    assert len(texts) >= 3000
    assert min(Counter(row["movie"] for row in reviews).values()) >= 8
    assert min(Counter(row["movie"] for row in texts).values()) >= 4


def test_films_are_plausible_and_listed_once() -> None:
    films = load_films()
    assert [film.imdb_id for film in films] == sorted({film.imdb_id for film in films})
    assert len({(film.title, film.year) for film in films}) == len(films)
    for film in films:
        assert re.fullmatch(r"tt\d{7,8}", film.imdb_id)
        assert 1920 <= film.year <= 2023
        assert film.score is None or 1 <= film.score <= 10
        assert film.pace in ("slow", "steady", "brisk", "fast")
        assert all((film.title, film.director, film.genres, film.setting, film.premise, film.highlight))


def test_every_descriptor_has_its_phrases() -> None:
    themes = {theme for film in load_films() for theme in film.themes}
    moods = {mood for film in load_films() for mood in film.moods}
    assert themes == set(bank("themes"))
    assert moods == set(bank("moods"))


def test_some_films_share_a_title_and_differ_in_year() -> None:
    assert max(Counter(film.title for film in load_films()).values()) >= 2


def _plain(title: str) -> str:
    """Letters and digits only, no accents, no "(a.k.a. ...)" and no leading article."""
    title = re.sub(r"\(a\.k\.a\..*?\)", "", title)
    letters = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"^(the|a)?", "", re.sub(r"[^a-z0-9]", "", letters))


def test_ids_titles_and_years_match_the_real_dataset(movies_real: Path) -> None:
    real = {re.search(r"tt\d+", row["Imdb Link"])[0]: row["Title"] for row in _rows(movies_real / "movies.csv")}  # type: ignore[index]  # every link has an id
    known = [film for film in load_films() if film.imdb_id in real]
    assert len(known) >= 600
    for film in known:
        title, year = re.fullmatch(r"(.*?)(?: \((\d{4})\))?", real[film.imdb_id]).groups()  # type: ignore[union-attr]  # matches any title
        assert _plain(title) == _plain(film.title)
        assert year is None or abs(int(year) - film.year) <= 1  # first screening or general release


def test_ratings_look_like_the_paper_s(reviews: Rows, texts: Rows) -> None:
    ratings = np.array([int(row["rating"]) for row in reviews if row["rating"]])
    assert 6.5 <= ratings.mean() <= 7.3
    assert 1.9 <= ratings.std() <= 2.4
    unrated = sum(not row["rating"] for row in texts) / len(texts)
    assert 0.08 <= unrated <= 0.16


def test_a_few_rows_come_twice(reviews: Rows) -> None:
    repeated = Counter(tuple(row.values()) for row in reviews)
    assert 5 <= sum(count - 1 for count in repeated.values()) <= 50
    assert len(repeated) == len({row["review_id"] for row in reviews})


def test_flagged_reviews_give_the_ending_away(texts: Rows) -> None:
    flags = Counter(row["spoiler_tag"] for row in texts)
    assert 0.12 <= flags["1"] / len(texts) <= 0.28
    assert flags[""] > 0
    announced = [row for row in texts if re.search(r"\bspoilers?\b", row["review_detail"], re.IGNORECASE)]
    assert announced
    assert all(row["spoiler_tag"] != "0" for row in announced)


def test_words_follow_the_rating(texts: Rows) -> None:
    praise = re.compile(r"masterpiece|wonderful|superb|perfect|unmissable|full marks|treasure", re.IGNORECASE)

    def share(low: int, high: int) -> float:
        chosen = [row for row in texts if row["rating"] and low <= int(row["rating"]) <= high]
        return sum(bool(praise.search(row["review_summary"] + row["review_detail"])) for row in chosen) / len(chosen)

    assert share(9, 10) > 3 * share(1, 4)


def test_prose_is_tidy(texts: Rows) -> None:
    untidy = re.compile(r"[\[\]{}|]|  | [,.;!?]|\ba (?!one)[aeio]\w|\bthe (a|an|the) |\?\.|,,", re.ASCII)
    found = [row["review_detail"] for row in texts if untidy.search(row["review_detail"])]
    assert found == []


def _sentences(row: dict[str, str]) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", row["review_detail"])


def test_hardly_any_sentence_is_heard_often(texts: Rows) -> None:
    heard = Counter(sentence for row in texts for sentence in _sentences(row))
    assert heard.most_common(1)[0][1] <= 60  # of some 25,000
    assert sum(count == 1 for count in heard.values()) >= 0.8 * len(heard)


def test_texts_vary_in_length(texts: Rows) -> None:
    words = np.array([len(row["review_detail"].split()) for row in texts])
    assert np.percentile(words, 5) < 20
    assert np.percentile(words, 95) > 150
    assert any("\n\n" in row["review_detail"] for row in texts)


def _profiles(texts: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Unit TF-IDF rows of the texts, and the film code of each."""
    bags = [set(re.findall(r"[a-z]{3,}", row["review_detail"].lower())) for row in texts]
    frequency = Counter(word for bag in bags for word in bag)
    column = {word: i for i, word in enumerate(sorted(word for word in frequency if frequency[word] >= 2))}
    table = np.zeros((len(texts), len(column)), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word in bag & column.keys():
            table[row, column[word]] = np.log(len(texts) / frequency[word])
    codes = np.unique([row["movie"] for row in texts], return_inverse=True)[1]
    return table / np.linalg.norm(table, axis=1, keepdims=True), codes


def test_reviews_of_one_film_are_closer_than_reviews_of_two(texts: Rows) -> None:
    table, codes = _profiles(texts[:1500])
    closeness = table @ table.T
    same = codes[:, None] == codes[None, :]
    np.fill_diagonal(same, False)
    other = ~same & ~np.eye(len(codes), dtype=bool)
    assert closeness[same].mean() > 2 * closeness[other].mean()


def test_people_who_like_the_same_films_like_more_of_the_same(reviews: Rows) -> None:
    liked: dict[str, set[str]] = {}
    for row in reviews:
        if row["rating"] and int(row["rating"]) >= 7:
            liked.setdefault(row["reviewer"], set()).add(row["movie"])
    genres = {f"{film.title} ({film.year})": set(film.themes) for film in load_films()}
    rng = np.random.default_rng(0)
    titles = sorted(genres)
    own, chance = [], []
    for films in (sorted(films) for films in liked.values() if len(films) > 4):
        drawn = [titles[i] for i in rng.integers(len(titles), size=len(films))]
        own += [len(genres[a] & genres[b]) for a, b in pairwise(films)]
        chance += [len(genres[a] & genres[b]) for a, b in pairwise(drawn)]
    assert np.mean(own) > 1.5 * np.mean(chance)


def test_a_template_picks_alternatives_fills_slots_and_mends_articles() -> None:
    rng = np.random.default_rng(0)
    assert expand("it is a {word} film. {Word} [yes|yes]", lambda _: "eerie", rng) == "It is an eerie film. Eerie yes"


def test_contractions_keep_to_safe_places() -> None:
    assert contract("It is good. I do not know what it is.") == "It's good. I don't know what it is."
