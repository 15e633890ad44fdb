"""Who works how much, week by week, and whom the plan would hire."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from planner.exchange import sentences
from planner.exchange.tables.shape import Column, ColumnKind, Ground, Table
from planner.exchange.words import N_
from planner.translate.report import HireRow, PersonRow

TEXT, WHOLE, NUMBER, PERCENT = ColumnKind.TEXT, ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT
MONEY, DATE = ColumnKind.MONEY, ColumnKind.DATE

TITLES = {"week": N_("Week by week"), "day": N_("Day by day"), "hour": N_("Hour by hour")}
WORKED = {"week": N_("Full-time weeks"), "day": N_("Full-time days"), "hour": N_("Full-time hours")}
FREE = {"week": N_("Free weeks"), "day": N_("Free days"), "hour": N_("Free hours")}
WEEK_KEY = "period_"
WEEK_WIDTH = 7


def weeks_table(ground: Ground) -> Table:
    """Each person's load in percent of full time, one column for each period."""
    _, period = ground.say.gettext, ground.report.period
    columns = [*_totals(ground), *_periods(ground)]
    note = _("Percent of full time; an empty cell is time that nobody has to give.")
    people = [row for row in ground.report.people if row.seats or (ground.is_open and not row.is_hire)]
    return ground.lay(
        "weeks", _(TITLES[period]), columns, people, lambda row: row.person_id, note if ground.is_open else ""
    )


def _totals(ground: Ground) -> Iterator[Column]:
    _, period = ground.say.gettext, ground.report.period
    yield Column("person", _("Person"), TEXT, 26, lambda row: row.name)
    yield Column("kind", _("Kind"), TEXT, 12, lambda row: _(sentences.KINDS[row.kind]), is_private=True)
    yield Column("site", _("Site"), TEXT, 14, lambda row: row.site or "")
    yield Column("num_periods", _(WORKED[period]), NUMBER, 10, lambda row: row.num_periods)
    yield Column("num_free", _(FREE[period]), NUMBER, 10, lambda row: row.num_free, is_private=True)
    yield Column("utilisation", _("Utilisation (%)"), PERCENT, 10, lambda row: row.utilisation_pct, is_private=True)


def _periods(ground: Ground) -> Iterator[Column]:
    for position, label in enumerate(ground.report.periods):
        title = sentences.period(ground.report, label.start, label.idx, ground.say)
        yield Column(f"{WEEK_KEY}{label.idx}", title, PERCENT, WEEK_WIDTH, _load(position))


def _load(position: int) -> Callable[[PersonRow], int | None]:
    """The load in one column; nothing where there is neither work nor time."""
    return lambda row: row.load[position] or (0 if row.capacity[position] else None)


def hires_table(ground: Ground) -> Table:
    """Whom the plan would hire, for what, and what that brings."""
    _, currency = ground.say.gettext, ground.say.currency
    period = ground.report.period

    def columns() -> Iterator[Column]:
        yield Column("person", _("Person"), TEXT, 26, lambda row: row.name)
        yield Column("kind", _("Kind"), TEXT, 14, lambda row: _(sentences.KINDS[row.kind]), is_private=True)
        yield Column("site", _("Site"), TEXT, 14, lambda row: row.site or "")
        yield Column("seats", _("Seats"), TEXT, 60, _seats)
        yield Column("earliest", _("Earliest start"), DATE, 12, lambda row: ground.first(row.earliest), is_private=True)
        yield Column("num_periods", _(WORKED[period]), NUMBER, 10, lambda row: row.num_periods)
        yield Column("acceptance", _("Chance of a yes (%)"), PERCENT, 11, lambda row: row.acceptance, is_private=True)
        hire_cost, staff_cost = _("Hire costs (%(currency)s)"), _("Staff cost (%(currency)s)")
        yield Column(
            "hire_cost", hire_cost % {"currency": currency}, MONEY, 13, lambda row: row.hire_cost, is_private=True
        )
        yield Column(
            "staff_cost", staff_cost % {"currency": currency}, MONEY, 13, lambda row: row.staff_cost, is_private=True
        )
        yield Column("points", _("Points that the hire brings"), WHOLE, 13, lambda row: row.points, is_private=True)

    return ground.lay("hires", _("Hires"), columns(), ground.report.hires, lambda row: row.person_id)


def _seats(row: HireRow) -> str:
    """The seats that the hire would hold."""
    return "; ".join(f"{seat.title} ({seat.project} · {seat.phase})" for seat in row.seats)
