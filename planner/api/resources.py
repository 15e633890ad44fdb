"""The nouns of the API, a row each: their schemas and verbs are those of the pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from planner import access
from planner.api.outcomes_feedback import FEEDBACK
from planner.api.outcomes_ideas import IDEAS
from planner.api.outcomes_metrics import MEASURED
from planner.api.outcomes_objectives import OBJECTIVES
from planner.api.outcomes_templates import TEMPLATES
from planner.api.routes import Resource, Rights
from planner.api.work_nouns import WORK
from planner.models import (
    Absence,
    Candidate,
    ExchangeRate,
    Person,
    Phase,
    PipelineColumn,
    Project,
    Requisition,
    RoleNeed,
    Site,
    Skill,
    TeamRule,
    User,
    WorkStyle,
)
from planner.schemas.account import UserSeen
from planner.schemas.hiring_candidates import CandidateSaid, CandidateSeen
from planner.schemas.hiring_pipeline import ColumnSaid, ColumnSeen
from planner.schemas.hiring_requisitions import RequisitionSaid, RequisitionSeen
from planner.schemas.staffing_needs import NeedSaid, NeedSeen
from planner.schemas.staffing_people import AbsenceSaid, AbsenceSeen, PersonSaid, PersonSeen
from planner.schemas.staffing_projects import (
    PhaseSaid,
    PhaseSeen,
    ProjectSaid,
    ProjectSeen,
    TeamRuleSaid,
    TeamRuleSeen,
)
from planner.schemas.staffing_sites import RateSaid, RateSeen, SiteSaid, SiteSeen
from planner.schemas.staffing_skills import SkillSaid, SkillSeen
from planner.schemas.staffing_styles import StyleSaid, StyleSeen
from planner.services.account import users
from planner.services.hiring import candidates, pipeline, requisitions
from planner.services.listing import Page, Query
from planner.services.staffing import needs, people, phases, projects, rates, sites, skills, styles, team_rules
from planner.words.staffing import rule_in_words


def _own_or_all(session: Session, query: Query, user: User) -> Page[Person]:
    """The people whom a user may see: all, or the one that they are."""
    is_all = access.reaches_any(user, "person.see")
    return people.page_of_people(session, query, only_id=None if is_all else user.person_id or -1)


def _absence_removed(session: Session, absence: Absence) -> tuple[Absence, str]:
    people.touch_whole(session, absence.person)
    return absence, gettext("absence of %(name)s", name=absence.person.name)


def _rate_removed(_session: Session, rate: ExchangeRate) -> tuple[ExchangeRate, str]:
    return rate, gettext("rate of %(currency)s", currency=rate.currency)


def _column_removed(session: Session, column: PipelineColumn) -> tuple[PipelineColumn, str]:
    pipeline.require_unused(session, column)
    return column, column.name or str(column.stage)


def _named(_session: Session, row: Any) -> tuple[Any, str]:
    return row, row.name


RESOURCES = (
    Resource(
        "skills",
        _("Skills"),
        Skill,
        Rights.of("skill"),
        SkillSeen,
        SkillSaid,
        page=lambda session, query, _user: skills.page_of_skills(session, query),
        sorts=("name", "category"),
        filters={
            "category": _("Only those of a category."),
            "use": _("unheld or scarce: those that nobody holds, or that are asked for all the same."),
        },
        add=skills.add_skill,
        edit=skills.edit_skill,
        removes=_named,
    ),
    Resource(
        "styles",
        _("Work styles"),
        WorkStyle,
        Rights.of("style"),
        StyleSeen,
        StyleSaid,
        page=lambda session, query, _user: styles.page_of_styles(session, query),
        sorts=("name", "element", "id"),
        filters={"state": _("Only those that are on, or off.")},
        edit=styles.edit_style,
    ),
    Resource(
        "sites",
        _("Sites"),
        Site,
        Rights.of("site"),
        SiteSeen,
        SiteSaid,
        page=lambda session, query, _user: sites.page_of_sites(session, query),
        sorts=("name", "country", "id"),
        filters={"country": _("Only those of a country, by its code.")},
        add=sites.add_site,
        edit=sites.edit_site,
        removes=_named,
    ),
    Resource(
        "rates",
        _("Exchange rates"),
        ExchangeRate,
        Rights.of("rate"),
        RateSeen,
        RateSaid,
        page=lambda session, query, _user: rates.page_of_rates(session, query),
        sorts=("currency", "from", "rate", "id"),
        filters={"currency": _("Only those of a currency.")},
        add=rates.add_rate,
        edit=rates.edit_rate,
        removes=_rate_removed,
    ),
    Resource(
        "people",
        _("People"),
        Person,
        Rights.of("person"),
        PersonSeen,
        PersonSaid,
        page=_own_or_all,
        sorts=("name", "kind", "site", "cost", "id"),
        filters={
            "kind": _("Only those of a kind."),
            "site": _("Only those of a site, by its id; none for those without."),
            "language": _("Only those who speak a language, by its code."),
            "skill": _("Only those who hold a skill, by its id."),
            "level": _("With a skill: at this level or above."),
        },
        add=people.add_person,
        edit=people.edit_person,
        removes=_named,
    ),
    Resource(
        "absences",
        _("Absences"),
        Absence,
        Rights("person.see", "person.edit", "person.edit", "person.edit"),
        AbsenceSeen,
        AbsenceSaid,
        add=people.add_absence,
        edit=people.edit_absence,
        removes=_absence_removed,
        parent=("people", Person),
    ),
    Resource(
        "projects",
        _("Projects"),
        Project,
        Rights.of("project"),
        ProjectSeen,
        ProjectSaid,
        page=lambda session, query, _user: projects.page_of_projects(session, query),
        sorts=("name", "client", "priority", "due", "budget", "start"),
        filters={
            "pm": _("Only those of a PM, by the user's id."),
            "priority": _("Only those of a priority."),
            "kind": _("Only those of a kind."),
        },
        add=projects.add_project,
        edit=projects.edit_project,
        removes=_named,
    ),
    Resource(
        "phases",
        _("Phases"),
        Phase,
        Rights.of("need"),
        PhaseSeen,
        PhaseSaid,
        page=lambda session, query, _user: phases.page_of_phases(session, query),
        sorts=("name", "start", "id"),
        filters={"project_id": _("Only those of a project.")},
        add=phases.add_phase,
        edit=phases.edit_phase,
        removes=lambda _session, phase: (phase, f"{phase.project.name}: {phase.name}"),
        parent=("projects", Project),
    ),
    Resource(
        "needs",
        _("Role needs"),
        RoleNeed,
        Rights.of("need"),
        NeedSeen,
        NeedSaid,
        page=lambda session, query, _user: needs.page_of_needs(session, query),
        sorts=("id", "title", "project", "start", "effort", "count", "ceiling"),
        filters={
            "project": _("Only those of a project."),
            "phase_id": _("Only those of a phase."),
            "skill": _("Only those that ask for a skill, by its id."),
            "seats": _("open or filled: with a seat that nobody holds in force, or without one."),
            "answer": _(
                "waiting for operations to answer; or asked, accepted, declined, countered, insisted, withdrawn."
            ),
        },
        add=needs.add_need,
        edit=needs.edit_need,
        removes=lambda _session, need: (need, f"{need.phase.name}: {need.title}"),
        parent=("phases", Phase),
    ),
    Resource(
        "rules",
        _("Team rules"),
        TeamRule,
        Rights.of("need"),
        TeamRuleSeen,
        TeamRuleSaid,
        page=lambda session, query, _user: team_rules.page_of_rules(session, query),
        sorts=("id",),
        filters={"phase_id": _("Only those of a phase.")},
        add=team_rules.add_rule,
        edit=team_rules.edit_rule,
        removes=lambda _session, rule: (rule, rule_in_words(rule)),
        parent=("phases", Phase),
    ),
    Resource(
        "requisitions",
        _("Requisitions"),
        Requisition,
        Rights.of("requisition"),
        RequisitionSeen,
        RequisitionSaid,
        page=lambda session, query, _user: requisitions.page_of_requisitions(session, query),
        sorts=("number", "title", "state", "starts", "cost"),
        filters={"state": _("Only those in a state."), "site": _("Only those of a site, by its id.")},
        add=requisitions.add_requisition,
        edit=requisitions.edit_requisition,
        removes=lambda _session, requisition: (requisition, requisition.title),
        is_told_by=True,
    ),
    Resource(
        "candidates",
        _("Candidates"),
        Candidate,
        Rights.of("candidate"),
        CandidateSeen,
        CandidateSaid,
        page=lambda session, query, _user: candidates.page_of_candidates(session, query),
        sorts=("name", "stage", "since", "requisition", "earliest", "acceptance", "cost", "id"),
        filters={
            "stage": _("Only those at a stage; considered for all whom a plan may still propose."),
            "requisition": _("Only those of a requisition, by its id; none for those without."),
        },
        add=candidates.add_candidate,
        edit=candidates.edit_candidate,
        removes=lambda _session, candidate: (candidate.person, candidate.person.name),
        is_told_by=True,
    ),
    Resource(
        "columns",
        _("Columns of the pipeline"),
        PipelineColumn,
        Rights.of("column"),
        ColumnSeen,
        ColumnSaid,
        page=lambda session, query, _user: pipeline.page_of_columns(session, query),
        sorts=("position", "id"),
        add=pipeline.add_column,
        edit=pipeline.edit_column,
        removes=_column_removed,
    ),
    Resource(
        "users",
        _("Users"),
        User,
        Rights.of("user"),
        UserSeen,
        page=lambda session, query, _user: users.page_of_users(session, query),
        sorts=("name", "email", "seen"),
        filters={"role": _("Only those with a role."), "state": _("active, or not.")},
    ),
    *WORK,
    OBJECTIVES,
    FEEDBACK,
    IDEAS,
    *MEASURED,
    *TEMPLATES,
)
