"""Pages of criteria and outcomes: the report, what it proposes, and what was decided on that."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.outcomes_criteria import DecisionForm, ReportForm
from planner.models import AdoptedCriterion, CriterionProposal
from planner.services.outcomes import association, criteria
from planner.services.outcomes import proposals as verbs
from planner.services.outcomes.criteria import Report
from planner.services.outcomes.guarding import FEWEST
from planner.views.door import Answer, actor, acts, query, save
from planner.views.outcomes_metrics import csv_file
from planner.words.outcomes_metrics import criterion_name, line_sentence, outcome_name
from planner.words.outcomes_templates import why_of_proposal

pages = Blueprint("outcomes_criteria", __name__, url_prefix="/outcomes")
ADOPT = "adopt-"


def init_app(app: Flask) -> None:
    """Lets the form of a role need show what outcomes suggest for it."""
    app.jinja_env.globals.update(suggested_criteria=suggested_criteria)


def suggested_criteria(form: Any) -> list[AdoptedCriterion]:
    """What outcomes suggest for the role that a form asks for, as far as it does not ask for it already."""
    styles = {str(entry.form.style_id.data) for entry in form.styles}
    skills = {str(entry.form.skill_id.data) for entry in form.skills}
    found = verbs.adopted_for(db.session(), form.title.data or "")
    return [one for one in found if str(one.style_id) not in styles and str(one.skill_id) not in skills]


def take_suggestion(form: Any) -> None:
    """Puts into a form what was chosen from what outcomes suggest; the form is shown again, and nothing is saved."""
    chosen = request.form.get("edit_again", "")
    if not chosen.startswith(ADOPT):
        return
    for one in suggested_criteria(form):
        if f"{ADOPT}{one.id}" != chosen:
            continue
        if one.style_id is not None:
            reason = why_of_proposal(one.proposal)
            said = {"style_id": str(one.style_id), "min": one.min, "max": one.max, "reason": reason}
            form.styles.append_entry({**said, "is_must": False, "weight": one.weight})
        else:
            form.skills.append_entry(
                {"skill_id": one.skill_id, "level": one.level, "is_must": False, "weight": one.weight}
            )


@pages.get("/criteria")
@acts("proposal.see")
def report_show() -> Answer:
    return _shown()


@pages.get("/criteria.csv")
@acts("proposal.see")
def report_download() -> Answer:
    return csv_file("criteria-and-outcomes", _rows(_asked()))


@pages.route("/criteria/propose", methods=["GET", "POST"])
@acts("proposal.add")
def proposal_add() -> Answer:
    if request.method != "POST":
        return redirect(url_for(".report_show"))
    form = ReportForm()
    return save(
        form,
        lambda: verbs.make_proposals(db.session(), form.said.outcome, form.said.role, by=actor()),
        page=lambda: _shown(form),
        then=_proposed,
    )


@pages.get("/proposals")
@acts("proposal.see")
def proposal_list() -> Answer:
    session = db.session()
    return render_template(
        "outcomes/proposal_list.html",
        page=verbs.page_of_proposals(session, query()),
        num_open=verbs.num_open(session),
        states=[
            ("open", _("waits for a decision")),
            ("accepted", pgettext("proposal", "accepted")),
            ("declined", pgettext("proposal", "declined")),
        ],
    )


@pages.get("/proposals/<int:proposal_id>")
@acts("proposal.see", CriterionProposal)
def proposal_show(proposal: CriterionProposal) -> Answer:
    return _proposal(proposal)


@pages.route("/proposals/<int:proposal_id>/decide", methods=["GET", "POST"])
@acts("proposal.decide", CriterionProposal)
def proposal_decide(proposal: CriterionProposal) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".proposal_show", proposal_id=proposal.id))
    form = DecisionForm()
    return save(
        form,
        lambda: verbs.decide(db.session(), proposal, form.said, form.read_version, by=actor()),
        page=lambda: _proposal(proposal, form),
        then=lambda proposal: url_for(".proposal_show", proposal_id=proposal.id),
        told=_("The decision stands, with your name."),
    )


def _asked() -> Report:
    outcome, role = (request.values.get(name, "").replace("\0", "").strip() for name in ("outcome", "role"))
    return criteria.report(db.session(), outcome, role)


def _shown(form: AskingForm | None = None) -> str:
    found = _asked()
    return render_template(
        "outcomes/criteria_show.html",
        report=found,
        form=form or ReportForm(data={"outcome": found.outcome, "role": found.role}),
        new=[line.key for line in verbs.open_lines(db.session(), found)],
        least=association.LEAST,
        fewest=FEWEST,
        error_rate=association.ERROR_RATE,
        strong=association.STRONG,
        num_open=verbs.num_open(db.session()),
        can_propose=access.allowed(actor(), "proposal.add"),
    )


def _proposed(made: list[CriterionProposal]) -> str:
    """Says how many proposals a report has given, and leads to them."""
    told = ngettext("%(num)s proposal waits for a decision.", "%(num)s proposals wait for a decision.", len(made))
    flash(told if made else _("There is nothing new to propose."), "success")
    return url_for(".proposal_list")


def _proposal(proposal: CriterionProposal, form: AskingForm | None = None) -> str:
    return render_template(
        "outcomes/proposal_show.html",
        proposal=proposal,
        form=form or DecisionForm(data={"version": proposal.version}),
        can_decide=access.allowed(actor(), "proposal.decide", proposal),
    )


def _rows(found: Report) -> list[list[Any]]:
    heads = [_("Criterion"), _("Teams"), _("People"), _("Rank correlation"), _("Low"), _("High"), "p", _("In words")]
    lines = [
        [criterion_name(line), seen.num, line.num_people, seen.rho, seen.low, seen.high, seen.p, line_sentence(line)]
        if (seen := line.association) is not None
        else [criterion_name(line), "", line.num_people, "", "", "", "", line_sentence(line)]
        for line in found.lines
    ]
    return [[outcome_name(found.outcome, found.name), found.role], heads, *lines]
