"""Scorecards: the interview kit of a requisition, one's own card, and the others' beside it once one's own is in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.hiring_scorecards import AgreedForm, ScorecardForm
from planner.models import Candidate, Requisition, Scorecard
from planner.services.hiring import criteria, intake, scorecards
from planner.services.hiring.criteria import Criterion
from planner.services.refused import Refused
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, save
from planner.wording import refusal_sentence
from planner.words.hiring import level_in_words, question_in_words

pages = Blueprint("hiring_scorecards", __name__)
STYLE_SCORES = range(1, 6)


@pages.get("/requisitions/<int:requisition_id>/kit")
@acts("requisition.see", Requisition)
def requisition_kit(requisition: Requisition) -> Answer:
    """What every interviewer of this requisition asks and looks for, to read or to print."""
    lines = criteria.criteria_shown(db.session(), requisition)
    asked = [line for line in lines if line.kind in ("skill", "style") and line.row is not None]
    return render_template(
        "hiring/requisition_kit.html",
        requisition=requisition,
        lines=[(line, question_in_words(line), _scores(line)) for line in asked],
    )


@pages.route("/candidates/<int:candidate_id>/scorecard", methods=["GET", "POST"])
@acts("scorecard.add", Candidate)
def candidate_scorecard(candidate: Candidate) -> Answer:
    session = db.session()
    kit = scorecards.kit_of(session, candidate)
    own = scorecards.view_of(session, candidate, actor(), may_rate=True).own
    if own is not None and own.is_in:
        return redirect(url_for(".scorecard_list", candidate_id=candidate.id))
    form = ScorecardForm(data=_as_said(kit, own))
    for line, entry in zip(kit, form.ratings, strict=False):
        entry.form.offer(_scores(line))
    return save(
        form,
        lambda: scorecards.save_scorecard(session, candidate, form.said, form.read_version, by=actor()),
        page=lambda: render_template(
            "hiring/candidate_scorecard.html",
            form=form,
            candidate=candidate,
            kit=[(line, question_in_words(line)) for line in kit],
            files=intake.attachments_of(session, candidate),
        ),
        then=lambda card: url_for(
            ".scorecard_list" if card.is_in else ".candidate_scorecard", candidate_id=candidate.id
        ),
        told=_("Your scorecard was kept."),
    )


@pages.route("/candidates/<int:candidate_id>/scorecard/pass", methods=["GET", "POST"])
@acts("scorecard.add", Candidate)
def candidate_scorecard_pass(candidate: Candidate) -> Answer:
    if request.method == "POST":
        try:
            scorecards.pass_scorecard(db.session(), candidate, by=actor())
            db.session().commit()
        except Refused as refused:
            db.session().rollback()
            flash(refusal_sentence(refused), "error")
    return redirect(url_for(".scorecard_list", candidate_id=candidate.id), 303)


@pages.get("/candidates/<int:candidate_id>/scorecards")
@acts("scorecard.see", Candidate)
def scorecard_list(candidate: Candidate) -> Answer:
    return _shown(candidate)


@pages.route("/candidates/<int:candidate_id>/scorecards/agree", methods=["GET", "POST"])
@acts("scorecard.agree", Candidate)
def scorecard_agree(candidate: Candidate) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".scorecard_list", candidate_id=candidate.id))
    form = AgreedForm()
    return save(
        form,
        lambda: scorecards.agree(db.session(), candidate, form.said, form.read_version, by=actor()),
        page=lambda: _shown(candidate, form),
        then=lambda candidate: url_for(".scorecard_list", candidate_id=candidate.id),
        told=_("What was agreed on is in the profile, and the next plan counts it."),
    )


def _shown(candidate: Candidate, form: AskingForm | None = None) -> str:
    session, user = db.session(), actor()
    may_rate = access.allowed(user, "scorecard.add", candidate)
    view = scorecards.view_of(session, candidate, user, may_rate=may_rate)
    lines = scorecards.compared(session, candidate) if view.is_open else []
    return render_template(
        "hiring/scorecard_list.html",
        candidate=candidate,
        requisition=candidate.requisition,
        form=form or AgreedForm(data={"scores": [_agreed(line) for line in lines if line.scores]}),
        is_refused=form is not None,
        view=view,
        is_open=view.is_open,
        lines=lines,
        may_rate=may_rate,
        can_agree=access.allowed(user, "scorecard.agree", candidate),
        workspace=projects.workspace_of(session),
    )


def _agreed(line: scorecards.Compared) -> dict[str, Any]:
    return {
        "key": line.line.name,
        "kind": line.line.kind,
        "score": line.agreed.score if line.agreed is not None else line.middle,
    }


def _as_said(kit: list[Criterion], own: Scorecard | None) -> dict[str, Any]:
    """A card as its form shows it: a row for each criterion, with what was said of it so far."""
    given = {(row.kind, row.key): row for row in own.ratings} if own is not None else {}
    rows = []
    for line in kit:
        row = next((one for (kind, key), one in given.items() if (kind, key) == (line.kind, line.name)), None)
        score = f"{row.score:g}" if row is not None else ""
        rows.append(
            {"key": line.name, "kind": line.kind, "score": score, "evidence": row.evidence if row is not None else ""}
        )
    note, version = (own.note, own.version) if own is not None else ("", None)
    return {"ratings": rows, "note": note, "version": version}


def _scores(line: Criterion) -> list[tuple[float, str]]:
    """Each score of a criterion with the words for it: a work style's anchors, or what a level of a skill means."""
    if line.kind == "style":
        is_french = str(get_locale() or "en").startswith("fr")
        row: Any = line.row
        anchors = (row.anchors_fr if is_french else None) or row.anchors
        return [(score, anchors[score - 1] if len(anchors) == len(STYLE_SCORES) else "") for score in STYLE_SCORES]
    most = projects.workspace_of(db.session()).level_max
    return [(level, level_in_words(level, most)) for level in range(most + 1)]
