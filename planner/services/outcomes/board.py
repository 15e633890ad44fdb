"""The board of feedback and ideas: five columns for both, with what became of each, and cards that move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Feedback, FeedbackState, Idea, IdeaState, User
from planner.schemas.outcomes_feedback import FeedbackStateSaid
from planner.schemas.outcomes_ideas import CardsMoved, IdeaDecided, Lane
from planner.services.listing import Query
from planner.services.outcomes import feedback as voices
from planner.services.outcomes import ideas
from planner.services.refused import Refused

MOST_CARDS = 300  # of each kind
MOST_OVER = 20  # cards of a column in which nothing waits any more, the latest ones
OVER = frozenset({Lane.DONE, Lane.CLOSED})
LANE_OF_FEEDBACK: Mapping[FeedbackState, Lane] = {
    FeedbackState.NEW: Lane.NEW,
    FeedbackState.LOOKED_AT: Lane.LOOKED_AT,
    FeedbackState.IDEA: Lane.TAKEN,
    FeedbackState.DONE: Lane.DONE,
    FeedbackState.NO_ACTION: Lane.CLOSED,
}
LANE_OF_IDEA: Mapping[IdeaState, Lane] = {
    IdeaState.NEW: Lane.NEW,
    IdeaState.CONSIDERED: Lane.LOOKED_AT,
    IdeaState.ACCEPTED: Lane.TAKEN,
    IdeaState.DONE: Lane.DONE,
    IdeaState.DECLINED: Lane.CLOSED,
}


@dataclass(frozen=True)
class Card:
    """A piece of feedback or an idea on the board; `became` are the ideas that came out of feedback."""

    kind: str
    row: Any
    lane: Lane
    on: date
    votes: int = 0
    became: Sequence[Idea] = ()

    @property
    def key(self) -> str:
        """How a form names it: what it is, its id, its version."""
        return f"{self.kind}-{self.row.id}:{self.row.version}"


@dataclass(frozen=True)
class Column:
    """A column with its cards, the latest first; `num` counts those that are not shown, too."""

    lane: Lane
    cards: Sequence[Card] = field(default_factory=tuple)
    num: int = 0


@dataclass(frozen=True)
class Board:
    """All columns, how much of each kind there is, and whether some is left out."""

    columns: Sequence[Column]
    num_feedback: int
    num_ideas: int
    is_cut: bool


def board(session: Session, query: Query, *, by: User) -> Board:
    """The board, as the URL asks for it. What only feedback has, such as a sentiment, leaves the ideas out."""
    wants = query.value("kind")
    found = voices.all_feedback(session, query, MOST_CARDS + 1) if wants != "idea" else []
    narrows = bool(query.value("sentiment") or query.value("source"))
    thought = ideas.all_ideas(session, query, MOST_CARDS + 1) if wants != "feedback" and not narrows else []
    is_cut = len(found) > MOST_CARDS or len(thought) > MOST_CARDS
    votes = ideas.votes_of(session, thought, by)
    became = _became(session, found[:MOST_CARDS])
    cards = [
        *(
            Card("feedback", row, LANE_OF_FEEDBACK[row.state], row.said_on, became=became.get(row.id, ()))
            for row in found[:MOST_CARDS]
        ),
        *(
            Card("idea", row, LANE_OF_IDEA[row.state], row.created_at.date(), votes[row.id].num)
            for row in thought[:MOST_CARDS]
        ),
    ]
    cards.sort(key=lambda card: (card.on, card.row.id), reverse=True)
    columns = [_column(lane, [card for card in cards if card.lane is lane]) for lane in Lane]
    return Board(columns, len(found[:MOST_CARDS]), len(thought[:MOST_CARDS]), is_cut)


def move(session: Session, said: CardsMoved, *, by: User) -> list[Feedback | Idea]:
    """Moves cards, all of them or none. Raises Stale, and Refused where one is gone or the reason is missing."""
    return [_moved(session, card.kind, card.id, card.version, said, by) for card in said.cards]


def row_of(session: Session, kind: str, ident: int) -> Feedback | Idea:
    """The row behind a card. Raises Refused where it is gone."""
    table: type[Any] = Feedback if kind == "feedback" else Idea
    row: Feedback | Idea | None = session.get(table, ident)
    if row is None:
        raise Refused("card_is_gone")
    return row


def _moved(session: Session, kind: str, ident: int, version: int, said: CardsMoved, by: User) -> Feedback | Idea:
    row = row_of(session, kind, ident)
    if isinstance(row, Feedback):
        if said.to is Lane.TAKEN:
            voices.make_idea(session, row, version, by=by)
            if row.state is not FeedbackState.IDEA:
                voices.mark(row, FeedbackState.IDEA, by=by)
            session.flush()
            return row
        state = next(state for state, lane in LANE_OF_FEEDBACK.items() if lane is said.to)
        _require_reason(said, is_wanted=state is FeedbackState.NO_ACTION)
        return voices.set_state(session, row, FeedbackStateSaid(state=state, reason=said.reason), version, by=by)
    decided = next(state for state, lane in LANE_OF_IDEA.items() if lane is said.to)
    _require_reason(said, is_wanted=decided.is_decided)
    return ideas.decide(session, row, IdeaDecided(state=decided, reason=said.reason), version, by=by)


def _require_reason(said: CardsMoved, *, is_wanted: bool) -> None:
    """Whether a reason is wanted depends on the card, so that the verb asks for it and not the schema."""
    if is_wanted and len(said.reason.strip()) < 3:
        raise Refused("say_why", field="reason")


def _became(session: Session, found: Sequence[Feedback]) -> dict[int, list[Idea]]:
    """The ideas that came out of feedback."""
    ids = [row.id for row in found]
    out: dict[int, list[Idea]] = {}
    for idea in session.scalars(select(Idea).where(Idea.feedback_id.in_(ids)).order_by(Idea.id)) if ids else ():
        out.setdefault(idea.feedback_id or 0, []).append(idea)
    return out


def _column(lane: Lane, cards: list[Card]) -> Column:
    """A column's cards; of those that are over only the latest."""
    return Column(lane, cards[:MOST_OVER] if lane in OVER else cards, len(cards))
