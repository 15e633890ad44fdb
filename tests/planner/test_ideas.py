"""Ideas: anybody's, voted for once, decided with a reason and a name, with what became of them; and the board."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import rows
from pages import CheckedClient
from programs import Program
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner import access
from planner.models import Feedback, FeedbackState, Idea, IdeaState, IdeaVote, RoleName, User
from planner.schemas.outcomes_ideas import CardsMoved, IdeaDecided, IdeaSaid, OutcomeSaid
from planner.services import removal
from planner.services.outcomes import board, ideas
from planner.services.refused import Refused, Stale

World = dict[str, Any]


def test_vote_counts_once_and_can_be_taken_back(session: Session, world: World) -> None:
    idea, by = world["idea"], world["user"]
    assert ideas.vote(session, idea, by=by).num == 1
    again = ideas.vote(session, idea, by=by)
    assert (again.num, again.is_mine) == (1, True)
    back = ideas.take_back(session, idea, by=by)
    assert (back.num, back.is_mine) == (0, False)


@pytest.mark.parametrize("state", ["accepted", "declined", "done"])
def test_decision_wants_a_reason_and_bears_a_name(session: Session, world: World, state: str) -> None:
    with pytest.raises(ValueError, match="say_why"):
        IdeaDecided(state=state, reason=" ")
    idea = ideas.decide(
        session, world["idea"], IdeaDecided(state=state, reason="It costs little."), 1, by=world["user"]
    )
    assert (idea.state, idea.state_by, idea.state_reason) == (state, world["user"].name, "It costs little.")
    with pytest.raises(Refused) as caught:
        ideas.edit_idea(session, idea, IdeaSaid(title="Another"), idea.version)
    assert caught.value.code == "idea_is_decided"
    with pytest.raises(Stale):
        ideas.decide(session, idea, IdeaDecided(state="new"), 1, by=world["user"])


def test_what_became_of_it_names_a_role_need_and_survives_it(session: Session, world: World) -> None:
    changed = OutcomeSaid(kind="criterion", text="Attention to detail from 3.5", need_id=world["need"].id)
    outcome = ideas.note_outcome(session, world["idea"], changed, by=world["user"])
    assert world["idea"].version == 2
    removal.remove(session, world["need"], title="need", by_id=None)
    session.refresh(outcome)
    assert (outcome.need_id, outcome.text) == (None, "Attention to detail from 3.5")
    with pytest.raises(Refused):
        ideas.note_outcome(session, world["idea"], OutcomeSaid(text="Again", need_id=98765), by=world["user"])


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "a"]
)
def test_page_of_another_host_is_no_outcome(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        OutcomeSaid(text="Changed", address=address)
    assert OutcomeSaid(text="Changed", address="/projects/3?x=1#phase-2").address


def test_removed_idea_takes_its_votes_and_brings_them_back(session: Session, world: World) -> None:
    ideas.vote(session, world["idea"], by=world["user"])
    gone = removal.remove(session, world["idea"], title="idea", by_id=None)
    assert session.scalar(select(func.count()).select_from(IdeaVote)) == 0
    removal.restore(session, gone)
    assert session.scalar(select(func.count()).select_from(IdeaVote)) == 1


# The pages


def test_member_has_an_idea_votes_and_reads_the_decision(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    member, ops = client_of(RoleName.MEMBER), client_of(RoleName.OPERATIONS)
    added = member.send("/ideas/add", {"title": "A checklist for mailings", "text": "Twenty minutes."})
    assert added.status_code == 303
    page = added.location
    assert ops.send(f"{page}/vote", {"is_mine": "true"}, page=page).status_code == 303
    assert "<b>1</b> finds it good." in member.get(page).text
    assert "A checklist for mailings" in member.get("/ideas").text
    assert member.send(f"{page}/decide", {"state": "accepted", "reason": "it is mine"}, page=page).status_code == 403
    silent = ops.send(f"{page}/decide", {"state": "accepted", "version": "1"}, page=page)
    assert silent.status_code == 422
    said = {"state": "accepted", "reason": "From the next mailing on.", "version": "1"}
    assert ops.send(f"{page}/decide", said, page=page).status_code == 303
    shown = member.get(page).text
    assert "From the next mailing on." in shown
    assert f'href="{page}/edit"' not in shown
    outcome = {"kind": "other", "text": "A checklist stands in the folder"}
    assert ops.send(f"{page}/outcomes/add", outcome, page=page).status_code == 303
    assert "A checklist stands in the folder" in member.get("/ideas").text


def test_pm_decides_for_their_own_project_alone(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    pm, other = client_of(as_user=session.get_one(User, world["project"].pm_id)), client_of(RoleName.PROJECT_MANAGER)
    page = f"/ideas/{world['idea'].id}"
    said = {"state": "declined", "reason": "We tried it.", "version": "1"}
    assert other.send(f"{page}/decide", said, page=page).status_code == 403
    assert pm.send(f"{page}/decide", said, page=page).status_code == 303


def test_who_had_an_idea_does_not_decide_on_it(session: Session, world: World) -> None:
    """What is one's own to edit is not one's own to decide on."""

    author = rows.user(session, RoleName.PROJECT_MANAGER)
    idea = Idea(title="Mine", by_id=author.id)
    session.add(idea)
    session.flush()
    assert access.allowed(author, "idea.edit", idea)
    assert not access.allowed(author, "idea.decide", idea)


def test_csv_of_ideas_is_inert(client_of: Callable[..., CheckedClient], session: Session, world: World) -> None:
    world["idea"].title = "=1+1"
    session.commit()
    text = client_of(RoleName.MEMBER).get("/ideas/ideas.csv").text
    assert "'=1+1" in text


# The board


def test_board_has_both_with_what_became_of_each(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    ops = client_of(RoleName.OPERATIONS)
    feedback, key = world["feedback"], f"feedback-{world['feedback'].id}:1"
    moved = ops.send("/voices/move", {"one": f"{key}:taken"}, page="/voices")
    assert moved.status_code == 303
    assert moved.location == f"/voices#card-feedback-{feedback.id}"
    shown = ops.get("/voices").text
    assert f'data-card="feedback-{feedback.id}:2"' in shown
    idea = session.scalars(select(Idea).where(Idea.feedback_id == feedback.id)).one()
    assert f'→ <a href="/ideas/{idea.id}">It came in time</a>, new' in shown


def test_decision_on_the_board_wants_a_reason_and_moves_nothing_without(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    ops = client_of(RoleName.OPERATIONS)
    cards = [f"idea-{world['idea'].id}:1", f"feedback-{world['feedback'].id}:1"]
    silent = ops.send("/voices/move", {"cards": cards, "to": "closed"}, page="/voices")
    assert silent.status_code == 409
    assert "Say why, in a few words at least." in silent.text
    assert len(re.findall(r'name="cards"[^>]* checked', silent.text)) == 2
    assert (
        ops.send("/voices/move", {"cards": cards, "to": "closed", "reason": "Said before."}, page="/voices").status_code
        == 303
    )
    session.expire_all()
    assert session.get_one(Idea, world["idea"].id).state is IdeaState.DECLINED
    assert session.get_one(Feedback, world["feedback"].id).state is FeedbackState.NO_ACTION


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"one": "feedback-1"}, 422), ({"one": "person-1:1:done"}, 422), ({"one": "idea-98765:1:looked_at"}, 409),
     ({"cards": ["feedback-x:1"], "to": "done"}, 422), ({"to": "done"}, 422), ({"one": "::::"}, 422)],
)  # fmt: skip
def test_card_that_is_none_is_refused(
    client_of: Callable[..., CheckedClient], world: World, sent: dict[str, Any], status: int
) -> None:
    assert client_of(RoleName.OPERATIONS).send("/voices/move", sent, page="/voices").status_code == status


def test_cards_move_together_or_not_at_all(session: Session, world: World) -> None:
    cards = [{"kind": "feedback", "id": world["feedback"].id, "version": 1},
             {"kind": "idea", "id": world["idea"].id, "version": 7}]  # fmt: skip
    moving = CardsMoved.model_validate({"cards": cards, "to": "looked_at"})
    with pytest.raises(Stale):
        board.move(session, moving, by=world["user"])


def test_pm_moves_only_what_is_their_own(
    client_of: Callable[..., CheckedClient], session: Session, world: World
) -> None:
    stranger = client_of(RoleName.PROJECT_MANAGER)
    key = f"feedback-{world['feedback'].id}:1"
    assert stranger.send("/voices/move", {"one": f"{key}:looked_at"}, page="/voices").status_code == 403
    mine = client_of(as_user=session.get_one(User, world["project"].pm_id))
    assert mine.send("/voices/move", {"one": f"{key}:looked_at"}, page="/voices").status_code == 303


def test_filters_of_the_board_live_in_its_address(client_of: Callable[..., CheckedClient], world: World) -> None:
    ops = client_of(RoleName.OPERATIONS)
    both = ops.get(f"/voices?project={world['project'].id}").text
    assert "It came in time." in both
    assert world["idea"].title in both
    shows = ("kind=feedback", "sentiment=happy", "source=meeting", "q=time")
    hides = ("kind=idea", "sentiment=1", "source=mail", "q=nothing", "project=none")
    for query, is_there in (*((query, True) for query in shows), *((query, False) for query in hides)):
        assert ("It came in time." in ops.get(f"/voices?{query}").text) is is_there, query


# The API


def test_api_votes_decides_and_says_what_became_of_it(program: Program, program_of: Any, world: World) -> None:
    member = program_of(RoleName.MEMBER)
    path = f"/ideas/{world['idea'].id}"
    assert member.post(f"{path}/votes", Idempotency_Key="1").json["num"] == 1
    assert program.get(f"{path}/votes").json == {"idea_id": world["idea"].id, "num": 1, "is_mine": False}
    assert member.post(f"{path}/votes/take_back", Idempotency_Key="6").json["num"] == 0
    assert member.post(f"{path}/decision", {"state": "new"}, version=1, Idempotency_Key="2").status_code == 403
    silent = program.post(f"{path}/decision", {"state": "done"}, version=1, Idempotency_Key="3")
    assert (silent.status_code, silent.json["errors"][0]["code"]) == (422, "say_why")
    said = {"state": "done", "reason": "It is in the template."}
    assert program.post(f"{path}/decision", said, version=1, Idempotency_Key="4").json["state"] == "done"
    outcome = {"kind": "template", "text": "Campaign team asks for it", "address": "/projects"}
    assert program.post(f"{path}/outcomes", outcome, Idempotency_Key="5").status_code == 201
    assert program.get(path).json["outcomes"][0]["text"] == "Campaign team asks for it"


def test_what_became_of_it_leads_to_the_template_version_and_the_proposal(
    client_of: Callable[..., CheckedClient], program: Program, session: Session, world: World
) -> None:
    idea, template, proposal = world["idea"], world["template"], world["proposal"]
    seen = {
        "template": f"/templates/{template.id}/history#version-1",
        "criterion": f"/outcomes/proposals/{proposal.id}",
        "other": "/nowhere/at/all",
    }
    for kind, address in seen.items():
        ideas.note_outcome(session, idea, OutcomeSaid(kind=kind, text=f"By {kind}", address=address), by=world["user"])
    far = OutcomeSaid(kind="other", text="By nothing", address=f"/templates/{'9' * 30}")
    ideas.note_outcome(session, idea, far, by=world["user"])
    session.commit()
    page = f"/ideas/{idea.id}"
    shown = client_of(RoleName.OPERATIONS).get(page).text
    assert f'<a href="{seen["template"]}">By template</a>' in shown
    assert f"team template {template.name}, version 1" in shown
    assert f'<a href="{seen["criterion"]}">By criterion</a>' in shown
    assert "By other" in shown
    assert seen["other"] not in shown, "no link that leads nowhere"
    assert [one["address"] for one in program.get(page).json["outcomes"]] == [*seen.values(), far.address]
    member = client_of(RoleName.MEMBER).get(page).text
    assert "By template" in member
    assert f'href="{seen["template"]}"' not in member, "whoever may not see it gets no link to it"
    assert f"team template {template.name}" not in member, "nor its name"
    assert shown.count("it is there no more") == 1, "a number beyond all rows is an address of nothing"
    removal.remove(session, template, title="template", by_id=None)
    session.commit()
    gone = client_of(RoleName.OPERATIONS).get(page).text
    assert f'href="{seen["template"]}"' not in gone
    assert gone.count("it is there no more") == 2
