"""What is removed comes back whole: the same rows, the same numbers, and whatever referred to them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rows
from conftest import settings_for
from databases import DATABASES, DEFAULT, KINDS, on_both
from flask import Flask
from pages import CheckedClient
from snapshots import Rows, differences, snapshot
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from planner import db
from planner.models import (
    Allocation,
    Ban,
    Base,
    Booking,
    Decision,
    DecisionKind,
    ExchangeRate,
    Job,
    LoginLink,
    NeedSkill,
    Person,
    PersonSkill,
    PhaseStart,
    Plan,
    Project,
    Removal,
    RoleNeed,
    Seat,
    Site,
    Skill,
    User,
)
from planner.services import removal
from planner.services.refused import Refused
from planner.services.sample import load_sample

THE_REMOVAL = frozenset({"audit_entry", "audit_head", "removal"})  # and the trail that tells of it
VERSION = frozenset({"version"})
LONG_AGO = datetime(2020, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.fixture(scope="module", params=KINDS)
def company(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The sample company, with a plan, jobs, decisions, bookings and bans upon it."""
    DATABASES.kind = request.param
    engine = db.make_engine(settings_for(Path(tempfile.mkdtemp())))
    DATABASES.kind = DEFAULT
    with Session(engine) as session:
        load_sample(session, administrator_id=None)
        _plan_upon(session)
        session.commit()
    yield engine
    engine.dispose()


def _plan_upon(session: Session) -> None:
    person, user = session.scalars(select(Person)).first(), session.scalars(select(User)).first()
    seat = session.scalars(select(Seat).where(~select(Booking).where(Booking.seat_id == Seat.id).exists())).first()
    assert person
    assert user
    assert seat
    plan = Plan(
        number=77,
        title="A plan “with” ümlauts, \\ and 😀",
        request_token="t77",
        starts_on=datetime(2027, 1, 4, tzinfo=UTC).date(),
        num_periods=26,
        question=bytes(range(256)),
        answer=b"",
        request={"a": [1, None, {"b": 2.5}], "é": "ü"},
        seconds=0.1 + 0.2,
        objective=2**53 + 1,
        created_at=LONG_AGO,
        trace=[{"seconds": 0.1, "objective": None}],
        allocations=[Allocation(seat_key=seat.key, person_key=person.key)],
        phase_starts=[PhaseStart(phase_key="f1", start_idx=3)],
        decisions=[
            Decision(kind=DecisionKind.ASSIGN, decided_by="Ada", decided_by_id=user.id, broken_rules=["a", "b"])
        ],
    )
    session.add_all([plan, Booking(seat=seat, person=person, decided_at=LONG_AGO), Ban(seat=seat, person=person)])
    session.flush()
    session.add_all(
        [Job(plan_id=plan.id, progress={"best": 1}), LoginLink(link_hash="h", user_id=user.id, expires_at=LONG_AGO)]
    )


def removable(app: Flask) -> set[type]:
    """Every kind of record that a page removes."""
    found = (app.view_functions[r.endpoint] for r in app.url_map.iter_rules() if r.endpoint.endswith("_remove"))
    return {view.access_subjects[-1] for view in found if getattr(view, "access_subjects", ())}


def test_every_kind_comes_back_as_it_was(app: Flask, company: Engine) -> None:
    kinds = removable(app)
    assert len(kinds) >= 12
    before = snapshot(company, but=THE_REMOVAL)
    for kind in sorted(kinds, key=lambda kind: kind.__name__):
        for ident in some_of(company, kind, most=2):
            before = assert_comes_back(company, kind, ident, before)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_single_row_comes_back_as_it_was(app: Flask, company: Engine) -> None:
    before = snapshot(company, but=THE_REMOVAL)
    for kind in sorted(removable(app), key=lambda kind: kind.__name__):
        for ident in some_of(company, kind, most=10_000):
            before = assert_comes_back(company, kind, ident, before)


def some_of(engine: Engine, kind: type[Any], most: int) -> list[int]:
    """Numbers of rows that nothing forbids to remove, the first and the last of them."""
    with Session(engine) as session:
        statement = select(kind.id).order_by(kind.id)
        if kind is Skill:
            statement = statement.where(~select(NeedSkill).where(NeedSkill.skill_id == Skill.id).exists())
        idents = list(session.scalars(statement))
    return idents if len(idents) <= most else [idents[0], idents[-1]]


def assert_comes_back(engine: Engine, kind: type[Any], ident: int, before: Rows) -> Rows:
    """Removes and restores one row, each in a transaction of its own; what there is afterwards, to go on from."""
    with Session(engine) as session:
        taken = removal.remove(session, session.get_one(kind, ident), title="x", by_id=None)
        session.commit()
        without = snapshot(engine, but=THE_REMOVAL)
        assert (kind.__tablename__, (ident,)) not in without
        removal.restore(session, session.get_one(Removal, taken.id))
        session.commit()
    after = snapshot(engine, but=THE_REMOVAL)
    assert differences(before, after, but=VERSION) == {}, f"{kind.__name__} {ident}"
    for key in before.keys() - without.keys():
        assert after[key] == before[key], "what was removed comes back with its version too"
    return after


@on_both
def test_number_of_a_removed_row_is_never_given_again(app: Flask, session: Session) -> None:
    """Plans, links and the undo still name it: another row under the same number would stand in its place."""
    counted = [mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.c.keys().count("id")]
    assert len(counted) > 25
    session.add(ExchangeRate(currency="USD", from_on=LONG_AGO.date(), rate=1.0))
    session.commit()
    rate = session.scalars(select(ExchangeRate)).one()
    first = rate.id
    removal.remove(session, rate, title="x", by_id=None)
    again = ExchangeRate(currency="USD", from_on=LONG_AGO.date(), rate=2.0)
    session.add(again)
    session.commit()
    assert again.id > first


def test_every_numbered_table_counts_on_in_sqlite() -> None:
    numbered = [t for t in Base.metadata.sorted_tables if "id" in t.c and t.c.id.autoincrement]
    assert len(numbered) > 25
    assert [t.name for t in numbered if not t.dialect_options["sqlite"]["autoincrement"]] == []


@on_both
def test_edit_made_since_the_removal_is_kept_by_its_undoing(app: Flask, session: Session) -> None:
    """Ann's site is removed, she moves to another one, the first comes back: she stays where she is."""
    lyon, paris = Site(name="Lyon"), Site(name="Paris")
    ann, ben = (Person(key=key, name=key, kind="employee", site=lyon) for key in ("ann", "ben"))
    session.add_all([lyon, paris, ann, ben])
    session.commit()
    taken = removal.remove(session, lyon, title="Lyon", by_id=None)
    session.commit()
    assert ann.site_id is None
    ann.site = paris
    session.commit()
    removal.restore(session, taken)
    session.commit()
    assert (ann.site.name, ben.site and ben.site.name) == ("Paris", "Lyon")


@on_both
def test_removal_and_undoing_make_open_forms_of_those_concerned_stale(app: Flask, session: Session) -> None:
    world = rows.world(session)
    person, skill, site, absence = world["person"], world["skill"], world["site"], world["absence"]
    person.site = site
    person.skills = [PersonSkill(skill=skill, level=3)]
    session.commit()
    for row in (skill, site, absence):
        read = person.version
        taken = removal.remove(session, row, title="x", by_id=None)
        session.commit()
        assert person.version > read
        read = person.version
        removal.restore(session, taken)
        session.commit()
        assert person.version > read


@on_both
def test_what_is_in_use_is_not_removed_and_says_so(app: Flask, ops: CheckedClient, session: Session) -> None:
    world = rows.world(session)
    world["need"].skills = [NeedSkill(skill=world["skill"], level=2)]
    session.commit()
    before = snapshot(app.extensions["planner_engine"])
    ops.send(f"/skills/{world['skill'].id}/remove", page="/skills")
    assert "is still in use and was not removed" in ops.get("/skills").text
    assert differences(before, snapshot(app.extensions["planner_engine"])) == {}


@on_both
def test_undoing_is_refused_in_words_where_the_name_is_taken(app: Flask, ops: CheckedClient, session: Session) -> None:
    session.add(Site(name="Lyon"))
    session.commit()
    lyon = session.scalars(select(Site)).one()
    ops.send(f"/sites/{lyon.id}/remove", page="/sites")
    ops.send("/sites/add", {"name": "Lyon"})
    session.rollback()
    taken = session.scalars(select(Removal)).one()
    before = snapshot(app.extensions["planner_engine"])
    ops.send(f"/account/removals/{taken.id}/restore", page="/sites")
    assert "something has taken its place since" in ops.get("/sites").text
    assert differences(before, snapshot(app.extensions["planner_engine"])) == {}


@on_both
def test_removal_can_be_undone_once(app: Flask, session: Session) -> None:
    site = Site(name="Lyon")
    session.add(site)
    session.commit()
    taken = removal.remove(session, site, title="Lyon", by_id=None)
    removal.restore(session, taken)
    session.commit()
    with pytest.raises(Refused, match="already_restored"):
        removal.restore(session, taken)
    assert session.scalar(select(func.count()).select_from(Site)) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_two_who_remove_the_same_one_is_told_that_it_is_gone(sessions: sessionmaker[Session]) -> None:
    with sessions() as first, sessions() as second:
        first.add(Site(name="Lyon"))
        first.commit()
        mine, theirs = (session.scalars(select(Site)).one() for session in (first, second))
        removal.remove(first, mine, title="Lyon", by_id=None)
        first.commit()
        with pytest.raises(Refused, match="already_removed"):
            removal.remove(second, theirs, title="Lyon", by_id=None)


def test_project_takes_what_hangs_on_it_and_nothing_else(app: Flask, session: Session) -> None:
    load_sample(session, administrator_id=None)
    session.commit()
    engine = app.extensions["planner_engine"]
    before = snapshot(engine, but=THE_REMOVAL)
    project = session.scalars(select(Project)).first()
    assert project
    removal.remove(session, project, title="x", by_id=None)
    session.commit()
    gone = {table for (table, _key) in before.keys() - snapshot(engine).keys()}
    assert gone >= {"project", "phase", "role_need", "seat"}
    assert not gone & {"person", "skill", "user", "site", "requisition", "candidate", "plan"}
    assert session.scalar(select(func.count()).select_from(RoleNeed)) > 0
