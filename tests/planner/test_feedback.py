"""Feedback: written down by staff, followed up, and found where the work is planned; a mean from five on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rows
from pages import CheckedClient
from programs import Program
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    Feedback,
    FeedbackSource,
    FeedbackState,
    Idea,
    NeedStyle,
    Project,
    RoleName,
    User,
    today,
)
from planner.schemas.outcomes_feedback import FeedbackSaid, FeedbackStateSaid
from planner.services import removal
from planner.services.outcomes import feedback, said
from planner.services.refused import Refused, Stale

World = dict[str, Any]


@pytest.fixture
def world(session: Session, user: Callable[..., User]) -> World:
    world = rows.world(session, user(RoleName.PROJECT_MANAGER, name="Paula"))
    session.delete(world["feedback"])
    world["project"].client = "Kastrel"
    session.commit()
    return world


def say(session: Session, by: User, sentiment: int = 4, **about: int | str) -> Feedback:
    plain = {"text": "It came in time.", "sentiment": sentiment, "said_on": today(), **about}
    return feedback.add_feedback(session, FeedbackSaid.model_validate(plain), by=by)


def test_seat_is_in_its_phase_and_phase_in_its_project(session: Session, world: World) -> None:
    one = say(session, world["user"], seat_id=world["seat"].id)
    assert (one.phase_id, one.project_id) == (world["phase"].id, world["project"].id)
    session.add(Project(key="other", name="Other"))
    session.flush()
    other = session.scalars(select(Project.id).where(Project.key == "other")).one()
    for about, code in (("seat", "seat_is_elsewhere"), ("phase", "phase_is_elsewhere")):
        with pytest.raises(Refused) as caught:
            say(session, world["user"], **{"project_id": other, f"{about}_id": world[about].id})
        assert (caught.value.code, caught.value.field) == (code, f"{about}_id")


def test_nothing_is_done_only_with_a_reason(session: Session, world: World) -> None:
    one = say(session, world["user"])
    with pytest.raises(ValueError, match="say_why"):
        FeedbackStateSaid(state="no_action")
    done = FeedbackStateSaid(state="no_action", reason="It was said of another agency.")
    feedback.set_state(session, one, done, one.version, by=world["user"])
    assert (one.state, one.state_by) == (FeedbackState.NO_ACTION, world["user"].name)
    with pytest.raises(Stale):
        feedback.set_state(session, one, done, 1, by=world["user"])


def test_it_is_no_idea_before_there_is_one(session: Session, world: World) -> None:
    one = say(session, world["user"])
    with pytest.raises(Refused) as caught:
        feedback.set_state(session, one, FeedbackStateSaid(state="idea"), one.version, by=world["user"])
    assert caught.value.code == "no_idea_yet"


def test_one_click_makes_an_idea_once(session: Session, world: World) -> None:
    about = {"project_id": world["project"].id, "style_id": world["style"].id}
    one = say(session, world["user"], text="Prices were wrong. We found it late.", **about)
    idea = feedback.make_idea(session, one, one.version, by=world["user"])
    assert (idea.title, idea.text, idea.project_id, idea.style_id) == (
        "Prices were wrong", one.text, world["project"].id, world["style"].id,
    )  # fmt: skip
    assert one.state is FeedbackState.IDEA
    assert feedback.make_idea(session, one, one.version, by=world["user"]) is idea
    before = session.scalar(select(func.count(Idea.id)))
    removal.remove(session, one, title="gone", by_id=None)
    assert session.scalar(select(func.count(Idea.id))) == before
    assert session.get_one(Idea, idea.id).feedback_id is None


def test_clients_own_words_stay(session: Session, world: World) -> None:
    theirs = Feedback(text="You were late.", sentiment=1, source=FeedbackSource.LINK, said_on=today())
    session.add(theirs)
    session.flush()
    plain = {"text": "You were late.", "sentiment": 1, "source": "link", "said_on": today()}
    for field, value in (("text", "You were early."), ("sentiment", 5), ("source", "mail"), ("said_by", "Zoé")):
        changed = FeedbackSaid.model_validate({**plain, field: value})
        with pytest.raises(Refused) as caught:
            feedback.edit_feedback(session, theirs, changed, theirs.version)
        assert (caught.value.code, caught.value.field) == ("client_words_stay", field)
    placed = FeedbackSaid.model_validate({**plain, "phase_id": world["phase"].id})
    assert feedback.edit_feedback(session, theirs, placed, theirs.version).project_id == world["project"].id


# Where it is found


def test_mean_is_silent_below_five(session: Session, world: World) -> None:
    for num in range(1, 6):
        say(session, world["user"], sentiment=num, phase_id=world["phase"].id)
        found = said.said_of(session, world["phase"])
        assert (found.num, found.mean) == (num, None if num < 5 else 3.0)
    assert len(found.newest) == 3
    assert said.said_of_phases(session, world["project"])[world["phase"].id] == found


def test_role_need_sees_what_the_same_client_said_elsewhere_and_nobody_elses(session: Session, world: World) -> None:
    same, other = Project(key="p2", name="Two", client="KASTREL "), Project(key="p3", name="Three", client="Else")
    unnamed = Project(key="p4", name="Four")
    session.add_all([same, other, unnamed])
    session.flush()
    for project in (same, other, unnamed):
        say(session, world["user"], project_id=project.id, style_id=world["style"].id)
    same.client = "kastrel"
    session.flush()
    found = said.said_of_criteria(session, world["project"])
    assert {key: one.num for key, one in found.items()} == {("style", world["style"].id): 1}
    assert said.said_of_criteria(session, unnamed)["style", world["style"].id].num == 1


def test_what_clients_say_stands_on_every_page_that_it_is_about(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    client = client_of(RoleName.ADMINISTRATOR)
    about = {"seat_id": world["seat"].id, "skill_id": world["skill"].id, "style_id": world["style"].id}
    say(session, world["user"], text="Words of a client.", **about)
    world["need"].styles.append(NeedStyle(style_id=world["style"].id, min=3.0, reason="works with the client"))
    session.commit()
    for path in (
        f"/projects/{world['project'].id}",
        f"/skills/{world['skill'].id}/edit",
        f"/styles/{world['style'].id}/edit",
        f"/plans/{world['plan'].id}/seats/{world['seat'].key}",
        f"/plans/{world['plan'].id}/teams/{world['phase'].key}",
        f"/seats/{world['seat'].key}/people",
        f"/needs/{world['need'].id}/edit",
        "/feedback",
        "/voices",
    ):
        assert "Words of a client." in client.get(path).text, path
    need = client.get(f"/needs/{world['need'].id}/edit").text
    assert "This client said something of it, 1 time" in need
    team = client.get(f"/projects/{world['project'].id}").text
    assert "What clients say of this team: 1 time" in team


def test_pages_show_a_mean_from_five_on_with_how_many(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    client, path = client_of(RoleName.OPERATIONS), f"/projects/{world['project'].id}"
    for sentiment in (1, 2, 4, 4):
        say(session, world["user"], sentiment=sentiment, project_id=world["project"].id)
    session.commit()
    assert "a mean is shown from five on" in client.get(path).text
    say(session, world["user"], sentiment=5, project_id=world["project"].id)
    session.commit()
    assert "mean 3.2 of 5 (5 answers)" in client.get(path).text


def test_members_see_no_feedback(client_of: Callable[..., CheckedClient], session: Session, world: World) -> None:
    say(session, world["user"], text="Words of a client.", skill_id=world["skill"].id)
    session.commit()
    member = client_of(RoleName.MEMBER)
    for path in ("/feedback", "/voices", "/feedback/feedback.csv"):
        assert member.get(path).status_code == 404


def test_start_page_tells_pm_and_operations_what_waits(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    say(session, world["user"], project_id=world["project"].id)
    session.delete(world["objective_reading"])
    session.commit()
    pm = session.get_one(User, world["project"].pm_id)
    for client in (client_of(RoleName.OPERATIONS), client_of(as_user=pm)):
        assert "1 answer of a client is new" in client.get("/").text
    assert "1 objective is behind, or wants a reading" in client_of(as_user=pm).get("/").text
    for client in (client_of(RoleName.PROJECT_MANAGER), client_of(RoleName.MEMBER), client_of(RoleName.EXECUTIVE)):
        page = client.get("/").text
        assert "answer of a client" not in page
        assert "objective is behind" not in page


# The pages


def test_form_offers_teams_and_seats_of_the_project_that_is_chosen(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    client = client_of(RoleName.OPERATIONS)
    empty = client.get("/feedback/add").text
    assert "Build: Writer" not in empty
    assert "readonly" not in empty
    again = client.send("/feedback/add", {"project_id": str(world["project"].id), "text": "A", "edit_again": "1"})
    assert again.status_code == 200
    assert "Build: Writer" in again.text
    assert session.scalar(select(func.count(Feedback.id))) == 0


def test_feedback_is_written_down_followed_up_and_becomes_an_idea(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    client = client_of(RoleName.OPERATIONS)
    typed = {"text": "Prices were wrong.", "sentiment": "2", "source": "call", "said_on": str(today()),
             "project_id": str(world["project"].id), "phase_id": str(world["phase"].id)}  # fmt: skip
    added = client.send("/feedback/add", typed)
    assert added.status_code == 303
    page = added.location
    shown = client.get(page).text
    assert "unhappy · 2 of 5" in shown
    refused = client.send(f"{page}/state", {"state": "no_action", "version": "1"}, page=page)
    assert refused.status_code == 422
    looked = client.send(f"{page}/state", {"state": "looked_at", "version": "1"}, page=page)
    assert looked.status_code == 303
    idea = client.send(f"{page}/idea", {"version": "2"}, page=page)
    assert idea.location.startswith("/ideas/")
    assert "Prices were wrong" in client.get(idea.location).text
    assert "became an idea" in client.get(page).text


def test_csv_of_the_list_is_inert_and_follows_the_filters(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    say(session, world["user"], text='=HYPERLINK("x")', sentiment=1)
    say(session, world["user"], text="Well done.", sentiment=5)
    session.commit()
    text = client_of(RoleName.EXECUTIVE).get("/feedback/feedback.csv?sentiment=unhappy").text
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text
    assert "Well done." not in text


def test_script_in_feedback_is_text(client_of: Callable[..., CheckedClient], session: Session, world: World) -> None:
    one = say(session, world["user"], text="<img src=x onerror=alert(1)> <script>alert(1)</script>",
              project_id=world["project"].id)  # fmt: skip
    session.commit()
    client = client_of(RoleName.OPERATIONS)
    for path in (f"/feedback/{one.id}", "/feedback", "/voices", f"/projects/{world['project'].id}"):
        page = client.get(path).text
        assert "<img src=x" not in page, path
        assert "<script>alert" not in page, path


@pytest.mark.parametrize(
    "query", ["project=x", "sentiment=9", "source=gossip", "skill=-1", "style=9999999999", "q=%00"]
)
def test_odd_filters_find_nothing_and_break_nothing(client_of: Callable[..., CheckedClient], query: str) -> None:
    client = client_of(RoleName.OPERATIONS)
    for path in ("/feedback", "/voices", "/ideas"):
        assert client.get(f"{path}?{query}").status_code == 200


# The API


def test_api_follows_up_and_makes_an_idea(program: Program, session: Session, world: World) -> None:
    plain = {"text": "Prices were wrong.", "sentiment": 2, "said_on": str(today())}
    added = program.post("/feedback", {**plain, "project_id": world["project"].id}, Idempotency_Key="1")
    assert added.status_code == 201, added.text
    path = f"/feedback/{added.json['id']}"
    looked = program.post(f"{path}/state", {"state": "looked_at"}, version=1, Idempotency_Key="2")
    assert looked.json["state"] == "looked_at"
    late = program.post(f"{path}/state", {"state": "done"}, version=1, Idempotency_Key="3")
    assert late.status_code == 412
    idea = program.post(f"{path}/idea", version=2, Idempotency_Key="4")
    assert idea.status_code == 200, idea.text
    assert idea.json["feedback_id"] == added.json["id"]
    found = program.get(f"/feedback?project={world['project'].id}&sentiment=unhappy&state=idea").json
    assert [row["id"] for row in found["items"]] == [added.json["id"]]
