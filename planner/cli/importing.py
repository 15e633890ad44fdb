"""`planner import` and `planner export KIND`: lists in and out by sheet, by the rules of the pages, for a user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from planner.cli.files import FILE, echo, refuse_unwritable, write_whole

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from planner.models import ImportDraft, User
    from planner.services.sheets.findings import Findings
    from planner.services.sheets.kinds import Kind

KIND_NAMES = (
    "people", "skills", "ratings", "absences", "projects", "needs", "candidates", "allocations", "feedback",
    "measurements", "efforts", "finished",
)  # fmt: skip
LANGUAGES = ("en", "fr")
NOT_DONE, NOT_VALID = 1, 2
MOST_SHOWN = 50


@click.command("import")
@click.argument("kind_name", metavar="KIND", type=click.Choice(KIND_NAMES))
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--as", "email", help="The user who imports, by address; by default the first administrator.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
@click.option("--mapping", multiple=True, metavar="HEADING=COLUMN", help="What a heading means, in place of the guess.")
@click.option("--sheet", default="", help="Which sheet of the file; by default the one with most known columns.")
@click.option("--clear", "is_clearing", is_flag=True, help="An empty cell clears what is there.")
@click.option("--leave-out", is_flag=True, help="Leave out the rows that are refused.")
@click.option("--language", default="en", type=click.Choice(LANGUAGES), show_default=True, help="Dates and numbers.")
def import_command(
    kind_name: str,
    path: Path,
    email: str | None,
    mapping: Sequence[str],
    sheet: str,
    language: str,
    *,
    dry_run: bool,
    is_clearing: bool,
    leave_out: bool,
) -> None:
    """Import the spreadsheet FILE (XLSX, XLS, ODS, CSV) as KIND: all of it, or nothing.

    It can be undone on the pages of the user who imports. Exit status: 0 it is done, or would be, or there was nothing
    to do; 1 rows are refused, or must be chosen, or the user may not; 2 the file cannot be read.
    """
    with _workspace(email) as (session, user, kind_of):
        from planner.services.refused import Refused
        from planner.services.sheets import importing

        kind = kind_of(kind_name)
        _require(user, kind.action)
        draft = _read(session, kind, path, by=user, language=language, sheet=sheet, mapping=mapping,
                      is_clearing=is_clearing)  # fmt: skip
        draft.choices = {"leaves_out": leave_out}
        counts = _tell(importing.look(session, draft, by=user, language=language))
        is_stopped = bool(counts["asks"] or (counts["refused"] and not leave_out))
        if dry_run:
            session.rollback()
            raise SystemExit(NOT_DONE if is_stopped else 0)
        if not is_stopped and not (counts["new"] or counts["changed"]):
            session.rollback()
            echo("There is nothing to change.")
            return
        try:
            importing.run(session, draft, draft.version, by=user, language=language)
        except Refused as refused:
            session.rollback()
            _refuse(refused, NOT_DONE)
        session.commit()
        echo(f"Imported. It can be undone: import {draft.id}.")


@click.command("export")
@click.argument("kind_name", metavar="KIND", type=click.Choice(KIND_NAMES))
@click.option("--to", "out", required=True, type=FILE, help="Where it goes: .xlsx or .csv.")
@click.option("--as", "email", help="The user who exports, by address; by default the first administrator.")
@click.option("--language", default="en", type=click.Choice(LANGUAGES), show_default=True, help="Of the headings.")
def list_command(kind_name: str, out: Path, email: str | None, language: str) -> None:
    """Write everything of KIND as a spreadsheet that can be changed and brought back by `planner import`."""
    file_format = out.suffix.lower().lstrip(".")
    if file_format not in ("xlsx", "csv"):
        echo(f"{out}: call it .xlsx or .csv.", err=True)
        raise SystemExit(NOT_VALID)
    refuse_unwritable(out)
    with _workspace(email) as (session, user, kind_of):
        from flask import current_app

        from planner.services.refused import Refused
        from planner.services.sheets import exporting

        kind = kind_of(kind_name)
        _require(user, kind.see)
        secret = current_app.extensions["planner_settings"].secret_key
        try:
            sheet = exporting.leave(session, kind, file_format, by=user, language=language, secret=secret)
        except Refused as refused:
            _refuse(refused, NOT_DONE)
        write_whole(out, sheet.data)
        session.commit()


@contextmanager
def _workspace(email: str | None) -> Iterator[tuple[Session, User, Any]]:
    """A session on the migrated database, the user who acts, and the kinds of table by name."""
    from planner import create_app, logs, migrating
    from planner.config import BadSettings, from_environment
    from planner.db import fresh_session
    from planner.models import Door
    from planner.services.account.audit import capture
    from planner.services.account.workspace import workspace_of
    from planner.services.sheets.kinds import KINDS

    try:
        settings = from_environment()
    except BadSettings as error:
        echo(str(error), err=True)
        raise SystemExit(NOT_VALID) from error
    logs.set_up(settings)
    app: Flask = create_app(settings)
    engine = app.extensions["planner_engine"]
    migrating.upgrade(engine)
    with app.test_request_context(), fresh_session(app) as session:
        session.bind = engine.execution_options(planner_writes=True)
        user = _user(session, email)
        if workspace_of(session) is None:
            echo("Nobody has chosen how to start yet: log in in a browser, or load a problem.", err=True)
            raise SystemExit(NOT_DONE)
        capture.act(session, Door.CLI, user_id=user.id)
        yield session, user, KINDS.__getitem__
    engine.dispose()


def _user(session: Session, email: str | None) -> User:
    from sqlalchemy import select

    from planner.models import RoleName, User, UserRole
    from planner.services.account.users import user_by_email

    if email is not None:
        found = user_by_email(session, email)
    else:
        holders = select(UserRole.user_id).where(UserRole.role == RoleName.ADMINISTRATOR)
        found = session.scalars(select(User).where(User.id.in_(holders)).order_by(User.id)).first()
    if found is None:
        echo(f"There is no user with the address {email}." if email else "There is no administrator yet.", err=True)
        raise SystemExit(NOT_DONE)
    return found


def _require(user: User, action: str) -> None:
    from planner import access

    if not access.allowed(user, action):
        echo(f"{user.email} may not do this.", err=True)
        raise SystemExit(NOT_DONE)


def _read(
    session: Session,
    kind: Kind,
    path: Path,
    *,
    by: User,
    language: str,
    sheet: str,
    mapping: Sequence[str],
    is_clearing: bool,
) -> ImportDraft:
    """The file as a draft with its columns mapped; ends the command where it cannot be read."""
    from planner.services.refused import Refused
    from planner.services.sheets import drafts

    try:
        book = drafts.read_file(_bytes(path), path.name)
        draft = drafts.keep(session, kind, book, name=path.name, by=by, language=language, sheet=sheet)
        chosen = _mapped(session, draft, mapping)
        drafts.map_columns(session, draft, chosen, draft.version, is_clearing=is_clearing or draft.is_clearing, by=by)
    except Refused as refused:
        _refuse(refused, NOT_VALID)
    return draft


def _mapped(session: Session, draft: ImportDraft, said: Sequence[str]) -> list[str]:
    """The guessed meanings, with those that were said in their place."""
    from planner.services.sheets import drafts
    from planner.services.sheets.mapping import plain

    header = [plain(text) for text in drafts.header_of(session, draft)]
    chosen = list(draft.mapping)
    for pair in said:
        heading, _sep, column = pair.rpartition("=")
        if plain(heading) not in header:
            echo(f"There is no heading “{heading}”.", err=True)
            raise SystemExit(NOT_VALID)
        chosen = ["" if name == column else name for name in chosen]
        chosen[header.index(plain(heading))] = column.strip()
    return chosen


def _tell(findings: Findings) -> dict[str, int]:
    """How many rows do what, then what is wrong, row by row."""
    from planner.words.sheets_imports import fault_sentence

    counts = findings.counts
    echo(f"{counts['new']} new, {counts['changed']} changed, {counts['same']} unchanged, {counts['refused']} refused, "
         f"{counts['asks']} to choose.")  # fmt: skip
    told = [(line.number, fault) for line in findings.lines for fault in line.faults]
    for number, fault in told[:MOST_SHOWN]:
        place = f"row {number}" + (f", {fault.column}" if fault.column else "")
        echo(f"  {place}: {fault_sentence(fault)}", err=True)
    if len(told) > MOST_SHOWN:
        echo(f"  and {len(told) - MOST_SHOWN} more.", err=True)
    return counts


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        echo(f"{path}: {error.strerror or error}", err=True)
        raise SystemExit(NOT_VALID) from error


def _refuse(refused: Any, status: int) -> NoReturn:
    from planner.wording import refusal_sentence

    echo(refusal_sentence(refused), err=True)
    raise SystemExit(status)
