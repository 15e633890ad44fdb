"""What role needs really took: dated entries, and the end of a need with the effort that it took in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from planner.models import ActualEffort, FinishedWork, Person, RoleNeed, fold, folded
from planner.schemas.outcomes_effort import ClosingSaid, EffortSaid, FinishedSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.outcomes.effort_sources import known_periods
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in


def add_effort(session: Session, need: RoleNeed, said: EffortSaid) -> ActualEffort:
    """Adds work that was done for a need. Raises Refused where the person is gone, or the need is closed."""
    _require_open(session, need)
    _require_person(session, said)
    effort = fill(ActualEffort(need_id=need.id), said)
    session.add(effort)
    session.flush()
    return effort


def edit_effort(session: Session, effort: ActualEffort, said: EffortSaid, version: int | None) -> ActualEffort:
    """Edits an entry. Raises Stale, and Refused where the person is gone, or the need is closed."""
    require_version(effort, version)
    _require_open(session, effort.need)
    _require_person(session, said)
    return fill(effort, said)


def require_removable(session: Session, effort: ActualEffort) -> ActualEffort:
    """An entry that may go. Raises Refused where its need is closed: what it took is frozen."""
    _require_open(session, effort.need)
    return effort


def efforts_of(session: Session, need: RoleNeed) -> list[ActualEffort]:
    """What was entered for a need, in time order."""
    mine = select(ActualEffort).where(ActualEffort.need_id == need.id).options(joinedload(ActualEffort.person))
    return list(session.scalars(mine.order_by(ActualEffort.from_on, ActualEffort.id)))


def page_of_efforts(session: Session, query: Query) -> Page[ActualEffort]:
    """The entries for all needs, as the URL asks for them."""
    return paged(
        session,
        select(ActualEffort),
        query,
        sorts={"from": ActualEffort.from_on, "id": ActualEffort.id},
        default="id",
        search=(ActualEffort.note,),
        filters={
            "need_id": lambda found, value: found.where(ActualEffort.need_id == id_in(value)),
            "person": lambda found, value: found.where(ActualEffort.person_id == id_in(value)),
        },
    )


def planned_periods(need: RoleNeed) -> float:
    """What a need asks for in full-time periods, all its seats together."""
    end = need.to_offset if need.to_offset is not None else need.phase.duration
    return need.count * need.fte_pct * (end - need.from_offset) / 100


def close_need(session: Session, need: RoleNeed, said: ClosingSaid) -> FinishedWork:
    """Closes a need with what it took; what was planned is frozen with it.

    Raises Refused where it is closed already, or where neither a sum is said nor anything is known of it.
    """
    _require_open(session, need)
    known = known_periods(session, [need.id]).get(need.id)
    actual = said.actual_periods if said.actual_periods is not None else known
    if actual is None:
        raise Refused("closing_wants_effort", field="actual_periods")
    finished = FinishedWork(
        need_id=need.id,
        project=need.phase.project.name,
        kind=need.phase.project.kind,
        role=need.title,
        planned_periods=planned_periods(need),
        actual_periods=actual,
        ended_on=said.ended_on,
        note=said.note,
    )
    session.add(finished)
    session.flush()
    return finished


def reopen_need(session: Session, need: RoleNeed) -> None:
    """Takes back that a need is over; its entries stay. Raises Refused where it is not closed."""
    finished = finished_of(session, need)
    if finished is None:
        raise Refused("need_is_not_closed")
    session.delete(finished)
    session.flush()


def finished_of(session: Session, need: RoleNeed) -> FinishedWork | None:
    """How a need ended, if it has."""
    return session.scalar(select(FinishedWork).where(FinishedWork.need_id == need.id))


def finished_of_many(session: Session, need_ids: Sequence[int]) -> Mapping[int, FinishedWork]:
    """How those of some needs ended that have, by the need."""
    found = session.scalars(select(FinishedWork).where(FinishedWork.need_id.in_(need_ids)))
    return {row.need_id or 0: row for row in found}


def add_finished(session: Session, said: FinishedSaid) -> FinishedWork:
    """Adds work that is known from elsewhere."""
    finished = fill(FinishedWork(), said)
    session.add(finished)
    session.flush()
    return finished


def edit_finished(_session: Session, finished: FinishedWork, said: FinishedSaid, version: int | None) -> FinishedWork:
    """Edits finished work. Raises Stale."""
    require_version(finished, version)
    return fill(finished, said)


def page_of_finished(session: Session, query: Query) -> Page[FinishedWork]:
    """Finished work, as the URL asks for it."""
    return paged(
        session,
        select(FinishedWork),
        query,
        sorts={
            "role": folded(FinishedWork.role),
            "kind": folded(FinishedWork.kind),
            "project": folded(FinishedWork.project),
            "ended": FinishedWork.ended_on,
            "planned": FinishedWork.planned_periods,
            "actual": FinishedWork.actual_periods,
            "id": FinishedWork.id,
        },
        default="-ended",
        search=(FinishedWork.role, FinishedWork.project, FinishedWork.kind),
        filters={"kind": lambda found, value: found.where(folded(FinishedWork.kind) == fold(value))},
    )


def forget_person(session: Session, person: Person) -> None:
    """Takes out of entries what was written beside somebody's work; the hours stay, and are nobody's."""
    session.execute(update(ActualEffort).where(ActualEffort.person_id == person.id).values(note=""))


def _require_open(session: Session, need: RoleNeed) -> None:
    """What a closed need took is frozen: whoever would add to it opens it again."""
    if finished_of(session, need) is not None:
        raise Refused("need_is_closed", title=need.title)


def _require_person(session: Session, said: EffortSaid) -> None:
    if said.person_id is not None and session.get(Person, said.person_id) is None:
        raise Refused("person_is_gone", field="person_id")
