"""Sheets that come in: read, compared, shown, imported at once, and undone as one step."""

from __future__ import annotations

import re
from typing import Any

import pytest
from databases import on_both
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Person, Site, Skill


@pytest.fixture
def catalogue(session: Session) -> None:
    session.add_all([Site(name="Lyon", country="FR"), Skill(key="seo", name="SEO"), Skill(key="sql", name="SQL")])
    session.commit()


def upload(client: CheckedClient, kind: str, text: str) -> str:
    """Sends cells; the address of the import."""
    path = f"/imports/add/{kind}"
    said = client.send(path, {"text": text, "version": ""})
    assert said.status_code == 303, said.text
    return said.location.removesuffix("/columns")


def mapped(client: CheckedClient, address: str, **changes: str) -> Any:
    return client.save(f"{address}/columns", **changes)


def looked(client: CheckedClient, kind: str, text: str) -> str:
    address = upload(client, kind, text)
    said = mapped(client, address)
    assert said.status_code == 303, said.text
    return address


def run(client: CheckedClient, address: str) -> Any:
    page = client.get(address).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return client.send(f"{address}/run", {"version": version[1]}, page=address)


PEOPLE = "Name\tE-mail\tSite\tSkills\tCost per period\nAnna Martin\tanna@example.com\tLyon\tSEO=4, SQL=3\t1 650,50 €\n"


@on_both
def test_people_come_in_and_go_as_one_step(ops: CheckedClient, session: Session, catalogue: None) -> None:
    address = looked(ops, "people", PEOPLE)
    assert "1 new row" in ops.get(address).text
    assert run(ops, address).status_code == 303
    anna = session.scalars(select(Person)).one()
    assert (anna.name, anna.cost_minor, anna.site.name) == ("Anna Martin", 165050, "Lyon")
    assert {(row.skill.name, row.level) for row in anna.skills} == {("SEO", 4), ("SQL", 3)}
    again = looked(ops, "people", PEOPLE)
    assert "Importing them again would change nothing" in ops.get(again).text
    assert run(ops, again).status_code == 409
    undo = ops.get(f"{address}/undo").text
    version = re.search(r'name="version" value="(\d+)"', undo)
    assert version
    assert ops.send(f"{address}/undo", {"version": version[1]}, page=f"{address}/undo").status_code == 303
    session.rollback()
    assert session.scalars(select(Person)).all() == []
    assert "Import undone" in ops.get(address).text
