"""`planner import` and `planner export KIND`: the rules of the pages, told in words and by the exit status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.cli import main
from planner.cli.importing import KIND_NAMES
from planner.config import Settings
from planner.models import (
    AuditEntry,
    Door,
    ImportDraft,
    ImportState,
    PastAllocation,
    Person,
    PersonKind,
    RoleName,
    Site,
    User,
    Workspace,
)
from planner.services.sheets.kinds import KINDS

Command = Callable[..., Result]
NEW = "Name;Site;Notice\nAnna;Lyon;2\nBea;Lyon;3\n"


@pytest.fixture
def admin(session: Session, user: Callable[..., User]) -> User:
    session.add(Site(name="Lyon", country="FR"))
    session.commit()
    return user(RoleName.ADMINISTRATOR)


@pytest.fixture
def command(app: Flask, settings: Settings, session: Session) -> Command:
    """Runs a command beside the application, on the same database."""

    def run(*args: object) -> Result:
        session.rollback()
        env = {
            "PLANNER_DATA_DIR": str(settings.data_dir),
            "PLANNER_DATABASE_URL": settings.database_url,
            "PLANNER_SECRET_KEY": settings.secret_key,
        }
        found = CliRunner().invoke(main, [str(arg) for arg in args], env=env)
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found

    return run


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Person.name).order_by(Person.name)))


def test_every_kind_of_sheet_can_be_named() -> None:
    assert set(KIND_NAMES) == set(KINDS)


def test_sheet_is_imported_once_and_can_be_undone(command: Command, sheet: Any, session: Session, admin: User) -> None:
    done = command("import", "people", sheet(NEW))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("2 new, 0 changed, 0 unchanged, 0 refused, 0 to choose.\nImported.")
    assert names(session) == ["Anna", "Bea"]
    kept = session.scalars(select(ImportDraft)).one()
    assert (kept.state, kept.user_id) == (ImportState.IMPORTED, admin.id)
    assert f"import {kept.id}." in done.stdout
    again = command("import", "people", sheet(NEW))
    assert (again.exit_code, again.stdout.splitlines()[1]) == (0, "There is nothing to change.")


def test_trail_says_that_the_user_did_it_by_command(
    command: Command, sheet: Any, session: Session, admin: User
) -> None:
    assert command("import", "people", sheet(NEW)).exit_code == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.noun == "person")).one()
    assert (entry.door, entry.user_id, entry.num) == (Door.CLI, admin.id, 2)


def test_dry_run_writes_nothing_at_all(command: Command, sheet: Any, session: Session, admin: User) -> None:
    said = command("import", "people", sheet(NEW), "--dry-run")
    assert (said.exit_code, said.stdout) == (0, "2 new, 0 changed, 0 unchanged, 0 refused, 0 to choose.\n")
    assert names(session) == []
    assert session.scalars(select(ImportDraft)).all() == []


def test_dry_run_of_a_sheet_that_would_be_refused_says_so_by_its_status(
    command: Command, sheet: Any, admin: User
) -> None:
    said = command("import", "people", sheet("Name;Site\nAnna;Nowhere\n"), "--dry-run")
    assert said.exit_code == 1
    assert "row 2, site_id: " in said.stderr


def test_refused_row_stops_the_whole_and_is_told(command: Command, sheet: Any, session: Session, admin: User) -> None:
    text = NEW + "Cleo;Nowhere;1\nDan;Lyon;soon\n"
    refused = command("import", "people", sheet(text))
    assert refused.exit_code == 1
    assert "2 refused" in refused.stdout
    assert [line.strip().partition(":")[0] for line in refused.stderr.splitlines()[:2]] == [
        "row 4, site_id",
        "row 5, notice_periods",
    ]
    assert "“Nowhere” is not known here" in refused.stderr
    assert "2 rows are refused. Correct them, or leave them out." in refused.stderr
    assert names(session) == []
    left_out = command("import", "people", sheet(text), "--leave-out")
    assert left_out.exit_code == 0
    session.rollback()
    assert names(session) == ["Anna", "Bea"]


def test_only_who_may_can_import_and_export(
    command: Command, sheet: Any, tmp_path: Path, session: Session, admin: User, user: Callable[..., User]
) -> None:
    member = user(RoleName.MEMBER)
    said = command("import", "people", sheet(NEW), "--as", member.email)
    assert (said.exit_code, said.stderr, said.stdout) == (1, f"{member.email} may not do this.\n", "")
    assert names(session) == []
    out = tmp_path / "out.csv"
    said = command("export", "candidates", "--to", out, "--as", member.email)
    assert (said.exit_code, said.stderr) == (1, f"{member.email} may not do this.\n")
    assert not out.exists()
    nobody = command("import", "people", sheet(NEW), "--as", "nobody@example.com")
    assert (nobody.exit_code, nobody.stderr) == (1, "There is no user with the address nobody@example.com.\n")


def test_project_manager_may_import_no_person_and_cell_of_another(
    command: Command, sheet: Any, admin: User, user: Callable[..., User]
) -> None:
    manager = user(RoleName.PROJECT_MANAGER)
    assert command("import", "people", sheet(NEW), "--as", manager.email).exit_code == 1
    assert command("import", "projects", sheet("Project\nMine\n"), "--as", manager.email).exit_code == 0
    refused = command("import", "projects", sheet("Project;Priority\nMine;5\n"), "--as", user(
        RoleName.PROJECT_MANAGER).email)  # fmt: skip
    assert (refused.exit_code, "row 2, priority: You may see this" in refused.stderr) == (1, True)


def test_file_that_cannot_be_read_ends_with_two(command: Command, tmp_path: Path, sheet: Any, admin: User) -> None:
    missing = command("import", "people", tmp_path / "none.xlsx")
    assert (missing.exit_code, "none.xlsx: No such file" in missing.stderr) == (2, True)
    odd = tmp_path / "odd.xlsx"
    odd.write_bytes(b"\x00\x01nothing")
    assert command("import", "people", odd).exit_code == 2
    assert command("import", "cats", odd).exit_code == 2
    assert command("import", "people", sheet("Foo;Bar\n1;2\n")).exit_code == 2


def test_heading_is_said_to_mean_a_column(command: Command, sheet: Any, session: Session, admin: User) -> None:
    text = "Wer;Wo\nAnna;Lyon\n"
    said = command("import", "people", sheet(text), "--mapping", "Wer=name", "--mapping", "wo=site_id")
    assert said.exit_code == 0, said.stderr
    anna = session.scalars(select(Person)).one()
    assert (anna.name, anna.site.name if anna.site else "") == ("Anna", "Lyon")
    wrong = command("import", "people", sheet(text), "--mapping", "Was=name")
    assert (wrong.exit_code, wrong.stderr) == (2, "There is no heading “Was”.\n")
    unknown = command("import", "people", sheet(text), "--mapping", "Wer=nmae")
    assert (unknown.exit_code, "“nmae”" in unknown.stderr) == (2, True)


def test_sheet_of_a_workbook_is_chosen_by_name(command: Command, tmp_path: Path, session: Session, admin: User) -> None:
    book = openpyxl.Workbook()
    for title, name in (("Paris", "Anna"), ("Lyon", "Bea")):
        page = book.create_sheet(title)
        page.append(["Name"])
        page.append([name])
    path = tmp_path / "both.xlsx"
    book.save(path)
    assert command("import", "people", path, "--sheet", "lyon").exit_code == 0
    assert names(session) == ["Bea"]
    wrong = command("import", "people", path, "--sheet", "Nice")
    assert (wrong.exit_code, "“Paris”, “Lyon”" in wrong.stderr) == (2, True)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_list_that_is_exported_comes_back_as_no_change_and_then_as_one(
    command: Command, tmp_path: Path, session: Session, admin: User, ending: str
) -> None:
    person = Person(key="a", name="Anna", kind=PersonKind.EMPLOYEE, notice_periods=1)
    work = PastAllocation(person=person, project="Site", from_on=date(2025, 1, 6), to_on=date(2025, 2, 7))
    session.add_all([person, work])
    session.commit()
    for kind in ("people", "allocations"):
        out = tmp_path / f"{kind}.{ending}"
        assert (command("export", kind, "--to", out).exit_code, out.exists()) == (0, True)
        back = command("import", kind, out)
        assert (back.exit_code, back.stdout) == (
            0, "0 new, 0 changed, 1 unchanged, 0 refused, 0 to choose.\nThere is nothing to change.\n",
        )  # fmt: skip
    assert command("export", "people", "--to", tmp_path / "people.pdf").exit_code == 2


def test_before_anybody_has_chosen_how_to_start_it_is_said(
    command: Command, sheet: Any, session: Session, admin: User, tmp_path: Path
) -> None:
    session.delete(session.get_one(Workspace, 1))
    session.commit()
    for args in (("import", "people", sheet(NEW)), ("export", "people", "--to", tmp_path / "people.xlsx")):
        said = command(*args)
        assert (said.exit_code, said.stdout) == (1, "")
        assert said.stderr == "Nobody has chosen how to start yet: log in in a browser, or load a problem.\n"
    assert names(session) == []
