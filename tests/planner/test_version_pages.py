"""Pages and API of versions and reviews: from a proposal to being in force, and every page says which plan is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markup import parse
from pages import CheckedClient, editing_form
from programs import Program
from ready import ready_plan
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Comment, OutgoingMail, Plan, RoleName, User


@pytest.fixture
def me(user: Callable[..., User]) -> User:
    return user(RoleName.PROJECT_MANAGER, name="Inès Caron")


@pytest.fixture
def plan(session: Session, me: User) -> Plan:
    return ready_plan(session, me)


def version(session: Session, plan: Plan) -> str:
    session.rollback()
    session.expire_all()
    found = str(session.get_one(Plan, plan.id).version)
    session.rollback()
    return found


def words(client: CheckedClient, path: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).text).split())


def put(client: CheckedClient, session: Session, plan: Plan, person: str, reason: str = "") -> None:
    said = {"person": person, "reason": reason, "version": version(session, plan)}
    assert client.send(f"/plans/{plan.id}/put/dev", said).status_code == 303


def test_plan_goes_from_a_proposal_to_being_in_force(
    pm: CheckedClient, ops: CheckedClient, session: Session, plan: Plan
) -> None:
    page = f"/plans/{plan.id}/review"
    assert "No plan is in force" in words(pm, "/skills") or "No plan is in force" in words(pm, "/projects")
    assert "is a draft" in words(pm, page)

    def step(client: CheckedClient, name: str, reason: str = "") -> int:
        said = {"reason": reason, "version": version(session, plan)}
        return client.send(f"{page}/{name}", said, page=page).status_code

    assert step(pm, "propose", "Ready for you.") == 303
    assert step(pm, "approve") == 409
    assert step(ops, "ask-changes") == 409
    assert ops.send(f"/talk/plans/{plan.id}/comments", {"text": "Is Ann back?"}, page=page).status_code == 303
    assert step(ops, "approve") == 303
    assert step(ops, "put-in-force") == 303
    text = words(pm, page)
    assert "Version 1 is in force" in text
    assert "Is Ann back?" in text
    assert "put version 1 in force" in text
    assert "In force: plan 1, version 1" in words(pm, "/people")


@pytest.mark.parametrize("page", ["review", "versions/1/restore"])
def test_whoever_is_late_is_asked_again_about_the_version_that_is_there(
    pm: CheckedClient, session: Session, plan: Plan, page: str
) -> None:
    put(pm, session, plan, "ben", "He asked.")
    path = f"/plans/{plan.id}/{page}"
    said = editing_form(parse(pm.get(path).text)).values()
    said["reason"] = "As we said."
    put(pm, session, plan, "ann", "She is back.")
    step = f"{path}/propose" if page == "review" else path
    late = pm.post(step, data=said)
    assert late.status_code == 409
    again = parse(late.text)
    [told] = [row for row in again.root.all("tr") if "Newest version" in row.text]
    assert [cell.text for cell in told.all("td")] == ["2", "3"]
    kept = editing_form(again).values()
    assert (kept["reason"], kept["version"]) == ("As we said.", version(session, plan))


def test_versions_are_listed_compared_and_restored(pm: CheckedClient, session: Session, plan: Plan) -> None:
    put(pm, session, plan, "ben", "He asked.")
    listed = words(pm, f"/plans/{plan.id}/versions")
    assert "2 versions" in listed
    assert "He asked." in listed
    text = words(pm, f"/plans/{plan.id}/difference?from=1&to=2")
    assert "1 seat changes hands" in text
    assert "Ben Ode replaces Ann Lee on Developer, weeks 1–6, −" in text
    assert "Ann Lee replaces Ben Ode" in words(pm, f"/plans/{plan.id}/versions/1/restore")
    said = {"reason": "", "version": version(session, plan)}
    assert pm.send(f"/plans/{plan.id}/versions/1/restore", said).status_code == 303
    assert "Nothing differs" in words(pm, f"/plans/{plan.id}/difference?from=1&to=3")
    sheet = pm.get(f"/plans/{plan.id}/difference/file?from=1&to=2").data.decode("utf-8-sig")
    assert sheet.count("\r\n") == 3
    assert "Ben Ode replaces Ann Lee on Developer" in sheet


def test_unknown_versions_and_plans_are_not_found(pm: CheckedClient, plan: Plan) -> None:
    for path in ("difference?from=7", "difference?of=77", "versions/9/restore"):
        assert pm.get(f"/plans/{plan.id}/{path}").status_code == 404


def test_reader_is_told_what_changed_since_the_last_look(
    pm: CheckedClient, ops: CheckedClient, session: Session, plan: Plan
) -> None:
    assert "Changed since you last looked" not in words(ops, f"/plans/{plan.id}")
    put(pm, session, plan, "ben")
    assert "Changed since you last looked, at version 1." in words(ops, f"/plans/{plan.id}")
    assert "Changed since you last looked" not in words(ops, f"/plans/{plan.id}")
    assert "Who has seen it" in words(pm, f"/plans/{plan.id}/review")


def test_comment_at_a_seat_stands_there_and_is_edited_by_its_author(
    pm: CheckedClient, ops: CheckedClient, session: Session, plan: Plan
) -> None:
    seat = f"/plans/{plan.id}/seats/dev"
    said = {"text": "Why <b>Ann</b>?", "seat_key": "dev", "back": seat}
    assert pm.send(f"/talk/plans/{plan.id}/comments", said, page=seat).status_code == 303
    assert "Why &lt;b&gt;Ann" in ops.get(seat).text
    session.rollback()
    row = session.scalars(select(Comment)).one()
    path = f"/talk/comments/{row.id}/edit"
    session.rollback()
    assert ops.send(path, {"text": "Mine now", "version": "1"}, page=seat).status_code == 403
    assert pm.send(path, {"text": "Why Ann at all?", "version": "1"}).status_code == 303
    assert pm.send(path, {"text": "Lost?", "version": "1"}).status_code == 409
    assert pm.send(f"/talk/plans/{plan.id}/comments", {"text": " "}, page=seat).status_code == 422
    assert "Why Ann at all?" in ops.get(seat).text


def test_those_whom_another_plan_in_force_concerns_get_a_message(
    client_of: Callable[..., CheckedClient], session: Session, plan: Plan, user: Callable[..., User], me: User
) -> None:
    admin, omar = client_of(RoleName.ADMINISTRATOR), user(RoleName.OPERATIONS, name="Omar")
    recipient = omar.email
    session.commit()
    other = ready_plan(session, me, number=2, holders={"dev": "ben"})
    for one in (plan, other):
        said = {"reason": "Better.", "version": version(session, one)}
        page = f"/plans/{one.id}/review"
        assert admin.send(f"{page}/put-in-force", said, page=page).status_code == 303
    session.rollback()
    [mail] = [row for row in session.scalars(select(OutgoingMail)) if row.recipient == recipient]
    assert mail.subject == "Plan 2 is in force"
    assert "Ben Ode replaces Ann Lee on Developer" in mail.body
    assert "Béa Roux leaves Copywriter" in mail.body


def test_plan_in_force_by_agreeing_on_seats_is_told_of_once(
    client_of: Callable[..., CheckedClient], session: Session, plan: Plan, user: Callable[..., User], me: User
) -> None:
    admin, omar = client_of(RoleName.ADMINISTRATOR), user(RoleName.OPERATIONS, name="Omar")
    recipient = omar.email
    session.commit()
    other = ready_plan(session, me, number=2, holders={"dev": "ben", "copy": "bea"})

    def agree(one: Plan, seat: str) -> list[str]:
        """Agrees on a seat; the messages that Omar has got until then."""
        said = {"seats": seat, "reason": "Better.", "version": version(session, one)}
        assert admin.send(f"/plans/{one.id}/accept", said).status_code == 303
        session.rollback()
        rows = select(OutgoingMail).where(OutgoingMail.recipient == recipient).order_by(OutgoingMail.id)
        return [row.body for row in session.scalars(rows)]

    assert agree(plan, "copy") == []
    [body] = agree(other, "dev")
    assert "plan 2, version 2, " in body
    assert "Ben Ode replaces Ann Lee on Developer" in body
    assert "Copywriter" not in body
    assert agree(other, "copy") == [body]


def test_change_that_comes_in_force_by_agreeing_on_a_seat_is_told_of(
    program_of: Callable[..., Program], session: Session, plan: Plan, user: Callable[..., User]
) -> None:
    admin, omar = program_of(RoleName.ADMINISTRATOR), user(RoleName.OPERATIONS, name="Omar")
    recipient = omar.email
    session.commit()
    path = f"/plans/{plan.id}"
    for said, where in (({"seats": ["copy"]}, "accept"), ({"person": "ben"}, "assign/dev"), (["dev"], "accept")):
        told = said if isinstance(said, dict) else {"seats": said}
        lock = int(version(session, plan))
        assert admin.post(f"{path}/{where}", {"reason": "Better.", **told}, version=lock).status_code == 200
    session.rollback()
    [mail] = [row for row in session.scalars(select(OutgoingMail)) if row.recipient == recipient]
    assert "Ben Ode replaces Ann Lee on Developer" in mail.body


def test_api_says_the_same(program_of: Callable[..., Program], session: Session, plan: Plan) -> None:
    admin = program_of(RoleName.ADMINISTRATOR)
    path, lock = f"/plans/{plan.id}", plan.version
    assert admin.send("GET", "/plans/in-force").json["number"] is None
    assert admin.send("GET", "/plans/in-force/holds").json["plan_id"] is None
    done = admin.send("POST", f"{path}/put-in-force", {"reason": ""}, version=lock)
    assert done.status_code == 200
    found = admin.send("GET", "/plans/in-force").json
    assert (found["number"], found["version_number"]) == (1, 1)
    told = admin.send("GET", f"{path}/agreement").json
    assert (told["state"], told["is_in_force"]) == ("approved", True)
    assert [step["kind"] for step in told["steps"]] == ["proposed", "approved", "put_in_force"]
    changed = admin.send("POST", f"{path}/assign/dev", {"person": "ben"}, version=done.json["version"])
    assert changed.status_code == 200
    listed = admin.send("GET", f"{path}/versions").json
    assert [one["number"] for one in listed["items"]] == [2, 1]
    found = admin.send("GET", f"{path}/difference?from=1&to=2").json
    assert [(one["before"], one["after"]) for one in found["seats"]] == [("ann", "ben")]
    assert sum(found["terms_change"].values()) == found["points_change"]
    assert admin.send("GET", f"{path}/versions/1").json["standing"]["holders"] == {"dev": "ann", "copy": "bea"}
    holds = admin.send("GET", "/plans/in-force/holds").json
    assert (holds["version_number"], holds["breaks"]) == (1, [])
