"""Pages of a plan's versions: the list, what lies between two of them, and an earlier one restored."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange.difference_csv import difference_csv
from planner.forms.planning_versions import RestoreForm
from planner.models import Plan, PlanState, PlanVersion
from planner.services.planning import agreeing, by_hand, looks, versions
from planner.services.planning import plans as plan_verbs
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in
from planner.views.door import Answer, actor, acts, is_fragment, query, save
from planner.words.planning_plans import term_lines
from planner.words.planning_versions import DifferenceWords, difference_words

pages = Blueprint("planning_versions", __name__, url_prefix="/plans")
MOST_OFFERED = 200  # versions of a plan in a select


@pages.get("/<int:plan_id>/versions")
@acts("plan.see", Plan)
def version_list(plan: Plan) -> Answer:
    page = versions.page_of_versions(db.session(), plan, query())
    return render_template("planning/version_list.html", page=page, **_facts(plan))


@pages.get("/<int:plan_id>/difference")
@acts("plan.see", Plan)
def version_difference(plan: Plan) -> Answer:
    """What lies between a version (`from`, of this plan or of the one that `of` names) and another one (`to`)."""
    before, after = _two(plan)
    found = versions.between(db.session(), before, after)
    facts = {"before": before, "after": after, "found": found, "words": words_of(after, before)}
    if is_fragment():
        return render_template("planning/_difference.html", term_lines=term_lines, **facts)
    others = [other for other in plan_verbs.ready_plans(db.session()) if other.id != before.plan_id]
    return render_template(
        "planning/version_difference.html", term_lines=term_lines, others=others, **facts, **_facts(plan)
    )


@pages.get("/<int:plan_id>/difference/file")
@acts("plan.export", Plan)
def version_difference_file(plan: Plan) -> Answer:
    """The same as a sheet, a row for each seat and phase."""
    before, after = _two(plan)
    found, words = versions.between(db.session(), before, after), words_of(after, before)
    answer = Response(difference_csv(words.titles(), words.rows(found)), mimetype="text/csv")
    name = f"plan-{before.plan.number}.{before.number}-{after.plan.number}.{after.number}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/<int:plan_id>/versions/<int:version_number>/restore", methods=["GET", "POST"])
@acts("plan.edit", Plan)
def version_restore(plan: Plan, version_number: int) -> Answer:
    session = db.session()
    wanted, newest = _version(plan, version_number), _newest(plan)
    form = RestoreForm(obj=plan) if request.method == "GET" else RestoreForm()
    form.number.data, form.beside = str(version_number), {_("Newest version"): str(newest.number)}
    return save(
        form,
        lambda: by_hand.restore(session, plan, version_number, form.said.reason, form.read_version, by=actor()),
        page=lambda: render_template(
            "planning/version_restore.html", form=form, wanted=wanted, term_lines=term_lines, before=newest,
            after=wanted, found=versions.between(session, newest, wanted), words=words_of(wanted, newest),
            **_facts(plan),
        ),
        then=lambda _plan: url_for("planning_plans.plan_show", plan_id=plan.id),
        told=_("The plan is what it was at version %(version)s.", version=version_number),
    )  # fmt: skip


def words_of(after: PlanVersion, before: PlanVersion) -> DifferenceWords:
    """How to say what lies between two versions, in the page's language."""
    return difference_words(db.session(), after, before)


def _two(plan: Plan) -> tuple[PlanVersion, PlanVersion]:
    """The versions that the URL asks about: by default what this plan was before its newest version, and that."""
    newest = _newest(plan)
    after = _version(plan, request.args.get("to", newest.number, int))
    other = _plan(request.args.get("of", "")) or plan
    usual = max(1, after.number - 1) if other is plan else _newest(other).number
    return _version(other, request.args.get("from", usual, int)), after


def _plan(said: str) -> Plan | None:
    """The plan that the URL names. Raises Hidden where there is none that can be shown."""
    if not said:
        return None
    found = db.session().get(Plan, id_in(said))
    if found is None or found.state is not PlanState.READY:
        raise access.Hidden("plan")
    access.require(actor(), "plan.see", found)
    return found


def _version(plan: Plan, number: int) -> PlanVersion:
    try:
        return versions.version_of(db.session(), plan, number)
    except Refused as refused:
        raise access.Hidden("version") from refused


def _newest(plan: Plan) -> PlanVersion:
    """The newest version. Raises Hidden for a plan that cannot be shown."""
    newest = versions.latest(db.session(), plan) if plan.state is PlanState.READY else None
    if newest is None:
        raise access.Hidden("version")
    return newest


def _facts(plan: Plan) -> dict[str, Any]:
    session = db.session()
    _newest(plan)
    return {
        "plan": plan,
        "standpoint": agreeing.standpoint(session, plan),
        "seen": looks.last_seen(session, plan, actor()),
        "numbers": versions.numbers_of(session, plan, MOST_OFFERED),
    }
