"""Exchange rates: add, edit, list; and money of another currency in the workspace's by the newest rate of its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import ExchangeRate, Person
from planner.schemas.staffing_sites import RateSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import workspace_of


@dataclass(frozen=True)
class Rates:
    """Every rate, read once: (from which day, what one unit is worth) by currency, the newest first."""

    currency: str
    by_currency: Mapping[str, tuple[tuple[date, float], ...]]

    def newest(self, currency: str, on: date) -> tuple[date, float] | None:
        """The newest rate dated on or before a day; none where there is none yet."""
        return next((row for row in self.by_currency.get(currency, ()) if row[0] <= on), None)

    def converted(self, minor: int, currency: str, on: date) -> int | None:
        """An amount in the workspace's currency, in minor units; none where no rate is known on that day."""
        if currency in ("", self.currency):
            return minor
        found = self.newest(currency, on)
        return round(minor * found[1]) if found is not None else None


def rates_of(session: Session) -> Rates:
    """The workspace's rates."""
    rows: dict[str, list[tuple[date, float]]] = {}
    for rate in session.scalars(select(ExchangeRate).order_by(ExchangeRate.from_on.desc())):
        rows.setdefault(rate.currency, []).append((rate.from_on, rate.rate))
    currency = workspace_of(session).currency
    return Rates(currency, {code: tuple(newest_first) for code, newest_first in rows.items()})


def add_rate(session: Session, said: RateSaid) -> ExchangeRate:
    """Adds a rate. Raises Refused where there is one of that day, or the currency is the workspace's own."""
    _require_new(session, said, None)
    rate = fill(ExchangeRate(), said)
    session.add(rate)
    session.flush()
    return rate


def edit_rate(session: Session, rate: ExchangeRate, said: RateSaid, version: int | None) -> ExchangeRate:
    """Edits a rate. Raises Stale, and Refused like `add_rate`."""
    require_version(rate, version)
    _require_new(session, said, rate)
    return fill(rate, said)


def page_of_rates(session: Session, query: Query) -> Page[ExchangeRate]:
    """The rates, the newest first unless the URL asks otherwise."""
    return paged(
        session,
        select(ExchangeRate),
        query if query.sort else replace(query, sort="-from"),
        sorts={
            "currency": ExchangeRate.currency,
            "from": ExchangeRate.from_on,
            "rate": ExchangeRate.rate,
            "id": ExchangeRate.id,
        },
        default="id",
        search=(ExchangeRate.currency,),
        filters={"currency": lambda found, value: found.where(ExchangeRate.currency == value)},
    )


def people_by_currency(session: Session) -> dict[str, int]:
    """How many people are paid in each currency that is not the workspace's."""
    own = ("", workspace_of(session).currency)
    statement = (
        select(Person.cost_currency, func.count())
        .where(Person.cost_currency.not_in(own), Person.cost_minor > 0)
        .group_by(Person.cost_currency)
        .order_by(Person.cost_currency)
    )
    return dict(session.execute(statement).all())


def _require_new(session: Session, said: RateSaid, rate: ExchangeRate | None) -> None:
    if said.currency == workspace_of(session).currency:
        raise Refused("rate_of_own_currency", field="currency", currency=said.currency)
    same = select(ExchangeRate.id).where(ExchangeRate.currency == said.currency, ExchangeRate.from_on == said.from_on)
    found = session.scalar(same)
    if found is not None and (rate is None or found != rate.id):
        raise Refused("rate_is_there", field="from_on", currency=said.currency)
