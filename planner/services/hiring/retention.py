"""How long candidates' data is kept: rules by country, as dated data; what is due is shown before it is erased."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    Candidate,
    Person,
    Purpose,
    Requisition,
    RetentionRule,
    Stage,
    UseOfData,
    User,
    today,
)
from planner.schemas.hiring_rights import ErasedSaid, RetentionSaid
from planner.services import catalogue
from planner.services.hiring.erasing import erase
from planner.services.refused import Refused

ENDED = (Stage.DECLINED, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Due:
    """A candidate whose time is over: when the process ended, the rule, and since when they are due."""

    candidate: Candidate
    country: str
    ended_on: date
    rule: RetentionRule
    due_on: date


def load_rules(session: Session) -> None:
    """Adds the rules that come with the product, where there are none at all."""
    if session.scalar(select(RetentionRule.id).limit(1)) is None:
        session.add_all(RetentionRule(**row) for row in catalogue.read("retention")["rule"])
        session.flush()


def all_rules(session: Session) -> list[RetentionRule]:
    """Every rule, by country, the newest first."""
    order = (RetentionRule.country, RetentionRule.from_on.desc())
    return list(session.scalars(select(RetentionRule).order_by(*order)))


def add_rule(session: Session, said: RetentionSaid) -> RetentionRule:
    """Adds a rule from a day on; earlier ones stay, so that what was done under them can be told. Raises Refused."""
    is_this = (RetentionRule.country == said.country, RetentionRule.from_on == said.from_on)
    if session.scalar(select(RetentionRule.id).where(*is_this)) is not None:
        raise Refused("rule_is_there", field="from_on")
    rule = RetentionRule(**said.model_dump())
    session.add(rule)
    session.flush()
    return rule


def due(session: Session, on: date | None = None) -> list[Due]:
    """Whose time is over on a day, the longest first: nothing is erased by asking."""
    on = on or today()
    rules, kept = all_rules(session), _in_talent_pool(session)
    found = []
    for candidate in session.scalars(
        select(Candidate)
        .where(Candidate.stage.in_(ENDED), Candidate.stage_since_on.is_not(None))
        .options(
            joinedload(Candidate.person).joinedload(Person.site),
            joinedload(Candidate.requisition).joinedload(Requisition.site),
        )
    ):
        country, ended_on = country_of(candidate), candidate.stage_since_on
        rule = rule_for(rules, country, on)
        if rule is None or ended_on is None or candidate.id in kept:
            continue
        due_on = months_after(ended_on, rule.months)
        if due_on <= on:
            found.append(Due(candidate, country, ended_on, rule, due_on))
    return sorted(found, key=lambda one: (one.due_on, one.candidate.id))


def erase_due(session: Session, expected: Sequence[int], *, by: User) -> int:
    """Erases those whose time is over, if they are the very ones who were shown; how many. Raises Refused."""
    found = due(session)
    if sorted(one.candidate.id for one in found) != sorted(expected):
        raise Refused("others_are_due")
    for one in found:
        why = f"{one.rule.country or '–'}: {one.rule.months} months after {one.ended_on.isoformat()}"
        erase(session, one.candidate, ErasedSaid(reason=why), by=by)
    return len(found)


def rule_for(rules: Iterable[RetentionRule], country: str, on: date) -> RetentionRule | None:
    """The rule of a country on a day, the last that began; that of no country where it has none."""
    begun = [rule for rule in rules if rule.from_on <= on and rule.country in (country, "")]
    return max(begun, key=lambda rule: (rule.country != "", rule.from_on), default=None)


def country_of(candidate: Candidate) -> str:
    """The country whose rule holds: where the work is, else where the candidate would sit."""
    requisition = candidate.requisition
    site = (requisition.site if requisition is not None else None) or candidate.person.site
    return (site.country if site is not None else None) or ""


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _in_talent_pool(session: Session) -> set[int]:
    """Those who agreed to be kept in mind, and have not withdrawn it."""
    is_kept = (UseOfData.purpose == Purpose.TALENT_POOL, UseOfData.withdrawn_at.is_(None))
    return set(session.scalars(select(UseOfData.candidate_id).where(*is_kept)))
