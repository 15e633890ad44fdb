"""Pages by which an accepted idea, or an accepted proposal, comes to a team template."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext as _

from planner import db
from planner.forms.fields import offer
from planner.forms.outcomes_templates import ProposalAppliedForm
from planner.models import CriterionProposal, Idea, TeamTemplate, TemplateVersion
from planner.services.editing import require_version
from planner.services.outcomes import template_applying as verbs
from planner.services.outcomes import templates
from planner.services.outcomes.ideas import is_taken
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, save
from planner.words.outcomes_templates import REASON_LONGEST, because_of, why_of_proposal

pages = Blueprint("outcomes_template_applying", __name__)


def init_app(app: Flask) -> None:
    """Lets a proposal show which templates it has changed."""
    app.jinja_env.globals.update(template_versions_of=template_versions_of)


def template_versions_of(proposal: CriterionProposal) -> list[TemplateVersion]:
    """The versions of templates that a proposal has led to."""
    return verbs.versions_of(db.session(), proposal)


@pages.get("/ideas/<int:idea_id>/templates")
@acts("template.edit", Idea)
def idea_templates(idea: Idea) -> Answer:
    """Which role need of which template an idea changes."""
    session = db.session()
    return render_template(
        "outcomes/idea_templates.html",
        idea=idea,
        is_taken=is_taken(idea),
        templates=templates.all_templates(session),
        workspace=projects.workspace_of(session),
    )


@pages.get("/outcomes/proposals/<int:proposal_id>/templates")
@acts("template.edit", CriterionProposal)
def proposal_templates(proposal: CriterionProposal) -> Answer:
    """Which template shall ask for what a proposal asks for."""
    session = db.session()
    found = templates.all_templates(session)
    return render_template(
        "outcomes/proposal_templates.html",
        proposal=proposal,
        templates=found,
        meant={one.id: len(verbs.meant(one, proposal)) for one in found},
        workspace=projects.workspace_of(session),
    )


@pages.route("/outcomes/proposals/<int:proposal_id>/templates/<int:template_id>", methods=["GET", "POST"])
@acts("template.edit", CriterionProposal, TeamTemplate)
def proposal_apply(proposal: CriterionProposal, template: TeamTemplate) -> Answer:
    """Which role needs of a template ask for it from now on, and why."""
    offer(items=[(one["item"], one["said"]["title"]) for one in template.needs])
    why = proposal.reason[:REASON_LONGEST]
    filled = {"version": template.version, "items": verbs.meant(template, proposal), "reason": why}
    form = ProposalAppliedForm(data=filled if request.method != "POST" else None)

    def verb() -> TeamTemplate:
        require_version(template, form.read_version)
        verbs.apply_proposal(
            db.session(),
            template,
            proposal,
            form.said.items,
            by=actor(),
            reason=form.said.reason,
            because=because_of(proposal),
            why=why_of_proposal(proposal),
        )
        return template

    return save(
        form,
        verb,
        page=lambda: render_template("outcomes/proposal_apply.html", form=form, proposal=proposal, template=template),
        then=lambda template: url_for("outcomes_templates.template_show", template_id=template.id),
        told=_("The template asks for it from now on. What came from it before stays as it is, and tells."),
    )
