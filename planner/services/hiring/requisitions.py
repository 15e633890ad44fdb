"""Requisitions: add, edit, list, and draft from a gap of a plan with everything carried over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import String, cast, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Candidate,
    NeedSkill,
    NeedStyle,
    Phase,
    PhaseStart,
    Plan,
    Requisition,
    RequisitionState,
    RoleNeed,
    Seat,
    Site,
    Stage,
    User,
    chain_of_need,
    chain_of_requisition,
    folded,
)
from planner.schemas.hiring_requisitions import CriteriaSaid, RequisitionSaid, StateSaid
from planner.services.editing import fill, next_number, require_version, touch
from planner.services.hiring.criteria import criteria_of, criteria_said
from planner.services.hiring.terms import is_signed, number_terms
from planner.services.listing import Page, Query, paged
from planner.services.planning.deciding import require_true
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in, workspace_of

STAGES = list(Stage)
ALIVE = (RequisitionState.DRAFT, RequisitionState.OPEN)


def add_requisition(session: Session, said: RequisitionSaid, *, by: User | None = None) -> Requisition:
    """Adds a draft. Raises Refused where the role need or the site is not there."""
    need = _require_there(session, said)
    requisition = Requisition(number=next_number(session, Requisition.number), opened_by_id=by.id if by else None)
    fill(requisition, said)
    requisition.criteria = criteria_of(need) if need is not None else []
    begin(session, requisition, by=by)
    return requisition


def begin(session: Session, requisition: Requisition, *, by: User | None = None) -> None:
    """Adds a requisition, with its terms, to the chain of its role need, or to one that begins with itself."""
    requisition.chain = chain_of_need(requisition.need_id) if requisition.need_id is not None else ""
    session.add(requisition)
    session.flush()
    if not requisition.chain:
        # Past the unit of work, which would count this as an edit and give the row another version.
        code = chain_of_requisition(requisition.id)
        session.execute(update(Requisition).where(Requisition.id == requisition.id).values(chain=code))
    number_terms(session, requisition, by=by)


def edit_requisition(
    session: Session, requisition: Requisition, said: RequisitionSaid, version: int | None, *, by: User | None = None
) -> Requisition:
    """Edits a requisition; another role need brings its criteria and its chain. Raises Stale, and Refused likewise."""
    require_version(requisition, version)
    need = _require_there(session, said)
    if need is not None and need.id != requisition.need_id:
        requisition.criteria, requisition.seat_key = criteria_of(need), None
        requisition.chain = chain_of_need(need.id)
    fill(requisition, said)
    number_terms(session, requisition, by=by)
    return requisition


def edit_criteria(
    session: Session, requisition: Requisition, said: CriteriaSaid, version: int | None, *, by: User | None = None
) -> Requisition:
    """Says anew what is asked of whoever is hired. Raises Stale, and Refused where a skill or style is gone."""
    require_version(requisition, version)
    requisition.criteria = criteria_said(session, said)
    number_terms(session, requisition, by=by, reason=said.change_reason)
    touch(session, requisition)
    return requisition


def set_state(session: Session, requisition: Requisition, said: StateSaid, version: int | None) -> Requisition:
    """Opens, fills or closes a requisition, or takes it back. Raises Stale; Refused where it opens unsigned."""
    require_version(requisition, version)
    if said.state is RequisitionState.OPEN and not is_signed(requisition):
        raise Refused("terms_want_signatures", field="state")
    requisition.state = said.state
    session.flush()
    return requisition


def open_from_gap(session: Session, *, plan: Plan, seat_key: str, by: User) -> Requisition:
    """Drafts a requisition for a seat that a plan left open; the one that is alive for it already, if there is one.

    Raises Refused where the seat is not there any more, and for a plan that answers a scenario.
    """
    require_true(plan)
    seat = session.scalars(select(Seat).where(Seat.key == seat_key).with_for_update()).one_or_none()
    if seat is None:
        raise Refused("seat_is_gone", seat=seat_key)
    alive = select(Requisition).where(Requisition.seat_key == seat_key, Requisition.state.in_(ALIVE))
    present = session.scalars(alive.order_by(Requisition.number)).first()
    if present is not None:
        return present
    requisition = _born_from(session, plan, seat)
    requisition.opened_by_id = by.id
    begin(session, requisition, by=by)
    return requisition


def page_of_requisitions(session: Session, query: Query) -> Page[Requisition]:
    """The requisitions, the newest first unless the URL asks otherwise."""
    return paged(
        session,
        select(Requisition).options(
            joinedload(Requisition.site),
            joinedload(Requisition.need).joinedload(RoleNeed.phase).joinedload(Phase.project),
        ),
        query if query.sort else replace(query, sort="-number"),
        sorts={
            "number": Requisition.number,
            "title": folded(Requisition.title),
            "state": cast(Requisition.state, String),
            "starts": Requisition.starts_on,
            "cost": Requisition.max_cost_minor,
        },
        default="number",
        search=(Requisition.title, Requisition.reason, cast(Requisition.number, String)),
        filters={
            "state": lambda found, value: found.where(cast(Requisition.state, String) == value),
            "site": lambda found, value: found.where(Requisition.site_id == id_in(value)),
        },
    )


def num_by_state(session: Session) -> dict[RequisitionState, int]:
    """How many requisitions are in each state."""
    return dict(session.execute(select(Requisition.state, func.count()).group_by(Requisition.state)).all())


def stages_of(session: Session, requisitions: Sequence[Requisition]) -> dict[int, dict[Stage, int]]:
    """For each requisition how many candidates stand at which stage, the furthest first."""
    ids = [requisition.id for requisition in requisitions]
    statement = (
        select(Candidate.requisition_id, Candidate.stage, func.count())
        .where(Candidate.requisition_id.in_(ids))
        .group_by(Candidate.requisition_id, Candidate.stage)
    )
    found: dict[int, dict[Stage, int]] = {ident: {} for ident in ids}
    for ident, stage, number in sorted(session.execute(statement), key=lambda row: STAGES.index(row[1]), reverse=True):
        found[ident or 0][stage] = number
    return found


def all_needs(session: Session) -> list[RoleNeed]:
    """The role needs for which one may hire, by project, phase and title."""
    statement = (
        select(RoleNeed)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(RoleNeed.is_hire_allowed)
        .options(joinedload(RoleNeed.phase).joinedload(Phase.project))
        .order_by(Phase.project_id, Phase.position, RoleNeed.position, RoleNeed.id)
    )
    return list(session.scalars(statement))


def requisitions_open(session: Session, *, but: int | None = None) -> list[Requisition]:
    """The requisitions that take candidates, and the one that a candidate is on already."""
    statement = select(Requisition).where(Requisition.state.in_(ALIVE) | (Requisition.id == but))
    return list(session.scalars(statement.order_by(Requisition.number)))


def all_requisitions(session: Session) -> list[Requisition]:
    """Every requisition, by number."""
    return list(session.scalars(select(Requisition).order_by(Requisition.number)))


def plan_of(session: Session, requisition: Requisition) -> Plan | None:
    """The plan in whose gap a requisition was born, if it is still there."""
    return session.scalars(select(Plan).where(Plan.number == requisition.plan_number)).one_or_none()


def _require_there(session: Session, said: RequisitionSaid) -> RoleNeed | None:
    if said.site_id is not None and session.get(Site, said.site_id) is None:
        raise Refused("choice_is_not_there", field="site_id")
    need = session.get(RoleNeed, said.need_id) if said.need_id is not None else None
    if said.need_id is not None and need is None:
        raise Refused("choice_is_not_there", field="need_id")
    return need


def _born_from(session: Session, plan: Plan, seat: Seat) -> Requisition:
    """Everything that the seat asks for, at the time for which the plan has its phase."""
    need = session.get_one(
        RoleNeed,
        seat.need_id,
        options=(
            joinedload(RoleNeed.phase),
            selectinload(RoleNeed.skills).joinedload(NeedSkill.skill),
            selectinload(RoleNeed.styles).joinedload(NeedStyle.style),
        ),
    )
    step, start = workspace_of(session).step, _start_of(session, plan, need)
    end = need.to_offset if need.to_offset is not None else need.phase.duration
    return Requisition(
        number=next_number(session, Requisition.number),
        title=need.title,
        need_id=need.id,
        seat_key=seat.key,
        plan_number=plan.number,
        site_id=_site_asked(session, need),
        starts_on=start + need.from_offset * step,
        ends_on=start + end * step,
        fte_pct=need.fte_pct,
        max_cost_minor=need.max_cost_minor,
        criteria=criteria_of(need),
    )


def _start_of(session: Session, plan: Plan, need: RoleNeed) -> datetime:
    """When the phase of a role need starts in a plan; as early as it may where the plan does not say."""
    idx = session.scalar(
        select(PhaseStart.start_idx).where(PhaseStart.plan_id == plan.id, PhaseStart.phase_key == need.phase.key)
    )
    if idx is None:
        return need.phase.earliest_on
    return datetime.combine(plan.starts_on, time.min) + idx * workspace_of(session).step


def _site_asked(session: Session, need: RoleNeed) -> int | None:
    """The one site at which the need wants its people, if it wants one."""
    names = [tag.removeprefix("site:") for tag in need.tags if tag.startswith("site:")]
    return session.scalar(select(Site.id).where(Site.name == names[0])) if len(names) == 1 else None
