"""One visit: changes, undoing, and which request is the latest."""

from __future__ import annotations

from copy import deepcopy
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue import Catalogue, Movie
from matinee.errors import BadInputError
from matinee.where import Where
from matinee_demo.session import UNDO_STEPS, Settings, Visit
from matinee_demo.visitor import Visitor, with_rating, with_verdict

MOVIES = Catalogue([Movie(f"tt{number:07}", f"Film {number:03}", 1990) for number in range(80)])


def _rate(visit: Visit, number: int) -> int:
    return visit.change(lambda visitor: with_rating(visitor, MOVIES, MOVIES[number].title, 8))


def test_undoing_goes_back_change_by_change_until_there_is_none() -> None:
    visit = Visit()
    _rate(visit, 0)
    _rate(visit, 1)
    visit.undo()
    assert [rating.movie for rating in visit.visitor.taste.ratings] == ["Film 000 (1990)"]
    visit.undo()
    assert not visit.visitor
    assert not visit.can_undo
    visit.undo()
    assert not visit.visitor


def test_starting_over_can_be_undone() -> None:
    visit = Visit()
    _rate(visit, 0)
    visit.change(lambda visitor: Visitor())
    assert not visit.visitor
    visit.undo()
    assert len(visit.visitor.taste.ratings) == 1


def test_only_so_many_changes_can_be_undone() -> None:
    visit = Visit()
    for number in range(UNDO_STEPS + 5):
        _rate(visit, number)
    for _ in range(UNDO_STEPS + 5):
        visit.undo()
    assert len(visit.visitor.taste.ratings) == 5


def test_a_refused_change_leaves_everything_as_it_was() -> None:
    visit = Visit()
    turn = _rate(visit, 0)
    before = visit.visitor
    with pytest.raises(BadInputError):
        visit.change(lambda visitor: with_verdict(visitor, MOVIES, "nothing", "liked"))
    assert visit.visitor is before
    assert visit.is_latest(turn)


def test_only_the_answer_to_the_latest_request_counts() -> None:
    visit = Visit()
    first = _rate(visit, 0)
    second = visit.change(lambda visitor: visitor, Settings(Where(genres=("Drama",))))
    assert not visit.is_latest(first)
    assert visit.is_latest(second)
    assert visit.settings.where.genres == ("Drama",)


def test_a_change_that_failed_is_taken_back_and_is_no_step_to_undo() -> None:
    visit = Visit()
    _rate(visit, 0)
    before = visit.visitor
    turn = _rate(visit, 1)
    visit.restore(before)
    assert visit.visitor is before
    assert not visit.is_latest(turn)
    visit.undo()
    assert not visit.visitor


def test_films_that_were_seen_are_left_out_of_picks() -> None:
    visit = Visit()
    visit.change(lambda visitor: with_verdict(visitor, MOVIES, MOVIES[3].id, "seen"))
    assert not visit.where.mask(MOVIES)[3]
    assert visit.where.mask(MOVIES).sum() == len(MOVIES) - 1


def test_every_page_has_a_visit_of_its_own() -> None:
    visit = Visit()
    _rate(visit, 0)
    assert not deepcopy(visit).visitor


@given(st.lists(st.integers(0, 79), min_size=1, max_size=8, unique=True))
def test_changes_from_several_threads_are_all_kept(numbers: list[int]) -> None:
    visit = Visit()
    threads = [Thread(target=_rate, args=(visit, number)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {rating.movie for rating in visit.visitor.taste.ratings} == {str(MOVIES[number]) for number in numbers}


def test_settings_that_came_with_a_new_taste_are_undone_with_it_and_others_stay() -> None:
    visit = Visit()
    visit.change(lambda old: Visitor(note="first"))
    late = Settings(surprise=0.5)
    visit.change_settings(lambda old: late, 0)
    assert visit.change_settings(lambda old: late, 0) is None
    visit.change(lambda old: Visitor(), Settings())
    assert visit.change_settings(lambda old: late, 0) is None  # filled in before
    assert visit.settings == Settings()
    visit.undo()
    assert (visit.visitor.note, visit.settings) == ("first", late)
    visit.undo()
    assert (visit.visitor.note, visit.settings) == ("", late)
