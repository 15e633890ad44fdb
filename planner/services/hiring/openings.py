"""From a profile that pays to a requisition, or to a hypothetical person to plan with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median_low
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    MINOR,
    CapacitySpan,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    Plan,
    RatingSource,
    Requisition,
    Scenario,
    Seat,
    Site,
    Skill,
    SubjectKind,
    User,
    WorkStyle,
    today,
)
from planner.schemas.staffing_people import PersonSaid
from planner.services.editing import next_number
from planner.services.hiring.requisitions import begin
from planner.services.planning import scenario_changes
from planner.services.planning.deciding import require_true
from planner.services.staffing.projects import add_keyed, workspace_of

Profile = Mapping[str, Any]
SITE, LANGUAGE = "site:", "lang:"


def usual_hire_cost(session: Session) -> int:
    """What hiring somebody costs here, in minor units: the lower median of the candidates for whom it is known."""
    is_known = (Person.kind == PersonKind.CANDIDATE, Person.hire_cost_minor > 0)
    costs = list(session.scalars(select(Person.hire_cost_minor).where(*is_known)))
    return median_low(costs) if costs else 0


def names_in(session: Session, openings: Sequence[Profile]) -> dict[str, dict[str, Skill | WorkStyle]]:
    """The skills and work styles that some profiles name, by key."""
    skills = {key for one in openings for key in one["skills"]}
    styles = {key for one in openings for key in one["styles"]}
    return {
        "skills": {row.key: row for row in session.scalars(select(Skill).where(Skill.key.in_(skills)))},
        "styles": {row.key: row for row in session.scalars(select(WorkStyle).where(WorkStyle.key.in_(styles)))},
    }


def draft(session: Session, plan: Plan, profile: Profile, *, by: User) -> Requisition:
    """Drafts the requisition of a profile: its criteria, when it begins, what it may cost, the seat it is for first.

    Bands of work styles come from the role needs of its seats, with their reasons. Raises Refused for a plan that
    answers a scenario.
    """
    require_true(plan)
    seats = list(session.scalars(select(Seat).where(Seat.key.in_(profile["seats"])).order_by(Seat.id)))
    first = seats[0] if seats else None
    workspace = workspace_of(session)
    requisition = Requisition(
        number=next_number(session, Requisition.number),
        title=first.need.title if first is not None else "",
        need_id=first.need_id if first is not None else None,
        seat_key=first.key if first is not None else None,
        plan_number=plan.number,
        site_id=_site(session, profile),
        starts_on=workspace.moment_of(
            (plan.starts_on - workspace.calendar_start_on) // workspace.step + profile["first"]
        ),
        num_seats=max(1, profile["num_chosen"]),
        fte_pct=max(1, profile["fte"]),
        max_cost_minor=profile["cost"] * MINOR or None,
        criteria=_criteria(profile, seats),
        opened_by_id=by.id,
    )
    begin(session, requisition, by=by)
    return requisition


def keep_person(session: Session, profile: Profile, *, name: str) -> Person:
    """Keeps a profile as a hypothetical person; whoever plans next can count on them, or change them."""
    found = names_in(session, [profile])
    person = Person(
        kind=PersonKind.HYPOTHETICAL,
        name=name,
        site_id=_site(session, profile),
        languages=[tag.removeprefix(LANGUAGE) for tag in profile["tags"] if tag.startswith(LANGUAGE)],
        tags=[tag for tag in profile["tags"] if not tag.startswith((SITE, LANGUAGE))],
        cost_minor=profile["cost"] * MINOR,
        hire_cost_minor=profile["hire_cost"] * MINOR,
        capacity_spans=[CapacitySpan(fte_pct=100)],
        skills=[
            PersonSkill(skill=row, level=profile["skills"][key], source=RatingSource.IMPORT, rated_on=today())
            for key, row in found["skills"].items()
        ],
        styles=[
            PersonStyle(style=row, score=profile["styles"][key], source=RatingSource.IMPORT, rated_on=today())
            for key, row in found["styles"].items()
        ],
    )
    return add_keyed(session, person, "p")


def keep_in_scenario(session: Session, scenario: Scenario, profile: Profile, *, name: str, by: User) -> None:
    """Keeps a profile as a hypothetical person whom only a scenario has."""
    found = names_in(session, [profile])
    source = {"source": RatingSource.IMPORT, "rated_on": today()}
    said = PersonSaid(
        kind=PersonKind.HYPOTHETICAL,
        name=name,
        site_id=_site(session, profile),
        languages=[tag.removeprefix(LANGUAGE) for tag in profile["tags"] if tag.startswith(LANGUAGE)],
        tags=[tag for tag in profile["tags"] if not tag.startswith((SITE, LANGUAGE))],
        cost_minor=profile["cost"] * MINOR,
        hire_cost_minor=profile["hire_cost"] * MINOR,
        skills=[
            {"skill_id": row.id, "level": profile["skills"][key], **source} for key, row in found["skills"].items()
        ],
        styles=[
            {"style_id": row.id, "score": profile["styles"][key], **source} for key, row in found["styles"].items()
        ],
    )
    scenario_changes.add(session, scenario, SubjectKind.PERSON, said, parent_id=None, by=by)


def _criteria(profile: Profile, seats: Sequence[Seat]) -> list[dict[str, Any]]:
    weights: dict[str, int] = {}
    for asked in (one for seat in seats for one in seat.need.skills):
        weights[asked.skill.key] = max(asked.weight, weights.get(asked.skill.key, 0))
    skills = [
        {"skill": key, "level": level, "must": True, "weight": weights.get(key, 1)}
        for key, level in profile["skills"].items()
    ]
    styles: dict[str, dict[str, Any]] = {}
    for seat in seats:
        for line in seat.need.styles:
            styles.setdefault(
                line.style.key,
                {
                    "style": line.style.key, "min": line.min, "max": line.max, "must": line.is_must,
                    "weight": line.weight, "reason": line.reason,
                },
            )  # fmt: skip
    return [*skills, *styles.values(), *({"tag": tag, "must": True} for tag in profile["tags"])]


def _site(session: Session, profile: Profile) -> int | None:
    names = [tag.removeprefix(SITE) for tag in profile["tags"] if tag.startswith(SITE)]
    return session.scalar(select(Site.id).where(Site.name == names[0])) if names else None
