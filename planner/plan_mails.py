"""Telling those whom it concerns that another plan is in force: managers of projects, people who move, operations.

Each is told in the way that they have chosen; the e-mail of whoever is told at once is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import access, login
from planner.models import Person, Plan, PlanVersion, Project, RoleName, User
from planner.schemas.planning_plans import AcceptSaid, ReasonSaid
from planner.services.planning import agreeing, deciding, in_force, versions
from planner.services.planning.differences import Difference, SeatChange
from planner.services.planning.reading import question_of
from planner.services.work import notifying
from planner.words.planning_versions import DifferenceWords, difference_words

MOST_SENTENCES = 40


def put_in_force(session: Session, plan: Plan, said: ReasonSaid, version: int | None, *, by: User) -> Plan:
    """Puts a plan in force, and keeps the messages that tell of it with that change. Raises as `agreeing` does."""
    return _telling(session, plan, lambda: agreeing.put_in_force(session, plan, said, version, by=by), by)


def accept(session: Session, plan: Plan, said: AcceptSaid, version: int | None, *, by: User) -> Plan:
    """Agrees on seats; the plan that comes in force by it is told of as above. Raises as `deciding` does.

    Seats that are agreed on later change nobody's work: everybody was told when the plan came in force.
    """
    return _telling(session, plan, lambda: deciding.accept(session, plan, said, version, by=by), by)


def _telling(session: Session, plan: Plan, verb: Callable[[], Plan], by: User) -> Plan:
    """What a verb does, and messages of what that changes in the plan in force: none where nobody moves."""
    before = _version_in_force(session)
    verb()
    after = _version_in_force(session)
    if before is None or after is None or _holders(before) == _holders(after):
        return plan
    found = versions.between(session, before, after)
    detail = {"version": after.number, "before": {"plan_id": before.plan_id, "version": before.number}}
    for user, changes in _concerned(session, found, by):
        if notifying.tell_of_plan(session, user, after.plan, detail, by=by):
            _post(session, user, changes, before, after)
    return plan


def _version_in_force(session: Session) -> PlanVersion | None:
    found = in_force.plan_in_force(session)
    return versions.version_of(session, found.plan, found.version_number) if found is not None else None


def _holders(version: PlanVersion) -> dict[str, str]:
    return dict(versions.standing_of(version).holders)


def _concerned(session: Session, found: Difference, by: User) -> Iterator[tuple[User, list[SeatChange]]]:
    """Everybody with what concerns them; whoever did it knows."""
    changed = [change for change in found.seats if change.changes_hands]
    keys = {key for change in changed for key in (change.before, change.after) if key is not None}
    person_of = dict(session.execute(select(Person.id, Person.key).where(Person.key.in_(keys))).all()) if keys else {}
    pm_of = dict(session.execute(select(Project.key, Project.pm_id)).all())
    for user in session.scalars(select(User).where(User.active).order_by(User.id)):
        key = person_of.get(user.person_id) if user.person_id is not None else None
        is_all = RoleName.OPERATIONS in user.role_names
        mine = [
            change
            for change in changed
            if is_all or pm_of.get(change.project) == user.id or (key and key in (change.before, change.after))
        ]
        if mine and user.id != by.id and user.email:
            yield user, mine


def _post(session: Session, user: User, changes: list[SeatChange], before: PlanVersion, after: PlanVersion) -> None:
    with force_locale(user.locale or "en"):
        words = difference_words(session, after, before)
        shown = changes if access.allowed(user, "candidate.identify") else list(_masked(changes, before, after))
        sentences = _sentences(words, shown[:MOST_SENTENCES])
        body = _body(user, after, sentences, len(shown) - len(sentences), _link(user, after.plan, before))
        login.post(recipient=user.email, subject=_("Plan %(number)s is in force", number=after.plan.number), body=body)


def _body(user: User, after: PlanVersion, sentences: list[str], num_more: int, link: str) -> str:
    said = {"number": after.plan.number, "version": after.number, "title": after.plan.title}
    opening = _("plan %(number)s, version %(version)s, “%(title)s”, is in force now. For you this changes:", **said)
    lines = [f"- {sentence}" for sentence in sentences]
    more = [ngettext("and %(num)s more.", "and %(num)s more.", num_more)] if num_more else []
    return "\n".join([_("Hello %(name)s,", name=user.name), "", opening, "", *lines, *more, "", link, ""])


def _sentences(words: DifferenceWords, changes: list[SeatChange]) -> list[str]:
    """What changes, without money: people read of their colleagues."""
    return [words.seat_without_cost(change) for change in changes]


def _masked(changes: list[SeatChange], before: PlanVersion, after: PlanVersion) -> Iterator[SeatChange]:
    """Candidates without their names: who does not decide on hires need not know them."""
    people = {**question_of(before.plan).person_of, **question_of(after.plan).person_of}
    for change in changes:
        yield change.with_names(
            {key: _("a candidate") for key in (change.before, change.after) if key in people and people[key].is_hire}
        )


def _link(user: User, plan: Plan, before: PlanVersion) -> str:
    if not access.allowed(user, "plan.see"):
        return url_for("planning_plans.own_schedule", _external=True)
    page = url_for("planning_versions.version_difference", plan_id=plan.id, _external=True)
    return f"{page}?of={before.plan_id}&from={before.number}"
