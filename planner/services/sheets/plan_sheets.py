"""Plans as sheets: one leaves, comes back, is compared, taken as one version of the plan, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from planner.exchange.sheets import reading as files
from planner.exchange.sheets.limits import Unreadable
from planner.exchange.sheets.plan_seats import NoHeader, Taken, leaving, packed, taken, unpacked
from planner.exchange.sheets.reading import Book
from planner.exchange.sheets.writing import (
    CSV_MEDIA_TYPE,
    MEDIA_TYPE,
    WRITING_FAULTS,
    Leaving,
    Unwritable,
    write_csv,
    write_xlsx,
)
from planner.exchange.words import Words
from planner.models import Plan, SheetCopy, SheetKind, SheetReturn, User, VersionKind, now
from planner.services.planning import by_hand, versions
from planner.services.planning.reading import frozen, question_of, report_of, thawed
from planner.services.refused import Refused
from planner.services.sheets import copies
from planner.services.sheets.plan_merges import PHASE, SEAT, THEIRS, YOURS, Comparison, Reader, start_idx
from planner.translate.moments import Moments

FORMATS = ("xlsx", "csv")


@dataclass(frozen=True)
class Leaf:
    """A plan's sheet as a file."""

    filename: str
    media_type: str
    data: bytes


def leave(session: Session, plan: Plan, kind: str, *, by: User, language: str, secret: str) -> Leaf:
    """The seats of a plan as a sheet that can come back; what it leaves with is kept. Raises Refused."""
    report, say = report_of(session, plan, by=by, language=language), Words(language)
    left, version = leaving(report, say), _latest(session, plan)
    copy = copies.keep(
        session, SheetKind.PLAN, left.document, by=by, secret=secret, subject_id=plan.id, version_number=version
    )
    stamp = Leaving(copy.code, copy.checksum, _about(plan, copy, say))
    try:
        data = write_xlsx(left.listing, stamp, say) if kind == "xlsx" else write_csv(left.listing, stamp)
    except Unwritable as error:
        raise Refused("sheet_cannot_be_written", sentence=WRITING_FAULTS[error.code], params=error.params) from error
    name = f"plan-{plan.number}-v{version}-{copy.code}.{kind}"
    return Leaf(name, MEDIA_TYPE if kind == "xlsx" else CSV_MEDIA_TYPE, data)


def _about(plan: Plan, copy: SheetCopy, say: Words) -> tuple[str, ...]:
    _ = say.gettext
    return (
        _(
            "The seats of plan %(number)s, “%(title)s”, as of its version %(version)s, exported on %(at)s by %(by)s.",
            number=plan.number,
            title=plan.title,
            version=copy.version_number,
            at=say.instant(copy.made_at),
            by=copy.made_by,
        ),
        _("Its export code is %(code)s.", code=copy.code),
        _("Change who holds a seat, or when a phase starts, and bring the file back on the page of the plan."),
        _("Sort and filter as you like, and keep the column Id: it says which seat a row is about."),
    )


def read(data: bytes, name: str) -> tuple[Book, Taken]:
    """What is in a file that came back; it may take seconds, so no lock should be held. Raises Refused."""
    try:
        book = files.read_workbook(data, name)
        return book, taken(book)
    except Unreadable as error:
        raise Refused(error.code, field="file", **error.params) from error
    except NoHeader as error:
        raise Refused("sheet_is_none_of_a_plan", field="file") from error


def come_back(session: Session, plan: Plan, book: Book, found: Taken, *, name: str, by: User) -> SheetReturn:
    """Keeps what came back until it is taken; nothing of the plan is changed."""
    sealed = book.stamp.checksum if book.stamp is not None else None
    copy = copies.find(session, SheetKind.PLAN, book.code, sealed)
    row = SheetReturn(
        copy_id=copy.id if copy is not None else None,
        plan_id=plan.id,
        user_id=by.id,
        came_by=by.name,
        file_name=name,
        document=frozen({**packed(found), "file_notes": [list(note) for note in book.notes]}),
    )
    session.add(row)
    session.flush()
    return row


def compare(
    session: Session,
    plan: Plan,
    row: SheetReturn,
    *,
    by: User,
    may_edit: bool,
    names: Mapping[str, str] | None = None,
) -> Comparison:
    """What the sheet brings to the plan as it stands now. Raises Refused where it was taken already."""
    if row.document is None:
        raise Refused("sheet_is_taken")
    left = copies.document_of(row.copy) if row.copy is not None else None
    report, moments = report_of(session, plan, by=by), Moments(question_of(plan).calendar)
    reader = Reader(
        report, moments, left, unpacked(thawed(row.document)), may_edit=may_edit, names=names or {}
    )  # fmt: skip
    return reader.compare()


def changes_of(session: Session, plan: Plan, found: Comparison, choices: Mapping[str, str]) -> list[by_hand.Change]:
    """What is to be done to the plan once each conflict is chosen. Raises Refused while one is not."""
    open_ones = [cell for cell in found.merge.conflicts if choices.get(cell.key) not in (YOURS, THEIRS)]
    if open_ones:
        raise Refused("sheet_wants_choices", field="choices", num=len(open_ones))
    chosen = [cell for cell in found.merge.conflicts if choices[cell.key] == YOURS]
    changes: list[by_hand.Change] = []
    report, moments = report_of(session, plan), Moments(question_of(plan).calendar)
    for cell in (*found.taken_cells, *chosen):
        if cell.ident.startswith(SEAT):
            seat, person = cell.ident.removeprefix(SEAT), cell.sheet
            changes.append(by_hand.Assign(seat, str(person)) if person is not None else by_hand.TakeOff(seat))
        elif cell.sheet is not None:
            phase = cell.ident.removeprefix(PHASE)
            changes.append(by_hand.MovePhase(phase, start_idx(report, moments, phase, str(cell.sheet))))
    return changes


def preview(session: Session, plan: Plan, found: Comparison, choices: Mapping[str, str]) -> by_hand.Preview | None:
    """What the plan becomes with what is chosen so far, all else as it is now; None where nothing changes."""
    whole = {cell.key: choices.get(cell.key, THEIRS) for cell in found.merge.conflicts}
    changes = changes_of(session, plan, found, whole)
    return by_hand.preview_all(plan, changes) if changes else None


def take(
    session: Session,
    plan: Plan,
    row: SheetReturn,
    *,
    choices: Mapping[str, str],
    names: Mapping[str, str],
    reason: str,
    version: int | None,
    by: User,
) -> Plan:
    """Takes the sheet as one version of the plan: what merged by itself, and what was chosen. Raises Stale, Refused."""
    found = compare(session, plan, row, by=by, may_edit=True, names=names)
    changes = changes_of(session, plan, found, choices)
    row.version_before = _latest(session, plan)
    if changes:
        by_hand.apply_all(session, plan, changes, reason, version, by=by, kind=VersionKind.MERGED)
    row.plan_id, row.taken_at, row.document = plan.id, now(), None
    row.version_after = _latest(session, plan)
    session.flush()
    return plan


def undo(session: Session, row: SheetReturn, version: int | None, *, reason: str, by: User) -> Plan:
    """Makes the plan what it was before the sheet was taken.

    Raises Stale; Refused where nothing was changed, or the plan has moved on since.
    """
    plan = row.plan
    if row.taken_at is None or row.version_before == row.version_after or row.version_before is None:
        raise Refused("sheet_changed_nothing")
    if row.undone_at is not None or _latest(session, plan) != row.version_after:
        raise Refused("plan_has_moved_on")
    by_hand.restore(session, plan, row.version_before, reason, version, by=by)
    row.undone_at = now()
    session.flush()
    return plan


def notes_of(row: SheetReturn) -> tuple[list[files.Note], Taken | None]:
    """What is said of the file itself, and what was found in it; nothing once it is taken."""
    if row.document is None:
        return [], None
    document: dict[str, Any] = thawed(row.document)
    return [files.Note(*note) for note in document["file_notes"]], unpacked(document)


def _latest(session: Session, plan: Plan) -> int:
    """The number of the plan's newest version."""
    newest = versions.latest(session, plan) or versions.keep(session, plan, by=None, kind=VersionKind.EXISTING)
    return newest.number
