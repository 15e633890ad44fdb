"""What somebody is told of work and voices: a task that is theirs now, what a client says, what became of an idea."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from markup import parse
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Feedback,
    IdeaState,
    Notification,
    NotificationKind,
    OutgoingMail,
    RoleName,
    Task,
    User,
    Way,
    today,
)
from planner.schemas.outcomes_feedback import ClientLinkSaid, ClientSaid
from planner.schemas.outcomes_ideas import IdeaDecided
from planner.schemas.work_talk import ChoicesSaid, CommentSaid
from planner.schemas.work_tasks import MergeSaid, TaskSaid
from planner.services.outcomes import client_links, ideas
from planner.services.outcomes import feedback as voices
from planner.services.work import choices, following, merging, talking, tasks


@pytest.fixture
def member(session: Session, world: dict[str, Any], user: Callable[..., User]) -> User:
    """Whose the world's task is."""
    someone = user(RoleName.MEMBER, name="Ann Lee")
    someone.person_id = world["person"].id
    session.commit()
    return someone


def steps(session: Session, user: User, row: Any) -> list[str]:
    """The decisions about a record that a user was told of, in order."""
    found = select(Notification).where(Notification.user_id == user.id, Notification.kind == NotificationKind.DECISION)
    told = session.scalars(found.order_by(Notification.id))
    return [one.detail["step"] for one in told if one.about is row]


def as_said(task: Task, **changes: Any) -> TaskSaid:
    kept = {name: getattr(task, name) for name in TaskSaid.model_fields if name != "checklist"}
    return TaskSaid.model_validate(kept | changes)


def test_whom_a_task_is_given_to_is_told(session: Session, world: dict[str, Any], omar: User, member: User) -> None:
    said = TaskSaid(title="Write to the client", owner_id=member.person_id)
    given = tasks.add_task(session, world["board"], said, by=omar)
    assert steps(session, member, given) == ["task_given"]
    tasks.edit_task(session, given, as_said(given, title="Call the client"), given.version, by=omar)
    assert steps(session, member, given) == ["task_given"]
    tasks.edit_task(session, given, as_said(given, owner_id=None), given.version, by=omar)
    tasks.edit_task(session, given, as_said(given, owner_id=member.person_id), given.version, by=omar)
    assert steps(session, member, given) == ["task_given", "task_given"]


def test_nobody_is_told_of_a_task_that_they_took_themselves(
    session: Session, world: dict[str, Any], member: User
) -> None:
    taken = tasks.add_task(session, world["board"], TaskSaid(title="Mine", owner_id=member.person_id), by=member)
    assert steps(session, member, taken) == []


def test_what_a_client_says_is_told_to_who_manages_the_project(
    session: Session, world: dict[str, Any], ines: User, omar: User, member: User
) -> None:
    said = ClientLinkSaid(until=today() + timedelta(days=9), is_single_use=True)
    _link, secret = client_links.make_link(session, world["project"], said, by=ines)
    came = client_links.answer(session, secret, ClientSaid(text="It came late.", sentiment=2, said_by="Kim"))
    assert steps(session, ines, came) == ["feedback_came"]
    assert steps(session, omar, came) == steps(session, member, came) == []


def test_who_wants_an_e_mail_has_it_as_the_client_says_it(
    session: Session, world: dict[str, Any], ines: User, client_of: Callable[..., CheckedClient]
) -> None:
    row = choices.to_edit(session, ines)
    choices.choose(session, row, ChoicesSaid.model_validate({"ways": {"decision": Way.MAIL}}), row.version)
    said = ClientLinkSaid(until=today() + timedelta(days=9), is_single_use=True)
    _link, secret = client_links.make_link(session, world["project"], said, by=ines)
    session.commit()
    answer = client_of().send(f"/say/{secret}", {"text": "It came late.", "sentiment": 2, "said_by": "Kim"})
    assert answer.status_code == 303
    came = session.scalars(select(Feedback).order_by(Feedback.id.desc())).first()
    [message] = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == ines.email))
    assert message.subject.startswith("A client has said something: feedback of Kim")
    address = re.search(r"https?://[^/\s]+(/feedback/\d+)", message.body)
    assert address is not None
    assert address[1] == f"/feedback/{came.id}"
    assert "It came late." in client_of(as_user=ines).get(address[1]).text


def test_who_had_an_idea_hears_what_became_of_it(
    session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    idea = world["idea"]  # the manager's own
    for state in (IdeaState.CONSIDERED, IdeaState.DECLINED, IdeaState.NEW):
        ideas.decide(session, idea, IdeaDecided(state=state, reason="Not this year."), idea.version, by=omar)
    assert steps(session, ines, idea) == ["idea_considered", "idea_declined"]
    assert steps(session, omar, idea) == []


@pytest.mark.parametrize("state", [IdeaState.CONSIDERED, IdeaState.ACCEPTED, IdeaState.DECLINED, IdeaState.DONE])
def test_every_decision_on_an_idea_has_its_words_and_leads_to_it(
    session: Session, world: dict[str, Any], ines: User, omar: User,
    client_of: Callable[..., CheckedClient], state: IdeaState,
) -> None:  # fmt: skip
    idea = world["idea"]
    ideas.decide(session, idea, IdeaDecided(state=state, reason="As we said."), idea.version, by=omar)
    session.commit()
    client = client_of(as_user=ines)
    [link] = [one for one in parse(client.get("/notifications").text).root.all("a") if "Omar Diop" in one.text]
    assert idea.title in link.text
    assert client.get(link.get("href")).location == f"/ideas/{idea.id}"


def test_merged_task_takes_along_what_was_said_and_who_follows(
    session: Session, world: dict[str, Any], omar: User, member: User
) -> None:
    task, into = world["task"], world["other_task"]
    first = talking.say(session, task, CommentSaid(text="Who asked for this, @Ann Lee?"), by=omar)
    answer = talking.say(session, task, CommentSaid(text="They did.", parent_id=first.id), by=member)
    assert omar in following.followers(session, task)
    merging.merge_task(session, task, MergeSaid(other_id=into.id), task.version, by=omar)
    session.expire_all()
    [thread] = talking.threads_of(talking.comments_of(session, into))
    assert (thread.first.id, [one.id for one in thread.answers]) == (first.id, [answer.id])
    assert talking.comments_of(session, task) == []
    assert {omar, member} <= set(following.followers(session, into))
    about = session.scalars(select(Notification).where(Notification.comment_id.is_not(None)))
    assert {one.about for one in about if one.about_kind == "task"} == {into}


def test_task_that_comes_out_of_feedback_says_so_on_both_pages(
    session: Session, world: dict[str, Any], client_of: Callable[..., CheckedClient], ines: User
) -> None:
    feedback, board = world["feedback"], world["board"]
    client = client_of(as_user=ines)
    page = client.get(f"/feedback/{feedback.id}")
    address = f"/tasks/add/{board.id}?feedback={feedback.id}"
    assert address in [one.get("href") for one in parse(page.text).root.all("a")]
    assert title_in(client.get(address).text) == "It came in time"
    posted = client.send(address, {"title": "Thank them", "feedback_id": feedback.id})
    assert posted.status_code == 303
    task = session.scalars(select(Task).where(Task.title == "Thank them")).one()
    assert task.feedback_id == feedback.id
    assert f"/feedback/{feedback.id}" in client.get(f"/tasks/{task.id}").text
    assert f"/tasks/{task.id}" in client.get(f"/feedback/{feedback.id}").text


@pytest.mark.parametrize("ident", ["0", "-1", "99999", "9" * 30, "x", ""])
def test_task_out_of_no_feedback_begins_empty(
    world: dict[str, Any], client_of: Callable[..., CheckedClient], ines: User, ident: str
) -> None:
    page = client_of(as_user=ines).get(f"/tasks/add/{world['board'].id}?feedback={ident}")
    assert page.status_code == 200
    assert title_in(page.text) == ""


def test_member_who_edits_a_task_keeps_the_links_that_they_may_not_read(
    session: Session, world: dict[str, Any], client_of: Callable[..., CheckedClient], member: User
) -> None:
    task, feedback, requisition = world["task"], world["feedback"], world["requisition"]
    task.feedback_id, task.requisition_id = feedback.id, requisition.id
    requisition.title = "Nothing for members either"
    other = Feedback(**{**voiced(feedback), "text": "Nothing for members."})
    session.add(other)
    session.commit()
    client = client_of(as_user=member)
    page = client.get(f"/tasks/{task.id}/edit").text
    assert not [text for text in (feedback.text, other.text, requisition.title) if text in page]
    assert client.save(f"/tasks/{task.id}/edit", title="Done by Friday").status_code == 303
    session.expire_all()
    assert (task.title, task.feedback_id, task.requisition_id) == ("Done by Friday", feedback.id, requisition.id)


def test_feedback_on_offer_is_of_the_project_the_latest_first(session: Session, world: dict[str, Any]) -> None:
    feedback = world["feedback"]
    later = Feedback(**{**voiced(feedback), "said_on": feedback.said_on + timedelta(days=1)})
    elsewhere = Feedback(**{**voiced(feedback), "project_id": None, "said_on": today()})
    session.add_all([later, elsewhere])
    session.flush()
    assert voices.to_name(session, world["project"], 9) == [later, feedback]
    assert elsewhere in voices.to_name(session, None, 9)
    assert voices.to_name(session, world["project"], 1) == [later]


def title_in(page: str) -> str:
    [field] = [one for one in parse(page).root.all("input") if one.get("name") == "title"]
    return field.get("value")


def voiced(feedback: Feedback) -> dict[str, Any]:
    names = ("project_id", "text", "sentiment", "source", "said_on")
    return {name: getattr(feedback, name) for name in names}
