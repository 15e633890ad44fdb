"""What every page of the HTML door does: find the subject, ask whether the actor may, save, and answer a conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response as AnyResponse

from planner import access, db
from planner.formats import shown_value
from planner.forms.asking import AskingForm
from planner.forms.merging import THEIRS, Merge, merge_of, typed_again
from planner.models import User
from planner.services import removal
from planner.services.account.audit import history
from planner.services.listing import Query
from planner.services.refused import Refused, Stale
from planner.wording import STALE, refusal_sentence

MOST_RACES = 3  # that one request may lose before it gives up
Answer = str | AnyResponse | tuple[str, int]
Page = Callable[[], str]
View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row")


def acts(action: str, *subjects: type, of: str | None = None) -> Callable[[View], View]:
    """Marks what a view does, and asks first whether the actor may.

    For each model in `subjects` the URL's `<name>_id` becomes the row itself; the last one is what the action is
    done to (404 where it is missing or may not be seen). `of` names the action that counts where the subject is the
    parent of what is made.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            rows: list[Any] = [_found(model, values.pop(f"{subject_name(model)}_id")) for model in subjects]
            access.require(actor(), of or action, rows[-1] if rows else None)
            g.subject = rows[-1] if rows else None
            return view(*rows, **values)

        guarded.access_action = of or action  # type: ignore[attr-defined]
        guarded.access_subjects = subjects  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def public(view: View) -> View:
    """Marks a view that anybody may open, logged in or not."""
    view.access_action = None  # type: ignore[attr-defined]
    return view


def actor() -> User:
    """The user who is logged in, as the verbs know them."""
    user = db.session().get(User, current_user.id) if current_user.is_authenticated else None
    if user is None:
        abort(401)
    return user


def query() -> Query:
    """What this list's URL asks for."""
    return Query.read(request.path, request.args)


def save(
    form: AskingForm,
    verb: Callable[[], Row],
    *,
    page: Callable[[], str],
    then: Callable[[Row], str],
    told: str = "",
) -> Answer:
    """The whole way of a form: shown, rows added, refused with 422, 409 or saved and on to the next page.

    `verb` is called once the form holds, `page` renders the form, `then` gives the URL that follows, `told` is said
    there.
    """
    if request.method != "POST":
        return page()
    if "merge" in request.form and form.filled_from is not None:
        return _merged(form, verb, page, then, told)
    if form.changed_rows(request.form) or "edit_again" in request.form:
        return page()
    if not form.validate():
        return page(), 422
    return _kept(form, verb, page, then, told)


def _kept(form: AskingForm, verb: Callable[[], Any], page: Page, then: Callable[[Any], str], told: str) -> Answer:
    """Does what a form asks, once it holds; whoever is too late merges, or is asked once more."""
    try:
        row = verb()
        db.session().flush()
    except Refused as refused:
        db.session().rollback()
        form.refuse(refused)
        return page(), 409
    except Stale as stale:
        return _too_late(form, stale.row, verb, page, then, told)
    except (StaleDataError, IntegrityError):
        return _once_more()
    db.session().commit()
    if told:
        flash(told, "success")
    return redirect(then(row), 303)


def _once_more() -> Answer:
    """A race that it lost shows in the database: the whole view, asked again, sees who won, and says so."""
    db.begin_again()
    g.is_merged = False
    g.num_races = g.get("num_races", 0) + 1
    if g.num_races > MOST_RACES:
        abort(409)
    view: Any = current_app.view_functions[request.endpoint or ""]
    answer: Answer = view(**(request.view_args or {}))
    return answer


def _too_late(
    form: AskingForm, row: Any, verb: Callable[[], Any], page: Page, then: Callable[[Any], str], told: str
) -> Answer:
    """Somebody else was first. A single step is asked once more on what is there now; a record is merged.

    What each has changed elsewhere needs no question: it is saved, and said.
    """
    db.session().rollback()
    if form.filled_from is None:
        form.overtake(row.version, str(STALE))
        return page(), 409
    merge = merge_of(form, shown_value, {})
    if g.get("is_merged"):
        return _once_more()  # it moved on while it was merged: what the form was filled from is old
    if not merge.is_plain:
        return _merge_page(form, merge), 409
    g.is_merged = True
    form.say(merge.settled())
    if not form.validate():
        return page(), 422
    theirs = ", ".join(dict.fromkeys(cell.label for cell in merge.merged if cell.outcome == THEIRS))
    beside = _("Somebody else has changed this meanwhile, and it stands too: %(fields)s.", fields=theirs)
    return _kept(form, verb, page, then, f"{told} {beside}" if theirs else told)


def _merged(form: AskingForm, verb: Callable[[], Any], page: Page, then: Callable[[Any], str], told: str) -> Answer:
    """What the page that merges was answered with: saved, shown for more editing, or asked again."""
    merge = merge_of(form, shown_value, request.form)
    is_seen = request.form["merge"] == str(merge.theirs.version.data)
    if "edit_again" not in request.form and (merge.unanswered or not is_seen):
        return _merge_page(form, merge, is_seen=is_seen), 422 if is_seen else 409
    form.say(merge.settled())
    if "edit_again" in request.form:
        return page()
    if not form.validate():
        return page(), 422
    return _kept(form, verb, page, then, told)


def _merge_page(form: AskingForm, merge: Merge, *, is_seen: bool = True) -> str:
    """The page that asks which of two shall stand, where both changed the same; the rest is merged, and counted."""
    return render_template(
        "conflict.html",
        form=form,
        merge=merge,
        is_asked_again="merge" in request.form,
        is_seen=is_seen,
        typed=typed_again(request.form),
        what=getattr(g.subject, "name", None) or getattr(g.subject, "title", None),
        last=next(iter(history.latest(db.session(), g.subject, 1)), None) if g.subject is not None else None,
    )


def remove_row(row: Any, *, title: str, then: str) -> Answer:
    """Removes a row after the question was answered, and offers to undo it on the next page."""
    try:
        removed = removal.remove(db.session(), row, title=title, by_id=actor().id)
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(then, 303)
    db.session().commit()
    undo = url_for("account.removal_restore", removal_id=removed.id)
    can_undo = access.allowed(actor(), "removal.restore")
    told = {"text": _("“%(title)s” was removed.", title=title), "undo_href": undo if can_undo else ""}
    flash(told, "success")  # type: ignore[arg-type]
    return redirect(then, 303)


def confirm_removal(title: str, consequence: str, back: str) -> str:
    """The question before a removal; its form posts to the page's own address."""
    return render_template("confirm_removal.html", title_text=title, consequence=consequence, back=back)


def found(rows: Iterable[Row]) -> Row:
    """The first of what there is. Raises Hidden where there is nothing."""
    for row in rows:
        return row
    raise access.Hidden


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def no_store(response: Response) -> Response:
    """An answer that nobody may keep."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(model: type[Row], ident: int) -> Row:
    row = db.row_at(model, ident)
    if row is None:
        abort(404)
    return row


def subject_name(model: type) -> str:
    """The name of a model in a URL: RoleNeed -> need, TeamRule -> rule, others in snake case."""
    short = {
        "RoleNeed": "need",
        "TeamRule": "rule",
        "ExchangeRate": "rate",
        "ApiToken": "token",
        "OutgoingMail": "mail",
        "WorkStyle": "style",
        "PipelineColumn": "column",
        "ImportDraft": "import",
        "TaskBoard": "board",
        "MetricPoint": "point",
        "CriterionProposal": "proposal",
        "ActualEffort": "effort",
        "FinishedWork": "finished",
        "TeamTemplate": "template",
    }
    name = model.__name__
    if name in short:
        return short[name]
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
