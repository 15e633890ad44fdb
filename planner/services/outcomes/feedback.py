"""Feedback: what a client or a user said is written down, followed up, and found again where the work is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, select
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    HAPPY,
    UNHAPPY,
    Feedback,
    FeedbackSource,
    FeedbackState,
    Idea,
    Phase,
    Project,
    RoleNeed,
    Seat,
    Skill,
    User,
    WorkStyle,
    fold,
    folded,
    now,
)
from planner.schemas.outcomes_feedback import FeedbackSaid, FeedbackStateSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, narrowed, narrowing, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in
from planner.services.work import notifying

THEIR_OWN = ("text", "sentiment", "said_by", "said_on")  # what a client wrote stays as they wrote it
TITLE_LONGEST = 120
ABOUT: Mapping[str, type] = {"project_id": Project, "skill_id": Skill, "style_id": WorkStyle}


def add_feedback(session: Session, said: FeedbackSaid, *, by: User, is_told: bool = True) -> Feedback:
    """Writes down what a client said; who follows the project is told, unless it is one of many.

    Raises Refused where it is about something that is not there.
    """
    if said.source is FeedbackSource.LINK:
        raise Refused("only_clients_use_links", field="source")
    feedback = fill(Feedback(by_id=by.id, by_name=by.name or by.email), said)
    _place(session, feedback, said)
    session.add(feedback)
    session.flush()
    if is_told:
        notifying.decided(session, feedback, "feedback_noted", by=by)
    return feedback


def edit_feedback(session: Session, feedback: Feedback, said: FeedbackSaid, version: int | None) -> Feedback:
    """Edits feedback; of a client's own answer only what it is about. Raises Stale and Refused."""
    require_version(feedback, version)
    if feedback.source is FeedbackSource.LINK:
        changed = [name for name in (*THEIR_OWN, "source") if getattr(feedback, name) != getattr(said, name)]
        if changed:
            raise Refused("client_words_stay", field=changed[0])
    elif said.source is FeedbackSource.LINK:
        raise Refused("only_clients_use_links", field="source")
    fill(feedback, said)
    _place(session, feedback, said)
    session.flush()
    return feedback


def set_state(
    session: Session, feedback: Feedback, said: FeedbackStateSaid, version: int | None, *, by: User
) -> Feedback:
    """Says what became of feedback. Raises Stale; Refused where it is said to be an idea, and there is none."""
    require_version(feedback, version)
    if said.state is FeedbackState.IDEA and not ideas_of(session, feedback):
        raise Refused("no_idea_yet", field="state")
    mark(feedback, said.state, reason=said.reason, by=by)
    session.flush()
    return feedback


def mark(feedback: Feedback, state: FeedbackState, *, reason: str = "", by: User) -> None:
    """Puts feedback into a state, with who did so and when."""
    feedback.state, feedback.state_reason = state, reason
    feedback.state_by, feedback.state_at = by.name or by.email, now()


def make_idea(session: Session, feedback: Feedback, version: int | None, *, by: User) -> Idea:
    """Makes feedback an idea, by one click; the one that it is already is found again. Raises Stale."""
    require_version(feedback, version)
    known = ideas_of(session, feedback)
    if known:
        return known[0]
    about = {name: getattr(feedback, name) for name in ("project_id", "skill_id", "style_id")}
    title = shortened(feedback.text)
    idea = Idea(title=title, text=feedback.text, feedback_id=feedback.id, by_id=by.id, by_name=by.name or by.email,
                **about)  # fmt: skip
    session.add(idea)
    mark(feedback, FeedbackState.IDEA, by=by)
    session.flush()
    return idea


def ideas_of(session: Session, feedback: Feedback) -> list[Idea]:
    """The ideas that came out of feedback, the first one first."""
    return list(session.scalars(select(Idea).where(Idea.feedback_id == feedback.id).order_by(Idea.id)))


def page_of_feedback(session: Session, query: Query) -> Page[Feedback]:
    """The feedback, as the URL asks for it."""
    return paged(
        session,
        with_places(select(Feedback)),
        query,
        sorts={
            "said": Feedback.said_on,
            "sentiment": Feedback.sentiment,
            "project": folded(select(Project.name).where(Project.id == Feedback.project_id).scalar_subquery()),
            "state": cast(Feedback.state, String),
            "id": Feedback.id,
        },
        default="-said",
        search=SEARCHED,
        filters=FILTERS,
    )


def all_feedback(session: Session, query: Query, most: int) -> list[Feedback]:
    """The feedback that the URL asks for, the latest first, on one page."""
    statement = narrowed(with_places(select(Feedback)), query, search=SEARCHED, filters=FILTERS)
    return list(session.scalars(statement.order_by(Feedback.said_on.desc(), Feedback.id.desc()).limit(most)))


def with_places(statement: Select[Any]) -> Select[Any]:
    """Loads along what feedback is about."""
    return statement.options(
        joinedload(Feedback.project),
        joinedload(Feedback.phase),
        joinedload(Feedback.seat).joinedload(Seat.need),
        joinedload(Feedback.skill),
        joinedload(Feedback.style),
    )


def shortened(text: str) -> str:
    """The first sentence of a text, or as much of it as makes a title."""
    line = " ".join(text.split())
    sentence = line.partition(". ")[0].rstrip(".")
    if len(sentence) <= TITLE_LONGEST:
        return sentence or line
    return sentence[: TITLE_LONGEST - 1].rsplit(" ", 1)[0] + "…"


def to_name(session: Session, project: Project | None, most: int) -> list[Feedback]:
    """The feedback that a task may come out of, the latest first: a project's, or any where there is no project."""
    statement = select(Feedback).order_by(Feedback.said_on.desc(), Feedback.id.desc()).limit(most)
    return list(session.scalars(statement if project is None else statement.where(Feedback.project_id == project.id)))


def phases_to_name(session: Session, project_id: int | None) -> list[tuple[int, str]]:
    """The phases of a project, by their order."""
    mine = select(Phase.id, Phase.name).where(Phase.project_id == project_id)
    return [(ident, name) for ident, name in session.execute(mine.order_by(Phase.position, Phase.id))]


def seats_to_name(session: Session, project_id: int | None) -> list[tuple[int, str]]:
    """The seats of a project: phase, role, and which of several."""
    statement = (
        select(Seat.id, Phase.name, RoleNeed.title, RoleNeed.count, Seat.number)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(Phase.project_id == project_id)
        .order_by(Phase.position, Phase.id, RoleNeed.position, RoleNeed.id, Seat.number)
    )
    return [
        (ident, f"{phase}: {title}{f' {number}' if count > 1 else ''}")
        for ident, phase, title, count, number in session.execute(statement)
    ]


def _place(session: Session, feedback: Feedback, said: FeedbackSaid) -> None:
    """Puts feedback where it belongs: a seat is in its phase, a phase in its project. Raises Refused."""
    for name, table in ABOUT.items():
        ident = getattr(said, name)
        if ident is not None and session.get(table, ident) is None:
            raise Refused("choice_is_not_there", field=name)
    phase_id, project_id = said.phase_id, said.project_id
    if said.seat_id is not None:
        seat = session.get(Seat, said.seat_id)
        if seat is None:
            raise Refused("choice_is_not_there", field="seat_id")
        if phase_id not in (None, seat.need.phase_id) or project_id not in (None, seat.need.phase.project_id):
            raise Refused("seat_is_elsewhere", field="seat_id")
        phase_id = seat.need.phase_id
    if phase_id is not None:
        phase = session.get(Phase, phase_id)
        if phase is None:
            raise Refused("choice_is_not_there", field="phase_id")
        if project_id not in (None, phase.project_id):
            raise Refused("phase_is_elsewhere", field="phase_id")
        project_id = phase.project_id
    feedback.phase_id, feedback.project_id = phase_id, project_id


def _with_sentiment(value: str) -> ColumnElement[bool]:
    parts = {"happy": HAPPY, "unhappy": UNHAPPY}.get(value)
    return Feedback.sentiment.in_(parts) if parts else Feedback.sentiment == id_in(value)


SEARCHED = (Feedback.text, Feedback.said_by)
FILTERS = narrowing({
    "project": lambda value: Feedback.project_id.is_(None) if value == "none" else Feedback.project_id == id_in(value),
    "phase": lambda value: Feedback.phase_id == id_in(value),
    "seat": lambda value: Feedback.seat_id == id_in(value),
    "skill": lambda value: Feedback.skill_id == id_in(value),
    "style": lambda value: Feedback.style_id == id_in(value),
    "sentiment": _with_sentiment,
    "source": lambda value: cast(Feedback.source, String) == value,
    "state": lambda value: cast(Feedback.state, String) == value,
})  # fmt: skip


def project_ids_of_client(session: Session, project: Project) -> Sequence[int]:
    """The project, and the others that the same client has with us."""
    if not project.client.strip():
        return [project.id]
    same = select(Project.id).where(folded(Project.client) == fold(project.client))
    return session.scalars(same).all() or [project.id]
