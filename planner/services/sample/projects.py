"""The sample's projects, phases, role needs, seats and team rules."""

from __future__ import annotations

from sqlalchemy.orm import Session

from planner.models import (
    NeedSkill,
    NeedStyle,
    Phase,
    PhaseOrder,
    Project,
    RoleNeed,
    RuleKind,
    Seat,
    TeamRule,
    TeamRulePerson,
    Wish,
)
from planner.services import catalogue
from planner.services.sample.company import Company, Row, minor, moment, moment_or_none


def add_projects(session: Session, company: Company) -> None:
    rows = catalogue.read("projects")["project"]
    for number, row in enumerate(rows, start=1):
        project = company.projects[row["id"]] = _project(company, f"j{number}", row)
        project.phases = [_phase(company, position, phase) for position, phase in enumerate(row["phase"])]
    session.add_all(company.projects.values())
    session.add_all(_wishes(company))
    session.flush()


def _project(company: Company, key: str, row: Row) -> Project:
    return Project(
        key=key,
        name=row["name"],
        client=row["client"],
        objective=row["objective"],
        kind=row["kind"],
        pm_id=company.user_ids[row["pm"]],
        priority=row["priority"],
        budget_minor=minor(row.get("budget")),
        is_all_or_nothing=row.get("all_or_nothing", False),
        reward=row.get("reward", 0),
        due_on=moment_or_none(row.get("due_on")),
        late_penalty=row.get("late_penalty", 0),
        is_sample=True,
    )


def _phase(company: Company, position: int, row: Row) -> Phase:
    before = [company.phases[ident] for ident in row.get("after", [])]
    phase = company.phases[row["id"]] = Phase(
        key=f"f{len(company.phases) + 1}",
        position=position,
        name=row["name"],
        duration=row["weeks"],
        earliest_on=moment(row["earliest_on"]),
        latest_on=moment(row.get("latest_on", row["earliest_on"])),
        after=[PhaseOrder(before=other, position=place) for place, other in enumerate(before)],
    )
    phase.needs = [_need(company, place, need) for place, need in enumerate(row["need"])]
    phase.team_rules = [_team_rule(company, place, rule) for place, rule in enumerate(row.get("rule", []))]
    return phase


def _need(company: Company, position: int, row: Row) -> RoleNeed:
    number = len(company.needs) + 1
    need = company.needs[row.get("id", f"need {number}")] = RoleNeed(
        position=position,
        title=row["title"],
        count=row.get("count", 1),
        fte_pct=row["fte"],
        from_offset=row.get("from", 0),
        to_offset=row.get("to"),
        tags=row.get("tags", []),
        any_of=row.get("any_of", []),
        max_cost_minor=minor(row.get("max_cost")),
        is_mentoring_allowed=row.get("mentoring", False),
        is_hire_allowed=row.get("hire", True),
        skills=_asked_skills(company, row),
        styles=[_asked_style(company, line) for line in row.get("styles", [])],
    )
    need.seats = [Seat(key=f"s{number}.{place}", number=place) for place in range(1, need.count + 1)]
    return need


def _asked_skills(company: Company, row: Row) -> list[NeedSkill]:
    weights = row.get("weights", {})
    return [
        NeedSkill(skill=company.skills[key], level=level, is_must=is_must, weight=weights.get(key, 1))
        for lines, is_must in ((row["skills"], True), (row.get("nice", {}), False))
        for key, level in lines.items()
    ]


def _asked_style(company: Company, row: Row) -> NeedStyle:
    return NeedStyle(
        style=company.styles[row["style"]],
        min=row.get("min", 1.0),
        max=row.get("max", 5.0),
        is_must=row.get("must", False),
        weight=row.get("weight", 1),
        reason=row["reason"],
    )


def _team_rule(company: Company, position: int, row: Row) -> TeamRule:
    counted = next((of for of in ("skill", "style", "tag", "kind") if of in row), None)
    return TeamRule(
        position=position,
        rule=row["rule"],
        of=counted if row["rule"] == RuleKind.COUNT else None,
        skill=company.skills[row["skill"]] if "skill" in row else None,
        style=company.styles[row["style"]] if "style" in row else None,
        people=[
            TeamRulePerson(position=place, person=company.people[name])
            for place, name in enumerate(row.get("people", []))
        ],
        **{name: row.get(name) for name in ("tag", "kind", "level", "min", "max", "at_least", "at_most", "weight")},
    )


def _wishes(company: Company) -> list[Wish]:
    return [
        Wish(person=company.people[row["name"]], project=company.projects[project], wish=wish)
        for row in catalogue.read("people")["person"]
        for project, wish in row.get("wishes", {}).items()
    ]
