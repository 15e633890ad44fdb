"""Team rules of a phase: add, edit, list."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import Person, Phase, Skill, TeamRule, TeamRulePerson, WorkStyle, folded
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in, workspace_of


def add_rule(session: Session, phase: Phase, said: TeamRuleSaid) -> TeamRule:
    """Adds a rule after the phase's others. Raises Refused where it names what is not there."""
    _require_known(session, said, None)
    rule = fill(TeamRule(phase_id=phase.id, position=_next_position(session, phase)), said)
    session.add(rule)
    session.flush()
    _name(session, rule, said.person_ids)
    session.expire(phase, ["team_rules"])
    return rule


def edit_rule(session: Session, rule: TeamRule, said: TeamRuleSaid, version: int | None) -> TeamRule:
    """Edits a rule; its place stays. Raises Stale, and Refused where it names what is not there."""
    require_version(rule, version)
    _require_known(session, said, rule)
    fill(rule, said)
    _name(session, rule, said.person_ids)
    touch(session, rule)
    session.expire(rule, ["skill", "style"])
    return rule


def page_of_rules(session: Session, query: Query) -> Page[TeamRule]:
    """The team rules of all phases, as the URL asks for them."""
    return paged(
        session,
        select(TeamRule).options(selectinload(TeamRule.people)),
        query,
        sorts={"id": TeamRule.id},
        default="id",
        filters={"phase_id": lambda found, value: found.where(TeamRule.phase_id == id_in(value))},
    )


def people_to_name(session: Session) -> list[tuple[int, str]]:
    """Everybody whom a rule may name; namesakes are told apart by their keys."""
    rows = session.execute(select(Person.id, Person.name, Person.key).order_by(folded(Person.name))).all()
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.name.casefold()] = seen.get(row.name.casefold(), 0) + 1
    return [(i, name if seen[name.casefold()] == 1 else f"{name} ({key})") for i, name, key in rows]


def people_of(session: Session, rules: Sequence[TeamRule]) -> dict[int, list[str]]:
    """The names that each rule names, in their order."""
    statement = (
        select(TeamRulePerson)
        .where(TeamRulePerson.team_rule_id.in_([rule.id for rule in rules]))
        .order_by(TeamRulePerson.team_rule_id, TeamRulePerson.position)
        .options(joinedload(TeamRulePerson.person))
    )
    names: dict[int, list[str]] = {}
    for row in session.scalars(statement):
        names.setdefault(row.team_rule_id, []).append(row.person.name)
    return names


def _require_known(session: Session, said: TeamRuleSaid, rule: TeamRule | None) -> None:
    if said.skill_id is not None and session.get(Skill, said.skill_id) is None:
        raise Refused("skill_unknown", field="skill_id")
    style = session.get(WorkStyle, said.style_id) if said.style_id is not None else None
    if said.style_id is not None and (style is None or not (style.is_on or _asked_before(rule, style))):
        raise Refused("style_unknown", field="style_id")
    most = workspace_of(session).level_max
    if said.level is not None and said.level > most and not (rule and rule.level == said.level):
        raise Refused("level_over_scale", field="level", most=most)
    known = set(session.scalars(select(Person.id).where(Person.id.in_(said.person_ids))))
    for n, ident in enumerate(said.person_ids):
        if ident not in known:
            raise Refused("person_is_gone", field=f"person_ids.{n}")


def _asked_before(rule: TeamRule | None, style: WorkStyle) -> bool:
    return rule is not None and rule.style_id == style.id


def _name(session: Session, rule: TeamRule, person_ids: Sequence[int]) -> None:
    """Gives a rule the people that it names, each once."""
    wanted = list(dict.fromkeys(person_ids))
    if wanted == [row.person_id for row in rule.people]:
        return
    rule.people.clear()
    session.flush()
    rule.people.extend(TeamRulePerson(person_id=ident, position=n) for n, ident in enumerate(wanted))
    session.flush()


def _next_position(session: Session, phase: Phase) -> int:
    last = session.scalar(select(func.max(TeamRule.position)).where(TeamRule.phase_id == phase.id))
    return 0 if last is None else last + 1
