"""The hiring funnel: charts with the tables beside them, which can be taken away as CSV."""

from __future__ import annotations

import io

import defusedcsv.csv as safe_csv
from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from planner import db
from planner.services.hiring import funnel as verbs
from planner.views.door import Answer, acts, no_store
from planner.words.staffing_people import stage_words

pages = Blueprint("hiring_funnel", __name__, url_prefix="/funnel")


@pages.get("")
@acts("funnel.see")
def funnel_show() -> Answer:
    return render_template("hiring/funnel_show.html", funnel=verbs.funnel(db.session()))


@pages.get("/funnel.csv")
@acts("funnel.see")
def funnel_download() -> Answer:
    text = io.StringIO(newline="")
    writer = safe_csv.writer(text)
    for row in _rows(verbs.funnel(db.session())):
        writer.writerow(row)
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="hiring-funnel.csv")
    return no_store(answer)


def _rows(found: verbs.Funnel) -> list[list[object]]:
    """The tables of the page, one after the other, each under its heading."""
    words = stage_words()
    filled = [
        [one.requisition.number, one.requisition.title, one.requisition.chain, _tenth(one.days), _tenth(one.pm_days),
         _tenth(one.operations_days), _tenth(one.candidate_days)]
        for one in found.filled
    ]  # fmt: skip
    stages = [[words[one.stage], one.num_left, _tenth(one.median_days), one.num_now] for one in found.stages]
    sources = [[one.source, one.num, one.num_interviewed, one.num_offered, one.num_hired] for one in found.sources]
    approvers = [[one.name, one.num, one.num_followed, _tenth(one.median_days)] for one in found.approvers]
    return [
        [_("From need to filled seat, in days")],
        [_("No."), _("Role"), _("Chain"), _("In all"), _("PM"), _("Operations"), _("Candidate")],
        *filled,
        [],
        [_("Stages")],
        [_("Stage"), _("Have left it"), _("Days, in the middle"), _("There now")],
        *stages,
        [],
        [_("Sources")],
        [_("Found through"), _("Candidates"), _("Interviewed"), _("Offered"), _("Hired")],
        *sources,
        [],
        [_("Offers that have ended"), found.num_offers, _("accepted"), found.num_accepted],
        [],
        [_("Approvers")],
        [_("Name"), _("Approvals"), _("as the plan suggests"), _("Days after the plan, in the middle")],
        *approvers,
    ]


def _tenth(days: float | None) -> float | str:
    return round(days, 1) if days is not None else ""
