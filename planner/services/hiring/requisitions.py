"""Requisitions: add, edit, list, open from a gap of a plan with everything carried over, and how candidates match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Candidate,
    NeedSkill,
    NeedStyle,
    Person,
    Phase,
    PhaseStart,
    Plan,
    Requisition,
    RequisitionState,
    RoleNeed,
    Seat,
    Site,
    Skill,
    Stage,
    User,
    WorkStyle,
    folded,
)
from planner.schemas.hiring_requisitions import RequisitionSaid, StateSaid
from planner.services.editing import fill, next_number, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in, workspace_of

STAGES = list(Stage)
ALIVE = (RequisitionState.DRAFT, RequisitionState.OPEN)


@dataclass(frozen=True)
class Criterion:
    """One line of what a requisition asks for: a skill, a band of a work style, or tags."""

    kind: str  # skill, style, tag, any_of
    row: Skill | WorkStyle | None
    name: str
    is_must: bool
    weight: int
    level: int = 0
    min: float = 1.0
    max: float = 5.0
    reason: str = ""
    tags: tuple[str, ...] = ()


def add_requisition(session: Session, said: RequisitionSaid, by_id: int | None = None) -> Requisition:
    """Adds a draft. Raises Refused where the role need or the site is not there."""
    need = _require_there(session, said)
    requisition = Requisition(number=next_number(session, Requisition.number), opened_by_id=by_id)
    fill(requisition, said)
    requisition.criteria = criteria_of(need) if need is not None else []
    session.add(requisition)
    session.flush()
    return requisition


def edit_requisition(
    session: Session, requisition: Requisition, said: RequisitionSaid, version: int | None
) -> Requisition:
    """Edits a requisition; another role need brings its criteria. Raises Stale, and Refused like `add_requisition`."""
    require_version(requisition, version)
    need = _require_there(session, said)
    if need is not None and need.id != requisition.need_id:
        requisition.criteria, requisition.seat_key = criteria_of(need), None
    fill(requisition, said)
    session.flush()
    return requisition


def set_state(session: Session, requisition: Requisition, said: StateSaid, version: int | None) -> Requisition:
    """Opens, fills or closes a requisition, or takes it back. Raises Stale."""
    require_version(requisition, version)
    requisition.state = said.state
    session.flush()
    return requisition


def open_from_gap(session: Session, *, plan: Plan, seat_key: str, by: User) -> Requisition:
    """Opens a requisition for a seat that a plan left open; the one that is alive for it already, if there is one.

    Raises Refused where the seat is not there any more.
    """
    seat = session.scalars(select(Seat).where(Seat.key == seat_key).with_for_update()).one_or_none()
    if seat is None:
        raise Refused("seat_is_gone", seat=seat_key)
    alive = select(Requisition).where(Requisition.seat_key == seat_key, Requisition.state.in_(ALIVE))
    present = session.scalars(alive.order_by(Requisition.number)).first()
    if present is not None:
        return present
    requisition = _born_from(session, plan, seat)
    requisition.opened_by_id = by.id
    session.add(requisition)
    session.flush()
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


def criteria_of(need: RoleNeed) -> list[dict[str, Any]]:
    """What a role need asks for, as a requisition keeps it: by keys, so that it stays readable."""
    skills = [
        {"skill": line.skill.key, "level": line.level, "must": line.is_must, "weight": line.weight}
        for line in need.skills
    ]
    styles = [
        {
            "style": line.style.key, "min": line.min, "max": line.max, "must": line.is_must, "weight": line.weight,
            "reason": line.reason,
        }
        for line in need.styles
    ]  # fmt: skip
    tags: list[dict[str, Any]] = [{"tag": tag, "must": True} for tag in need.tags]
    return [*skills, *styles, *tags, *({"any_of": group, "must": True} for group in need.any_of)]


def criteria_shown(session: Session, requisition: Requisition) -> list[Criterion]:
    """The criteria of a requisition with the skills and work styles that they name; musts first."""
    return criteria_by_requisition(session, [requisition])[requisition.id]


def criteria_by_requisition(session: Session, requisitions: Sequence[Requisition]) -> dict[int, list[Criterion]]:
    """The criteria of several requisitions, by the requisition's id; two queries for all."""
    rows = [row for requisition in requisitions for row in requisition.criteria]
    skills = {row["skill"] for row in rows if "skill" in row}
    styles = {row["style"] for row in rows if "style" in row}
    known: dict[str, dict[str, Any]] = {
        "skill": {row.key: row for row in session.scalars(select(Skill).where(Skill.key.in_(skills)))},
        "style": {row.key: row for row in session.scalars(select(WorkStyle).where(WorkStyle.key.in_(styles)))},
    }
    order = ("skill", "style", "tag", "any_of")
    return {
        requisition.id: sorted(
            (_criterion(row, known) for row in requisition.criteria),
            key=lambda line: (order.index(line.kind), not line.is_must),
        )
        for requisition in requisitions
    }


def coverage_by_candidate(
    session: Session, candidates: Sequence[Candidate]
) -> dict[int, list[tuple[Criterion, int, str]]]:
    """How far each of some candidates meets the skills of the requisition that they are for."""
    wanted = {one.requisition.id: one.requisition for one in candidates if one.requisition is not None}
    criteria = criteria_by_requisition(session, list(wanted.values()))
    return {one.id: coverage_of(one.person, criteria.get(one.requisition_id or 0, [])) for one in candidates}


def coverage_of(person: Person, criteria: Sequence[Criterion]) -> list[tuple[Criterion, int, str]]:
    """How far a person meets each skill that is asked for: (criterion, percent, full, part or missing)."""
    levels = {held.skill_id: held.level for held in person.skills}
    out = []
    for line in criteria:
        if line.kind == "skill":
            have = levels.get(line.row.id, 0) if line.row is not None else 0
            pct = min(100, 100 * have // max(1, line.level))
            out.append((line, pct, "full" if pct == 100 else "part" if pct else "missing"))
    return out


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
        state=RequisitionState.OPEN,
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


def _criterion(row: dict[str, Any], known: dict[str, dict[str, Any]]) -> Criterion:
    is_must, weight = bool(row.get("must", True)), int(row.get("weight", 1))
    if "skill" in row:
        skill = known["skill"].get(row["skill"])
        return Criterion("skill", skill, row["skill"], is_must, weight, level=int(row["level"]))
    if "style" in row:
        style = known["style"].get(row["style"])
        low, high = float(row.get("min", 1.0)), float(row.get("max", 5.0))
        return Criterion("style", style, row["style"], is_must, weight, min=low, max=high, reason=row.get("reason", ""))
    tags = tuple(row["any_of"]) if "any_of" in row else (row["tag"],)
    return Criterion("any_of" if "any_of" in row else "tag", None, "", is_must, weight, tags=tags)
