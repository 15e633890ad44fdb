"""Money: minor units of any currency ↔ whole units of the workspace's."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import LARGEST, MINOR, ExchangeRate, Workspace


class Untranslatable(Exception):
    """Rows of which no question can be made; `code` and `params` say why, as a verb's refusal does."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}")
        self.code, self.params = code, params


class Money:
    """The exchange rates of one day."""

    def __init__(self, session: Session, workspace: Workspace, on: date) -> None:
        self._own = workspace.currency
        self._rates: dict[str, float] = {}
        rates = session.execute(select(ExchangeRate.currency, ExchangeRate.rate, ExchangeRate.from_on))
        for currency, rate, from_on in sorted(rates, key=lambda row: row[2]):
            if from_on <= on or currency not in self._rates:
                self._rates[currency] = rate

    def units(self, minor: int, currency: str = "") -> int:
        """Whole units of the workspace's currency, rounded to the nearest.

        The rate is the one of the day, or the first one there is where the day is before it.

        Raises
        ------
        Untranslatable
            Where the currency has no rate.
        """
        if not minor or currency in ("", self._own):
            return min(LARGEST, (minor + MINOR // 2) // MINOR)
        if currency not in self._rates:
            raise Untranslatable("rate_is_missing", currency=currency)
        return min(LARGEST, round(minor * self._rates[currency] / MINOR))


def ceiling(minor: int | None) -> int | None:
    """A budget or a ceiling in whole units, rounded down, so that it is never exceeded."""
    return None if minor is None else min(LARGEST, minor // MINOR)
