"""One visitor's visit: what they have told, how they got there, and which question is the latest.

The page holds one `Visit` for each open page, in memory only. Its handlers run on several threads, and a visitor clicks
faster than models answer: every change happens under a lock, and an answer to anything but the latest question is
dropped. Knows nothing of gradio or HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from matinee.evidence import TasteEvidence
from matinee.recommender import Pick
from matinee.where import Where
from matinee_demo.heard import Remembered
from matinee_demo.keeping import KEEPER, ONE_VISIT, told_bytes
from matinee_demo.visitor import Visitor

REMEMBERED = 50
"""How many changes can be undone."""

FORGOTTEN = (
    "Many people are here, and your visit was idle longest, so what you told was forgotten. Please tell it again."
)


@dataclass(frozen=True)
class Wish:
    """What the picks shall be like.

    Attributes:
        where: What every pick must be.
        surprise: From 0, familiar, to 1, surprising.
        quotes: Whether reviewers' words are shown.
    """

    where: Where = field(default_factory=Where)
    surprise: float = 0.0
    quotes: bool = True


class Visit:
    """What one open page holds on the server.

    Attributes:
        visitor: What was told so far.
        wish: What the picks shall be like.
        view: Name of the tab that is looked at.
        page: Which page of the wall is shown.
        form: How often the filters' fields were filled in for the visitor, as by starting over.
        film: Id of the film whose details are open, or "".
        picks: The latest picks, by model.
        embedded: Vectors of what was told, which survive a change of anything else.
        heard: What the taste says to each model, once it was asked about; None while nothing was told.
    """

    def __init__(self) -> None:
        self.visitor = Visitor()
        self.wish = Wish()
        self.view = "picks"
        self.page = 0
        self.picks: dict[str, list[Pick]] = {}
        self.embedded: Remembered | None = None
        self.film = ""
        self.form = 0
        self.heard: TasteEvidence | None = None
        self._past: list[tuple[Visitor, Wish | None]] = []
        self._turn = 0
        self._told = 0
        self._lock = Lock()

    def change(self, change: Callable[[Visitor], Visitor], wish: Wish | None = None) -> int:
        """Let `change` make a new visitor of the old one; returns the number of the question that follows from it.

        A `wish` that comes with a new visitor goes when the change is undone. Whatever `change` raises leaves
        everything as it was.
        """
        with self._lock:
            new = change(self.visitor)
            if new is not self.visitor:
                self._past = [*self._past, (self.visitor, wish and self.wish)][-REMEMBERED:]
            self.visitor = new
            self._count()
            turn = self._fill_in(wish)
        KEEPER.changed(self)
        return turn

    def want(self, change: Callable[[Wish], Wish], form: float) -> int | None:
        """Let `change` make a new wish of the old one; returns the number of the question, or None for the same wish.

        What was filled in on an earlier `form` than the latest comes too late and wishes for nothing. Whatever `change`
        raises leaves everything as it was.
        """
        with self._lock:
            new = change(self.wish) if form == self.form else self.wish
            return None if new == self.wish else self._ask(new)

    def undo(self) -> int:
        """Go back to before the last change, if there was one; returns the number of the question that follows."""
        with self._lock:
            wish = None
            if self._past:
                self.visitor, wish = self._past.pop()
            self._count()
            turn = self._fill_in(wish)
        KEEPER.changed(self)
        return turn

    def restore(self, visitor: Visitor) -> int:
        """Put back what was told before a change that could not be answered; returns the number of that question."""
        with self._lock:
            wish = None
            if self._past and self._past[-1][0] is visitor:
                _, wish = self._past.pop()
            self.visitor = visitor
            self._count()
            turn = self._fill_in(wish)
        KEEPER.changed(self)
        return turn

    def forget(self) -> None:
        """Let go of all that takes memory, and say so to the visitor; answers that are on their way are dropped."""
        with self._lock:
            self.visitor = Visitor(note=FORGOTTEN)
            self._past = []
            self.picks, self.embedded, self.heard = {}, None, None
            self._count()
            self._ask(None)

    @property
    def size(self) -> int:
        """Bytes that the visit takes: what was told, what can be undone, and what was made of it."""
        heard, embedded = self.heard, self.embedded
        queries = list(heard.queries.values()) if heard is not None else []
        vectors = 0 if embedded is None else embedded.size
        return self._told + vectors + sum(query.parts.nbytes for query in queries)

    @property
    def where(self) -> Where:
        """What picks must be: what was wished for, and nothing that was seen."""
        return replace(self.wish.where, exclude=self.visitor.seen)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to go back before."""
        return bool(self._past)

    def is_latest(self, turn: int) -> bool:
        """Whether no question was asked since the one with this number."""
        return turn == self._turn

    def _count(self) -> None:
        """Count what was told, and forget the first steps that can be undone where there is too much."""
        while (told := told_bytes([self.visitor, *(past for past, _ in self._past)])) > ONE_VISIT and self._past:
            self._past = self._past[1:]
        self._told = told

    def _fill_in(self, wish: Wish | None) -> int:
        self.form += wish is not None
        return self._ask(wish)

    def _ask(self, wish: Wish | None) -> int:
        self.wish = wish or self.wish
        self._turn += 1
        return self._turn

    def __deepcopy__(self, memo: dict[int, Any]) -> Visit:
        """A visit of its own; gradio copies the first value of a state for every page."""
        return Visit()
