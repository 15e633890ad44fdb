"""Every record tells who changed it and when, in words; the whole trail is compliance's and the administrator's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import rows
from click.testing import CliRunner
from flask import Flask
from pages import CheckedClient
from programs import Program
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planner.cli.auditing import audit_group
from planner.config import Settings
from planner.models import (
    Absence,
    AuditEntry,
    Door,
    Person,
    PersonKind,
    Project,
    RoleName,
    RoleNeed,
    Skill,
    User,
    Workspace,
    today,
)
from planner.services import removal
from planner.services.account.audit import capture, chain, history
from planner.services.account.audit.scope import owner_of
from planner.services.listing import Query


@pytest.fixture
def person(session: Session) -> Person:
    made = Person(key="p", name="Paul", kind=PersonKind.EMPLOYEE)
    session.add(made)
    session.commit()
    return made


def edited(client: CheckedClient, person: Person, **changes: str) -> None:
    """A person's form, filled in as it stands and changed."""
    path = f"/people/{person.id}/edit"
    page = client.get(path).text
    version = page.partition('name="version" type="hidden" value="')[2].partition('"')[0]
    said = {"name": person.name, "kind": "employee", "version": version, "csrf_token": client.token(path)}
    plain = {"cost_minor": "1000", "acceptance_pct": "100", "ramp_up_pct": "100", "notice_periods": "0"}
    answer = client.post(path, data=said | plain | {"ramp_up_periods": "0", "hire_cost_minor": "0"} | changes)
    assert answer.status_code == 303, answer.text


def test_who_changed_what_stands_on_the_record(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], person: Person, session: Session
) -> None:
    anna = user(RoleName.OPERATIONS, name="Anna Berg")
    client = client_of(as_user=anna)
    edited(client, person, cost_minor="2000", name="Pauline")
    page = client.get(f"/people/{person.id}").text
    assert "Anna Berg changed cost and name" in page
    assert f'href="/history/people/{person.id}"' in page
    whole = client.get(f"/history/people/{person.id}").text
    assert "Anna Berg changed cost and name" in whole
    assert "The operator added this" in whole
    assert "<td>page" in whole


def test_change_by_another_program_is_told_with_its_token(program_of: Callable[..., Program], session: Session) -> None:
    program = program_of(RoleName.OPERATIONS)
    assert program.post("/skills", {"name": "Search ads"}).status_code == 201
    entry = session.scalars(select(AuditEntry).where(AuditEntry.noun == "skill")).one()
    assert entry.door is Door.API
    assert entry.user_id is not None
    assert entry.token_id is not None


def test_rows_below_are_part_of_the_record(session: Session, person: Person) -> None:
    person.absences.append(Absence(from_on=today(), to_on=today()))
    person.cost_minor = 5
    session.commit()
    line = history.latest(session, person, 1)[0]
    assert {thing.noun for thing in line.things} == {"person", "absence"}


def test_project_tells_of_its_phases_and_needs_even_of_those_that_are_gone(session: Session) -> None:
    world, other = rows.world(session), rows.world(session)
    project, need = world["project"], world["need"]
    need.title = "Editor"
    session.commit()
    other["need"].title = "Nobody's"
    session.commit()
    gone = removal.remove(session, session.get_one(RoleNeed, need.id), title="Editor", by_id=None)
    session.commit()
    project = session.get_one(Project, project.id)
    said = [(line.own, {thing.noun for thing in line.things}) for line in history.latest(session, project, 9)]
    assert "role_need" in said[0][1]
    assert said[1][1] == {"role_need"}
    assert len(said) == 3
    removal.restore(session, gone)
    session.commit()
    assert history.latest(session, project, 1)[0].is_restored


def test_what_refers_to_two_tables_at_once_hangs_on_the_one_whose_key_it_names() -> None:
    """A task's board is also half of the reference to its column."""
    assert owner_of("task") == "task_board"


def test_history_has_pages(session: Session, person: Person) -> None:
    for n in range(60):
        person.cost_minor = n + 1
        session.commit()
    first = history.page_of_history(session, person, Query("/x"))
    last = history.page_of_history(session, person, Query("/x", page=3))
    assert (first.total, len(first.items), len(last.items)) == (61, 25, 11)
    assert last.items[-1].own == "add"


def test_actor_who_is_gone_is_somebody(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], person: Person, session: Session
) -> None:
    someone = user(RoleName.OPERATIONS, name="Otto Gone")
    capture.act(session, Door.PAGE, user_id=someone.id)
    person.cost_minor = 7
    session.commit()
    session.delete(someone)
    session.commit()
    page = client_of(RoleName.OPERATIONS).get(f"/history/people/{person.id}").text
    assert "Somebody who is gone changed cost" in page
    assert "Otto" not in page


def test_anonymous_review_hides_who_it_is_in_histories_too(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    world = rows.world(session)
    world["requisition"].is_anonymous = True
    world["candidate"].person.name = "Zenobia Quartermaine"
    session.commit()
    pm = client_of(RoleName.PROJECT_MANAGER)
    page = pm.get(f"/history/candidates/{world['candidate'].id}")
    assert page.status_code == 200
    assert "Zenobia" not in page.text
    ops = client_of(RoleName.OPERATIONS).get(f"/history/candidates/{world['candidate'].id}")
    assert "Zenobia" in ops.text


def test_member_sees_their_own_history_and_nobody_elses(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session, person: Person
) -> None:
    other = Person(key="o", name="Other", kind=PersonKind.EMPLOYEE)
    session.add(other)
    session.commit()
    client = client_of(as_user=user(RoleName.MEMBER, person_id=person.id))
    assert client.get(f"/history/people/{person.id}").status_code == 200
    assert client.get(f"/history/people/{other.id}").status_code == 404
    assert client.get("/history/audit").status_code == 404


def test_trail_is_filtered_by_who_what_and_when(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session, person: Person
) -> None:
    anna, ben = user(RoleName.OPERATIONS, name="Anna Berg"), user(RoleName.OPERATIONS, name="Ben Ode")
    for someone, key in ((anna, "a"), (ben, "b")):
        capture.act(session, Door.PAGE, user_id=someone.id)
        session.add(Skill(key=key, name=f"Skill of {someone.name}"))
        session.commit()

    def found(**asked: Any) -> list[str]:
        page = history.page_of_entries(session, Query("/x", filters={k: str(v) for k, v in asked.items()}))
        return sorted({entry.noun for entry in page.items})

    assert found(who=anna.id) == ["skill"]
    assert found(who="nobody", noun="person") == ["person"]
    assert found(noun="skill", who=ben.id, action="edit") == []
    assert found(door="api") == []
    assert found(door="page") == ["skill"]
    assert found(**{"from": today() + timedelta(days=2)}) == []
    assert "skill" in found(**{"from": today() - timedelta(days=2), "to": today() + timedelta(days=1)})
    assert found(to="2020-01-01") == []
    assert found(to="never") == found()
    assert found(who="x", row="y") == []
    client = client_of(RoleName.COMPLIANCE)
    page = client.get(f"/history/audit?who={anna.id}").text
    assert "Skill of Anna Berg" in page
    assert "Skill of Ben Ode" not in page
    assert "person" not in client.get("/history/audit?noun=skill").text.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.parametrize("role", [RoleName.COMPLIANCE, RoleName.ADMINISTRATOR])
def test_exported_trail_can_be_checked_by_anybody(
    client_of: Callable[..., CheckedClient], session: Session, person: Person, role: RoleName
) -> None:
    """By what the file says of itself, without any code of ours."""
    person.cost_minor = 9
    session.commit()
    document = json.loads(client_of(role).get("/history/audit/export?format=json").text)
    assert len(document["entries"]) == chain.head(session)[0]
    before = "0" * 64
    for entry in document["entries"]:
        covered = {name: entry[name] for name in document["covered"]}
        said = json.dumps(covered, sort_keys=True, separators=(",", ":"))
        assert entry["before"] == before
        assert hashlib.sha256(f"{before}\n{said}".encode()).hexdigest() == entry["digest"]
        before = entry["digest"]
    assert before == chain.head(session)[1]


def test_part_of_the_trail_carries_the_digest_before_each_entry(
    client_of: Callable[..., CheckedClient], session: Session, person: Person
) -> None:
    for n in range(3):
        session.add(Skill(key=f"k{n}", name="S"))
        person.cost_minor = n + 1
        session.commit()
    sheet = client_of(RoleName.COMPLIANCE).get("/history/audit/export?format=csv&noun=skill").text
    lines = list(csv.DictReader(io.StringIO(sheet)))
    digests = dict(session.execute(select(AuditEntry.id, AuditEntry.digest)).all())
    assert len(lines) == 3
    for line in lines:
        assert line["before"] == digests[int(line["id"]) - 1]
        assert line["digest"] == digests[int(line["id"])]


def test_unknown_format_is_not_there(client_of: Callable[..., CheckedClient]) -> None:
    assert client_of(RoleName.COMPLIANCE).get("/history/audit/export?format=exe").status_code == 404


def test_api_tells_the_same(program_of: Callable[..., Program], session: Session, person: Person) -> None:
    person.cost_minor = 9
    session.commit()
    program = program_of(RoleName.ADMINISTRATOR)
    told = program.get(f"/people/{person.id}/history").json
    assert told["total"] == 2
    assert told["items"][0]["things"] == [{"noun": "person", "action": "edit", "fields": ["cost_minor"], "num": 1}]
    head = program.get("/audit/head").json
    assert (head["number"], head["digest"]) == chain.head(session)
    listed = program.get("/audit?noun=person&size=25").json
    assert [entry["action"] for entry in listed["items"]] == ["edit", "add"]
    assert program.get("/audit?nothing=1").status_code == 422
    assert len(json.loads(program.get("/audit/export.json?noun=person").text)["entries"]) == 2


def test_edit_of_the_settings_is_in_their_history(client_of: Callable[..., CheckedClient], session: Session) -> None:
    session.get_one(Workspace, 1).name = "Other"
    session.commit()
    page = client_of(RoleName.OPERATIONS).get("/history/settings")
    assert "changed name" in page.text


def test_login_is_no_change(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session
) -> None:
    someone = user(RoleName.OPERATIONS)
    before = chain.head(session)[0]
    someone.login_count, someone.current_login_ip = 3, "10.0.0.1"
    session.commit()
    assert chain.head(session)[0] == before


@pytest.fixture
def operator(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Says `planner audit …` on the test's own database."""
    monkeypatch.setattr("planner.config.from_environment", lambda: settings)
    return lambda *said: CliRunner().invoke(audit_group, list(said))


def test_operator_verifies_the_trail_and_compares_with_what_was_written_down(
    operator: Callable[..., Any], session: Session, person: Person
) -> None:
    number, digest = operator("head").output.split()
    assert (int(number), digest) == chain.head(session)
    person.cost_minor = 4
    session.commit()
    assert operator("verify").exit_code == 0
    assert operator("verify", "--expect", digest).exit_code == 0
    wrong = operator("verify", "--expect", "ab" * 32)
    assert wrong.exit_code == 1
    assert "none of them has the digest" in wrong.output


def test_operator_is_told_the_first_place_that_is_wrong(
    operator: Callable[..., Any], session: Session, person: Person, app: Flask
) -> None:
    on = " ON audit_entry" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER audit_entry_stays{on}"))
    session.execute(text("UPDATE audit_entry SET user_id = 7 WHERE id = 1"))
    session.commit()
    said = operator("verify")
    assert said.exit_code == 1
    assert "entry 1 is not what was written" in said.output


def test_operator_exports_the_trail(operator: Callable[..., Any], tmp_path: Any, person: Person) -> None:
    assert operator("export", str(tmp_path / "trail.json")).exit_code == 0
    assert json.loads((tmp_path / "trail.json").read_text())["format"] == "planner-audit/1"
