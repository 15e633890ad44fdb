"""What the seats ask for, who holds them, and which stay open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from planner.exchange import sentences
from planner.exchange.reasons import Reasons
from planner.exchange.tables.shape import Cell, Column, ColumnKind, Ground, Table
from planner.exchange.words import N_
from planner.translate.report import DecisionRow, SeatRow

TEXT, WHOLE, PERCENT = ColumnKind.TEXT, ColumnKind.WHOLE, ColumnKind.PERCENT
MONEY, DATE, INSTANT = ColumnKind.MONEY, ColumnKind.DATE, ColumnKind.INSTANT

CEILINGS = {
    "week": N_("Cost ceiling (%(currency)s a week)"),
    "day": N_("Cost ceiling (%(currency)s a day)"),
    "hour": N_("Cost ceiling (%(currency)s an hour)"),
}
_PARTS = ("fill", "fit", "style", "preference", "money", "acceptance", "rounding")


def roles_table(ground: Ground) -> Table:
    """Every seat and what it asks for."""
    columns = [*_what_and_when(ground), *_criteria(ground)]
    title = ground.say.gettext("Role requirements")
    return ground.lay("roles", title, columns, ground.report.seats, _seat_id)


def staff_table(ground: Ground) -> Table:
    """Every filled seat, its holder, and what the two are worth together."""
    columns = [*_who(ground), *_what_and_when(ground), *_agreed(ground), *_worth(ground)]
    filled = [row for row in ground.report.seats if row.is_filled]
    return ground.lay("staff", ground.say.gettext("Staff assigned"), columns, filled, _seat_id)


def gaps_table(ground: Ground) -> Table:
    """Every seat that stays open, and why."""
    reasons, _ = Reasons(ground.report, ground.say), ground.say.gettext
    why = Column("why", _("Why it is open"), TEXT, 70, reasons.of, is_private=True)
    columns = [*_what_and_when(ground), Column("skills", _("Skills"), TEXT, 40, _skills(ground)), why]
    return ground.lay("gaps", _("Gaps"), columns, [gap.seat for gap in ground.report.gaps], _seat_id)


def _seat_id(row: SeatRow) -> str:
    return row.seat_id


def _what_and_when(ground: Ground) -> Iterator[Column]:
    _ = ground.say.gettext
    yield Column("project", _("Project"), TEXT, 24, lambda row: row.project)
    yield Column("phase", _("Phase"), TEXT, 20, lambda row: row.phase)
    yield Column("title", _("Role"), TEXT, 26, lambda row: row.title)
    yield Column("fte", _("Effort (%)"), PERCENT, 9, lambda row: row.fte)
    yield Column("from", _("From"), DATE, 12, lambda row: ground.first(row.start))
    yield Column("to", _("To"), DATE, 12, lambda row: ground.last(row.end))
    yield Column("chain", _("Chain"), TEXT, 9, lambda row: row.chain, is_private=True)


def _criteria(ground: Ground) -> Iterator[Column]:
    say, _ = ground.say, ground.say.gettext
    ceiling = _(CEILINGS[ground.report.period], currency=say.currency)
    yield Column("priority", _("Priority"), WHOLE, 9, lambda row: row.priority)
    yield Column("skills", _("Skills"), TEXT, 50, _skills(ground))
    yield Column("styles", _("Work styles"), TEXT, 40, lambda row: sentences.styles(row, say), is_private=True)
    yield Column("tags", _("Languages, sites and others"), TEXT, 26, lambda row: sentences.tags(row, say))
    yield Column(
        "is_mentoring", _("Mentoring allowed"), TEXT, 11, lambda row: say.truth(row.is_mentoring), is_private=True
    )
    yield Column("max_cost", ceiling, MONEY, 13, lambda row: row.max_cost, is_private=True)
    yield Column("is_filled", _("Filled"), TEXT, 9, lambda row: say.truth(row.is_filled))


def _skills(ground: Ground) -> Callable[[SeatRow], str]:
    return lambda row: sentences.skills(row, ground.say)


def _who(ground: Ground) -> Iterator[Column]:
    _ = ground.say.gettext
    yield Column("person", _("Person"), TEXT, 26, lambda row: row.person)
    yield Column("kind", _("Kind"), TEXT, 12, lambda row: _(sentences.KINDS[row.kind]), is_private=True)
    yield Column("site", _("Site"), TEXT, 14, lambda row: row.site or "")


def _agreed(ground: Ground) -> Iterator[Column]:
    """How firm an allocation is; for organisers also who agreed, when and why."""
    _ = ground.say.gettext
    accepts = {row.seat: row for row in ground.report.meta.decisions if row.what == "accept" and row.seat}

    def decided(read: Callable[[DecisionRow], Cell]) -> Callable[[SeatRow], Cell]:
        return lambda row: read(accepts[row.seat_id]) if row.is_agreed and row.seat_id in accepts else None

    yield Column("booking", _("Booking"), TEXT, 11, lambda row: _("agreed") if row.is_agreed else _("proposed"))
    yield Column("agreed_by", _("Agreed by"), TEXT, 18, decided(lambda row: row.by), is_private=True)
    yield Column("agreed_at", _("Agreed at (UTC)"), INSTANT, 17, decided(lambda row: row.at), is_private=True)
    yield Column("by_hand", _("By hand"), TEXT, 9, lambda row: _("yes") if row.is_by_hand else "", is_private=True)
    yield Column("changed", _("Changed"), TEXT, 9, lambda row: _("yes") if row.is_changed else "", is_private=True)


def _worth(ground: Ground) -> Iterator[Column]:
    """Fit, cost and points; the parts of the points add up to them exactly."""
    say, _ = ground.say, ground.say.gettext
    cost = _("Staff cost (%(currency)s)", currency=say.currency)
    yield Column("skills_held", _("Skills held"), TEXT, 44, lambda row: _held(row, ground), is_private=True)
    yield Column("fit", _("Skill fit (%)"), PERCENT, 9, lambda row: row.fit, is_private=True)
    yield Column("style_fit", _("Work-style fit (%)"), PERCENT, 11, lambda row: row.style_fit, is_private=True)
    yield Column("wish", _("Wish"), WHOLE, 8, lambda row: row.wish, is_private=True)
    yield Column("cost", cost, MONEY, 13, lambda row: row.cost, is_private=True)
    yield Column("points", _("Points"), WHOLE, 11, lambda row: row.points, is_private=True)
    for part in _PARTS:
        title = _("of these: %(part)s", part=_(sentences.TERMS[part]))
        yield Column(f"points_{part}", title, WHOLE, 11, _part(part), is_private=True)


def _part(part: str) -> Callable[[Any], int | None]:
    return lambda row: getattr(row.score, part) if row.score is not None else None


def _held(row: SeatRow, ground: Ground) -> str:
    """Each skill that is asked for with the holder's level: “SQL 4 of 3”."""
    _ = ground.say.gettext
    return ", ".join(
        _("%(skill)s %(have)s of %(need)s", skill=cell.label, have=cell.have, need=cell.need) for cell in row.skills
    )
