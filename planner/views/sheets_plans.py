"""A plan's sheet: it leaves, comes back, is compared with the plan as it stands now, taken, and undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from planner import access, db
from planner.exchange.sheets.limits import MOST_BYTES
from planner.exchange.sheets.plan_seats import Taken
from planner.exchange.sheets.reading import Book
from planner.forms.sheets_plans import SheetFileForm, SheetTakeForm
from planner.models import Plan, SheetReturn
from planner.services.planning import plans
from planner.services.refused import Refused, Stale
from planner.services.sheets import plan_sheets
from planner.services.sheets.plan_merges import Comparison
from planner.views.door import Answer, actor, acts, no_store, save
from planner.views.planning_plans import common, language, ready
from planner.wording import refusal_sentence
from planner.words.sheets import note_sentence, told_sentence, value_words

pages = Blueprint("sheets_plans", __name__, url_prefix="/plans/<int:plan_id>")
TAKEN_CAP = 500  # lines of what merges by itself that a page shows


@pages.post("/sheet")
@acts("plan.exchange", Plan)
def plan_sheet_leave(plan: Plan) -> Answer:
    """The seats as a sheet that can come back; posted, since what it leaves with is kept."""
    ready(plan)
    kind = "csv" if request.form.get("format") == "csv" else "xlsx"
    try:
        leaf = plan_sheets.leave(db.session(), plan, kind, by=actor(), language=language(), secret=_secret())
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(url_for("planning_exports.plan_export_choose", plan_id=plan.id), 303)
    db.session().commit()
    answer = Response(leaf.data, mimetype=leaf.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=leaf.filename)
    return no_store(answer)


@pages.route("/sheets/add", methods=["GET", "POST"])
@acts("plan.exchange", Plan)
def plan_sheet_add(plan: Plan) -> Answer:
    report, form, ident = ready(plan), SheetFileForm(), plan.id
    known = {**common(plan, report), "in_force": plans.plan_in_force(db.session())}
    found: list[tuple[Book, Taken]] = []

    def page() -> str:
        return render_template("sheets/plan_sheet_add.html", **known, form=form)

    if request.method == "POST" and form.validate():
        db.let_go()
        try:
            found.append(plan_sheets.read(form.content(), form.file.data.filename or ""))
        except Refused as refused:  # what is wrong with a file is wrong with what was said, not with the world
            form.refuse(refused)
            return page(), 422

    def verb() -> SheetReturn:
        kept, name = db.session().get_one(Plan, ident), form.file.data.filename or ""
        return plan_sheets.come_back(db.session(), kept, *found[0], name=name, by=actor())

    def then(row: SheetReturn) -> str:
        return url_for(".plan_sheet_show", plan_id=ident, sheet_return_id=row.id)

    return save(form, verb, page=page, then=then)


@pages.get("/sheets/<int:sheet_return_id>")
@acts("plan.export", Plan, SheetReturn)
def plan_sheet_show(plan: Plan, row: SheetReturn) -> Answer:
    form = SheetTakeForm(formdata=None, obj=plan)
    return _page(plan, row, form)


@pages.post("/sheets/<int:sheet_return_id>")
@acts("plan.edit", Plan, SheetReturn)
def plan_sheet_take(plan: Plan, row: SheetReturn) -> Answer:
    form = SheetTakeForm()
    if "look" in request.form:
        return _page(plan, row, form)
    return save(
        form,
        lambda: plan_sheets.take(
            db.session(),
            plan,
            row,
            choices=form.said.choices,
            names=form.said.names,
            reason=form.said.reason,
            version=form.read_version,
            by=actor(),
        ),
        page=lambda: _page(plan, row, form),
        then=lambda _plan: url_for(".plan_sheet_show", plan_id=plan.id, sheet_return_id=row.id),
        told=_("The sheet is taken."),
    )


@pages.post("/sheets/<int:sheet_return_id>/undo")
@acts("plan.edit", Plan, SheetReturn)
def plan_sheet_undo(plan: Plan, row: SheetReturn) -> Answer:
    try:
        version = request.form.get("version", "")
        read = int(version) if version.isdecimal() else None
        reason = _("The sheet of %(by)s is undone.", by=row.came_by)
        plan_sheets.undo(db.session(), row, read, reason=reason, by=actor())
        db.session().commit()
        flash(_("The sheet is undone: the plan is as it was before."), "success")
    except (Refused, Stale) as error:
        db.session().rollback()
        refused = error if isinstance(error, Refused) else Refused("plan_has_moved_on")
        flash(refusal_sentence(refused), "error")
    return redirect(url_for("planning_plans.plan_show", plan_id=plan.id), 303)


@pages.errorhandler(RequestEntityTooLarge)
def file_too_large(_error: RequestEntityTooLarge) -> Answer:
    """A file beyond all measure is told at its field; nothing of it was read."""
    plan = db.session().get(Plan, (request.view_args or {}).get("plan_id", 0))
    if plan is None or not access.allowed(actor(), "plan.exchange", plan):
        raise access.Hidden("plan")
    form = SheetFileForm(formdata=None)
    form.file.errors = [refusal_sentence(Refused("sheet_file_too_large", most=MOST_BYTES // 2**20))]
    in_force = plans.plan_in_force(db.session())
    page = render_template("sheets/plan_sheet_add.html", **common(plan, ready(plan)), form=form, in_force=in_force)
    return page, 422


def _page(plan: Plan, row: SheetReturn, form: SheetTakeForm) -> str:
    """What came back beside the plan as it stands; once it is taken, what became of it."""
    report = ready(plan)
    left = db.session().get(Plan, row.copy.subject_id) if row.copy is not None and row.copy.subject_id else None
    known: dict[str, Any] = {"row": row, "form": form, "left": left, "in_force": plans.plan_in_force(db.session())}
    if row.document is None:
        return render_template("sheets/plan_sheet_taken.html", **common(plan, report), **known)
    notes, taken = plan_sheets.notes_of(row)
    found = _compared(plan, row, form)
    return render_template(
        "sheets/plan_sheet_show.html",
        **common(plan, report),
        **known,
        found=found,
        taken=taken,
        preview=_preview(plan, found, form),
        notes=[note_sentence(note) for note in notes],
        told=[(one.ref, told_sentence(one)) for one in found.told],
        words=value_words,
        most=TAKEN_CAP,
    )


def _compared(plan: Plan, row: SheetReturn, form: SheetTakeForm) -> Comparison:
    may_edit = access.allowed(actor(), "plan.edit", plan)
    return plan_sheets.compare(db.session(), plan, row, by=actor(), may_edit=may_edit, names=form.names)


def _preview(plan: Plan, found: Comparison, form: SheetTakeForm) -> Any:
    """What the plan becomes; where it cannot, the form says why."""
    try:
        return plan_sheets.preview(db.session(), plan, found, form.choices)
    except Refused as refused:
        if not form.errors:
            form.refuse(refused)
        return None


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
