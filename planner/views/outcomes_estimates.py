"""Pages of estimates: planned against actual effort, by role and kind of project; and the offer beside a role need."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange.difference_csv import difference_csv
from planner.forms.fields import offer
from planner.forms.outcomes_effort import LikenessForm
from planner.services.outcomes import estimates as verbs
from planner.services.outcomes import roles
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, no_store
from planner.words import outcomes_templates as template_words

pages = Blueprint("outcomes_estimates", __name__, url_prefix="/estimates")
YES_NO = (("yes", "yes"), ("no", "no"))

for _name in ("full_time_in_words", "ratio_in_words", "correction_in_words", "gone_in_words"):
    pages.app_template_filter(_name)(getattr(template_words, _name))


def init_app(app: Flask) -> None:
    """Lets the form of a role need show what work like it took."""
    app.jinja_env.globals["effort_offer"] = effort_offer


@pages.get("")
@acts("estimate.see")
def estimate_list() -> Answer:
    session = db.session()
    found = verbs.report(session)
    workspace = projects.workspace_of(session)
    return render_template(
        "outcomes/estimate_list.html",
        report=found,
        sentence=template_words.report_in_words(found, workspace.period),
        answers=roles.answers(session),
        workspace=workspace,
        can_answer=access.allowed(actor(), "estimate.answer"),
        can_import=access.allowed(actor(), "effort.import_finished"),
    )


@pages.get("/estimates.csv")
@acts("estimate.download")
def estimate_download() -> Answer:
    answer = Response(difference_csv(_titles(), _rows(verbs.report(db.session()))), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="estimates.csv")
    return no_store(answer)


@pages.post("/likeness")
@acts("estimate.answer")
def likeness_answer() -> Answer:
    offer(yes_no=YES_NO)
    form = LikenessForm()
    if not form.validate():
        flash(" ".join(sentence for _field, sentence in form.problems()), "error")
        return redirect(url_for(".estimate_list"), 303)
    row = roles.answer(db.session(), form.said, by=actor())
    db.session().commit()
    told = _("They count as one role now.") if row.is_same else _("They stay two roles.")
    flash(told, "success")
    return redirect(url_for(".estimate_list", _anchor="titles"), 303)


def effort_offer(form: Any, phase: Any) -> verbs.Correction | None:
    """What finished work says of the role need that a form asks for; None where it says nothing."""
    title = (form.title.data or "").strip()
    count, fte_pct = form.count.data or 1, form.fte_pct.data or 100
    if not title or not access.allowed(actor(), "estimate.see"):
        return None
    begin, end = form.window(phase.duration)
    kind = getattr(phase.project, "kind", "")
    return verbs.correction(db.session(), title, kind, count * fte_pct * (end - begin) / 100, fte_pct)


def _titles() -> list[str]:
    return [
        _("Role"),
        _("Kind of project"),
        _("Cases"),
        _("Planned (full-time periods)"),
        _("Actual (full-time periods)"),
        _("Actual ÷ planned"),
        _("From"),
        _("To"),
        _("Expected next"),
        _("From"),
        _("To"),
    ]


def _rows(found: verbs.Report) -> list[list[str | int | None]]:
    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:.4f}"

    return [
        [
            line.role,
            line.kind,
            line.ratio.num,
            shown(line.planned_periods),
            shown(line.actual_periods),
            *(shown(getattr(ratio, end)) for ratio in (line.ratio, line.expected) for end in ("middle", "low", "high")),
        ]
        for line in found.lines
    ]
