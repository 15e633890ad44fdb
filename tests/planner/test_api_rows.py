"""The five routes of a noun: list, add, show, edit and remove, with versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rows
from programs import Program, faults
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from planner.models import Person, PersonKind, RoleName, Skill


def test_row_is_added_shown_edited_removed_and_brought_back(program: Program) -> None:
    added = program.post("/skills", {"name": " Search  ads ", "aliases": ["SEA"]})
    assert added.status_code == 201
    assert added.json["name"] == "Search ads"
    path = added.headers["Location"].removeprefix("/api/v1")
    assert program.get(path).json == added.json
    assert program.get(path).headers["ETag"].startswith('"1-')

    edited = program.put(path, {"name": "Paid search"}, version=1)
    assert edited.status_code == 200
    assert edited.headers["ETag"].startswith('"2-')
    assert edited.json["aliases"] == []  # what is left out takes its default

    removed = program.delete(path, version=2)
    assert removed.status_code == 200
    assert program.get(path).status_code == 404
    restored = program.post(f"/removals/{removed.json['id']}/restore")
    assert restored.json["restored_at"] is not None
    assert program.get(path).json["name"] == "Paid search"
    assert program.post(f"/removals/{removed.json['id']}/restore").status_code == 409


def test_missing_version_is_428_and_nothing_changes(program: Program) -> None:
    path = program.post("/skills", {"name": "SEO"}).headers["Location"].removeprefix("/api/v1")
    for method, said in (("PUT", {"name": "Other"}), ("DELETE", None)):
        for header in ({}, {"If_Match": "*"}):
            refused = program.send(method, path, said, **header)
            assert (refused.status_code, refused.json["code"]) == (428, "version_missing")
    assert program.get(path).json["name"] == "SEO"


@pytest.mark.parametrize("said", ['"7"', "7", '"x"', 'W/"1"', '"99999999999999999999"', '"-1"', '"²"'])
def test_stale_version_is_412_with_both_values(program: Program, said: str) -> None:
    path = program.post("/skills", {"name": "SEO"}).headers["Location"].removeprefix("/api/v1")
    refused = program.put(path, {"name": "Mine", "category": "x"}, If_Match=said.encode().decode("latin-1"))
    assert (refused.status_code, refused.json["code"]) == (412, "stale")
    assert refused.json["theirs"]["name"] == "SEO"
    assert refused.json["yours"] == {"name": "Mine", "category": "x", "name_fr": "", "aliases": []}
    assert refused.headers["ETag"].startswith('"1-')
    assert program.delete(path, If_Match=said.encode().decode("latin-1")).status_code == 412
    assert program.get(path).json["name"] == "SEO"


def test_row_that_changes_between_reading_and_writing_is_412(program: Program) -> None:
    """The version is right when the verb looks at it, and another transaction is first all the same."""
    path = program.post("/skills", {"name": "SEO"}).headers["Location"].removeprefix("/api/v1")

    def overtake(session: Session, _context: object, _rows: object) -> None:
        session.connection().exec_driver_sql("UPDATE skill SET version = 9")

    event.listen(Session, "before_flush", overtake)
    try:
        refused = program.put(path, {"name": "Mine"}, version=1)
    finally:
        event.remove(Session, "before_flush", overtake)
    assert (refused.status_code, refused.json["yours"]["name"]) == (412, "Mine")
    assert program.get(path).json["name"] == "SEO"


def test_list_is_searched_sorted_filtered_and_paged(program: Program, session: Session) -> None:
    session.add_all(Skill(key=f"s{n}", name=f"Skill {n:02}", category="odd" if n % 2 else "even") for n in range(60))
    session.commit()
    first = program.get("/skills?size=25").json
    assert (first["page"], first["pages"], first["total"], len(first["items"])) == (1, 3, 60, 25)
    last = program.get("/skills?size=25&page=3").json["items"]
    assert [row["name"] for row in last] == [f"Skill {n}" for n in range(50, 60)]
    assert program.get("/skills?sort=-name").json["items"][0]["name"] == "Skill 59"
    assert program.get("/skills?category=odd").json["total"] == 30
    assert program.get("/skills?q=skill 07").json["total"] == 1
    assert program.get("/skills?q=%00").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("colour=red", {"colour": "extra_forbidden"}),
        ("sort=height", {"sort": "literal_error"}),
        ("size=7", {"size": "literal_error"}),
        ("page=0&sort=-x", {"page": "int_parsing", "sort": "literal_error"}),
        ("page=1e3", {"page": "int_parsing"}),
    ],
)
def test_list_refuses_what_it_does_not_know(program: Program, asked: str, found: dict[str, str]) -> None:
    refused = program.get(f"/skills?{asked}")
    assert refused.status_code == 422
    assert faults(refused) == found


def test_phases_needs_and_rules_stand_below_their_parents(program: Program, session: Session) -> None:
    mine, other = rows.world(session), rows.world(session)
    for plural, parent, noun in (
        ("projects", "project", "phase"),
        ("phases", "phase", "need"),
        ("phases", "phase", "rule"),
    ):
        below = program.get(f"/{plural}/{mine[parent].id}/{noun}s").json
        assert [row["id"] for row in below["items"]] == [mine[noun].id]
        every = program.get(f"/{noun}s").json["items"]
        assert {mine[noun].id, other[noun].id} <= {row["id"] for row in every}


def test_project_manager_edits_only_what_is_their_own(
    program_of: Callable[..., Program], user: Callable[..., Any], session: Session
) -> None:
    pm = user(RoleName.PROJECT_MANAGER)
    own, other = rows.world(session, pm), rows.world(session)
    program = program_of(as_user=pm)
    assert program.put(f"/projects/{own['project'].id}", {"name": "Mine"}, version=1).status_code == 200
    assert program.put(f"/projects/{other['project'].id}", {"name": "Mine"}, version=1).status_code == 403
    phase = {"name": "Later", "duration": 2, "earliest_on": "2027-01-04"}
    assert program.post(f"/projects/{own['project'].id}/phases", phase).status_code == 201
    assert program.put(f"/needs/{other['need'].id}", {"title": "x"}, version=1).status_code == 403
    assert program.delete(f"/rules/{other['rule'].id}", version=1).status_code == 403
    assert program.get(f"/projects/{other['project'].id}").status_code == 200


def test_member_finds_nobody_but_themselves(
    program_of: Callable[..., Program], user: Callable[..., Any], session: Session
) -> None:
    me, other = (Person(key=key, name=key, kind=PersonKind.EMPLOYEE) for key in ("me", "other"))
    session.add_all([me, other])
    session.commit()
    program = program_of(as_user=user(RoleName.MEMBER, person_id=me.id))
    assert [row["name"] for row in program.get("/people").json["items"]] == ["me"]
    assert program.get("/people?q=other").json["total"] == 0
    assert program.get(f"/people/{other.id}").status_code == 404
    assert program.put(f"/people/{me.id}", {"name": "Boss"}, version=1).status_code == 403
    stranger = program_of(as_user=user(RoleName.MEMBER))
    assert stranger.get("/people").json["items"] == []
    assert {stranger.get(path).status_code for path in ("/projects", "/plans", "/candidates", "/users")} == {404}


def test_absence_is_part_of_its_person(program: Program, session: Session) -> None:
    person = program.post("/people", {"name": "Ann"}).json
    away = program.post(f"/people/{person['id']}/absences", {"from_on": "2027-01-04", "to_on": "2027-01-08"})
    assert away.status_code == 201
    whole = program.get(f"/people/{person['id']}")
    assert [row["id"] for row in whole.json["absences"]] == [away.json["id"]]
    assert not whole.headers["ETag"].startswith('"1-')
    twice = program.post(f"/people/{person['id']}/absences", {"from_on": "2027-01-06", "to_on": "2027-01-06"})
    assert (twice.status_code, faults(twice)) == (409, {"from_on": "absence_overlaps"})
    assert program.delete(f"/absences/{away.json['id']}", version=1).status_code == 200
    assert program.get(f"/people/{person['id']}").json["absences"] == []


def test_candidate_is_edited_as_a_candidate_only(program: Program) -> None:
    candidate = program.post("/candidates", {"name": "Zoé", "source": "fair"}).json
    person = program.get(f"/people/{candidate['person_id']}").json
    assert person["kind"] == "candidate"
    refused = program.put(f"/people/{person['id']}", {"name": "Zoé"}, version=person["version"])
    assert (refused.status_code, refused.json["code"]) == (409, "candidate_is_edited_apart")
    moved = program.post(f"/candidates/{candidate['id']}/stage", {"stage": "offer"}, version=1)
    assert (moved.status_code, moved.json["stage"]) == (200, "offer")
    assert program.post(f"/candidates/{candidate['id']}/stage", {"stage": "new"}, version=1).status_code == 412


def test_row_id_beyond_all_rows_is_not_found(program: Program) -> None:
    for ident in (0, 2**31 - 1, 2**31, 2**63, 10**40):
        assert program.get(f"/skills/{ident}").status_code == 404


def test_two_who_add_the_same_at_once_get_one_row(program: Program) -> None:
    """What the verb could not see yet, the database refuses."""

    def overtake(session: Session, _context: object, _rows: object) -> None:
        values = {"key": "seo", "name": "SEO", "aliases": [], "is_sample": False, "version": 1}
        session.connection().execute(insert(Skill.__table__).values(name_fr="", category="", **values))

    event.listen(Session, "before_flush", overtake)
    try:
        refused = program.post("/skills", {"name": "Seo"})
    finally:
        event.remove(Session, "before_flush", overtake)
    assert (refused.status_code, refused.json["code"]) == (409, "taken_meanwhile")


def test_workspace_is_edited_by_its_version(program: Program) -> None:
    read = program.get("/workspace")
    said = {"name": "Acme", "calendar_start_on": "2027-01-04", "weights": {"fill": 2000}}
    assert program.put("/workspace", said).status_code == 428
    edited = program.put("/workspace", said, version=read.json["version"])
    assert (edited.status_code, edited.json["weights"]["fill"]) == (200, 2000)


def test_program_knows_for_whom_it_acts(program_of: Callable[..., Program]) -> None:
    me = program_of(RoleName.EXECUTIVE).get("/me").json
    assert me["roles"] == ["executive"]
    assert not {"password", "fs_uniquifier", "tf_totp_secret"} & set(me)
