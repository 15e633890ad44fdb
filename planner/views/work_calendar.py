"""The calendar of tasks: a month as whole weeks, each day with what is due."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.models import Task

FIRST_YEAR, LAST_YEAR = 1900, 9998
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """A month, as it is shown: from the Monday of its first week to the Sunday of its last."""

    first: date

    @property
    def last(self) -> date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def first_shown(self) -> date:
        return self.first - self.first.weekday() * DAY

    @property
    def last_shown(self) -> date:
        return self.last + (6 - self.last.weekday()) * DAY

    @property
    def before(self) -> str:
        """The month before, as the URL says it."""
        return f"{self.first - DAY:%Y-%m}"

    @property
    def after(self) -> str:
        """The month after, as the URL says it."""
        return f"{self.last + DAY:%Y-%m}"


def month_of(said: str, now: date) -> Month:
    """The month that a URL asks for ("2027-03"), else the present one."""
    year, _dash, month = said.partition("-")
    is_month = year.isascii() and year.isdecimal() and month.isascii() and month.isdecimal() and len(said) == 7
    if is_month and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return Month(date(int(year), int(month), 1))
    return Month(now.replace(day=1))


def days_of(month: Month, tasks: Sequence[Task]) -> list[tuple[date, list[Task]]]:
    """Each day that is shown, with what is due on it."""
    due: dict[date, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.due_on is not None:
            due[task.due_on].append(task)
    num = (month.last_shown - month.first_shown).days + 1
    return [(day, due[day]) for day in (month.first_shown + n * DAY for n in range(num))]
