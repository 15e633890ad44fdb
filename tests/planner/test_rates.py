"""Exchange rates: dated, one a day for each currency, and the newest that has begun converts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import ExchangeRate, Person, PersonKind, Removal, RoleName, today
from planner.schemas.staffing_sites import RateSaid
from planner.services.refused import Refused, Stale
from planner.services.staffing import rates

DAY = date(2027, 3, 1)


def said(currency: str = "GBP", from_on: date = DAY, rate: float = 1.16) -> RateSaid:
    return RateSaid(currency=currency, from_on=from_on, rate=rate)


def test_the_newest_rate_on_or_before_the_day_converts(session: Session) -> None:
    for days, rate in ((0, 1.1), (10, 1.2), (20, 1.3)):
        rates.add_rate(session, said(from_on=DAY + timedelta(days=days), rate=rate))
    known = rates.rates_of(session)
    converted = [known.converted(1000, "GBP", DAY + timedelta(days=days)) for days in (-1, 0, 9, 10, 19, 20, 999)]
    assert converted == [None, 1100, 1100, 1200, 1200, 1300, 1300]


@pytest.mark.parametrize("currency", ["", "EUR"])
def test_the_workspace_s_own_currency_needs_no_rate(session: Session, currency: str) -> None:
    assert rates.rates_of(session).converted(1234, currency, DAY) == 1234


def test_a_currency_without_a_rate_is_not_converted(session: Session) -> None:
    assert rates.rates_of(session).converted(1234, "JPY", DAY) is None


def test_an_amount_is_rounded_to_the_nearest_minor_unit(session: Session) -> None:
    rates.add_rate(session, said(rate=1.005))
    assert rates.rates_of(session).converted(333, "GBP", DAY) == 335  # 334.665


def test_rate_is_edited_and_stale_versions_are_refused(session: Session) -> None:
    rate = rates.add_rate(session, said())
    session.commit()
    rates.edit_rate(session, rate, said(rate=1.2), 1)
    session.commit()
    assert (rate.rate, rate.version) == (1.2, 2)
    for version in (None, 1):
        with pytest.raises(Stale):
            rates.edit_rate(session, rate, said(), version)


def test_one_rate_a_day_and_none_for_the_own_currency(session: Session) -> None:
    rates.add_rate(session, said())
    for refusing, code in ((said(rate=2), "rate_is_there"), (said("EUR"), "rate_of_own_currency")):
        with pytest.raises(Refused) as caught:
            rates.add_rate(session, refusing)
        assert caught.value.code == code


def test_rate_is_typed_listed_removed_and_brought_back(ops: CheckedClient, session: Session) -> None:
    typed = {"currency": "GBP", "from_on": "2026-01-01", "rate": "1.16"}
    assert ops.send("/rates/add", typed).status_code == 303
    rate = session.scalars(select(ExchangeRate)).one()
    page = ops.get("/rates").text
    assert "1.16 EUR" in page
    assert "in use" in page
    ops.send(f"/rates/{rate.id}/edit", {**typed, "rate": "1.2", "version": "1"})
    ops.send(f"/rates/{rate.id}/remove")
    session.rollback()
    assert session.scalars(select(ExchangeRate)).all() == []
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/rates")
    session.rollback()
    assert session.scalars(select(ExchangeRate)).one().rate == 1.2


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"currency": "XYZ"}, 422, "There is no currency with this code."),
        ({"rate": "0"}, 422, "Enter more than 0"),
        ({"rate": "inf"}, 422, "Enter a number."),
        ({"from_on": ""}, 422, "Fill this in."),
        ({"currency": "EUR"}, 409, "EUR is the currency of this workspace"),
    ],
)
def test_fault_stands_at_its_field(ops: CheckedClient, changes: dict[str, str], status: int, words: str) -> None:
    refused = ops.send("/rates/add", {"currency": "GBP", "from_on": "2026-01-01", "rate": "1.16", **changes})
    assert refused.status_code == status
    assert words in refused.text


def test_people_who_are_paid_without_a_rate_are_pointed_out(ops: CheckedClient, session: Session) -> None:
    session.add(Person(key="p", name="Ann", kind=PersonKind.EMPLOYEE, cost_minor=1, cost_currency="GBP"))
    rates.add_rate(session, said(from_on=today() + timedelta(days=1)))
    session.commit()
    assert "1 person is paid in GBP, for which no rate has begun" in ops.get("/rates").text
    rates.add_rate(session, said(from_on=today()))
    session.commit()
    assert "no rate has begun" not in ops.get("/rates").text


@pytest.mark.parametrize(
    ("role", "seen", "done"),
    [(RoleName.OPERATIONS, 200, 200), (RoleName.PROJECT_MANAGER, 200, 403), (RoleName.MEMBER, 404, 404)],
)
def test_who_may_see_and_who_may_do(
    client_of: Callable[..., CheckedClient], session: Session, role: RoleName, seen: int, done: int
) -> None:
    rate = rates.add_rate(session, said())
    session.commit()
    client = client_of(role)
    assert client.get("/rates").status_code == seen
    for path in ("/rates/add", f"/rates/{rate.id}/edit", f"/rates/{rate.id}/remove"):
        assert client.get(path).status_code == done, path
