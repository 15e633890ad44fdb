"""The team templates that come with the product, and the finished work of the sample company."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from planner.models import FinishedWork, Skill, TeamTemplate, TemplateUse, TemplateVersion, WorkStyle
from planner.schemas.outcomes_effort import FinishedSaid
from planner.schemas.outcomes_templates import TemplateNeedSaid, TemplateRuleSaid, TemplateSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services import catalogue
from planner.services.editing import fill
from planner.services.outcomes.templates import add_template

Row = Mapping[str, Any]
Ids = Mapping[str, int]
COLUMNS = ("role", "project", "kind", "planned_periods", "actual_periods", "ended_on")


def load_templates(session: Session, *, is_sample: bool = False) -> list[TeamTemplate]:
    """Adds the templates that come with the product and are not there yet; one that is there stays as it is."""
    present = set(session.scalars(select(TeamTemplate.key)))
    skills = dict(session.execute(select(Skill.key, Skill.id)).all())
    styles = dict(session.execute(select(WorkStyle.key, WorkStyle.id)).all())
    made = []
    for row in catalogue.read("templates")["template"]:
        if row["key"] in present:
            continue
        template = add_template(session, _template(row, skills, styles), by=None)
        template.key, template.is_sample = row["key"], is_sample
        made.append(template)
    session.flush()
    return made


def load_finished(session: Session) -> None:
    """Adds what the sample company's past work took."""
    for values in catalogue.read("finished")["finished"]:
        said = FinishedSaid.model_validate(dict(zip(COLUMNS, values, strict=True)))
        session.add(fill(FinishedWork(is_sample=True), said))
    session.flush()


def remove_sample(session: Session) -> None:
    """Removes the sample’s finished work, and its templates that nobody has changed or used; the rest is one’s own."""
    is_used = exists().where(
        TemplateUse.template_version_id == TemplateVersion.id, TemplateVersion.template_id == TeamTemplate.id
    )
    is_changed = exists().where(TemplateVersion.template_id == TeamTemplate.id, TemplateVersion.number > 1)
    aside = {"synchronize_session": False}
    session.execute(delete(FinishedWork).where(FinishedWork.is_sample).execution_options(**aside))
    session.execute(
        delete(TeamTemplate).where(TeamTemplate.is_sample, ~is_used, ~is_changed).execution_options(**aside)
    )
    session.execute(update(TeamTemplate).values(is_sample=False).execution_options(**aside))


def _template(row: Row, skills: Ids, styles: Ids) -> TemplateSaid:
    return TemplateSaid(
        name=row["name"],
        purpose=row["purpose"],
        duration=row["weeks"],
        needs=[TemplateNeedSaid(said=_need(one, skills, styles)) for one in row["need"]],
        rules=[TemplateRuleSaid(said=_rule(one, skills, styles)) for one in row.get("rule", [])],
    )


def _need(row: Row, skills: Ids, styles: Ids) -> NeedSaid:
    lines = [(key, level, True) for key, level in row["skills"].items()]
    lines += [(key, level, False) for key, level in row.get("nice", {}).items()]
    bands = [
        {"style_id": styles[band["style"]], **{name: value for name, value in band.items() if name != "style"}}
        for band in row.get("styles", [])
    ]
    return NeedSaid.model_validate(
        {
            "title": row["title"],
            "count": row.get("count", 1),
            "fte_pct": row["fte"],
            "from_offset": row.get("from", 0),
            "to_offset": row.get("to"),
            "skills": [{"skill_id": skills[key], "level": level, "is_must": must} for key, level, must in lines],
            "styles": bands,
            "is_mentoring_allowed": row.get("mentoring", False),
            "is_hire_allowed": row.get("hire", True),
        }
    )


def _rule(row: Row, skills: Ids, styles: Ids) -> TeamRuleSaid:
    said = {name: value for name, value in row.items() if name not in ("skill", "style")}
    if "skill" in row:
        said["skill_id"] = skills[row["skill"]]
    if "style" in row:
        said["style_id"] = styles[row["style"]]
    return TeamRuleSaid.model_validate(said)
