"""What people say about a record: who may, whom it names, who follows, who is told; said otherwise, settled, gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from planner.models import (
    TALKED_ABOUT,
    Alert,
    AlertKind,
    Booking,
    BookingKind,
    Candidate,
    Comment,
    Follow,
    Mention,
    Notification,
    NotificationKind,
    OutgoingMail,
    Removal,
    RoleName,
    Scenario,
    User,
)
from planner.schemas.hiring_rights import ErasedSaid
from planner.schemas.work_talk import CommentSaid, TextSaid
from planner.services import removal
from planner.services.hiring import access_export, erasing
from planner.services.refused import Refused, Stale
from planner.services.work import following, mentions, talking
from planner.services.work.kinds import KIND_OF, KINDS, kind_of

OPS, PM, MEMBER, EXEC = RoleName.OPERATIONS, RoleName.PROJECT_MANAGER, RoleName.MEMBER, RoleName.EXECUTIVE


def say(session: Session, row: Any, text: str, by: User, **said: Any) -> Comment:
    return talking.say(session, row, CommentSaid(text=text, **said), by=by)


def told(session: Session, user: User) -> list[tuple[NotificationKind, int | None]]:
    found = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return [(one.kind, one.comment_id) for one in session.scalars(found) if one.comment_id is not None]


def test_every_kind_has_a_reference_a_table_and_a_noun() -> None:
    assert {kind.name for kind in KINDS} == set(TALKED_ABOUT)
    assert all(kind.see and kind.comment for kind in KINDS)
    assert set(KIND_OF) == {kind.model for kind in KINDS}


@pytest.mark.parametrize("kind", TALKED_ABOUT)
def test_something_is_said_about_every_kind(session: Session, world: dict[str, Any], omar: User, kind: str) -> None:
    row = world[kind]
    comment = say(session, row, "Why?", omar)
    assert comment.about is row
    assert (comment.about_kind, comment.about_id) == (kind, row.id)
    assert [one.id for one in talking.comments_of(session, row)][-1] == comment.id
    assert omar in following.followers(session, row)


def test_people_are_no_subject(session: Session, world: dict[str, Any], omar: User) -> None:
    with pytest.raises(KeyError):
        say(session, world["person"], "Slow.", omar)


def test_comment_on_a_plan_names_the_version_and_maybe_a_seat(
    session: Session, world: dict[str, Any], omar: User
) -> None:
    plan, seat = world["plan"], world["seat"].key
    assert say(session, plan, "Fine.", omar).version_number == 1
    assert say(session, plan, "Here?", omar, seat_key=seat).seat_key == seat
    for row, key in ((plan, "nowhere"), (world["project"], seat)):
        with pytest.raises(Refused) as refused:
            say(session, row, "Here?", omar, seat_key=key)
        assert refused.value.code == "no_such_seat"


def test_answer_hangs_on_what_it_answers_one_level_deep(session: Session, world: dict[str, Any], omar: User) -> None:
    row = world["project"]
    first = say(session, row, "When?", omar)
    answer = say(session, row, "In May.", omar, parent_id=first.id)
    deeper = say(session, row, "Early May?", omar, parent_id=answer.id)
    assert (answer.parent_id, deeper.parent_id) == (first.id, first.id)
    [thread] = talking.threads_of(talking.comments_of(session, row))
    assert [one.id for one in thread.answers] == [answer.id, deeper.id]
    for parent in (first.id + 999, world["comment"].id):
        with pytest.raises(Refused) as refused:
            say(session, row, "Lost?", omar, parent_id=parent)
        assert (refused.value.code, refused.value.field) == ("comment_is_gone", "parent_id")


def test_answer_about_a_seat_stays_at_the_seat(session: Session, world: dict[str, Any], omar: User) -> None:
    plan, seat = world["plan"], world["seat"].key
    first = say(session, plan, "Her?", omar, seat_key=seat)
    assert say(session, plan, "Yes.", omar, parent_id=first.id).seat_key == seat


# Whom a text names


def test_named_user_is_told_once_and_follows(session: Session, world: dict[str, Any], omar: User, ines: User) -> None:
    row = world["skill"] and world["style"]
    comment = say(session, row, "@Inès Roux, look. And @inès  roux again.", omar)
    assert [one.user_id for one in comment.mentions] == [ines.id]
    assert told(session, ines) == [(NotificationKind.MENTION, comment.id)]
    assert ines in following.followers(session, row)


@pytest.mark.parametrize("text", ["mail a@Inès Roux", "@Inès Rouxel", "@@Inès Roux", "@ Inès Roux", "@Ghost of May"])
def test_what_only_looks_like_a_name_names_nobody(
    session: Session, world: dict[str, Any], omar: User, ines: User, text: str
) -> None:
    assert say(session, world["style"], text, omar).mentions == []


def test_of_two_names_that_begin_alike_the_longer_one_is_meant(
    session: Session, world: dict[str, Any], omar: User, user: Callable[..., User]
) -> None:
    ann, lee = user(PM, name="Ann"), user(PM, name="Ann Lee")
    assert [one.user_id for one in say(session, world["style"], "@Ann Lee?", omar).mentions] == [lee.id]
    assert [one.user_id for one in say(session, world["style"], "@Ann: Lee?", omar).mentions] == [ann.id]


def test_namesakes_are_told_apart_by_their_address(
    session: Session, world: dict[str, Any], omar: User, user: Callable[..., User]
) -> None:
    one, two = user(PM, name="Ann Lee"), user(EXEC, name="ann lee")
    labels = {who.id: label for who, label in mentions.can_be_named(session, world["project"])}
    assert labels[one.id] == f"Ann Lee ({one.email})"
    assert [m.user_id for m in say(session, world["project"], f"@{labels[two.id]}?", omar).mentions] == [two.id]
    with pytest.raises(Refused) as refused:
        say(session, world["project"], "@Ann Lee?", omar)
    assert refused.value.code == "mention_is_of_several"


def test_of_namesakes_the_only_one_who_may_see_it_is_meant(
    session: Session, world: dict[str, Any], omar: User, user: Callable[..., User]
) -> None:
    user(MEMBER, name="Ann Lee")
    seeing = user(PM, name="Ann Lee")
    assert [one.user_id for one in say(session, world["project"], "@Ann Lee?", omar).mentions] == [seeing.id]


@pytest.mark.parametrize("field", ["text", "mention"])
def test_nobody_is_named_who_may_not_see_it(
    session: Session, world: dict[str, Any], omar: User, user: Callable[..., User], field: str
) -> None:
    user(MEMBER, name="Max Mill")
    said = {"text": "@Max Mill, look"} if field == "text" else {"text": "Look", "mention": "Max Mill"}
    with pytest.raises(Refused) as refused:
        talking.say(session, world["project"], CommentSaid(**said), by=omar)
    assert (refused.value.code, refused.value.field) == ("mention_may_not_see", field)
    assert say(session, world["style"], "@Max Mill, look", omar).mentions


def test_nobody_is_named_to_whom_a_scenario_is_not_open(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    scenario = Scenario(name="Mine", owner_id=omar.id)
    session.add(scenario)
    session.flush()
    plan = world["plan"]
    plan.scenario_id = scenario.id
    session.flush()
    with pytest.raises(Refused):
        say(session, plan, "@Inès Roux", omar)
    assert following.followers(session, plan) == []


def test_field_beside_the_text_puts_a_name_in_front(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    comment = say(session, world["project"], "look", omar, mention="@Inès Roux")
    assert comment.text == "@Inès Roux look"
    with pytest.raises(Refused) as nobody:
        say(session, world["project"], "look", omar, mention="Nobody at all")
    assert (nobody.value.code, nobody.value.field) == ("nobody_is_called_so", "mention")
    with pytest.raises(Refused) as long:
        say(session, world["project"], "x" * 9_995, omar, mention="Inès Roux")
    assert long.value.code == "comment_too_long"


def test_who_cannot_log_in_any_more_is_not_named(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    ines.active = False
    session.flush()
    assert say(session, world["project"], "@Inès Roux", omar).mentions == []
    assert ines not in following.followers(session, world["project"])


# Who follows, and is told


def test_manager_follows_what_belongs_to_the_project(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    for name in ("project", "phase", "need", "seat", "requisition", "candidate"):
        comment = say(session, world[name], "Hm.", omar)
        assert told(session, ines)[-1] == (NotificationKind.COMMENT, comment.id), name


def test_who_manages_the_project_hears_what_is_said_of_its_tasks_and_alerts(
    session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    alert = Alert(kind=AlertKind.NO_BACK_UP, seat_id=world["seat"].id, num=1)
    session.add(alert)
    session.flush()
    for row in (world["task"], alert):
        assert ines in following.followers(session, row)
        comment = say(session, row, "Is this so?", omar)
        assert (NotificationKind.COMMENT, comment.id) in told(session, ines)


def test_who_holds_a_seat_follows_it(session: Session, world: dict[str, Any], user: Callable[..., User]) -> None:
    holder = user(EXEC, name="Zoé")
    holder.person_id = world["absence"].person_id
    session.execute(update(User).where(User.id != holder.id).values(person_id=None))
    seat, said = world["seat"], {"decided_by": "Omar", "booking": BookingKind.SOFT, "is_in_force": True}
    session.add(Booking(seat_id=seat.id, person_id=holder.person_id, **said))
    session.flush()
    assert holder in following.followers(session, seat)


def test_who_said_that_they_do_not_follow_is_not_told(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    row = world["project"]
    following.follow(session, row, ines, is_following=False)
    say(session, row, "Hm.", omar)
    assert told(session, ines) == []
    comment = say(session, row, "@Inès Roux", omar)
    assert told(session, ines) == [(NotificationKind.MENTION, comment.id)], "a name is told all the same"
    assert ines not in following.followers(session, row), "what somebody said stands"
    following.follow(session, row, ines, is_following=True)
    assert ines in following.followers(session, row)
    assert session.scalar(select(func.count(Follow.id)).where(Follow.user_id == ines.id)) == 1


def test_whoever_speaks_is_not_told_of_it(session: Session, world: dict[str, Any], ines: User) -> None:
    say(session, world["project"], "@Inès Roux, that is me", ines)
    assert told(session, ines) == []


# Said otherwise, settled, gone


def test_comment_is_said_otherwise_by_its_author_alone(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    comment = say(session, world["project"], "Why?", omar)
    read = comment.version
    with pytest.raises(Refused):
        talking.edit(session, comment, TextSaid(text="Mine"), read, by=ines)
    talking.edit(session, comment, TextSaid(text="Why not?"), read, by=omar)
    assert comment.edited_at is not None
    with pytest.raises(Stale):
        talking.edit(session, comment, TextSaid(text="Lost"), read, by=omar)


def test_only_whom_a_new_text_names_first_is_told(
    session: Session, world: dict[str, Any], omar: User, ines: User, user: Callable[..., User]
) -> None:
    ann = user(EXEC, name="Ann Lee")
    comment = say(session, world["style"], "@Inès Roux", omar)
    talking.edit(session, comment, TextSaid(text="@Inès Roux and @Ann Lee"), comment.version, by=omar)
    assert (len(told(session, ines)), len(told(session, ann))) == (1, 1)
    talking.edit(session, comment, TextSaid(text="@Ann Lee"), comment.version, by=omar)
    assert [one.user_id for one in comment.mentions] == [ann.id]
    assert len(told(session, ann)) == 1


def test_what_a_comment_began_is_settled_and_opened_again(session: Session, world: dict[str, Any], omar: User) -> None:
    first = say(session, world["project"], "Why?", omar)
    answer = say(session, world["project"], "So.", omar, parent_id=first.id)
    talking.settle(session, first, first.version, is_resolved=True, by=omar)
    assert first.resolved_by_name == omar.name
    with pytest.raises(Refused):
        talking.settle(session, answer, answer.version, is_resolved=True, by=omar)
    with pytest.raises(Stale):
        talking.settle(session, first, 1, is_resolved=False, by=omar)
    talking.settle(session, first, first.version, is_resolved=False, by=omar)
    assert (first.resolved_at, first.resolved_by_name) == (None, None)


def test_removed_comment_goes_with_answers_and_notifications_and_comes_back(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    first = say(session, world["project"], "@Inès Roux", omar)
    say(session, world["project"], "So.", omar, parent_id=first.id)
    before = len(told(session, ines))
    removed = removal.remove(session, first, title="comment", by_id=omar.id)
    assert talking.comments_of(session, world["project"]) == []
    assert told(session, ines) == []
    removal.restore(session, removed)
    assert [len(thread.answers) for thread in talking.threads_of(talking.comments_of(session, world["project"]))] == [1]
    assert len(told(session, ines)) == before
    assert session.scalar(select(func.count()).select_from(Mention)) == 1


def test_what_was_removed_when_plans_had_comments_of_their_own_comes_back(
    session: Session, world: dict[str, Any], omar: User
) -> None:
    """Removals keep rows under the name that their table had."""
    comment = say(session, world["plan"], "Why?", omar)
    removed = removal.remove(session, comment, title="comment", by_id=omar.id)
    kept = {"id", "plan_id", "version_number", "seat_key", "text", "by_id", "by_name", "at", "edited_at", "version"}
    [(_name, [row])] = [one for one in removal.rows_of(removed) if one[0] == "comment"]
    old = {"rows": [("plan_comment", [{name: row[name] for name in kept}])], "detached": []}
    removed.rows = removal._packed(old)
    session.flush()
    removal.restore(session, removed)
    assert [one.text for one in talking.comments_of(session, world["plan"])] == ["Why?"]


def test_record_takes_its_talk_along(session: Session, world: dict[str, Any], omar: User) -> None:
    say(session, world["seat"], "Here?", omar)
    removal.remove(session, world["project"], title="project", by_id=omar.id)
    left = session.scalars(select(Comment)).all()
    assert [kind_of(one.about).name for one in left] == ["style"]


# Who is gone


@pytest.mark.parametrize(("role", "name"), [(MEMBER, ""), (OPS, "Sam Poe")])
def test_who_is_removed_keeps_their_name_where_they_were_staff(
    session: Session, world: dict[str, Any], client_of: Callable[..., Any], user: Callable[..., User], role: RoleName,
    name: str,
) -> None:  # fmt: skip
    someone, admin = user(role, name="Sam Poe"), client_of(RoleName.ADMINISTRATOR)
    comment = say(session, world["style"], "Why?", someone)
    session.commit()
    assert admin.send(f"/account/users/{someone.id}/remove").status_code == 303
    session.expire_all()
    assert session.get_one(Comment, comment.id).author == name
    page = admin.get(f"/talk/styles/{world['style'].id}").text
    assert (name or "somebody who has left") in page


def test_erased_candidate_is_not_talked_about_any_more(
    session: Session, world: dict[str, Any], omar: User, ines: User
) -> None:
    candidate: Candidate = world["candidate"]
    name, ident = candidate.person.name, candidate.id
    say(session, candidate, "@Inès Roux, she is good.", omar)
    gone = say(session, candidate, "Call her.", omar)
    removal.remove(session, gone, title="comment", by_id=omar.id)
    elsewhere = say(session, world["project"], f"Is {name.upper()} free in May?", omar)
    for body in (f"See http://x/talk/candidates/{ident}?comment=1", f"About {name}", "About nobody"):
        session.add(OutgoingMail(recipient="a@example.com", subject="s", body=body))
    session.commit()
    erasing.erase(session, candidate, ErasedSaid(reason="She asked for it."), by=omar)
    session.commit()
    assert session.get_one(Comment, elsewhere.id).text == "Is … free in May?"
    assert session.scalars(select(Comment).where(Comment.candidate_id.is_not(None))).all() == []
    assert session.scalars(select(Notification).where(Notification.candidate_id == ident)).all() == []
    assert [one.body for one in session.scalars(select(OutgoingMail)) if one.recipient == "a@example.com"] == [
        "About nobody"
    ]
    assert session.scalars(select(Removal).where(Removal.subject == "comment")).all() == []


def test_candidate_is_given_what_was_said_about_them(session: Session, world: dict[str, Any], omar: User) -> None:
    say(session, world["candidate"], "She is good.", omar)
    said = access_export.tables_of(session, world["candidate"])["comments"]
    assert [row["text"] for row in said] == ["She is good."]
