"""Skills, work styles and sites that a question names, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Site, Skill, WorkStyle
from planner.translate.loading.inserting import add_numbered
from solver.problem import Person, Problem, TeamRule

SITE = "site:"


class Names:
    """The ids of skills, work styles and sites by the name that the question gives them; new ones are added.

    A person may be at a site only where it has no country: a question's capacity has lost its holidays already.
    """

    def __init__(self, session: Session, problem: Problem) -> None:
        self.skills = _ids(session, Skill, set(_skills(problem)))
        self.styles = _ids(session, WorkStyle, set(_styles(problem)))
        self.sites = _site_ids(session, {name for person in problem.people if (name := site_name(person))})


def site_name(person: Person) -> str:
    """The site that a person's tags name first; nothing where there is none."""
    return next((tag.removeprefix(SITE) for tag in person.tags if tag.startswith(SITE)), "")


def _skills(problem: Problem) -> Iterator[str]:
    for person in problem.people:
        yield from person.skills
    for seat in problem.seat_by_id.values():
        yield from (line.skill for line in seat.skills)
    yield from (rule.of.skill for rule in _rules(problem) if rule.of is not None and rule.of.skill is not None)


def _styles(problem: Problem) -> Iterator[str]:
    for person in problem.people:
        yield from person.styles
    for seat in problem.seat_by_id.values():
        yield from (line.style for line in seat.styles)
    for rule in _rules(problem):
        style = rule.style if rule.of is None else rule.of.style
        if style is not None:
            yield style


def _rules(problem: Problem) -> Iterator[TeamRule]:
    for phase in problem.phase_by_id.values():
        yield from phase.team_rules


def _ids(session: Session, table: type[Skill | WorkStyle], keys: set[str]) -> dict[str, int]:
    ids = dict(session.execute(select(table.key, table.id)).all())
    new = sorted(keys - ids.keys())
    return ids | dict(zip(new, add_numbered(session, table, [{"key": key, "name": key} for key in new]), strict=True))


def _site_ids(session: Session, names: set[str]) -> dict[str, int]:
    known = {row.name: row for row in session.scalars(select(Site))}
    new = sorted(names - known.keys())
    ids = dict(zip(new, add_numbered(session, Site, [{"name": name} for name in new]), strict=True))
    return ids | {name: row.id for name, row in known.items() if not row.country}
