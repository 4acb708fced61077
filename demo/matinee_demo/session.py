"""One visitor's visit: the taste given so far, the steps that can be undone, and which request is the latest.

The server keeps one `Visit` for each page that is open in a browser, in memory only. Event handlers run on several
threads, and visitors click faster than models answer: every change happens under a lock, and an answer to any request
but the latest is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from matinee.evidence import TasteEvidence
from matinee.recommender import Pick
from matinee.where import Where
from matinee_demo.embedding_cache import EmbeddingCache
from matinee_demo.memory import ONE_VISIT, VISITS, visitor_bytes
from matinee_demo.visitor import Visitor

UNDO_STEPS = 50
"""How many changes can be undone."""

FORGOTTEN = "Many people are here, and your visit was idle longest, so your taste was forgotten. Please enter it again."


@dataclass(frozen=True)
class Settings:
    """Which picks the visitor wants, and how they are shown.

    Attributes:
        where: The filters that every pick must pass.
        surprise: From 0, familiar, to 1, surprising.
        quotes: Whether reviewers' words are shown.
    """

    where: Where = field(default_factory=Where)
    surprise: float = 0.0
    quotes: bool = True


class Visit:
    """What one open page holds on the server.

    Attributes:
        visitor: The taste given so far.
        settings: Which picks are wanted.
        view: Name of the tab that is open.
        page: Which page of the wall is shown.
        form: How often the server has filled in the filters' fields itself, such as on starting over.
        film: Id of the film whose details are open, or "".
        picks: The latest picks, by model.
        embeddings: Cache of the vectors of the visitor's texts and posters, kept while anything else changes.
        evidence: The evidence in the taste for each model, as of the latest answer; None while the taste is empty.
    """

    def __init__(self) -> None:
        self.visitor = Visitor()
        self.settings = Settings()
        self.view = "picks"
        self.page = 0
        self.picks: dict[str, list[Pick]] = {}
        self.embeddings: EmbeddingCache | None = None
        self.film = ""
        self.form = 0
        self.evidence: TasteEvidence | None = None
        self._past: list[tuple[Visitor, Settings | None]] = []
        self._request = 0
        self._visitor_bytes = 0
        self._lock = Lock()

    def change(self, change: Callable[[Visitor], Visitor], settings: Settings | None = None) -> int:
        """Replace the visitor by `change(visitor)`; return the number of the request for new picks.

        `settings` that come with a new visitor are undone together with it. If `change` raises, nothing changes.
        """
        with self._lock:
            new = change(self.visitor)
            if new is not self.visitor:
                self._past = [*self._past, (self.visitor, settings and self.settings)][-UNDO_STEPS:]
            self.visitor = new
            self._measure()
            request = self._fill_in(settings)
        VISITS.changed(self)
        return request

    def change_settings(self, change: Callable[[Settings], Settings], form: float) -> int | None:
        """Replace the settings by `change(settings)`; return the number of the request for new picks.

        Returns None where the settings stay the same, or where the server has filled in the fields again since `form`,
        which makes the change outdated. If `change` raises, nothing changes.
        """
        with self._lock:
            new = change(self.settings) if form == self.form else self.settings
            return None if new == self.settings else self._ask(new)

    def undo(self) -> int:
        """Go back to before the last change, if there was one; returns the number of the request for new picks."""
        with self._lock:
            settings = None
            if self._past:
                self.visitor, settings = self._past.pop()
            self._measure()
            request = self._fill_in(settings)
        VISITS.changed(self)
        return request

    def restore(self, visitor: Visitor) -> int:
        """Put back the visitor from before a change that failed; returns the number of the request for its picks."""
        with self._lock:
            settings = None
            if self._past and self._past[-1][0] is visitor:
                _, settings = self._past.pop()
            self.visitor = visitor
            self._measure()
            request = self._fill_in(settings)
        VISITS.changed(self)
        return request

    def forget(self) -> None:
        """Release the visit's memory and leave the visitor a note about it; pending answers are dropped."""
        with self._lock:
            self.visitor = Visitor(note=FORGOTTEN)
            self._past = []
            self.picks, self.embeddings, self.evidence = {}, None, None
            self._measure()
            self._ask(None)

    @property
    def size(self) -> int:
        """Bytes that the visit takes: its taste, the steps that can be undone, and the vectors made of them."""
        evidence, embeddings = self.evidence, self.embeddings
        queries = list(evidence.queries.values()) if evidence is not None else []
        vectors = 0 if embeddings is None else embeddings.size
        return self._visitor_bytes + vectors + sum(query.parts.nbytes for query in queries)

    @property
    def where(self) -> Where:
        """The filters, with the films that the visitor has seen left out."""
        return replace(self.settings.where, exclude=self.visitor.seen)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._past)

    def is_latest(self, request: int) -> bool:
        """Whether no request was made since the one with this number."""
        return request == self._request

    def _measure(self) -> None:
        """Measure the visitor with the undo steps, and drop the oldest steps where that is too much."""
        while (size := visitor_bytes([self.visitor, *(past for past, _ in self._past)])) > ONE_VISIT and self._past:
            self._past = self._past[1:]
        self._visitor_bytes = size

    def _fill_in(self, settings: Settings | None) -> int:
        self.form += settings is not None
        return self._ask(settings)

    def _ask(self, settings: Settings | None) -> int:
        self.settings = settings or self.settings
        self._request += 1
        return self._request

    def __deepcopy__(self, memo: dict[int, Any]) -> Visit:
        """Return a new visit; gradio copies the first value of a state for every page."""
        return Visit()
