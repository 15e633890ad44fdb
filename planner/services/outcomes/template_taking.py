"""Keeping a phase as a template: what it asks for, without names, and what its team achieved, frozen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    Booking,
    FinishedWork,
    Phase,
    RoleNeed,
    Seat,
    TeamTemplate,
    TemplateFact,
    User,
    Workspace,
    today,
)
from planner.schemas.outcomes_templates import (
    NAMING_PEOPLE,
    TakingSaid,
    TemplateContent,
    TemplateNeedSaid,
    TemplateRuleSaid,
    TemplateSaid,
)
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services.outcomes.effort_sources import known_periods
from planner.services.outcomes.efforts import planned_periods
from planner.services.outcomes.templates import add_template
from planner.services.refused import Refused
from planner.services.staffing import rates
from planner.services.staffing.projects import workspace_of

More = Callable[[Session, Phase], list[dict[str, Any]]]
# What other records say of a team: a line for each kind, which gives (what, how much) as {"what": …, "said": …}.
MORE: dict[str, More] = {}


def take(session: Session, phase: Phase, said: TakingSaid, *, by: User) -> TeamTemplate:
    """Keeps a phase as a new template, with what its team achieved. Raises Refused."""
    content = content_of_phase(phase)
    whole = TemplateSaid(
        name=said.name,
        purpose=said.purpose,
        duration=content.duration,
        needs=content.needs,
        rules=content.rules,
        because=f"{phase.project.name}: {phase.name}"[:200],
    )
    template = add_template(session, whole, by=by)
    add_fact(session, template, phase, said.achieved, by=by)
    return template


def content_of_phase(phase: Phase) -> TemplateContent:
    """What a phase asks for; rules that name people are left out. Raises Refused where a need would be refused."""
    return TemplateContent(
        duration=phase.duration,
        needs=[TemplateNeedSaid(said=_need_said(need)) for need in phase.needs],
        rules=[TemplateRuleSaid(said=_rule_said(rule)) for rule in phase.team_rules if rule.rule not in NAMING_PEOPLE],
    )


def add_fact(session: Session, template: TeamTemplate, phase: Phase, achieved: str, *, by: User) -> TemplateFact:
    """Writes down what the team of a phase achieved, as it is known today."""
    workspace = workspace_of(session)
    planned, actual = _efforts(session, phase.needs)
    cost = _costs(session, phase.needs)
    held = set(session.scalars(_held(phase.needs).with_only_columns(Booking.seat_id)))
    fact = TemplateFact(
        phase_id=phase.id,
        project=phase.project.name,
        phase=phase.name,
        client=phase.project.client,
        starts_on=phase.earliest_on.date(),
        ends_on=_last_day(phase, workspace),
        num_seats=sum(need.count for need in phase.needs),
        num_filled=len(held),
        planned_periods=planned,
        actual_periods=actual,
        planned_cost_minor=cost[0],
        cost_minor=cost[1],
        achieved=achieved,
        more=[one for tell in MORE.values() for one in tell(session, phase)],
        by_id=by.id,
        by_name=by.name,
    )
    template.facts.append(fact)
    session.flush()
    return fact


def is_over(session: Session, phase: Phase) -> bool:
    """Whether a phase lies behind us."""
    return _last_day(phase, workspace_of(session)) < today()


def _need_said(need: RoleNeed) -> NeedSaid:
    """A role need, as it was said; one that a file brought in may lack what a page would have asked for."""
    try:
        return NeedSaid.model_validate(need)
    except ValidationError as error:
        raise Refused("need_cannot_be_kept", title=need.title) from error


def _rule_said(rule: Any) -> TeamRuleSaid:
    """A team rule that names nobody, as it was said."""
    names = set(TeamRuleSaid.model_fields) - {"person_ids"}
    return TeamRuleSaid.model_validate({name: getattr(rule, name) for name in names})


def _last_day(phase: Phase, workspace: Workspace) -> date:
    """The last day of a phase that starts at its earliest."""
    end = phase.earliest_on + phase.duration * workspace.step
    return max(phase.earliest_on.date(), (end - timedelta(hours=1)).date())


def _efforts(session: Session, needs: Sequence[RoleNeed]) -> tuple[float, float | None]:
    """What was planned, and what it took where that is known of every need."""
    taken = _taken(session, needs)
    planned = sum(planned_periods(need) for need in needs)
    is_known = bool(needs) and all(need.id in taken for need in needs)
    return planned, sum(taken.values()) if is_known else None


def _taken(session: Session, needs: Sequence[RoleNeed]) -> dict[int, float]:
    ids = [need.id for need in needs]
    closed = session.scalars(select(FinishedWork).where(FinishedWork.need_id.in_(ids)))
    return known_periods(session, ids) | {row.need_id or 0: row.actual_periods for row in closed}


def _costs(session: Session, needs: Sequence[RoleNeed]) -> tuple[int | None, int | None]:
    """What the people on the seats cost by plan, and by what the work took; nothing where nobody holds one."""
    known, taken = rates.rates_of(session), _taken(session, needs)
    of = {need.id: need for need in needs}
    planned: dict[int, float] = {}
    for booking in session.scalars(_held(needs).options(joinedload(Booking.person))):
        need = of[booking.seat.need_id]
        person = booking.person
        minor = known.converted(person.cost_minor, person.cost_currency or known.currency, today())
        planned[need.id] = planned.get(need.id, 0.0) + (minor or 0) * planned_periods(need) / need.count
    if not planned:
        return None, None
    if not all(ident in taken for ident in planned):
        return round(sum(planned.values())), None
    ratios = {ident: taken[ident] / planned_periods(of[ident]) for ident in planned}
    return round(sum(planned.values())), round(sum(minor * ratios[ident] for ident, minor in planned.items()))


def _held(needs: Sequence[RoleNeed]) -> Any:
    ids = [need.id for need in needs]
    return select(Booking).join(Seat, Seat.id == Booking.seat_id).where(Seat.need_id.in_(ids), Booking.is_in_force)
