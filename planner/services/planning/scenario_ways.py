"""Ways out as a scenario says them: what an answer to a question why would change, in the words of the rows there.

An answer speaks in the keys of the question that was frozen with its plan. What has been changed since, so that a way
out would change nothing any more or has nothing left to change, is no way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    MINOR,
    PersonKind,
    Phase,
    Plan,
    Project,
    RoleNeed,
    Seat,
    Site,
    Skill,
    SubjectKind,
    SubjectState,
    TeamRule,
    WorkStyle,
)
from planner.services.planning.explanations import USUAL_NOTICE
from planner.services.planning.reading import question_of
from planner.services.planning.scenario_documents import document_of
from planner.services.staffing.projects import workspace_of
from planner.translate.projects import team_rule
from planner.translate.tags import STAFF, band_in
from solver.problem import Problem
from solver.problem import TeamRule as AskedRule

Told = Mapping[str, Any]
Change = dict[str, Any]
SITE, LANGUAGE = "site:", "lang:"


def changes_of(session: Session, plan: Plan, way: Told, new_name: str) -> list[Change]:
    """What a scenario changes to try a way out; nothing where it cannot be said in one.

    `new_name` is what somebody who would be hired is called there. A plan of a scenario has no other one beside it.
    """
    known = CHANGES.get(way["kind"])
    return known(session, plan, way, new_name) if known is not None and plan.scenario_id is None else []


def _relaxed(session: Session, _plan: Plan, way: Told, _new_name: str) -> list[Change]:
    """A role need that asks for less, with all its seats."""
    need = session.scalar(select(RoleNeed).join(Seat).where(Seat.key == way["claims"][0]["seat"]))
    if need is None:
        return []
    fields = document_of(SubjectKind.NEED, need)
    before = document_of(SubjectKind.NEED, need)
    for was, now in zip(way["claims"], way["eased"], strict=True):
        _ease(need, fields, was, now["value"])
    changed = {name: value for name, value in fields.items() if value != before[name]}
    return [_changed(SubjectKind.NEED, need.id, changed)] if changed else []


def _ease(need: RoleNeed, fields: dict[str, Any], claim: Told, level: int | None) -> None:
    """Takes one demand of a role need back to a level, or altogether."""
    name, what = claim["name"], claim["what"]
    band = band_in(what[0]) if name == "tag" else None
    if name == "skill":
        ids = {row.skill_id for row in need.skills if row.skill.key == what[0]}
        eased = [{**row, **_no_more_than(row, level)} if row["skill_id"] in ids else row for row in fields["skills"]]
        fields["skills"] = eased
    elif name == "style" or band is not None:
        ids = {row.style_id for row in need.styles if row.style.key == (band.style if band else what[0])}
        for row in fields["styles"]:
            row["is_must"] = row["is_must"] and row["style_id"] not in ids
    elif name == "any_of":
        fields["any_of"] = [group for group in fields["any_of"] if list(group) != list(what)]
    elif name == "max_cost":
        fields["max_cost_minor"] = level * MINOR if level is not None else None
    elif what[0] == STAFF:
        fields["is_hire_allowed"] = True
    else:
        fields["tags"] = [tag for tag in fields["tags"] if tag != what[0]]


def _no_more_than(row: Told, level: int | None) -> Change:
    """A level that is asked for at the most; without one, the skill is nice to have."""
    return {"is_must": False} if level is None else {"level": min(level, row["level"])}


def _lifted(session: Session, plan: Plan, way: Told, new_name: str) -> list[Change]:
    """Without a must-have, a team rule, a budget, a limit, or the word that a project is all or nothing."""
    (claim,) = way["claims"]
    if claim["kind"] == "team_rule":
        return _left_out(session, plan, claim)
    if claim["kind"] == "must":
        return _relaxed(session, plan, {**way, "eased": [{**claim, "value": None}]}, new_name)
    if claim["kind"] == "limit":
        limits = workspace_of(session).limits
        is_there = limits.get(claim["name"]) is not None
        return [_changed(SubjectKind.WORKSPACE, None, {"limits": {claim["name"]: None}})] if is_there else []
    project = session.scalar(select(Project).where(Project.key == claim["project"]))
    if project is not None and claim["kind"] == "budget" and project.budget_minor is not None:
        return [_changed(SubjectKind.PROJECT, project.id, {"budget_minor": None})]
    if project is not None and claim["kind"] == "all_or_nothing" and project.is_all_or_nothing:
        return [_changed(SubjectKind.PROJECT, project.id, {"is_all_or_nothing": False})]
    return []


def _left_out(session: Session, plan: Plan, claim: Told) -> list[Change]:
    """Without the team rule that stands where it stood in the question, if it still asks the same."""
    phase = session.scalar(select(Phase).where(Phase.key == claim["phase"]))
    rules = phase.team_rules if phase is not None else []
    row = rules[claim["index"]] if claim["index"] < len(rules) else None
    question = question_of(plan)
    if row is None or _asked(row, question) != question.phase_by_id[claim["phase"]].team_rules[claim["index"]]:
        return []
    return [{"kind": SubjectKind.RULE, "id": row.id, "state": SubjectState.REMOVED, "fields": {}}]


def _asked(row: TeamRule, question: Problem) -> AskedRule:
    """What a team rule asks by now, of those whom the question knows."""
    people = (one.person.key for one in row.people)
    skill, style = (one.key if one is not None else None for one in (row.skill, row.style))
    return team_rule(row, (key for key in people if key in question.person_of), skill=skill, style=style)


def _moved(session: Session, plan: Plan, way: Told, _new_name: str) -> list[Change]:
    """A phase that starts at another time, and then only."""
    phase = session.scalar(select(Phase).join(RoleNeed).join(Seat).where(Seat.key == way["seat"]))
    if phase is None:
        return []
    start = datetime.combine(plan.starts_on, time.min) + way["start"] * workspace_of(session).step
    if phase.earliest_on == phase.latest_on == start:
        return []
    return [_changed(SubjectKind.PHASE, phase.id, {"earliest_on": start.isoformat(), "latest_on": None})]


def _hired(session: Session, plan: Plan, way: Told, new_name: str) -> list[Change]:
    """Somebody with just what the seat asks for, and limits that have room for them."""
    profile, workspace = way["profile"], workspace_of(session)
    skills = _ids(session, Skill.key, Skill.id, profile["skills"])
    styles = _ids(session, WorkStyle.key, WorkStyle.id, profile["styles"])
    if len(skills) < len(profile["skills"]) or len(styles) < len(profile["styles"]):
        return []
    begins = datetime.combine(plan.starts_on, time.min) + USUAL_NOTICE * workspace.step
    person = {
        "name": new_name,
        "kind": PersonKind.HYPOTHETICAL,
        "cost_minor": profile["cost"] * MINOR,
        "hire_cost_minor": profile["hire_cost"] * MINOR,
        "earliest_on": begins.isoformat(),
        **_tagged(session, profile["tags"]),
        "skills": [{"skill_id": skills[key], "level": level} for key, level in profile["skills"].items()],
        "styles": [{"style_id": styles[key], "score": score} for key, score in profile["styles"].items()],
    }
    more = {"max_hires": 1, "hire_budget": profile["hire_cost"]}
    limits = {
        name: workspace.limits[name] + add for name, add in more.items() if workspace.limits.get(name) is not None
    }
    added = {"kind": SubjectKind.PERSON, "state": SubjectState.ADDED, "fields": person}
    return [added, *([_changed(SubjectKind.WORKSPACE, None, {"limits": limits})] if limits else [])]


def _tagged(session: Session, tags: Sequence[str]) -> Change:
    """What tags say of a person: where they sit, the languages that they speak, and the rest."""
    own = [tag for tag in tags if tag != STAFF and band_in(tag) is None]
    sites = [tag.removeprefix(SITE) for tag in own if tag.startswith(SITE)]
    return {
        "site_id": session.scalar(select(Site.id).where(Site.name.in_(sites)).limit(1)),
        "languages": [tag.removeprefix(LANGUAGE) for tag in own if tag.startswith(LANGUAGE)],
        "tags": [tag for tag in own if not tag.startswith((SITE, LANGUAGE))],
    }


def _changed(kind: SubjectKind, ident: int | None, fields: Mapping[str, Any]) -> Change:
    return {"kind": kind, "id": ident, "state": SubjectState.CHANGED, "fields": dict(fields)}


def _ids(session: Session, key: Any, ident: Any, keys: Mapping[str, Any]) -> dict[str, int]:
    return dict(session.execute(select(key, ident).where(key.in_(keys))).all())


CHANGES: Mapping[str, Callable[[Session, Plan, Told, str], list[Change]]] = {
    "relax": _relaxed,
    "lift": _lifted,
    "move": _moved,
    "hire": _hired,
}
