"""Pages of projects, their phases and team rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.forms.fields import offer, offer_hours
from planner.forms.staffing_projects import PRIORITIES, PhaseForm, ProjectForm, TeamRuleForm
from planner.models import PeriodKind, Phase, Project, TeamRule, Workspace
from planner.services.staffing import needs, phases, projects, team_rules
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.staffing_shown import asked_rule, offer_rule
from planner.words import staffing as staffing_words

pages = Blueprint("staffing_projects", __name__, url_prefix="/projects")
MOST_TICKS = 9

for _name in (
    "band_in_words",
    "disguise_in_words",
    "effort_in_words",
    "effort_unit",
    "last_moment",
    "line_in_words",
    "listed",
    "one_period",
    "period_range",
    "period_unit",
    "periods_in_words",
    "priority_in_words",
    "rule_in_words",
    "short_day",
    "tag_in_words",
):
    pages.app_template_filter(_name)(getattr(staffing_words, _name))


@pages.get("")
@acts("project.see")
def project_list() -> Answer:
    session = db.session()
    page = projects.page_of_projects(session, query())
    return render_template(
        "staffing/project_list.html",
        page=page,
        figures=projects.figures_of(session, page.items),
        kinds=[(kind, kind) for kind in projects.kinds(session)],
        pms=projects.manager_names(session, page.items),
        managers=[(user.id, user.name) for user in projects.managers(session)],
        priorities=PRIORITIES,
        workspace=projects.workspace_of(session),
        seats=needs.num_seats(session),
        can_add=access.allowed(actor(), "project.add"),
    )


@pages.get("/<int:project_id>")
@acts("project.see", Project)
def project_show(project: Project) -> Answer:
    session = db.session()
    found = phases.phases_of(session, project)
    workspace = projects.workspace_of(session)
    return render_template(
        "staffing/project_show.html",
        project=project,
        phases=found,
        figures=projects.figures(session, project),
        holders=phases.holders_of(session, project),
        named=team_rules.people_of(session, [rule for phase in found for rule in phase.team_rules]),
        pm=projects.manager_names(session, [project]).get(project.pm_id or 0),
        workspace=workspace,
        beyond=[phase for phase in found if phases.is_beyond_horizon(workspace, phase)],
        early=[phase for phase in found if phases.is_before_calendar(workspace, phase)],
        can=_rights(project),
        lanes=_lanes(found, workspace),
    )


@pages.route("/add", methods=["GET", "POST"])
@acts("project.add")
def project_add() -> Answer:
    _offer_project()
    form = ProjectForm(data={"pm_id": _own_pm_id()})
    return save(
        form,
        lambda: projects.add_project(db.session(), form.said),
        page=lambda: _project_page(form, None),
        then=lambda project: url_for(".project_show", project_id=project.id),
        told=_("The project was added. Give it a first phase."),
    )


@pages.route("/<int:project_id>/edit", methods=["GET", "POST"])
@acts("project.edit", Project)
def project_edit(project: Project) -> Answer:
    _offer_project()
    form = ProjectForm(obj=project)
    return save(
        form,
        lambda: projects.edit_project(db.session(), project, form.said, form.read_version),
        page=lambda: _project_page(form, project),
        then=lambda project: url_for(".project_show", project_id=project.id),
        told=_("The project was saved."),
    )


@pages.route("/<int:project_id>/remove", methods=["GET", "POST"])
@acts("project.remove", Project)
def project_remove(project: Project) -> Answer:
    if request.method == "POST":
        return remove_row(project, title=project.name, then=url_for(".project_list"))
    figures = projects.figures(db.session(), project)
    num_agreed = projects.num_agreed(db.session(), Phase.project_id == project.id)
    return confirm_removal(
        project.name,
        _consequence(figures.num_phases, figures.num_seats, num_agreed),
        url_for(".project_show", project_id=project.id),
    )


@pages.route("/<int:project_id>/phases/add", methods=["GET", "POST"])
@acts("phase.add", Project, of="need.add")
def phase_add(project: Project) -> Answer:
    _offer_phase(project, None)
    form = PhaseForm(data={"earliest_on": projects.workspace_of(db.session()).moment_of(0)})
    return save(
        form,
        lambda: phases.add_phase(db.session(), project, form.said),
        page=lambda: _phase_page(form, project, None),
        then=_phase_href,
        told=_("The phase was added. Say whom it needs."),
    )


@pages.route("/phases/<int:phase_id>/edit", methods=["GET", "POST"])
@acts("phase.edit", Phase, of="need.edit")
def phase_edit(phase: Phase) -> Answer:
    _offer_phase(phase.project, phase)
    form = PhaseForm(obj=phase)
    return save(
        form,
        lambda: phases.edit_phase(db.session(), phase, form.said, form.read_version),
        page=lambda: _phase_page(form, phase.project, phase),
        then=_warned_phase_href,
        told=_("The phase was saved."),
    )


@pages.route("/phases/<int:phase_id>/remove", methods=["GET", "POST"])
@acts("phase.remove", Phase, of="need.remove")
def phase_remove(phase: Phase) -> Answer:
    back = url_for(".project_show", project_id=phase.project_id)
    if request.method == "POST":
        return remove_row(phase, title=f"{phase.project.name}: {phase.name}", then=back)
    num_seats = sum(need.count for need in phase.needs)
    num_agreed = projects.num_agreed(db.session(), Phase.id == phase.id)
    return confirm_removal(phase.name, _consequence(0, num_seats, num_agreed), back)


@pages.route("/phases/<int:phase_id>/rules/add", methods=["GET", "POST"])
@acts("rule.add", Phase, of="need.add")
def rule_add(phase: Phase) -> Answer:
    kind, of = asked_rule()
    if kind is None:
        href = partial(url_for, ".rule_add", phase_id=phase.id)
        return render_template("staffing/rule_kind.html", phase=phase, href=href)
    offer_rule(None)
    usual = {name: found for name in ("skill_id", "level", "at_least") if (found := request.args.get(name, type=int))}
    form = TeamRuleForm(data={**usual, "rule": str(kind), "of": str(of) if of else ""})
    return save(
        form,
        lambda: team_rules.add_rule(db.session(), phase, form.said),
        page=lambda: _rule_page(form, phase, None),
        then=lambda _rule: _phase_href(phase),
        told=_("The team rule was added."),
    )


@pages.route("/rules/<int:rule_id>/edit", methods=["GET", "POST"])
@acts("rule.edit", TeamRule, of="need.edit")
def rule_edit(rule: TeamRule) -> Answer:
    offer_rule(rule)
    form = TeamRuleForm(obj=rule)
    return save(
        form,
        lambda: team_rules.edit_rule(db.session(), rule, form.said, form.read_version),
        page=lambda: _rule_page(form, rule.phase, rule),
        then=lambda rule: _phase_href(rule.phase),
        told=_("The team rule was saved."),
    )


@pages.route("/rules/<int:rule_id>/remove", methods=["GET", "POST"])
@acts("rule.remove", TeamRule, of="need.remove")
def rule_remove(rule: TeamRule) -> Answer:
    sentence = staffing_words.rule_in_words(rule)
    if request.method == "POST":
        return remove_row(rule, title=sentence, then=_phase_href(rule.phase))
    text = _("No plan from now on looks at it. Plans that are there keep what they were made with.")
    return confirm_removal(sentence, text, _phase_href(rule.phase))


def _lanes(found: Sequence[Phase], workspace: Workspace) -> dict[str, Any] | None:
    """Where each phase stands on a timeline of them all, in percent: (left, width, width of its window)."""
    if not found:
        return None
    first = min(workspace.idx_of(phase.earliest_on) for phase in found)
    last = max(workspace.idx_of(phase.latest_on) + phase.duration for phase in found)
    share = 100 / (last - first)
    bars = {}
    for phase in found:
        begin, latest = (workspace.idx_of(moment) - first for moment in (phase.earliest_on, phase.latest_on))
        bars[phase.id] = tuple(round(n * share, 2) for n in (begin, phase.duration, latest + phase.duration - begin))
    step = -(-(last - first) // MOST_TICKS)
    ticks = [(round((n - first) * share, 2), workspace.moment_of(n)) for n in range(first, last, step)]
    return {"bars": bars, "ticks": ticks}


def _rights(project: Project) -> dict[str, bool]:
    """What the actor may do on a project's page."""
    may = {name: access.allowed(actor(), name, project) for name in ("project.edit", "project.remove")}
    may |= {name: access.allowed(actor(), name, project) for name in ("need.add", "need.edit", "need.remove")}
    return {name.replace(".", "_"): is_allowed for name, is_allowed in may.items()}


def _own_pm_id() -> int | None:
    user = actor()
    return user.id if user.id in {pm.id for pm in projects.managers(db.session())} else None


def _offer_project() -> None:
    offer(
        managers=[(user.id, user.name) for user in projects.managers(db.session())],
        project_kinds=[(kind, kind) for kind in projects.kinds(db.session())],
    )
    _offer_calendar()


def _offer_calendar() -> None:
    offer_hours(projects.workspace_of(db.session()).period is PeriodKind.HOUR)


def _offer_phase(project: Project, phase: Phase | None) -> None:
    rows = phases.others(db.session(), project, phase)
    offer(phases=[(ident, f"{other}: {name}" if other else name) for ident, name, other in rows])
    _offer_calendar()


def _project_page(form: ProjectForm, project: Project | None) -> str:
    workspace = projects.workspace_of(db.session())
    return render_template("staffing/project_edit.html", form=form, project=project, workspace=workspace)


def _phase_page(form: PhaseForm, project: Project, phase: Phase | None) -> str:
    session = db.session()
    own = {str(row[0]) for row in phases.others(session, project, phase) if not row[2]}
    return render_template(
        "staffing/phase_edit.html",
        form=form,
        project=project,
        phase=phase,
        own=own,
        workspace=projects.workspace_of(session),
    )


def _rule_page(form: TeamRuleForm, phase: Phase, rule: TeamRule | None) -> str:
    workspace = projects.workspace_of(db.session())
    return render_template(
        "staffing/rule_edit.html",
        form=form,
        phase=phase,
        sentence=staffing_words.rule_in_words(rule) if rule is not None else "",
        another=url_for(".rule_add", phase_id=phase.id) if rule is None else None,
        back=_phase_href(phase),
        workspace=workspace,
    )


def _phase_href(phase: Phase) -> str:
    return url_for(".project_show", project_id=phase.project_id, _anchor=f"phase-{phase.id}")


def _warned_phase_href(phase: Phase) -> str:
    workspace = projects.workspace_of(db.session())
    if phases.is_beyond_horizon(workspace, phase):
        flash(_("It could end after the periods that a plan usually covers."), "warning")
    return _phase_href(phase)


def _consequence(num_phases: int, num_seats: int, num_agreed: int) -> str:
    """What goes with a removal, in a sentence."""
    parts: list[Any] = []
    if num_phases:
        parts.append(ngettext("%(num)s phase", "%(num)s phases", num_phases))
    parts.append(ngettext("%(num)s seat", "%(num)s seats", num_seats))
    if num_agreed:
        parts.append(ngettext("%(num)s agreed booking", "%(num)s agreed bookings", num_agreed))
    return _("With it go: %(parts)s.", parts=staffing_words.listed(parts))
