"""What a sheet writes at once, and what its undoing takes back, is in the audit trail row by row, and whose it was."""

from __future__ import annotations

import trailing
from bringing import imported, undo
from databases import on_both
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import AuditAction, AuditEntry, Door, Person, PersonKind, Site, Skill
from planner.services.account.audit import chain

NUM = 120


def sheet(site: str, level: int) -> str:
    body = (f"Person {n}\tp{n}@example.com\t{site}\t{level}\t80\n" for n in range(NUM))
    return "Name\tE-mail\tSite\tSEO\tCapacity (%)\n" + "".join(body)


def moved(session: Session, before: trailing.Held, since: int) -> list[AuditEntry]:
    """The entries since; they say exactly what has become of which row."""
    session.rollback()
    assert trailing.told(session, since) == trailing.differing(before, trailing.held(session))
    assert chain.verify(session).fault is None
    return list(session.scalars(select(AuditEntry).where(AuditEntry.id > since)))


@on_both
def test_bulk_import_and_its_undoing_are_in_the_trail(ops: CheckedClient, session: Session) -> None:
    session.add_all([Site(name="Lyon", country="FR"), Site(name="Nice", country="FR"), Skill(key="seo", name="SEO")])
    session.add(Person(key="old", name="Old", kind=PersonKind.EMPLOYEE))
    session.commit()
    before, since = trailing.held(session), chain.head(session)[0]
    imported(ops, "people", sheet("Lyon", 3))
    entries = moved(session, before, since)
    assert sum(one.num for one in entries if one.noun == "person" and one.action is AuditAction.ADD) == NUM
    assert sum(one.num for one in entries if one.noun == "person_skill") == NUM
    assert {one.door for one in entries} == {Door.PAGE}
    assert len({one.user_id for one in entries}) == 1
    assert None not in {one.user_id for one in entries}
    assert len(entries) < NUM // 4  # runs of rows, not one entry for each

    before, since = trailing.held(session), chain.head(session)[0]
    second = imported(ops, "people", sheet("Nice", 5))
    entries = moved(session, before, since)
    edits = [one for one in entries if one.noun == "person" and one.action is AuditAction.EDIT]
    assert sum(one.num for one in edits) == NUM
    assert all("site_id" in one.fields for one in edits)

    first = trailing.held(session)
    since = chain.head(session)[0]
    assert undo(ops, second).status_code == 303
    moved(session, first, since)


@on_both
def test_added_rows_that_an_undoing_takes_back_are_in_the_trail(ops: CheckedClient, session: Session) -> None:
    session.add_all([Site(name="Lyon", country="FR"), Skill(key="seo", name="SEO")])
    session.commit()
    address = imported(ops, "people", sheet("Lyon", 3))
    session.rollback()
    before, since = trailing.held(session), chain.head(session)[0]
    assert undo(ops, address).status_code == 303
    entries = moved(session, before, since)
    gone = {one.noun for one in entries if one.action is AuditAction.REMOVE}
    assert {"person", "person_skill"} <= gone
    assert session.scalars(select(Person)).all() == []
