"""The audit trail only grows, holds every change and nobody's data, and whatever is done to it is found."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import build
import pytest
import rows
import trailing
from databases import DATABASES, on_both
from flask import Flask
from sqlalchemy import Engine, delete, event, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from planner import db
from planner.config import Settings
from planner.jobs.solving import writing
from planner.models import (
    AuditEntry,
    Base,
    Candidate,
    Door,
    Person,
    Project,
    RoleName,
    Skill,
)
from planner.schemas.hiring_rights import ErasedSaid
from planner.services import removal
from planner.services.account.audit import capture, chain, scope
from planner.services.account.demo import start_demo
from planner.services.editing import touch
from planner.services.hiring import erasing
from planner.services.planning.files import load_problem
from solver.problem import read, to_document

PLANNER = Path(db.__file__).parent
ENTRIES, HEAD = Base.metadata.tables["audit_entry"], Base.metadata.tables["audit_head"]
GUARDS = {
    "audit_entry": ("audit_entry_stays", "audit_entry_is_kept", "audit_entry_comes_last"),
    "audit_head": ("audit_head_moves_on", "audit_head_is_kept", "audit_head_is_not_emptied"),
}


@pytest.fixture
def engine(database: str, tmp_path: Path) -> Iterator[Engine]:
    made = db.make_engine(Settings(data_dir=tmp_path, database_url=DATABASES.url_for(tmp_path)))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as current:  # as the doors have it
        yield current


@pytest.fixture
def grown(session: Session) -> Session:
    """A trail of twelve entries, each of a transaction of its own."""
    for n in range(12):
        session.add(Skill(key=f"k{n}", name=f"Skill {n}"))
        session.commit()
    assert chain.verify(session) == chain.Verdict(12, chain.head(session)[1], None)
    session.commit()
    return session


def unguarded(session: Session) -> None:
    """Takes the triggers away, as whoever owns the database can."""
    name = session.get_bind().dialect.name
    for table, guards in GUARDS.items():
        for guard in guards:
            session.execute(text(f"DROP TRIGGER IF EXISTS {guard}" + (f" ON {table}" if name != "sqlite" else "")))


@on_both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET user_id = 5 WHERE id = 3",
        "UPDATE audit_entry SET digest = digest WHERE id = 12",
        "DELETE FROM audit_entry WHERE id = 12",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE id = 4",
        "UPDATE audit_head SET entry_id = 11",
        "UPDATE audit_head SET digest = ''",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, entry_id, digest) VALUES (2, 99, '')",
    ],
)
def test_database_itself_refuses_to_change_what_is_written(grown: Session, statement: str) -> None:
    with pytest.raises(DatabaseError):
        grown.execute(text(statement))
    grown.rollback()
    assert chain.verify(grown).fault is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_postgresql_refuses_to_empty_the_trail(grown: Session, table: str) -> None:
    with pytest.raises(DatabaseError, match="only grows"):
        grown.execute(text(f"TRUNCATE {table}"))


def rewritten(session: Session, number: int, **changes: Any) -> None:
    """An entry changed, and its own digest made to fit."""
    entry = dict(session.execute(select(ENTRIES).where(ENTRIES.c.id == number)).mappings().one()) | changes
    before = session.execute(select(ENTRIES.c.digest).where(ENTRIES.c.id == number - 1)).scalar_one()
    session.execute(
        update(ENTRIES).where(ENTRIES.c.id == number).values(**changes, digest=chain.digest_of(entry, before))
    )


def swap(session: Session, one: int, other: int) -> None:
    for here, there in ((one, 999), (other, one), (999, other)):
        session.execute(update(ENTRIES).where(ENTRIES.c.id == here).values(id=there, tx=1))


def put_in(session: Session) -> None:
    """An entry more in the middle, those after it counted on."""
    for number in range(12, 6, -1):
        session.execute(update(ENTRIES).where(ENTRIES.c.id == number).values(id=number + 1))
    row = dict(session.execute(select(ENTRIES).where(ENTRIES.c.id == 6)).mappings().one())
    session.execute(insert(ENTRIES).values(row | {"id": 7, "tx": 7, "user_id": 5}))
    session.execute(update(HEAD).values(entry_id=13))


def take_out(session: Session) -> None:
    """An entry less, those after it counted back, so that there is no gap."""
    session.execute(delete(ENTRIES).where(ENTRIES.c.id == 6))
    for number in range(7, 13):
        session.execute(update(ENTRIES).where(ENTRIES.c.id == number).values(id=number - 1, tx=number - 1))
    session.execute(update(HEAD).values(entry_id=11))


def edit(number: int, **values: Any) -> Callable[[Session], object]:
    return lambda session: session.execute(update(ENTRIES).where(ENTRIES.c.id == number).values(**values))


FAKES: dict[str, tuple[Callable[[Session], object], str, int]] = {
    "who": (edit(4, user_id=7), "changed", 4),
    "when": (lambda s: s.execute(update(ENTRIES).where(ENTRIES.c.id == 4).values(
        at=s.get_one(AuditEntry, 4).at + timedelta(microseconds=1))), "changed", 4),
    "what": (edit(1, noun="person"), "changed", 1),
    "which": (edit(12, row_id=1, row_last=1), "changed", 12),
    "fields": (edit(5, fields=["name"]), "changed", 5),
    "door": (edit(5, door=Door.API), "changed", 5),
    "digest": (edit(6, digest="0" * 64), "changed", 6),
    "edited with a digest that fits": (lambda s: rewritten(s, 6, user_id=7), "changed", 7),
    "last one edited with a digest that fits": (lambda s: rewritten(s, 12, user_id=7), "other_head", 12),
    "removed": (lambda s: s.execute(delete(ENTRIES).where(ENTRIES.c.id == 6)), "missing", 6),
    "first removed": (lambda s: s.execute(delete(ENTRIES).where(ENTRIES.c.id == 1)), "missing", 1),
    "removed without a gap": (take_out, "changed", 6),
    "swapped": (lambda s: swap(s, 4, 8), "changed", 4),
    "neighbours swapped": (lambda s: swap(s, 11, 12), "changed", 11),
    "put in": (put_in, "changed", 7),
    "tail cut": (lambda s: s.execute(delete(ENTRIES).where(ENTRIES.c.id > 9)), "tail_is_cut", 10),
    "everything cut": (lambda s: s.execute(delete(ENTRIES)), "tail_is_cut", 1),
    "put behind": (lambda s: s.execute(text(
        "INSERT INTO audit_entry (id, tx, at, door, action, noun, num, fields, digest) "
        "SELECT 13, 13, at, door, action, noun, num, fields, digest FROM audit_entry WHERE id = 12")), "changed", 13),
    "head gone": (lambda s: s.execute(delete(HEAD)), "no_head", 12),
    "head elsewhere": (lambda s: s.execute(update(HEAD).values(digest="0" * 64)), "other_head", 12),
    "zero put before": (lambda s: s.execute(update(ENTRIES).where(ENTRIES.c.id == 1).values(id=2000)), "missing", 1),
}  # fmt: skip


@on_both
@pytest.mark.parametrize("fake", FAKES)
def test_whatever_is_done_to_the_trail_is_found_at_its_place(grown: Session, fake: str) -> None:
    do, code, number = FAKES[fake]
    unguarded(grown)
    do(grown)
    grown.commit()
    assert chain.verify(grown).fault == chain.Fault(code, number)


@on_both
def test_trail_that_was_written_anew_is_found_by_a_digest_kept_elsewhere(grown: Session) -> None:
    """Who owns the database can write a whole trail that fits together; it holds no digest that was written down."""
    kept, old = chain.head(grown)[1], grown.get_one(AuditEntry, 5).digest
    unguarded(grown)
    grown.execute(delete(ENTRIES).where(ENTRIES.c.id > 9))
    grown.execute(update(HEAD).values(entry_id=9, digest=grown.get_one(AuditEntry, 9).digest))
    grown.commit()
    assert chain.verify(grown).fault is None
    assert chain.verify(grown, expected=old).fault is None
    assert chain.verify(grown, expected=kept).fault == chain.Fault("not_expected", 9)


@on_both
def test_writers_at_once_take_turns(engine: Engine) -> None:
    """Eight writers, twenty changes each: no entry is missing, no two have a number, nobody waits for ever."""
    with Session(engine) as session:
        session.add_all([Skill(key=f"k{n}", name="A") for n in range(8)])
        session.commit()
    faults: list[BaseException] = []

    def write(n: int) -> None:
        try:
            for turn in range(20):
                with Session(engine.execution_options(planner_writes=True)) as session:
                    session.scalars(select(Skill).where(Skill.key == f"k{n}")).one().name = f"{n} {turn}"
                    session.commit()
        except BaseException as error:  # noqa: BLE001 -- told below, in the thread that judges
            faults.append(error)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    with Session(engine) as session:
        assert chain.verify(session).fault is None
        assert chain.head(session)[0] == 1 + 8 * 20


@pytest.fixture
def loose(engine: Engine) -> Iterator[Session]:
    """A session on a database that takes any row, whatever it refers to."""

    def loosen(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")

    event.listen(engine, "connect", loosen)
    with Session(engine) as current:
        yield current


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_is_audited_or_said_not_to_be(loose: Session, table: Any) -> None:
    """By statements on the table itself, which no model sees: the barest way to write that a session has."""
    session, before = loose, chain.head(loose)[0]
    if table in (ENTRIES, HEAD):
        assert not scope.is_audited(table)
        return
    row = trailing.a_row(table, 71)
    session.execute(insert(table), [row])
    session.commit()
    session.execute(delete(table).where(*(column == row[column.name] for column in table.primary_key.columns)))
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.id > before).order_by(AuditEntry.id))
    found = [(str(entry.action), entry.noun) for entry in entries]
    wanted = [] if table.name in scope.UNAUDITED else [("add", table.name), ("remove", table.name)]
    assert found == wanted, f"{table.name}: every change of it belongs in the trail, or say why not in scope.UNAUDITED"


def test_nothing_is_left_out_that_is_not_there() -> None:
    assert set(scope.UNAUDITED) <= set(Base.metadata.tables)
    for name, columns in scope.UNAUDITED_COLUMNS.items():
        assert columns <= set(Base.metadata.tables[name].c.keys())


def entries(session: Session, since: int = 0) -> list[tuple[str, str, int | None, list[str]]]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.id > since).order_by(AuditEntry.id))
    return [(str(one.action), one.noun, one.row_id, one.fields) for one in found]


@on_both
def test_edit_names_its_fields_and_the_version_after(session: Session) -> None:
    skill = Skill(key="a", name="A")
    session.add(skill)
    session.commit()
    skill.name, skill.category = "B", "Craft"
    session.commit()
    skill.name = "B"
    session.commit()
    assert entries(session) == [("add", "skill", skill.id, []), ("edit", "skill", skill.id, ["category", "name"])]
    assert [one.version for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [1, 2]


def test_touch_is_an_edit_without_a_field(session: Session) -> None:
    skill = Skill(key="a", name="A")
    session.add(skill)
    session.commit()
    touch(session, skill)
    session.commit()
    assert entries(session, 1) == [("edit", "skill", skill.id, [])]


@on_both
def test_what_is_rolled_back_was_never_changed(session: Session) -> None:
    session.add(Skill(key="a", name="A"))
    session.flush()
    session.rollback()
    session.add(Skill(key="b", name="B"))
    with session.begin_nested() as inner:
        session.add(Skill(key="c", name="C"))
        session.flush()
        inner.rollback()
    with session.begin_nested():
        session.add(Skill(key="d", name="D"))
    session.commit()
    assert [one.num for one in session.scalars(select(AuditEntry))] in ([2], [1, 1])
    assert chain.verify(session).fault is None


@on_both
def test_statements_that_write_many_are_one_entry_for_each_run_of_rows(session: Session) -> None:
    made = session.scalars(
        insert(Skill).returning(Skill.id, sort_by_parameter_order=True),
        [{"key": f"k{n}", "name": "A"} for n in range(50)],
    ).all()
    session.execute(update(Skill).where(Skill.id.in_([made[3], made[4], made[9]])).values(name="B"))
    session.execute(delete(Skill.__table__).where(Skill.__table__.c.name == "B"))
    session.commit()
    found = [
        (str(e.action), e.row_id, e.row_last, e.num)
        for e in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]
    assert found == [
        ("add", made[0], made[49], 50),
        ("remove", made[3], made[4], 2),
        ("remove", made[9], made[9], 1),
    ]  # fmt: skip


@on_both
def test_what_the_database_removes_along_is_written_down(session: Session) -> None:
    world = rows.world(session, rows.user(session))
    before, since = trailing.held(session), chain.head(session)[0]
    session.execute(delete(Project).where(Project.id == world["project"].id))
    session.execute(delete(Person.__table__).where(Person.__table__.c.id == world["person"].id))
    session.commit()
    assert trailing.told(session, since) == trailing.differing(before, trailing.held(session))


@on_both
def test_removal_and_its_undoing_are_in_the_trail(session: Session) -> None:
    world = rows.world(session)
    before, since = trailing.held(session), chain.head(session)[0]
    gone = removal.remove(session, world["person"], title="Somebody", by_id=None)
    session.commit()
    assert trailing.told(session, since) >= trailing.differing(before, trailing.held(session))
    since = chain.head(session)[0]
    removal.restore(session, gone)
    session.commit()
    told = trailing.told(session, since)
    assert ("add", "person", world["person"].id) in told
    assert ("add", "absence", world["absence"].id) in told
    assert chain.verify(session).fault is None


def test_erasing_somebody_changes_no_entry_and_none_holds_their_data(session: Session) -> None:
    world = rows.world(session)
    candidate: Candidate = world["candidate"]
    candidate.person.name, candidate.person.email = "Zenobia Quartermaine", "zenobia@example.com"
    candidate.note = "Likes llamas"
    session.commit()
    before = [dict(row) for row in session.execute(select(ENTRIES)).mappings()]
    erasing.erase(session, candidate, ErasedSaid(reason="They asked for it."), by=None)
    session.commit()
    after = [dict(row) for row in session.execute(select(ENTRIES).order_by(ENTRIES.c.id)).mappings()]
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert chain.verify(session).fault is None
    told = repr(after).lower()
    assert [word for word in ("zenobia", "quartermaine", "llama", "example.com") if word in told] == []


def test_user_who_goes_leaves_their_number_in_the_trail(session: Session) -> None:
    someone = rows.user(session)
    session.commit()
    capture.act(session, Door.PAGE, user_id=someone.id)
    session.add(Skill(key="a", name="A"))
    session.commit()
    session.delete(someone)
    session.commit()
    assert session.scalars(select(AuditEntry.user_id).where(AuditEntry.noun == "skill")).one() == someone.id
    assert chain.verify(session).fault is None


def test_sample_company_is_few_entries(session: Session) -> None:
    start_demo(session)
    session.commit()
    assert chain.head(session)[0] < 200
    assert chain.verify(session).fault is None


@on_both
def test_replacing_a_whole_workspace_is_in_the_trail(session: Session) -> None:
    start_demo(session)
    session.commit()
    before, since = trailing.held(session), chain.head(session)[0]
    problem = read(json.dumps(small_problem()).encode())
    load_problem(session, problem, is_replacing=True)
    session.commit()
    told = trailing.told(session, since)
    assert trailing.differing(before, trailing.held(session)) - told == set()
    assert chain.verify(session).fault is None


def small_problem() -> dict[str, Any]:
    """A company of two, which nobody has asked anything of."""
    people = (build.person("a"), build.person("b"))
    return to_document(build.problem(*people, seats=(build.seat("s"),)))


def test_worker_and_pages_and_programs_say_who_acts(app: Flask, client_of: Any, program_of: Any) -> None:
    someone = program_of(RoleName.OPERATIONS)
    assert someone.post("/skills", {"name": "By a program"}).status_code == 201
    ops = client_of(RoleName.OPERATIONS)
    said = {"name": "By a page", "csrf_token": ops.token("/skills/add")}
    assert ops.post("/skills/add", data=said).status_code == 303
    engine: Engine = app.extensions["planner_engine"]
    with writing(engine) as session:
        session.add(Skill(key="j", name="By a job"))
    with writing(engine, Door.CLI) as session:
        session.add(Skill(key="c", name="By a command"))
    with Session(engine) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.noun == "skill").order_by(AuditEntry.id)).all()
        told = [(entry.door, entry.user_id is not None, entry.token_id is not None) for entry in entries]
    assert told == [
        (Door.API, True, True),
        (Door.PAGE, True, False),
        (Door.JOB, False, False),
        (Door.CLI, False, False),
    ]


def test_nobody_is_taken_for_the_one_before(app: Flask, client_of: Any) -> None:
    """A visitor who writes after somebody else, in the same process, is a visitor."""
    ops = client_of(RoleName.OPERATIONS)
    assert ops.post("/skills/add", data={"name": "A", "csrf_token": ops.token("/skills/add")}).status_code == 303
    assert app.test_client().get("/login").status_code == 200
    with app.test_request_context("/", method="POST"):
        db.session().add(Skill(key="v", name="By a visitor"))
        db.session().commit()
    with app.extensions["planner_sessions"]() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert newest is not None
    assert (newest.door, newest.user_id) == (Door.PAGE, None)


PASSED_BY = re.compile(
    r"bulk_save_objects|bulk_insert_mappings|bulk_update_mappings|text\(\s*f?[\"'](?i:insert|update|delete)"
    r"|\.connection\(\)\.(?:execute|exec_driver_sql)|engine\.(?:begin|connect)\("
)
WRITERS = {
    "services/account/audit/capture.py",  # asks which rows a statement means, and writes none
    "cli/database.py",  # asks SQLite whether it is whole
    "migrating.py",
    "services/sheets/kinds/people_writing.py",  # gives people who were added just before, as the trail says, their keys
}


def test_no_way_to_write_passes_the_trail_by() -> None:
    """What a session executes is heard. What goes to its connection, or to the engine, is not: leave that to a few."""
    found = {
        str(path.relative_to(PLANNER))
        for path in PLANNER.rglob("*.py")
        if "migrations" not in path.parts and PASSED_BY.search(path.read_text(encoding="utf-8"))
    }
    assert found <= WRITERS, f"say it through the session, so that the audit trail hears it: {found - WRITERS}"


PLANTED = (
    "session.bulk_save_objects(rows)",
    's.execute(text("UPDATE skill SET name = 1"))',
    "session.connection().execute(insert(x))",
    "with engine.begin() as connection:",
)


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_way_past_the_trail_is_found(planted: str) -> None:
    assert PASSED_BY.search(planted)
