"""What work took, what it is expected to take, and team templates."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from planner import access, db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.routes import Resource, Rights
from planner.models import (
    ActualEffort,
    CriterionProposal,
    FinishedWork,
    Idea,
    Phase,
    RoleNeed,
    TeamTemplate,
    TemplateUse,
)
from planner.schemas.outcomes_effort import ClosingSaid, EffortSaid, EffortSeen, FinishedSaid, FinishedSeen
from planner.schemas.outcomes_estimates import CorrectionSeen, EstimatesSeen, LikenessSaid, LikenessSeen
from planner.schemas.outcomes_templates import (
    BegunProjectSaid,
    IdeaApplied,
    OriginSeen,
    ProposalApplied,
    TakingSaid,
    TemplateHistorySeen,
    TemplateSaid,
    TemplateSeen,
    TemplateUseSeen,
    UndoingSaid,
    UsingSaid,
)
from planner.schemas.staffing_needs import NeedSeen
from planner.schemas.staffing_projects import ProjectSeen
from planner.services.editing import require_version
from planner.services.outcomes import (
    efforts,
    estimates,
    roles,
    template_applying,
    template_changes,
    template_origins,
    template_projects,
    template_taking,
    template_using,
    templates,
)
from planner.services.outcomes.ratios import LEAST
from planner.services.refused import Refused
from planner.words.outcomes_templates import address_of, because_of, why_of_proposal

EFFORT, ESTIMATES, TEAM_TEMPLATES = _("Actual effort"), _("Estimates"), _("Team templates")


def _effort_removed(session: Session, effort: ActualEffort) -> tuple[ActualEffort, str]:
    efforts.require_removable(session, effort)
    return effort, gettext("entry for %(title)s", title=effort.need.title)


TEMPLATES = (
    Resource(
        "efforts",
        EFFORT,
        ActualEffort,
        Rights.of("effort"),
        EffortSeen,
        EffortSaid,
        page=lambda session, query, _user: efforts.page_of_efforts(session, query),
        sorts=("from", "id"),
        filters={"need_id": _("Only those of a role need."), "person": _("Only those of a person, by their id.")},
        add=efforts.add_effort,
        edit=efforts.edit_effort,
        removes=_effort_removed,
        parent=("needs", RoleNeed),
    ),
    Resource(
        "finished",
        _("Finished work"),
        FinishedWork,
        Rights("effort.see", *("effort.import_finished",) * 3),
        FinishedSeen,
        FinishedSaid,
        page=lambda session, query, _user: efforts.page_of_finished(session, query),
        sorts=("role", "kind", "project", "ended", "planned", "actual", "id"),
        filters={"kind": _("Only that of a kind of project.")},
        add=efforts.add_finished,
        edit=efforts.edit_finished,
        removes=lambda _session, finished: (finished, finished.role),
    ),
    Resource(
        "templates",
        TEAM_TEMPLATES,
        TeamTemplate,
        Rights.of("template"),
        TemplateSeen,
        TemplateSaid,
        page=lambda session, query, _user: templates.page_of_templates(session, query),
        sorts=("name", "changed", "id"),
        add=templates.add_template,
        edit=templates.edit_template,
        removes=lambda _session, template: (template, template.name),
        is_told_by=True,
    ),
)


def init(pages: Blueprint) -> None:
    """Registers what is more than adding and editing."""
    pages.post("/needs/<int:need_id>/close")(need_close)
    pages.post("/needs/<int:need_id>/reopen")(need_reopen)
    pages.get("/needs/<int:need_id>/estimate")(need_estimate)
    pages.get("/needs/<int:need_id>/origin")(need_origin)
    pages.post("/needs/<int:need_id>/take-over")(need_take_over)
    pages.get("/estimates")(estimates_show)
    pages.post("/estimates/likeness")(likeness_answer)
    pages.get("/templates/<int:template_id>/versions")(template_versions)
    pages.post("/templates/<int:template_id>/ideas")(idea_apply)
    pages.post("/templates/<int:template_id>/proposals")(proposal_apply)
    pages.post("/phases/<int:phase_id>/keep")(phase_keep)
    pages.post("/phases/<int:phase_id>/templates")(template_use)
    pages.post("/template-uses/<int:template_use_id>/undo")(template_undo)
    pages.post("/projects/begin")(project_begin)


@operation(
    "effort.close",
    RoleNeed,
    tag=EFFORT,
    summary=_("Role needs: close with what it took"),
    about=_("What was planned is frozen with it, and counts for the next role need like it."),
    takes=ClosingSaid,
    gives=FinishedSeen,
    status=201,
    can_be_refused=True,
)
def need_close(need: RoleNeed) -> Response:
    finished = efforts.close_need(db.session(), need, asking.said(ClosingSaid))
    db.session().commit()
    return shown(finished, FinishedSeen, 201)


@operation(
    "effort.close",
    RoleNeed,
    tag=EFFORT,
    summary=_("Role needs: open a closed one again"),
    takes=UndoingSaid,
    gives=NeedSeen,
    can_be_refused=True,
)
def need_reopen(need: RoleNeed) -> Response:
    asking.said(UndoingSaid)
    efforts.reopen_need(db.session(), need)
    db.session().commit()
    return shown(need, NeedSeen)


@operation(
    "estimate.see",
    RoleNeed,
    tag=ESTIMATES,
    summary=_("Role needs: what work like it took"),
    about=_("From three finished role needs on; fewer say nothing, and this is refused."),
    gives=CorrectionSeen,
    can_be_refused=True,
)
def need_estimate(need: RoleNeed) -> Response:
    found = estimates.correction_of(db.session(), need)
    if found is None:
        raise Refused("too_few_are_finished", least=LEAST)
    return shown(found, CorrectionSeen)


@operation(
    "estimate.see", tag=ESTIMATES, summary=_("Planned against actual effort, by role and kind"), gives=EstimatesSeen
)
def estimates_show() -> Response:
    return shown(estimates.report(db.session()), EstimatesSeen)


@operation(
    "estimate.answer",
    tag=ESTIMATES,
    summary=_("Say whether two titles mean one role"),
    takes=LikenessSaid,
    gives=LikenessSeen,
    can_be_refused=True,
)
def likeness_answer() -> Response:
    row = roles.answer(db.session(), asking.said(LikenessSaid), by=asking.actor())
    db.session().commit()
    return shown(row, LikenessSeen)


@operation(
    "template.see", RoleNeed, tag=TEAM_TEMPLATES, summary=_("Role needs: where it came from"), gives=OriginSeen,
    can_be_hidden=True,
)  # fmt: skip
def need_origin(need: RoleNeed) -> Response:
    origin = template_origins.origin_of(db.session(), need)
    if origin is None:
        raise access.Hidden("origin")
    return shown(_origin(origin), OriginSeen)


@operation(
    "need.edit",
    RoleNeed,
    tag=TEAM_TEMPLATES,
    summary=_("Role needs: take over what its template says by now"),
    takes=UndoingSaid,
    gives=NeedSeen,
    is_versioned=True,
    can_be_refused=True,
)
def need_take_over(need: RoleNeed) -> Response:
    said = asking.said(UndoingSaid)
    return edited(need, NeedSeen, lambda version: template_origins.take_over(db.session(), need, version), said)


@operation(
    "template.see", TeamTemplate, tag=TEAM_TEMPLATES, summary=_("Team templates: what changed and why"),
    gives=TemplateHistorySeen,
)  # fmt: skip
def template_versions(template: TeamTemplate) -> Response:
    return shown({"items": template.versions[::-1]}, TemplateHistorySeen)


@operation(
    "template.edit",
    TeamTemplate,
    tag=TEAM_TEMPLATES,
    summary=_("Team templates: apply an accepted idea"),
    about=_("To a role need, or as a new one. It makes a version that names the idea, and the idea notes it."),
    takes=IdeaApplied,
    gives=TemplateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def idea_apply(template: TeamTemplate) -> Response:
    said, session, by = asking.said(IdeaApplied), db.session(), asking.actor()
    idea = session.get(Idea, said.idea_id)
    if idea is None:
        raise Refused("choice_is_not_there", field="idea_id")

    def apply(version: int) -> TeamTemplate:
        require_version(template, version)
        change = template_changes.change_of(template, said.said, said.item)
        told = {"reason": said.reason, "because": because_of(idea)}
        try:
            template_applying.apply_idea(session, template, idea, change, by=by, address=address_of, **told)
        except Refused as refused:  # what is said of the whole template, at its place in this one role need
            raise template_changes.at_item(refused, below="said.") from refused
        return template

    return edited(template, TemplateSeen, apply, said)


@operation(
    "template.edit",
    TeamTemplate,
    tag=TEAM_TEMPLATES,
    summary=_("Team templates: apply an accepted proposal"),
    about=_("To some of its role needs, by item. What they ask for more strictly already stays."),
    takes=ProposalApplied,
    gives=TemplateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def proposal_apply(template: TeamTemplate) -> Response:
    said, session, by = asking.said(ProposalApplied), db.session(), asking.actor()
    proposal = session.get(CriterionProposal, said.proposal_id)
    if proposal is None:
        raise Refused("choice_is_not_there", field="proposal_id")

    def apply(version: int) -> TeamTemplate:
        require_version(template, version)
        template_applying.apply_proposal(
            session,
            template,
            proposal,
            said.items,
            by=by,
            reason=said.reason,
            because=because_of(proposal),
            why=why_of_proposal(proposal),
        )
        return template

    return edited(template, TemplateSeen, apply, said)


@operation(
    "template.add",
    Phase,
    tag=TEAM_TEMPLATES,
    summary=_("Phases: keep as a template"),
    about=_("With everything that is asked for but people’s names, and with what its team achieved."),
    takes=TakingSaid,
    gives=TemplateSeen,
    status=201,
    can_be_refused=True,
)
def phase_keep(phase: Phase) -> Response:
    template = template_taking.take(db.session(), phase, asking.said(TakingSaid), by=asking.actor())
    db.session().commit()
    return shown(template, TemplateSeen, 201)


@operation(
    "need.add",
    Phase,
    tag=TEAM_TEMPLATES,
    summary=_("Phases: add a template"),
    about=_("All that it asks for, as one step, its windows in proportion to the phase."),
    takes=UsingSaid,
    gives=TemplateUseSeen,
    status=201,
    can_be_refused=True,
)
def template_use(phase: Phase) -> Response:
    said, session = asking.said(UsingSaid), db.session()
    template = session.get(TeamTemplate, said.template_id)
    if template is None:
        raise Refused("template_is_gone", field="template_id")
    made, _planned = template_using.use(session, template.newest, phase, by=asking.actor(), is_again=said.is_again)
    session.commit()
    return shown(made, TemplateUseSeen, 201)


@operation(
    "template.undo",
    TemplateUse,
    tag=TEAM_TEMPLATES,
    summary=_("Phases: take back what a template added"),
    about=_("What was changed or used since stays."),
    takes=UndoingSaid,
    gives=TemplateUseSeen,
    is_versioned=True,
    can_be_refused=True,
)
def template_undo(made: TemplateUse) -> Response:
    said, session = asking.said(UndoingSaid), db.session()

    def undo(version: int) -> TemplateUse:
        template_using.undo(session, made, version, by=asking.actor())
        return made

    return edited(made, TemplateUseSeen, undo, said)


@operation(
    "project.add",
    tag=TEAM_TEMPLATES,
    summary=_("Projects: begin one from templates"),
    about=_("Its phases come one after the other, each with the team of its template."),
    takes=BegunProjectSaid,
    gives=ProjectSeen,
    status=201,
    can_be_refused=True,
)
def project_begin() -> Response:
    said = asking.said(BegunProjectSaid)
    project, _gone = template_projects.begin_project(db.session(), said, by=asking.actor())
    db.session().commit()
    return shown(project, ProjectSeen, 201)


def _origin(origin: template_origins.Origin) -> dict[str, Any]:
    return {
        "template_id": origin.template_id,
        "template": origin.template.name,
        "number": origin.number,
        "newest": origin.newest,
        "is_gone": origin.is_gone,
        "changed": {name: {"here": here, "there": there} for name, (here, there) in origin.changed.items()},
    }
