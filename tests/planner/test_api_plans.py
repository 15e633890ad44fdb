"""Plans through the API: asked for once, followed, read whole, decided about, changed by hand, exported."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import rows
from programs import Program, faults
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Booking, BookingKind, Decision, Job, JobState, Plan, PlanState, RoleName

ASKED = {"title": "Spring", "starts_on": "2027-01-04", "num_periods": 12, "time_limit_s": 1}


@pytest.fixture
def world(session: Session) -> dict[str, Any]:
    found = rows.world(session)
    found["plan"].number = 7
    session.commit()
    return found


def test_plan_is_asked_for_once_however_often_it_is_said(
    program: Program, world: dict[str, Any], session: Session
) -> None:
    first = program.post("/plans", ASKED, Idempotency_Key="one")
    assert (first.status_code, first.json["state"]) == (201, "waiting")
    again = program.post("/plans", ASKED, Idempotency_Key="one")
    assert again.json["id"] == first.json["id"]
    assert program.post("/plans", ASKED, Idempotency_Key="two").json["id"] != first.json["id"]
    assert len(session.scalars(select(Job).where(Job.plan_id == first.json["id"])).all()) == 1


def test_key_names_one_request_of_one_user(
    program_of: Callable[..., Program], world: dict[str, Any], session: Session
) -> None:
    mine, yours = program_of(), program_of()
    first = mine.post("/plans", ASKED, Idempotency_Key="one").json
    assert yours.post("/plans", ASKED, Idempotency_Key="one").json["id"] != first["id"]
    other = mine.post("/plans", {**ASKED, "title": "Summer"}, Idempotency_Key="one")
    assert (other.status_code, other.json["code"]) == (422, "key_used_before")
    for key in ({}, {"Idempotency_Key": " "}, {"Idempotency_Key": "x" * 201}):
        assert mine.post("/plans", ASKED, **key).json["code"] == "key_missing"
    session.rollback()
    assert len(session.scalars(select(Plan).where(Plan.state == PlanState.WAITING)).all()) == 2


def test_plan_that_waits_is_followed_and_stopped(program: Program, world: dict[str, Any]) -> None:
    plan = program.post("/plans", ASKED, Idempotency_Key="one").json
    progress = program.get(f"/plans/{plan['id']}/progress").json
    assert (progress["state"], progress["job_state"], progress["place"]) == ("waiting", "queued", 1)
    for part in ("document", "problem", "export"):
        assert program.get(f"/plans/{plan['id']}/{part}").status_code == 404
    assert program.post(f"/plans/{plan['id']}/cancel").json["state"] == "cancelled"
    assert program.get(f"/plans/{plan['id']}/progress").json["job_state"] == "cancelled"


def test_failed_plan_is_shown_to_nobody(program: Program, world: dict[str, Any], session: Session) -> None:
    world["plan"].state = PlanState.FAILED
    session.commit()
    path, seat = f"/plans/{world['plan'].id}", world["seat"].key
    assert {program.get(f"{path}/{part}").status_code for part in ("document", "export")} == {404}
    accepted = program.post(f"{path}/accept", {"seats": [seat]}, version=world["plan"].version)
    assert accepted.status_code == 404


def test_plan_and_its_question_are_read_in_the_open_format(program: Program, world: dict[str, Any]) -> None:
    path = f"/plans/{world['plan'].id}"
    plan, problem = program.get(f"{path}/document").json, program.get(f"{path}/problem").json
    assert (plan["schema"], problem["schema"]) == ("staffing-plan/1", "staffing-problem/1")
    assert plan["assignments"] == [{"seat": world["seat"].key, "person": world["person"].key}]
    assert [one["id"] for one in problem["people"]] == [world["person"].key]


def test_seat_is_agreed_and_released_in_ones_own_name(
    program: Program, world: dict[str, Any], session: Session
) -> None:
    path, seat = f"/plans/{world['plan'].id}", world["seat"].key
    version = program.get(path).json["version"]
    assert program.post(f"{path}/accept", {"seats": [seat]}).status_code == 428
    agreed = program.post(f"{path}/accept", {"seats": [seat], "reason": "fits"}, version=version)
    assert agreed.status_code == 200, agreed.text
    assert program.post(f"{path}/accept", {"seats": [seat]}, version=version).json["code"] == "stale"
    booking = session.scalars(select(Booking).where(Booking.seat_id == world["seat"].id)).one()
    assert booking.booking is BookingKind.HARD
    assert session.scalars(select(Decision.decided_by)).all() == [program.get("/me").json["name"]]

    blocked = program.post(f"{path}/take-off/{seat}", {"reason": "x"}, version=agreed.json["version"])
    assert (blocked.status_code, blocked.json["code"]) == (409, "seat_is_agreed")
    released = program.post(f"{path}/release/{seat}", {"reason": "left"}, version=agreed.json["version"])
    assert released.status_code == 200
    session.rollback()
    session.refresh(booking)
    assert booking.booking is BookingKind.SOFT


def test_executive_accepts_but_does_not_change(program_of: Callable[..., Program], world: dict[str, Any]) -> None:
    executive = program_of(RoleName.EXECUTIVE)
    path, seat = f"/plans/{world['plan'].id}", world["seat"].key
    assert executive.post(f"{path}/preview/take-off/{seat}", {}).status_code == 403
    assert executive.post(f"{path}/take-off/{seat}", {}, version=1).status_code == 403
    version = executive.get(path).json["version"]
    assert executive.post(f"{path}/accept", {"seats": [seat]}, version=version).status_code == 200


def test_change_is_seen_before_it_is_made(program: Program, world: dict[str, Any]) -> None:
    path, seat, person = f"/plans/{world['plan'].id}", world["seat"].key, world["person"].key
    before = program.get(path).json
    seen = program.post(f"{path}/preview/take-off/{seat}", {}).json
    assert seen["points_change"] == -before["objective"]
    assert sum(seen["terms_change"].values()) == seen["points_change"]
    assert program.get(path).json == before

    off = program.post(f"{path}/take-off/{seat}", {"reason": "on leave"}, version=before["version"])
    assert (off.status_code, off.json["num_filled"]) == (200, 0)
    again = program.post(f"{path}/assign/{seat}", {"person": person}, version=off.json["version"])
    assert (again.status_code, again.json["objective"]) == (200, before["objective"])
    assert program.post(f"{path}/assign/{seat}", {"person": person}, version=off.json["version"]).status_code == 412


@pytest.mark.parametrize(
    ("change", "said", "code"),
    [
        ("assign/{seat}", {"person": "nobody"}, "no_such_person"),
        ("assign/nowhere", {"person": "nobody"}, "no_such_seat"),
        ("swap/{seat}", {"other": "nowhere"}, "no_such_seat"),
        ("take-off/a/b c", {}, "no_such_seat"),
        ("move/{phase}", {"start_idx": 999}, "phase_cannot_start_there"),
        ("move/nowhere", {"start_idx": 0}, "phase_cannot_start_there"),
    ],
)
def test_impossible_change_is_refused_and_so_is_its_preview(
    program: Program, world: dict[str, Any], change: str, said: dict[str, Any], code: str
) -> None:
    change = change.format(seat=world["seat"].key, phase=world["phase"].key)
    path = f"/plans/{world['plan'].id}"
    for refused in (
        program.post(f"{path}/preview/{change}", said),
        program.post(f"{path}/{change}", said, version=program.get(path).json["version"]),
    ):
        assert (refused.status_code, refused.json["code"]) == (409, code)


def test_plan_is_exported_in_every_format(program: Program, world: dict[str, Any]) -> None:
    path = f"/plans/{world['plan'].id}/export"
    starts = {"xlsx": b"PK", "csv": b"PK", "pdf": b"%PDF", "ics": b"PK", "json": b"{"}
    for kind, start in starts.items():
        answer = program.get(f"{path}?format={kind}&edition=organisers&language=fr")
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert "attachment" in answer.headers["Content-Disposition"]
    person = program.get(f"{path}?format=ics&person={world['person'].key}")
    assert person.data.startswith(b"BEGIN:VCALENDAR")
    assert json.loads(program.get(f"{path}?format=json").data)["objective"] is None  # the members' edition
    names = zipfile.ZipFile(io.BytesIO(program.get(f"{path}?format=csv").data)).namelist()
    assert sum(name.endswith(".csv") for name in names) > 3
    for wrong, field in (("format=doc", "format"), ("edition=secret", "edition"), ("language=de", "language")):
        assert faults(program.get(f"{path}?{wrong}")) == {field: "literal_error"}
    assert program.get(f"{path}?format=ics&person=nobody").status_code == 422


def test_requisition_is_opened_from_a_gap_once(program: Program, world: dict[str, Any]) -> None:
    said = {"plan_id": world["plan"].id, "seat_key": world["seat"].key}
    opened = program.post("/requisitions/from-gap", said)
    assert (opened.status_code, opened.json["state"], opened.json["title"]) == (201, "draft", "Writer")
    assert program.post("/requisitions/from-gap", said).json["id"] == opened.json["id"]
    assert program.post("/requisitions/from-gap", {**said, "plan_id": 987654}).status_code == 404
    closed = program.post(f"/requisitions/{opened.json['id']}/state", {"state": "closed"}, version=1)
    assert closed.json["state"] == "closed"


def test_workspace_goes_out_as_a_problem_and_comes_back_whole(
    program_of: Callable[..., Program], world: dict[str, Any]
) -> None:
    program = program_of(RoleName.OPERATIONS)
    out = program.get("/problem").json
    assert out["schema"] == "staffing-problem/1"
    refused = program.put("/problem", out)
    assert (refused.status_code, refused.json["code"]) == (409, "workspace_is_not_empty")
    loaded = program.put("/problem?is_replacing=true", out)
    assert loaded.status_code == 200, loaded.text
    assert loaded.json["seats"] == sum(len(ph["seats"]) for pr in out["projects"] for ph in pr["phases"])
    assert program.get("/problem").json == out


def test_problem_that_is_none_is_refused_at_its_place(program: Program, world: dict[str, Any]) -> None:
    out = program.get("/problem").json
    out["people"][0]["cost"] = -1
    refused = program.put("/problem?is_replacing=true", out)
    assert (refused.status_code, faults(refused)) == (422, {"people[0].cost": "not_a_problem"})
    for junk in (b"", b"[" * 50_000, b"\xff", b'{"schema": NaN}', b"null"):
        assert program.put("/problem?is_replacing=true", junk).status_code == 422
    assert faults(program.put("/problem?is_replacing=perhaps", out)) == {"is_replacing": "bool_parsing"}
    assert program.get("/people").json["total"] == 2


def test_plan_made_elsewhere_is_brought_in_if_the_rulebook_accepts_it(
    program: Program, world: dict[str, Any], session: Session
) -> None:
    problem = program.get("/problem").json
    empty = {
        "schema": "staffing-plan/1", "problem": problem["name"], "status": "feasible", "objective": 0, "bound": None,
        "seconds": 1, "phases": [], "assignments": [], "hires": [], "unfilled": [], "conflict": [],
    }  # fmt: skip
    brought = program.post("/plans/document?title=By hand", empty)
    assert brought.status_code == 201, brought.text
    assert brought.json["state"] == "ready"
    assert program.get(f"/plans/{brought.json['id']}/document").json["assignments"] == []
    wrong = program.post("/plans/document?title=x", {**empty, "assignments": [{"seat": "x", "person": "y"}]})
    assert (wrong.status_code, wrong.json["code"]) == (409, "plan_breaks_rules")
    assert "The plan fills x, a seat that nobody asked for." in wrong.json["message"]
    program.language = "fr"
    french = program.post("/plans/document?title=x", {**empty, "assignments": [{"seat": "x", "person": "y"}]})
    assert "Le plan pourvoit x, un poste que personne n’a demandé." in french.json["message"]
    program.language = "en"
    none = program.post("/plans/document?title=x", {**empty, "status": "good"})
    assert (none.status_code, faults(none)) == (422, {"status": "not_a_plan"})
    assert faults(program.post("/plans/document", empty)) == {"title": "missing"}


def test_own_schedule_shows_what_is_agreed(
    program_of: Callable[..., Program], user: Callable[..., Any], world: dict[str, Any], session: Session
) -> None:
    me = user(RoleName.PROJECT_MANAGER, person_id=world["person"].id)
    program = program_of(as_user=me)
    assert program.get("/schedule").json == {"items": []}
    session.add(Booking(seat_id=world["seat"].id, person_id=world["person"].id, booking=BookingKind.HARD))
    session.commit()
    (line,) = program.get("/schedule").json["items"]
    assert (line["title"], line["fte_pct"]) == ("Writer", 100)


def test_job_that_is_over_is_not_stopped(program: Program, world: dict[str, Any], session: Session) -> None:
    path = f"/plans/{world['plan'].id}"
    assert program.post(f"{path}/cancel").json["state"] == "ready"
    assert program.get(f"{path}/progress").json["job_state"] == JobState.DONE
