"""Ideas: anybody has one, anybody votes, a named person decides with a reason; what became of it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Feedback,
    Idea,
    IdeaOutcome,
    IdeaState,
    IdeaVote,
    Project,
    RoleNeed,
    Skill,
    User,
    WorkStyle,
    folded,
    now,
)
from planner.schemas.outcomes_ideas import IdeaDecided, IdeaSaid, OutcomeSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, narrowed, narrowing, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in
from planner.services.work import notifying

ABOUT: Mapping[str, type] = {
    "project_id": Project, "skill_id": Skill, "style_id": WorkStyle, "feedback_id": Feedback,
}  # fmt: skip


@dataclass(frozen=True)
class Votes:
    """How many think that an idea is good, and whether one does so oneself."""

    idea_id: int
    num: int
    is_mine: bool


def add_idea(session: Session, said: IdeaSaid, *, by: User) -> Idea:
    """Adds somebody's idea. Raises Refused where it is about something that is not there."""
    _require_there(session, said)
    idea = fill(Idea(by_id=by.id, by_name=by.name or by.email), said)
    session.add(idea)
    session.flush()
    return idea


def edit_idea(session: Session, idea: Idea, said: IdeaSaid, version: int | None) -> Idea:
    """Edits an idea; what was decided on stays as it was decided on. Raises Stale and Refused."""
    require_version(idea, version)
    if idea.state.is_decided:
        raise Refused("idea_is_decided", name=idea.state_by)
    _require_there(session, said)
    fill(idea, said)
    session.flush()
    return idea


def decide(session: Session, idea: Idea, said: IdeaDecided, version: int | None, *, by: User) -> Idea:
    """Says how far an idea has come, with a reason and one's name. Raises Stale."""
    require_version(idea, version)
    idea.state, idea.state_reason = said.state, said.reason
    idea.state_by, idea.state_at = by.name or by.email, now()
    session.flush()
    if idea.state is not IdeaState.NEW:
        notifying.decided(session, idea, f"idea_{idea.state}", by=by)
    return idea


def vote(session: Session, idea: Idea, *, by: User) -> Votes:
    """Says that an idea is good; saying it twice is saying it once."""
    if session.get(IdeaVote, (idea.id, by.id)) is None:
        with suppress(IntegrityError), session.begin_nested():  # a second press in the same moment says nothing new
            session.add(IdeaVote(idea_id=idea.id, user_id=by.id))
            session.flush()
    return votes_of(session, [idea], by)[idea.id]


def take_back(session: Session, idea: Idea, *, by: User) -> Votes:
    """Takes one's vote back."""
    session.execute(delete(IdeaVote).where(IdeaVote.idea_id == idea.id, IdeaVote.user_id == by.id))
    return votes_of(session, [idea], by)[idea.id]


def votes_of(session: Session, ideas: Sequence[Idea], by: User) -> dict[int, Votes]:
    """The votes of some ideas."""
    ids = [idea.id for idea in ideas]
    counted = select(IdeaVote.idea_id, func.count()).where(IdeaVote.idea_id.in_(ids)).group_by(IdeaVote.idea_id)
    num = dict(session.execute(counted).all())
    own = select(IdeaVote.idea_id).where(IdeaVote.idea_id.in_(ids), IdeaVote.user_id == by.id)
    mine = set(session.scalars(own))
    return {ident: Votes(ident, num.get(ident, 0), ident in mine) for ident in ids}


def note_outcome(session: Session, idea: Idea, said: OutcomeSaid, *, by: User) -> IdeaOutcome:
    """Writes down what became of an idea: what it changed, and where that is seen. Raises Refused."""
    if said.need_id is not None and session.get(RoleNeed, said.need_id) is None:
        raise Refused("choice_is_not_there", field="need_id")
    outcome = fill(IdeaOutcome(by_name=by.name or by.email), said)
    idea.outcomes.append(outcome)
    touch(session, idea)
    return outcome


def page_of_ideas(session: Session, query: Query) -> Page[Idea]:
    """The ideas, as the URL asks for them; by default those that most people find good."""
    num = select(func.count()).where(IdeaVote.idea_id == Idea.id).scalar_subquery()
    return paged(
        session,
        _whole(select(Idea)),
        query,
        sorts={
            "title": folded(Idea.title),
            "votes": num,
            "at": Idea.created_at,
            "state": cast(Idea.state, String),
            "id": Idea.id,
        },
        default="-votes",
        search=SEARCHED,
        filters=FILTERS,
    )


def all_ideas(session: Session, query: Query, most: int) -> list[Idea]:
    """The ideas that the URL asks for, the latest first, on one page."""
    statement = narrowed(_whole(select(Idea)), query, search=SEARCHED, filters=FILTERS)
    return list(session.scalars(statement.order_by(Idea.created_at.desc(), Idea.id.desc()).limit(most)))


def ideas_about(session: Session, project: Project) -> list[Idea]:
    """The ideas of a project, the latest first."""
    mine = _whole(select(Idea)).where(Idea.project_id == project.id)
    return list(session.scalars(mine.order_by(Idea.id.desc())))


def needs_to_name(session: Session, idea: Idea) -> list[tuple[int, str]]:
    """The role needs that an idea may have changed: those of its project, or all of them."""
    statement = select(RoleNeed).join(RoleNeed.phase)
    if idea.project is not None:
        statement = statement.where(RoleNeed.phase.has(project_id=idea.project_id))
    rows = session.scalars(statement.options(joinedload(RoleNeed.phase)).order_by(folded(RoleNeed.title)).limit(500))
    return [(need.id, f"{need.title} ({need.phase.name})") for need in rows]


def is_taken(idea: Idea) -> bool:
    """Whether somebody said yes."""
    return idea.state in (IdeaState.ACCEPTED, IdeaState.DONE)


def _whole(statement: Select[Any]) -> Select[Any]:
    return statement.options(
        joinedload(Idea.project),
        joinedload(Idea.skill),
        joinedload(Idea.style),
        joinedload(Idea.feedback),
        selectinload(Idea.outcomes),
    )


def _require_there(session: Session, said: IdeaSaid) -> None:
    for name, table in ABOUT.items():
        ident = getattr(said, name)
        if ident is not None and session.get(table, ident) is None:
            raise Refused("choice_is_not_there", field=name)


SEARCHED = (Idea.title, Idea.text, Idea.by_name)
FILTERS = narrowing({
    "project": lambda value: Idea.project_id.is_(None) if value == "none" else Idea.project_id == id_in(value),
    "skill": lambda value: Idea.skill_id == id_in(value),
    "style": lambda value: Idea.style_id == id_in(value),
    "state": lambda value: cast(Idea.state, String) == value,
    "feedback": lambda value: Idea.feedback_id == id_in(value),
})  # fmt: skip
