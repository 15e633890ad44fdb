"""Sheets that come in: read, compared, shown, imported at once, and undone as one step."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
import rows
from bringing import imported, looked, post, run, undo, upload
from corpus import TRAPS
from databases import on_both
from pages import CheckedClient
from programs import Program
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    Absence,
    ActualEffort,
    Candidate,
    Feedback,
    FinishedWork,
    ImportDraft,
    PastAllocation,
    Person,
    PersonKind,
    Phase,
    Project,
    RoleName,
    RoleNeed,
    Site,
    Skill,
    User,
    UserRole,
)
from planner.services.sheets import drafts, importing
from planner.services.sheets.kinds import KINDS

PEOPLE = "Name\tE-mail\tSite\tSkills\tCost per period\nAnna Martin\tanna@example.com\tLyon\tSEO=4, SQL=3\t1 650,50 €\n"


@pytest.fixture
def catalogue(session: Session) -> None:
    session.add_all([Site(name="Lyon", country="FR"), Skill(key="seo", name="SEO"), Skill(key="sql", name="SQL")])
    session.commit()


@on_both
def test_people_come_in_and_go_as_one_step(ops: CheckedClient, session: Session, catalogue: None) -> None:
    address = looked(ops, "people", PEOPLE)
    assert "1 new row" in ops.get(address).text
    assert run(ops, address).status_code == 303
    anna = session.scalars(select(Person)).one()
    assert (anna.name, anna.cost_minor, anna.site.name if anna.site else "") == ("Anna Martin", 165050, "Lyon")
    assert {(row.skill.name, row.level) for row in anna.skills} == {("SEO", 4), ("SQL", 3)}
    again = looked(ops, "people", PEOPLE)
    assert "Importing them again would change nothing" in ops.get(again).text
    assert run(ops, again).status_code == 409
    assert undo(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person)).all() == []
    assert "Import undone" in ops.get(address).text


def test_headings_are_guessed_in_both_languages_and_any_order(ops: CheckedClient, catalogue: None) -> None:
    page = ops.get(
        upload(ops, "people", "SQL\tcourriel\tNom complet\tÉtage\n3\tb@example.com\tBenoît\t2\n") + "/columns"
    )
    chosen = re.findall(r'<option selected value="([^"]+)"', page.text)
    assert len(chosen) == 3
    assert chosen[1:] == ["email", "name"]
    assert chosen[0].startswith("skill:")


def test_mapping_that_was_corrected_is_remembered(ops: CheckedClient, session: Session, catalogue: None) -> None:
    address = upload(ops, "people", "Wer\tWo\nAnna\tLyon\n")
    assert ops.save(f"{address}/columns", **{"columns-0": "name", "columns-1": "site_id"}).status_code == 303
    page = ops.get(upload(ops, "people", "Wo\tWer\nLyon\tBea\n") + "/columns").text
    assert re.findall(r'<option selected value="([^"]+)"', page) == ["site_id", "name"]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("Site", "Nowhere", "is not known here"),
        ("E-mail", "no address", "This is not an e-mail address."),
        ("Cost", "1,65", "1 new row"),
        ("Cost", "1.650", "in one way"),
        ("Cost", "12.345.6", "in one way"),
        ("Cost", "$12", "1 new row"),
        ("Start date", "1900-02-29", "is no date"),
        ("Start date", "31/31/2027", "is no date"),
        ("Skills", "SEO", "has no level"),
        ("Skills", "SEO=9", "Levels go up to 5 here."),
        ("Skills", "SEO=4, seo=3", "stands here twice"),
        ("Skills", "Juggling=4", "is not known here"),
        ("Kind", "robot", "is not one of"),
        ("Notice", "2.5", "is no whole number"),
        ("Ramp-up (%)", "120", "Enter 100 or less."),
        ("Id", "p999", "There is no row with the id"),
    ],
)
def test_each_error_stands_at_its_cell(ops: CheckedClient, catalogue: None, column: str, cell: str, words: str) -> None:
    address = looked(ops, "people", f"Name\t{column}\nAnna\t{cell}\n")
    page = ops.get(address).text
    assert words in page.replace("&#39;", "'"), page
    if words != "1 new row":
        assert run(ops, address).status_code == 409
        assert "refused" in page


def test_nothing_is_written_where_one_row_is_refused_unless_it_is_left_out(
    ops: CheckedClient, session: Session, catalogue: None
) -> None:
    address = looked(ops, "people", "Name\tSite\nAnna\tLyon\nBea\tNowhere\n")
    stopped = ops.get(address).text
    assert re.search(r'<a class="button main" href="[^"]*/corrections"', stopped), "what helps now comes first"
    assert run(ops, address).status_code == 409
    assert session.scalar(select(func.count(Person.id))) == 0
    assert post(ops, address, "choices", leaves_out="1").status_code == 303
    assert '<button class="main">Import 1 row</button>' in ops.get(address).text
    assert run(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person.name)).all() == ["Anna"]


def test_errors_can_be_downloaded_as_comments_at_their_cells(ops: CheckedClient, catalogue: None) -> None:
    address = looked(ops, "people", "Name\tSite\nAnna\tLyon\nBea\tNowhere\n")
    book = openpyxl.load_workbook(io.BytesIO(ops.get(f"{address}/corrections").data))
    comment = book.worksheets[0]["B3"].comment
    assert comment is not None
    assert "Nowhere" in comment.text


def test_namesakes_are_never_guessed(ops: CheckedClient, session: Session) -> None:
    session.add_all([
        Person(key="a", name="Anna", email="a@example.com", kind=PersonKind.EMPLOYEE),
        Person(key="b", name="Bea", kind=PersonKind.EMPLOYEE),
        Person(key="c", name="Bea", kind=PersonKind.EMPLOYEE),
    ])  # fmt: skip
    session.commit()
    page = ops.get(looked(ops, "people", "Name\tE-mail\nBea\t\nAnna\tother@example.com\n")).text
    assert "This names 2 rows" in page
    assert "Somebody of this name has another address here (a)" in page
    fine = looked(ops, "people", "Id\tName\tE-mail\nnew\tAnna\tother@example.com\n")
    assert "1 new row" in ops.get(fine).text


def test_row_that_stands_twice_is_refused(ops: CheckedClient) -> None:
    assert "Row 2 is about the same." in ops.get(looked(ops, "people", "Name\nAnna\nanna\n")).text


def test_dates_of_a_column_are_read_alike(ops: CheckedClient, session: Session) -> None:
    imported(ops, "people", "Name\tStart date\nAnna\t03/04/2027\nBea\t25/04/2027\nCleo\t4 avril 2027\n")
    found = {name: on.date() for name, on in session.execute(select(Person.name, Person.earliest_on)) if on}
    assert found == {
        "Anna": date(2027, 4, 3),
        "Bea": date(2027, 4, 25),
        "Cleo": date(2027, 4, 4),
    }


def test_change_between_look_and_import_is_shown_again(ops: CheckedClient, session: Session) -> None:
    session.add(Person(key="a", name="Anna", email="a@example.com", kind=PersonKind.EMPLOYEE, notice_periods=1))
    session.commit()
    address = looked(ops, "people", "E-mail\tName\tNotice\na@example.com\tAnna\t3\n")
    session.scalars(select(Person)).one().notice_periods = 2
    session.commit()
    said = run(ops, address)
    assert said.status_code == 409
    assert "1 row has changed here since you looked" in said.text
    session.rollback()
    assert session.scalars(select(Person.notice_periods)).one() == 2
    assert run(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person.notice_periods)).one() == 3


@on_both
def test_undo_keeps_what_was_changed_since_cell_by_cell(ops: CheckedClient, session: Session) -> None:
    session.add(Person(key="a", name="Anna", kind=PersonKind.EMPLOYEE, notice_periods=1, acceptance_pct=50))
    session.commit()
    address = imported(ops, "people", "Name\tNotice\tAcceptance\nAnna\t3\t70\nBea\t1\t10\n")
    session.rollback()
    anna = session.scalars(select(Person).where(Person.key == "a")).one()
    anna.notice_periods = 9
    session.commit()
    assert "imported: 3, now: 9" in ops.get(f"{address}/undo").text
    assert undo(ops, address).status_code == 303
    session.rollback()
    assert session.execute(select(Person.name, Person.notice_periods, Person.acceptance_pct)).all() == [("Anna", 9, 50)]


def test_undo_keeps_an_added_row_that_is_in_use(
    ops: CheckedClient, session: Session, user: Callable[..., User]
) -> None:
    address = imported(ops, "people", "Name\nAnna\nBea\n")
    session.rollback()
    anna = session.scalars(select(Person).where(Person.name == "Anna")).one()
    user(RoleName.MEMBER, person_id=anna.id)
    assert undo(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person.name)).all() == ["Anna"]
    assert "is in use meanwhile" in ops.get(address).text


def test_many_are_written_as_the_verb_writes_each(ops: CheckedClient, session: Session, catalogue: None) -> None:
    """The fast way and the verb leave the same rows, but for their ids, keys and dates."""
    head = "Name\tE-mail\tKind\tSite\tLanguages\tTags\tCapacity (%)\tCost\tCurrency\tSkills\tNotice\tStart date\n"
    line = "{0}\t{0}@example.com\tcontractor\tLyon\tfr, en\tcar; van\t80\t12.50\tEUR\tSEO=2\t3\t2027-02-01\n"
    imported(ops, "people", head + line.format("ann"))
    session.rollback()
    kind = KINDS["people"]
    from planner.services.sheets.world import World

    def told(name: str) -> dict[str, Any]:
        world = World(session, "en")
        present = next(one for one in kind.present(world).values() if one.title == name)
        return {k: v for k, v in present.said.items() if k not in ("name", "email")}

    fast = told("ann")
    kind.write = lambda s, w, items, by: type(kind).__mro__[2].write(kind, s, w, items, by)  # type: ignore[method-assign]
    try:
        imported(ops, "people", head + line.format("bob"))
    finally:
        del kind.write
    session.rollback()
    assert told("bob") == fast


KIND_SHEETS = {
    "skills": ("Name\tName in French\tOther names\nSEA\tPublicité\tads; adwords\n", Skill),
    "absences": ("Person\tFrom\tTo\tType\nAnna\t2027-03-01\t2027-03-05\tvacances\n", Absence),
    "allocations": (
        "Personne\tProjet\tRôle\tDu\tAu\tCharge (%)\nAnna\tSite\tDev\t2025-01-06\t2025-02-28\t50\n",
        PastAllocation,
    ),
    "projects": (
        (
            "Project\tClient\tBudget\tPhase\tDuration\tStart\nSite\tAcme\t10000\tDesign\t4\t2027-03-01\n"
            "Site\tAcme\t10000\tBuild\t6\t2027-04-05\n"
        ),
        Phase,
    ),
    "needs": ("Project: phase\tRole\tNumber\tSkills\nOld: Plan\tWriter\t2\tSEO=3\n", RoleNeed),
    "feedback": ("Verbatim\tSatisfaction\tDate\tProject\nIn time.\tcontent\t2026-11-02\tOld\n", Feedback),
    "efforts": (
        "Project: phase: role\tFirst day\tLast day\tHours\nOld: Plan: Editor\t2026-09-07\t2026-09-11\t31.5\n",
        ActualEffort,
    ),
    "finished": (
        "Rôle\tProjet\tType de projet\tPrévu\tRéel\tTerminé le\nRédacteur\tSite\tsite web\t4\t5\t2026-06-26\n",
        FinishedWork,
    ),
    "candidates": ("Name\tE-mail\tStage\tSkills\nCy\tcy@example.com\tentretien\tSQL=2\n", Candidate),
}  # fmt: skip


@pytest.mark.parametrize("kind", KIND_SHEETS)
@on_both
def test_every_table_comes_in_twice_changes_nothing_and_goes(
    ops: CheckedClient, session: Session, catalogue: None, kind: str
) -> None:
    text, model = KIND_SHEETS[kind]
    session.add(Person(key="a", name="Anna", kind=PersonKind.EMPLOYEE))
    old = Project(key="o", name="Old")
    old.phases.append(Phase(key="f", name="Plan", duration=9, earliest_on=rows.MIDNIGHT, latest_on=rows.MIDNIGHT))
    old.phases[0].needs.append(RoleNeed(title="Editor"))
    session.add(old)
    session.commit()
    before = session.scalar(select(func.count()).select_from(model))
    address = imported(ops, kind, text)
    session.rollback()
    assert (session.scalar(select(func.count()).select_from(model)) or 0) > (before or 0)
    again = ops.get(looked(ops, kind, text)).text
    assert "Importing them again would change nothing" in again, again
    assert undo(ops, address).status_code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(model)) == before


def test_levels_come_one_to_a_row_and_go(ops: CheckedClient, session: Session, catalogue: None) -> None:
    session.add(Person(key="a", name="Anna", kind=PersonKind.EMPLOYEE))
    session.commit()
    address = imported(ops, "ratings", "Person\tSkill\tLevel\nAnna\tSEO\t4\nAnna\tSQL\t2\n")
    session.rollback()
    assert {row.level for row in session.scalars(select(Person)).one().skills} == {4, 2}
    assert undo(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person)).one().skills == []


def test_project_manager_imports_their_own_and_is_told_at_each_other_cell(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    me = rows.user(session, RoleName.PROJECT_MANAGER)
    other = rows.user(session, RoleName.PROJECT_MANAGER)
    session.add_all([Project(key="m", name="Mine", pm_id=me.id), Project(key="t", name="Theirs", pm_id=other.id)])
    session.commit()
    client = client_of(as_user=me)
    page = client.get(looked(client, "projects", "Project\tPriority\nMine\t5\nTheirs\t5\n")).text
    assert "You may see this, but not change it." in page
    assert "1 changed" in page
    assert client.get("/imports/add/people").status_code == 403


ATTACKS = (
    "<script>alert(1)</script>",
    "'><img src=x onerror=alert(2)>",
    "{{ 31337 * 31337 }}",
    "<iframe src=javascript:alert(6)></iframe>",
    "%(x)s %s",
)


def test_attacks_in_headings_and_cells_are_shown_as_text(ops: CheckedClient) -> None:
    """Every page of the way is read by the checked client too; none of it becomes markup."""
    head = "\t".join(["Name", *ATTACKS])
    body = "\n".join("\t".join([one, *ATTACKS]) for one in ATTACKS)
    address = looked(ops, "people", f"{head}\n{body}\n")
    for path in (address, f"{address}/columns", "/imports"):
        page = ops.get(path).text
        assert not any(one in page for one in ATTACKS[:2] + ATTACKS[3:4])
        assert str(31337 * 31337) not in page
    assert run(ops, address).status_code == 303
    assert "<script>alert(1)" not in ops.get("/people").text


def test_odd_texts_come_in_as_they_are_or_are_refused_at_their_cell(ops: CheckedClient) -> None:
    texts = [text for text in TRAPS if not set(text) & set('\t\n\r"\x00')]
    address = looked(ops, "skills", "Name\n" + "\n".join(texts) + "\n")
    assert ops.get(f"{address}?state=refused").status_code == 200


def test_erasing_a_candidate_reaches_sheets_on_their_way_in(ops: CheckedClient, session: Session) -> None:
    address = imported(ops, "candidates", "Name\tE-mail\nCy Doe\tcy@example.com\n")
    looked(ops, "people", "Name\nCy Doe\n")
    session.rollback()
    from planner.services.sheets.forgetting import forget_person

    forget_person(session, session.scalars(select(Candidate)).one().person)
    session.commit()
    assert session.scalars(select(ImportDraft)).all() == []
    assert ops.get(address).status_code == 404


def test_both_doors_do_the_same(program: Program, ops: CheckedClient, session: Session, catalogue: None) -> None:
    table = [line.split("\t") for line in PEOPLE.strip().split("\n")]
    made = program.send("POST", "/imports", json.dumps({"kind": "people", "rows": table}).encode())
    assert made.status_code == 201, made.text
    assert made.json["counts"]["new"] == 1
    path = f"/imports/{made.json['id']}"
    lines = program.send("GET", f"{path}/lines").json["items"]
    assert lines[0]["changes"][0] == {"column": "name", "was": None, "becomes": "Anna Martin"}
    done = program.send("POST", f"{path}/run", version=made.json["version"])
    assert done.json["state"] == "imported", done.text
    assert program.send("POST", f"{path}/run", version=done.json["version"]).json["state"] == "imported"
    assert "Importing them again" in ops.get(looked(ops, "people", PEOPLE)).text
    gone = program.send("POST", f"{path}/undo", version=done.json["version"])
    assert gone.json["state"] == "undone", gone.text
    session.rollback()
    assert session.scalar(select(func.count(Person.id))) == 0
    bad = program.send(
        "POST", "/imports", json.dumps({"kind": "people", "rows": [["Name", "Site"], ["Al", "No"]]}).encode()
    )
    fault = program.send("GET", f"/imports/{bad.json['id']}/lines").json["items"][0]["faults"][0]
    assert (fault["column"], fault["code"]) == ("site_id", "name_not_known")
    wrong = program.send("POST", "/imports", json.dumps({"kind": "cats", "rows": [["Name"]]}).encode())
    assert wrong.status_code == 422


def large(num: int) -> list[list[Any]]:
    head = ["Name", "E-mail", "Kind", "Site", "Languages", "Tags", "Capacity (%)", "Cost", "Hire cost", "Start date",
            "Notice", "Ramp-up (periods)", *(f"Skill {n}" for n in range(8))]  # fmt: skip
    return [head] + [
        [f"Person {n}", f"p{n}@example.com", "employee", "Lyon", "fr, en", "car; bike", 80, 1000 + n % 700,
         "1 000,50 €", f"2027-01-{n % 27 + 1:02}", 2, 3, *((n + m) % 6 for m in range(8))]
        for n in range(num)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("num", "look_s", "run_s"), [(1000, 2.5, 5), pytest.param(10_000, 5, 10, marks=pytest.mark.slow)]
)
def test_ten_thousand_people_take_seconds(
    session: Session, catalogue: None, num: int, look_s: float, run_s: float
) -> None:
    session.add_all(Skill(key=f"k{n}", name=f"Skill {n}") for n in range(8))
    by = rows.user(session, RoleName.OPERATIONS)
    session.commit()
    began = time.process_time()
    draft = drafts.keep(session, KINDS["people"], drafts.book_of(large(num)), name="", by=by, language="en")
    assert importing.look(session, draft, by=by, language="en").counts["new"] == num
    session.commit()
    seen = time.process_time()
    assert importing.run(session, draft, draft.version, by=by, language="en").is_done
    session.commit()
    done = time.process_time()
    assert session.scalar(select(func.count(Person.id))) == num
    assert seen - began < look_s
    assert done - seen < run_s


def test_nobody_sees_anybody_elses_sheet(
    client_of: Callable[..., CheckedClient], ops: CheckedClient, session: Session
) -> None:
    address = looked(ops, "skills", "Name\nSEA\n")
    assert client_of(RoleName.OPERATIONS).get(address).status_code == 404
    assert session.scalars(select(UserRole.role).distinct()).all()
