"""Pages of templates in use: a phase kept as one, one added to a phase, what a need came from, a project begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm.exc import StaleDataError

from planner import access, db
from planner.formats import label
from planner.forms.fields import offer, offer_hours
from planner.forms.outcomes_templates import BegunProjectForm, TakingForm, UsingForm
from planner.models import PeriodKind, Phase, Project, RoleNeed, TeamTemplate, TemplateUse
from planner.schemas.outcomes_templates import NAMING_PEOPLE
from planner.services.outcomes import template_differences as differences
from planner.services.outcomes import template_origins as origins
from planner.services.outcomes import template_projects, template_taking, template_using
from planner.services.outcomes import templates as verbs
from planner.services.refused import Refused, Stale
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, save
from planner.views.outcomes_templates_shown import rule_sentence_of, shown_said
from planner.wording import refusal_sentence
from planner.words import outcomes_templates as template_words
from planner.words.staffing import listed

pages = Blueprint("outcomes_template_uses", __name__)
DIGITS_MOST = 9
Row = TypeVar("Row")


def init_app(app: Flask) -> None:
    """Lets a phase show its templates, and a role need where it came from."""
    app.jinja_env.globals.update(
        templates_of_phase=templates_of_phase, origin_of_need=origin_of_need, names_of_template=names_of_template
    )


@pages.get("/phases/<int:phase_id>/templates")
@acts("need.add", Phase)
def template_choose(phase: Phase) -> Answer:
    session = db.session()
    found = verbs.all_templates(session)
    return render_template(
        "outcomes/template_choose.html",
        phase=phase,
        templates=found,
        uses=verbs.num_uses(session, found),
        workspace=projects.workspace_of(session),
    )


@pages.route("/phases/<int:phase_id>/templates/<int:template_id>", methods=["GET", "POST"])
@acts("need.add", TeamTemplate, Phase)
def template_use(template: TeamTemplate, phase: Phase) -> Answer:
    """What would be added, and adding it."""
    session = db.session()
    form = UsingForm(data={"template_id": template.id})

    def page() -> str:
        planned = template_using.preview(session, template.newest, phase)
        return render_template(
            "outcomes/template_use.html",
            form=form,
            template=template,
            phase=phase,
            planned=planned,
            needs=shown_said(session, planned.needs, template.newest),
            rules=[rule_sentence_of(session, said, template.newest) for _item, said in planned.rules],
            workspace=projects.workspace_of(session),
        )

    return save(
        form,
        lambda: template_using.use(session, template.newest, phase, by=actor(), is_again=form.said.is_again)[0],
        page=page,
        then=lambda _made: _phase_href(phase),
        told=_("“%(name)s” was added to the phase. It can be taken back as a whole.", name=template.name),
    )


@pages.post("/templates/uses/<int:template_use_id>/undo")
@acts("template.undo", TemplateUse)
def template_undo(made: TemplateUse) -> Answer:
    """Takes back what a template has added to a phase."""
    then, name = _phase_href(made.phase), made.template_version.template.name
    undone = _stepped(lambda version: template_using.undo(db.session(), made, version, by=actor()))
    if undone is None:
        return redirect(then, 303)
    said = ngettext("%(num)s role need or rule", "%(num)s role needs and rules", undone.num_gone)
    flash(_("“%(name)s” was taken back: %(said)s.", name=name, said=said), "success")
    if undone.stayed:
        stayed = listed(undone.stayed)
        flash(_("These were changed or used since, and stay: %(stayed)s.", stayed=stayed), "warning")
    return redirect(then, 303)


@pages.route("/phases/<int:phase_id>/keep", methods=["GET", "POST"])
@acts("template.add", Phase)
def phase_keep(phase: Phase) -> Answer:
    """Keeping a phase as a template, with what its team achieved."""
    session = db.session()
    form = TakingForm(data={"name": phase.name, "purpose": phase.project.objective})
    return save(
        form,
        lambda: template_taking.take(session, phase, form.said, by=actor()),
        page=lambda: render_template(
            "outcomes/phase_keep.html",
            form=form,
            phase=phase,
            is_over=template_taking.is_over(session, phase),
            num_left_out=sum(rule.rule in NAMING_PEOPLE for rule in phase.team_rules),
            workspace=projects.workspace_of(session),
        ),
        then=lambda template: url_for("outcomes_templates.template_show", template_id=template.id),
        told=_("The phase is kept as a template."),
    )


@pages.post("/needs/<int:need_id>/take-over")
@acts("need.edit", RoleNeed)
def need_take_over(need: RoleNeed) -> Answer:
    """What a need's template says by now, said of the need."""
    then = url_for("staffing_needs.need_edit", need_id=need.id)
    if _stepped(lambda version: origins.take_over(db.session(), need, version)) is not None:
        flash(_("The role need says now what its template says."), "success")
    return redirect(then, 303)


@pages.route("/projects/begin", methods=["GET", "POST"])
@acts("project.add")
def project_begin() -> Answer:
    """A project that begins with templates."""
    session = db.session()
    workspace = projects.workspace_of(session)
    found = verbs.all_templates(session)
    managers = projects.managers(session)
    offer_hours(workspace.period is PeriodKind.HOUR)
    offer(
        managers=[(user.id, user.name) for user in managers],
        project_kinds=[(kind, kind) for kind in projects.kinds(session)],
        templates=[(one.id, one.name) for one in found],
    )
    wanted = request.args.get("template", "")
    mine = actor().id if actor().id in {user.id for user in managers} else None
    form = BegunProjectForm(
        data={"pm_id": mine, "starts_on": workspace.moment_of(0), "phases": [{"template_id": wanted}]}
    )

    def begin() -> Project:
        project, gone = template_projects.begin_project(session, form.said, by=actor())
        for sentence in template_words.gone_in_words(gone):
            flash(sentence, "warning")
        return project

    return save(
        form,
        begin,
        page=lambda: render_template("outcomes/project_begin.html", form=form, templates=found, workspace=workspace),
        then=lambda project: url_for("staffing_projects.project_show", project_id=project.id),
        told=_("The project was begun."),
    )


def _stepped(verb: Callable[[int | None], Row]) -> Row | None:
    """A single step on the version that was read; None where it cannot be done, which is told."""
    read = request.form.get("version", "")
    version = int(read) if read.isascii() and read.isdecimal() and len(read) <= DIGITS_MOST else None
    try:
        done = verb(version)
        db.session().commit()
    except (Stale, StaleDataError):
        db.session().rollback()
        abort(409)
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return None
    return done


def templates_of_phase(phase: Phase) -> list[TemplateUse]:
    """The templates that were added to a phase, for whoever may see templates."""
    if not access.allowed(actor(), "template.see"):
        return []
    return template_using.uses_of(db.session(), phase)


def origin_of_need(need: RoleNeed) -> origins.Origin | None:
    """Where a role need came from, for whoever may see templates."""
    if not access.allowed(actor(), "template.see"):
        return None
    return origins.origin_of(db.session(), need)


def names_of_template(template: TeamTemplate) -> dict[str, dict[int, str]]:
    """What the skills and work styles of a template's versions are called."""
    return differences.names_of(db.session(), template.versions, label)


def _phase_href(phase: Phase) -> str:
    return url_for("staffing_projects.project_show", project_id=phase.project_id, _anchor=f"phase-{phase.id}")
