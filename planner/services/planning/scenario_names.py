"""The names of what a scenario's changes refer to by id: skills, work styles, sites, projects, phases, PMs, people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Person, Phase, Project, Scenario, Site, Skill, SubjectKind, TeamRulePerson, User, WorkStyle

Names = dict[str, dict[int, str]]
NEW = {SubjectKind.PROJECT: "projects", SubjectKind.PHASE: "phases", SubjectKind.PERSON: "people"}


def names_of(session: Session, scenario: Scenario, called: Callable[[Any], str]) -> Names:
    """Every name that a change of a scenario may need, by what it names and its id, in seven queries.

    `called` says what a skill or a work style is called, in the language of whoever reads.
    """
    found: Names = {
        "skills": {row.id: called(row) for row in session.scalars(select(Skill))},
        "styles": {row.id: called(row) for row in session.scalars(select(WorkStyle))},
        "sites": _names(session, Site.id, Site.name),
        "managers": _names(session, User.id, User.name),
        "projects": _names(session, Project.id, Project.name),
        "phases": _names(session, Phase.id, Phase.name),
        "people": _people(session, scenario),
    }
    for record in scenario.subjects:
        if record.is_new and record.kind in NEW:
            found[NEW[record.kind]][record.subject_id] = str((record.said or {}).get("name", ""))
    return found


def _people(session: Session, scenario: Scenario) -> dict[int, str]:
    """Those whom the scenario's team rules name: it says something of few of all who are there."""
    rules = [one for one in scenario.subjects if one.kind is SubjectKind.RULE]
    ids = {ident for one in rules for ident in (one.said or {}).get("person_ids", ())}
    for change in (change for one in rules for change in one.changes if change.field == "person_ids"):
        ids |= {*(change.base or ()), *(change.value or ())}
    there = [one.subject_id for one in rules if not one.is_new]
    ids |= set(session.scalars(select(TeamRulePerson.person_id).where(TeamRulePerson.team_rule_id.in_(there))))
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def _names(session: Session, ident: Any, name: Any) -> dict[int, str]:
    return dict(session.execute(select(ident, name)).all())
