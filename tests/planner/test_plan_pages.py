from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from pages import CheckedClient
from ready import ready_plan
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Allocation,
    Booking,
    BookingKind,
    Decision,
    DecisionKind,
    Job,
    JobState,
    Person,
    Plan,
    PlanState,
    RoleName,
    User,
)
from planner.views import planning_shown


@pytest.fixture
def plan(session: Session, user: Callable[..., User]) -> Plan:
    return ready_plan(session, user(RoleName.PROJECT_MANAGER, name="Inès Caron"))


def rows(session: Session, statement: Any) -> Any:
    """What is there now, whatever the session saw before."""
    session.rollback()
    return session.scalars(statement).all()


def test_plan_page_says_its_numbers_and_shows_teams_gaps_and_people(pm: CheckedClient, plan: Plan) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", pm.get(f"/plans/{plan.id}").text).split())
    assert "2 of 3 seats filled by 2 people" in page
    assert "1 seat stays open." in page
    for words in ("Ann Lee", "Béa Roux", "Developer", "Editor", "Nobody", "No plan could be more than"):
        assert words in page


def test_filters_live_in_the_url(pm: CheckedClient, plan: Plan) -> None:
    gaps = pm.get(f"/plans/{plan.id}?only=gaps").text.partition('id="teams"')[2].partition("</section>")[0]
    assert "Editor" in gaps
    assert "Developer" not in gaps
    people = pm.get(f"/plans/{plan.id}/people?view=table&site=Lyon").text.partition("<tbody>")[2]
    assert "Ben Ode" in people
    assert "Ann Lee" not in people


def test_points_of_a_seat_add_up(pm: CheckedClient, plan: Plan) -> None:
    text = pm.get(f"/plans/{plan.id}/seats/dev").text
    box = text.partition('class="terms"')[2].partition("</table>")[0]
    parts = [int(n.replace("−", "-").replace(",", "").replace("+", "")) for n in re.findall(r"[+−]?[\d,]{2,}", box)]
    assert sum(parts[:-1]) == parts[-1] != 0


def test_accepting_a_seat_makes_it_agreed_with_name_and_reason(pm: CheckedClient, session: Session, plan: Plan) -> None:
    path = f"/plans/{plan.id}/accept?seat=dev"
    answer = pm.send(path, {"seats": "dev", "reason": "She knows the client.", "version": str(plan.version)})
    assert answer.status_code == 303
    booking = rows(session, select(Booking))[0]
    assert (booking.booking, booking.is_in_force, booking.seat.key, booking.person.key) == ("hard", True, "dev", "ann")
    decision = rows(session, select(Decision))[0]
    assert (decision.kind, decision.reason) == (DecisionKind.ACCEPT, "She knows the client.")
    assert decision.decided_by == booking.decided_by != ""
    assert "agreed" in pm.get(f"/plans/{plan.id}/seats/dev").text
    assert rows(session, select(Plan))[0].in_force_since is not None


def test_accepting_twice_from_the_same_page_is_refused_as_stale(
    pm: CheckedClient, session: Session, plan: Plan
) -> None:
    path, version = f"/plans/{plan.id}/accept", str(plan.version)
    assert pm.send(path, {"seats": ["dev"], "version": version}).status_code == 303
    assert pm.send(path, {"seats": ["copy"], "version": version}).status_code == 409
    assert pm.send(path, {"seats": ["copy"], "version": ""}).status_code == 409
    assert len(rows(session, select(Booking))) == 1


def test_accepting_nothing_is_refused_in_words(pm: CheckedClient, plan: Plan) -> None:
    answer = pm.send(f"/plans/{plan.id}/accept", {"version": str(plan.version)})
    assert answer.status_code == 422
    assert "This is not saved yet" in answer.text


def test_release_lets_the_next_plan_change_the_seat(pm: CheckedClient, session: Session, plan: Plan) -> None:
    pm.send(f"/plans/{plan.id}/accept", {"seats": "dev", "version": str(plan.version)})
    version = str(rows(session, select(Plan))[0].version)
    said = {"reason": "She is wanted elsewhere", "version": version}
    assert pm.send(f"/plans/{plan.id}/release/dev", said).status_code == 303
    assert rows(session, select(Booking))[0].booking is BookingKind.SOFT
    assert {row.booking for row in rows(session, select(Allocation))} == {BookingKind.SOFT}


def test_preview_says_what_a_change_does_before_it_is_made(pm: CheckedClient, session: Session, plan: Plan) -> None:
    kept = pm.get(f"/plans/{plan.id}/put/dev?person=ben").text
    assert "The plan changes by" in kept
    assert "It breaks" not in kept
    broken = pm.get(f"/plans/{plan.id}/put/dev?person=bea").text
    assert "It breaks" in broken
    assert {row.person_key for row in rows(session, select(Allocation))} == {"ann", "bea"}


def test_broken_rule_is_overridden_only_with_a_reason(pm: CheckedClient, session: Session, plan: Plan) -> None:
    path, version = f"/plans/{plan.id}/put/editor", str(plan.version)
    pm.send(f"/plans/{plan.id}/move/cut", {"start_idx": "0", "version": version})
    version = str(rows(session, select(Plan))[0].version)
    refused = pm.send(path, {"person": "ann", "version": version})
    assert refused.status_code == 409
    assert "This breaks a rule." in refused.text
    assert pm.send(path, {"person": "ann", "version": version, "reason": "One week of overtime."}).status_code == 303
    decision = rows(session, select(Decision).where(Decision.kind == DecisionKind.OVERRIDE))[0]
    assert decision.broken_rules
    assert decision.reason == "One week of overtime."
    assert "broken by what was put here by hand" in pm.get(f"/plans/{plan.id}").text


def test_swap_take_off_and_move_change_the_plan(pm: CheckedClient, session: Session, plan: Plan) -> None:
    def holders() -> dict[str, str]:
        return {row.seat_key: row.person_key for row in rows(session, select(Allocation))}

    def version() -> str:
        return str(rows(session, select(Plan))[0].version)

    swapped = pm.send(f"/plans/{plan.id}/swap/dev", {"other": "copy", "reason": "Try", "version": version()})
    assert swapped.status_code == 303
    assert holders() == {"dev": "bea", "copy": "ann"}
    assert pm.send(f"/plans/{plan.id}/take-off/copy", {"version": version()}).status_code == 303
    assert holders() == {"dev": "bea"}
    assert pm.send(f"/plans/{plan.id}/move/cut", {"start_idx": "3", "version": version()}).status_code == 303
    assert {row.phase_key: row.start_idx for row in rows(session, select(Plan))[0].phase_starts}["cut"] == 3
    outside = pm.send(f"/plans/{plan.id}/move/cut", {"start_idx": "7", "version": version()})
    assert outside.status_code == 409


def test_agreed_seat_is_not_changed_by_hand(pm: CheckedClient, session: Session, plan: Plan) -> None:
    pm.send(f"/plans/{plan.id}/accept", {"seats": "dev", "version": str(plan.version)})
    version = str(rows(session, select(Plan))[0].version)
    refused = pm.send(f"/plans/{plan.id}/put/dev", {"person": "ben", "version": version, "reason": "Because"})
    assert refused.status_code == 409
    assert "is agreed. Release it first." in refused.text


def test_unknown_seat_person_and_phase_are_not_found(pm: CheckedClient, plan: Plan) -> None:
    for path in ("seats/nope", "put/nope", "swap/nope", "take-off/nope", "move/nope", "teams/nope"):
        assert pm.get(f"/plans/{plan.id}/{path}").status_code == 404
    assert pm.get(f"/plans/{plan.id + 1}").status_code == 404


def test_failed_plan_is_shown_to_nobody(pm: CheckedClient, session: Session, plan: Plan) -> None:
    session.get_one(Plan, plan.id).state = PlanState.FAILED
    session.commit()
    page = pm.get(f"/plans/{plan.id}")
    assert "This plan failed" in page.text
    assert "Ann Lee" not in page.text
    for path in ("people", "accept", "export", "export/file", "seats/dev", "teams/build"):
        assert pm.get(f"/plans/{plan.id}/{path}").status_code == 404


def test_plan_is_asked_for_once_however_often_the_button_is_pressed(
    pm: CheckedClient, session: Session, plan: Plan
) -> None:
    page = pm.get("/plans/add").text
    token = re.search(r'name="token"[^>]* value="([^"]+)"', page)
    assert token
    data = {"title": "Again", "starts_on": "2027-01-04", "num_periods": "10", "preset": "fill", "time_limit_s": "5",
            "token": token[1], "max_hires": "", "hire_budget": "", "max_changes": " "}  # fmt: skip
    first, second = (pm.send("/plans/add", data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(rows(session, select(Plan).where(Plan.title == "Again"))) == 1
    assert len(rows(session, select(Job))) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("num_periods", "0"), ("num_periods", "x"), ("time_limit_s", "0"), ("time_limit_s", "86401"), ("title", " "),
     ("starts_on", "soon"), ("preset", "best"), ("max_hires", "-1"), ("weights-fill", "1000001")],
)  # fmt: skip
def test_bad_request_is_refused_at_its_field(
    pm: CheckedClient, session: Session, plan: Plan, field: str, value: str
) -> None:
    data = {"title": "Again", "starts_on": "2027-01-04", "num_periods": "10", "preset": "fill", "time_limit_s": "5"}
    answer = pm.send("/plans/add", {**data, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert rows(session, select(Job)) == []


def test_nothing_to_plan_is_said(pm: CheckedClient) -> None:
    data = {"title": "A", "starts_on": "2027-01-04", "num_periods": "10", "preset": "fill", "time_limit_s": "5"}
    answer = pm.send("/plans/add", {**data, "token": "t"})
    assert answer.status_code == 409
    assert "There are no seats to plan yet." in answer.text


def test_waiting_plan_shows_its_place_and_can_be_stopped(pm: CheckedClient, session: Session, plan: Plan) -> None:
    session.get_one(Plan, plan.id).state = PlanState.WAITING
    session.add(Job(plan_id=plan.id))
    session.commit()
    assert "Place 1 in the queue." in pm.get(f"/plans/{plan.id}/progress").text
    assert pm.send(f"/plans/{plan.id}/cancel", page=f"/plans/{plan.id}").status_code == 303
    assert rows(session, select(Job))[0].is_cancel_asked


def test_running_plan_shows_seconds_best_bound_and_stops_asking_when_over(
    pm: CheckedClient, session: Session, plan: Plan
) -> None:
    point = {"seconds": 2.0, "objective": 900, "bound": 1000, "filled": 2}
    job = Job(plan_id=plan.id, state=JobState.RUNNING, progress={"seconds": 2.0, "trace": [point, point]})
    session.get_one(Plan, plan.id).state = PlanState.WAITING
    session.add(job)
    session.commit()
    fragment = pm.get(f"/plans/{plan.id}/progress").text
    assert "2 of 3" in fragment
    assert "11.11 %" in fragment
    assert 'hx-trigger="every 1s"' in fragment
    job.state = JobState.DONE
    session.commit()
    assert "hx-trigger" not in pm.get(f"/plans/{plan.id}/progress").text


@pytest.mark.parametrize("kind", ["xlsx", "csv", "pdf", "ics", "json"])
@pytest.mark.parametrize("edition", ["organisers", "members"])
def test_plan_is_exported(pm: CheckedClient, plan: Plan, kind: str, edition: str) -> None:
    answer = pm.get(f"/plans/{plan.id}/export/file?format={kind}&edition={edition}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    if kind in ("xlsx", "csv", "ics"):
        assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    if kind == "json":
        assert json.loads(answer.data)["schema"] == "staffing-plan/1"
    if kind == "pdf":
        assert answer.data.startswith(b"%PDF-")


def test_calendar_of_one_person_and_nonsense_formats(pm: CheckedClient, plan: Plan) -> None:
    one = pm.get(f"/plans/{plan.id}/export/file?format=ics&person=ann")
    assert one.data.startswith(b"BEGIN:VCALENDAR")
    assert pm.get(f"/plans/{plan.id}/export/file?format=exe").status_code == 400
    assert pm.get(f"/plans/{plan.id}/export/file?format=ics&person=nobody").status_code == 303


def test_member_sees_their_own_seats_and_no_plan(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], pm: CheckedClient, session: Session, plan: Plan
) -> None:
    ann = rows(session, select(Person).where(Person.key == "ann"))[0]
    member = client_of(as_user=user(RoleName.MEMBER, person_id=ann.id))
    assert "You are not on any seat yet." in member.get("/plans/mine").text
    pm.send(f"/plans/{plan.id}/accept", {"seats": "dev", "version": str(plan.version)})
    assert "Developer" in member.get("/plans/mine").text
    assert member.get(f"/plans/{plan.id}").status_code == 404
    assert member.get(f"/plans/{plan.id}/export/file").status_code == 404


def test_executive_may_accept_but_not_change(
    client_of: Callable[..., CheckedClient], session: Session, plan: Plan
) -> None:
    executive = client_of(RoleName.EXECUTIVE)
    assert executive.get(f"/plans/{plan.id}/accept").status_code == 200
    assert executive.get(f"/plans/{plan.id}/put/dev").status_code == 403


def test_timeline_draws_phases_and_seats(pm: CheckedClient, plan: Plan) -> None:
    page = pm.get("/timeline").text
    for words in ("Web site", "Film", "Developer", "Ann Lee", "may lie here"):
        assert words in page
    assert "No plan yet" not in page


def test_lists_of_plans_and_jobs(pm: CheckedClient, session: Session, plan: Plan) -> None:
    session.add(Job(plan_id=plan.id, state=JobState.FAILED, failure="The solver ran out of memory."))
    session.commit()
    assert "Spring" in pm.get("/plans?q=spr&sort=-title").text
    assert "Spring" not in pm.get("/plans?q=autumn").text
    assert "ran out of memory" in pm.get("/jobs?state=failed").text


def test_plan_is_removed_and_brought_back_whole(ops: CheckedClient, session: Session, plan: Plan) -> None:
    assert ops.send(f"/plans/{plan.id}/remove").status_code == 303
    assert rows(session, select(Plan)) == []
    undo = re.search(r'action="(/account/removals/\d+/restore)"', ops.get("/plans").text)
    assert undo
    ops.send(undo[1], page="/plans")
    assert len(rows(session, select(Allocation))) == 2
    assert "Ann Lee" in ops.get(f"/plans/{plan.id}").text


def test_french_page_is_french(client_of: Callable[..., CheckedClient], user: Callable[..., User], session: Session,
                               plan: Plan) -> None:  # fmt: skip
    reader = user(RoleName.PROJECT_MANAGER)
    reader.locale = "fr"
    session.commit()
    page = client_of(as_user=reader).get(f"/plans/{plan.id}")
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text


def test_long_calendar_has_fewer_people_on_a_page(
    pm: CheckedClient, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Page 1 of 1" in pm.get(f"/plans/{plan.id}/people").text
    monkeypatch.setattr(planning_shown, "MOST_CELLS", 1)
    monkeypatch.setattr(planning_shown, "FEWEST_PEOPLE", 1)
    pages = [pm.get(f"/plans/{plan.id}/people?page={n}").text.partition("<tbody>")[2] for n in (1, 2)]
    assert ["Ann Lee" in page for page in pages] == [True, False]
