"""Nobody is told what they may not see: whoever says whatever about what, and whatever rights are taken meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import rows
from conftest import settings_for
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner import create_app, db, talk_mails
from planner.access import TALKED_ABOUT
from planner.models import (
    Comment,
    Notification,
    OutgoingMail,
    Plan,
    RoleName,
    Scenario,
    ScenarioShare,
    User,
    UserRole,
    Way,
)
from planner.rights import RULES, Reach
from planner.schemas.work_talk import ChoicesSaid, CommentSaid
from planner.services.listing import Query
from planner.services.refused import Refused
from planner.services.work import choices, following, mentions, notifying, talking
from planner.services.work.kinds import KINDS

NUM_USERS = 5
LINK = re.compile(r"/talk/(\w+)/(\d+)")
KIND_AT = {kind.path: kind for kind in KINDS}


class Company:
    """A few users, one record of each kind, and a scenario in which the plan may be hidden."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.users = [rows.user(session, role) for role in list(RoleName)[:NUM_USERS]]
        self.world = rows.world(session, self.users[1])
        self.scenario = Scenario(name="Hidden", owner_id=self.users[0].id)
        session.add(self.scenario)
        session.execute(update(Notification).values(read_at=datetime.now(UTC)))
        session.commit()
        self.num_mails = 0

    def may_see(self, user: User, row: Any) -> bool:
        """Whether a user may see a record, read off the table of rights and from nowhere else."""
        noun = TALKED_ABOUT[type(row)]
        roles = {grant.role for grant in user.granted}
        reaches = {RULES[f"{noun}.see"].get(role) for role in roles}
        manages = user.id == self.users[1].id  # whose project all of it is
        if not user.active or not (Reach.ANY in reaches or (Reach.OWN in reaches and manages)):
            return False
        if isinstance(row, Plan) and row.scenario_id is not None:
            shares = self.session.scalars(select(ScenarioShare).where(ScenarioShare.scenario_id == row.scenario_id))
            return user.id == self.scenario.owner_id or any(
                share.user_id == user.id or share.role in roles for share in shares
            )
        return True

    def check_mails(self) -> int:
        """Looks at what was mailed since the last look: each link must be one that its reader may follow now."""
        self.session.expire_all()
        new = list(self.session.scalars(select(OutgoingMail).where(OutgoingMail.id > self.num_mails)))
        for message in new:
            self.num_mails = max(self.num_mails, message.id)
            user = self.session.scalars(select(User).where(User.email == message.recipient)).one_or_none()
            for path, ident in LINK.findall(message.body):
                row = self.session.get(KIND_AT[path].model, int(ident))
                assert user is not None
                assert row is not None
                assert self.may_see(user, row), f"{[g.role for g in user.granted]} was mailed about {path}/{ident}"
        return len(new)

    def check_pages(self) -> None:
        for user in self.users:
            page = notifying.page_of_notifications(self.session, Query("/", size=100), user)
            assert all(self.may_see(user, row.about) for row in page.items)
            unread = [row for row in page.items if row.read_at is None]
            assert notifying.num_unread(self.session, user) == len(unread)
            for row in self.world.values():
                if type(row) in TALKED_ABOUT and row in self.session:
                    assert all(self.may_see(one, row) for one in following.followers(self.session, row))


def row_of(company: Company, n: int) -> Any:
    return company.world[KINDS[n % len(KINDS)].name]


def speak(company: Company, n: int, m: int) -> None:
    """Somebody says something and names one who may not see it, or may."""
    row, by, other = row_of(company, n), company.users[m % NUM_USERS], company.users[n % NUM_USERS]
    if not company.may_see(by, row):
        return
    text = f"Hm, @{other.name}?" if n % 3 else "Hm."
    is_refused = bool(n % 3) and other.active and not company.may_see(other, row)
    if is_refused:
        with pytest.raises(Refused):
            talking.say(company.session, row, CommentSaid(text=text), by=by)
        company.session.rollback()
        return
    comment = talking.say(company.session, row, CommentSaid(text=text), by=by)
    assert all(company.may_see(one, row) for one in comment.named)
    company.session.commit()


def grant(company: Company, n: int, m: int) -> None:
    company.users[n % NUM_USERS].granted = [UserRole(role=list(RoleName)[m % len(RoleName)])]
    company.session.commit()


def switch_off(company: Company, n: int, m: int) -> None:
    company.users[n % NUM_USERS].active = bool(m % 2)
    company.session.commit()


def hide(company: Company, n: int, m: int) -> None:
    """The plan belongs to a scenario now, shared with some; or to all again."""
    company.world["plan"].scenario_id = company.scenario.id if n % 2 else None
    company.scenario.shares = []
    company.session.flush()
    company.scenario.shares = [ScenarioShare(role=list(RoleName)[m % len(RoleName)])] if m % 3 else []
    company.session.commit()


def follow(company: Company, n: int, m: int) -> None:
    following.follow(company.session, row_of(company, n), company.users[m % NUM_USERS], is_following=True)
    company.session.commit()


def choose(company: Company, n: int, m: int) -> None:
    way = list(Way)[m % len(Way)]
    row = choices.to_edit(company.session, company.users[n % NUM_USERS])
    said = ChoicesSaid.model_validate({"ways": {"mention": way, "comment": way}})
    choices.choose(company.session, row, said, row.version)
    company.session.commit()


def mail(company: Company, n: int, m: int) -> None:
    """E-mails are made: at once, or the digests of a day."""
    company.session.rollback()
    with company.app.test_request_context(method="POST"):
        current = db.session()
        if n % 2:
            ids = list(current.scalars(select(Notification.id).where(Notification.way == Way.MAIL)))
            talk_mails.written(current, ids)
        else:
            talk_mails.write_digests(current, datetime.now(UTC) + timedelta(days=2))
        current.commit()


STEPS: list[Callable[[Company, int, int], None]] = [speak, speak, speak, grant, switch_off, hide, follow, choose, mail]
DEEDS = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 23), st.integers(0, 23)), max_size=30)


@pytest.fixture(scope="module")
def told_app() -> Iterator[Flask]:
    app = create_app(settings_for(Path(mkdtemp())))
    with app.extensions["planner_sessions"]() as session:
        rows.workspace(session)
        session.commit()
    yield app
    app.extensions["planner_engine"].dispose()


@given(deeds=DEEDS)
@example(deeds=[(7, 1, 3), (0, 4, 0), (3, 1, 4), (8, 1, 0)])
@example(deeds=[(7, 1, 2), (0, 4, 0), (5, 1, 0), (8, 0, 0)])
@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_nobody_is_told_what_they_may_not_see(told_app: Flask, deeds: list[tuple[int, int, int]]) -> None:
    with told_app.extensions["planner_sessions"]() as session:
        company = Company(told_app, session)
        company.num_mails = max([0, *session.scalars(select(OutgoingMail.id))])
        for which, n, m in deeds:
            STEPS[which](company, n, m)
            company.check_mails()
        for n in (0, 1):
            mail(company, n, 0)
        company.check_mails()
        company.check_pages()


def test_the_search_finds_somebody_who_is_told_too_much(told_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, where nobody asks again when an e-mail is made: the test above catches what it is there for."""
    monkeypatch.setattr(notifying, "may_see", lambda _user, _row: True)
    with told_app.extensions["planner_sessions"]() as session:
        company = Company(told_app, session)
        company.num_mails = max([0, *session.scalars(select(OutgoingMail.id))])
        speaker, named = company.users[0], company.users[1]
        talking.say(session, company.world["project"], CommentSaid(text=f"@{named.name}"), by=speaker)
        session.commit()
        named.granted = [UserRole(role=RoleName.MEMBER)]
        session.commit()
        mail(company, 1, 0)
        with pytest.raises(AssertionError, match="was mailed about"):
            company.check_mails()


def test_users_of_the_search_can_be_named(told_app: Flask) -> None:
    with told_app.extensions["planner_sessions"]() as session:
        company = Company(told_app, session)
        labels = {user.id: label for user, label in mentions.can_be_named(session, company.world["style"])}
        assert {user.id for user in company.users} <= labels.keys()
        assert session.scalars(select(Comment)).first() is not None
