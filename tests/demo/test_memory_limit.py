"""How much memory visits take, alone and together."""

from __future__ import annotations

import gc
import io
from threading import Thread
from weakref import ref

import numpy as np
import pytest
from PIL import Image

from matinee.catalogue import Catalogue, Movie
from matinee.exact import Vectors
from matinee.images import ImageSource
from matinee.where import Where
from matinee_demo.embedding_cache import EmbeddingCache
from matinee_demo.memory import ALL_VISITS, ONE_VISIT, VISITS, MemoryLimit, visitor_bytes
from matinee_demo.session import FORGOTTEN, Visit
from matinee_demo.visitor import Visitor, keys, with_poster, with_review, without

MOVIES = Catalogue([Movie("tt0113277", "Heat", 1995)])


def _file(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height), 90).save(file, "PNG")
    return file.getvalue()


LARGE = _file(512, 2048)


def _change_posters(visit: Visit, times: int) -> None:
    for number in range(times):
        visit.change(lambda old, number=number: with_poster(old, LARGE, "a", str(number)))  # type: ignore[misc]
        visit.change(lambda old: without(old, "posters", keys(old, "posters")[0]))


def test_steps_that_hold_too_many_dropped_posters_can_no_longer_be_undone() -> None:
    visit = Visit()
    _change_posters(visit, 20)
    assert ONE_VISIT / 2 < visit.size <= ONE_VISIT
    assert visit.can_undo


def test_what_steps_share_is_counted_once() -> None:
    one = with_poster(Visitor(), LARGE, "a", "one")
    two = with_review(one, MOVIES, "Tense." * 1000)
    assert visitor_bytes([one, two]) < visitor_bytes([one]) + 10_000


@pytest.mark.slow
def test_when_visits_take_too_much_the_one_that_was_idle_longest_is_forgotten_and_says_so() -> None:
    visits = [Visit() for _ in range(ALL_VISITS // ONE_VISIT + 3)]
    for visit in visits:
        _change_posters(visit, 12)
    assert sum(visit.size for visit in visits) <= ALL_VISITS
    assert visits[0].visitor.note == FORGOTTEN
    assert not visits[0].visitor
    assert not visits[0].can_undo
    assert visits[-1].can_undo


def test_an_answer_to_a_visit_that_was_forgotten_is_dropped() -> None:
    visit = Visit()
    turn = visit.change(lambda old: with_review(old, MOVIES, "Tense."))
    visit.forget()
    assert not visit.is_latest(turn)
    visit.undo()
    assert visit.where == Where()


def test_visits_that_make_each_other_forget_from_several_threads_all_end() -> None:
    keeper = MemoryLimit(1)
    visits = [Visit() for _ in range(8)]
    for visit in visits:
        visit.change(lambda old: with_review(old, MOVIES, "Tense."))
    threads = [Thread(target=keeper.changed, args=(visit,)) for visit in visits for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(bool(visit.visitor) for visit in visits) <= 1


def test_a_visit_that_ended_is_not_kept_alive() -> None:
    visit = Visit()
    visit.change(lambda old: with_review(old, MOVIES, "Tense."))
    gone = ref(visit)
    del visit
    gc.collect()
    assert gone() is None
    VISITS.changed(Visit())


class _Encoder:
    def text(self, text: str) -> Vectors:
        return np.ones(4, dtype=np.float32)

    def poster(self, image: ImageSource) -> Vectors:
        return np.ones(4, dtype=np.float32)


def test_the_cache_keeps_the_vector_of_a_poster_and_not_the_poster() -> None:
    cache = EmbeddingCache(lambda name: _Encoder())
    image = Image.new("RGB", (8, 8))
    assert cache("clip").poster(image) is cache("clip").poster(image)
    assert cache("clip").text("Tense.") is cache("clip").text("Tense.")
    assert cache.size == 2 * 4 * 4
    gone = ref(image)
    del image
    gc.collect()
    assert gone() is None
