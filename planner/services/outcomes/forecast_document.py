"""The forecast in words: who has too much to do, who too little, week by week, and what has moved it."""

from __future__ import annotations

from planner.exchange.reports import Document, Heat, HeatCell, HeatRow, Section, column
from planner.exchange.reports.shape import table
from planner.exchange.tables.shape import Cell, ColumnKind
from planner.exchange.words import N_, Words
from planner.models import now
from planner.services.outcomes.phrases import first_day, full_time, head, last_day, periods, tint
from planner.services.work.forecast import Forecast, Line, Move, MoveKind

WHOLE, NUMBER, PERCENT, DATE = ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.DATE
LOW_PCT = 50
MOST_NAMED = 3
MOVES = {
    MoveKind.LESS_TIME: N_("has less time: away, or fewer hours"),
    MoveKind.MORE_TIME: N_("has more time"),
    MoveKind.RE_ESTIMATED: N_("effort or dates of the role need were changed"),
    MoveKind.GONE: N_("has left: the seat has nobody"),
    MoveKind.DECLINED: N_("has declined: the seat has nobody"),
    MoveKind.SEAT_GONE: N_("the seat is not asked for any more"),
    MoveKind.ADDED: N_("was put on a seat since"),
}


def forecast_document(found: Forecast, say: Words, *, low_pct: int = LOW_PCT, by: str = "") -> Document:
    """The forecast of everybody that it holds; `low_pct` is below what somebody counts as hardly used."""
    _, workspace = say.gettext, found.workspace
    first, last = first_day(workspace, found.first_idx), last_day(workspace, found.last_idx)
    days = {"begin": say.day(first or now().date()), "end": say.day(last or now().date())}
    return Document(
        key="forecast",
        title=_("Forecast"),
        lede=tuple(_lede(found, low_pct, say)),
        about=_about(found, days, say),
        sections=(_over(found, say), _weeks(found, say), _moves(found, say), _low(found, low_pct, say),
                  _open(found, say)),
        language=say.language,
        currency=say.currency,
        made_at=now(),
        made_by=by,
        figures=(
            (say.number(len(found.overloaded)), _("People with too much to do")),
            (say.number(len([one for one in found.below(low_pct) if not one.person.kind.is_hire])),
             _("People below %(pct)s", pct=say.percent(low_pct))),
            (say.number(full_time(sum(one.bench for one in found.staff))), _("Person-periods on the bench")),
            (say.number(len(found.open_seats)), _("Seats with nobody")),
        ),
    )  # fmt: skip


def _about(found: Forecast, days: dict[str, str], say: Words) -> str:
    if found.plan is None:
        return say.gettext("No plan is in force, %(begin)s to %(end)s", **days)
    return say.gettext("Plan %(number)s in force, %(begin)s to %(end)s", number=found.plan.number, **days)


def _lede(found: Forecast, low_pct: int, say: Words) -> list[str]:
    _, over = say.gettext, found.overloaded
    if found.plan is None:
        said = [_("No plan is in force: the forecast knows only who is agreed on seats.")]
    elif over:
        names = say.list([line.person.name for line in over[:MOST_NAMED]])
        said = [
            say.ngettext(
                "%(num)s person has more to do than time: %(names)s.",
                "%(num)s people have more to do than time, most of all %(names)s.",
                len(over),
                names=names,
            )
        ]
    else:
        said = [_("Nobody has more to do than time.")]
    low = [one for one in found.below(low_pct) if not one.person.kind.is_hire]
    if low:
        said.append(
            say.ngettext(
                "%(num)s person is below %(pct)s of their time.",
                "%(num)s people are below %(pct)s of their time.",
                len(low),
                pct=say.percent(low_pct),
            )
        )
    if found.moves:
        said.append(
            say.ngettext(
                "%(num)s thing has moved it since the plan was made.",
                "%(num)s things have moved it since the plan was made.",
                len(found.moves),
            )
        )
    return [" ".join(said)]


def _over(found: Forecast, say: Words) -> Section:
    _, workspace = say.gettext, found.workspace
    columns = [
        column("person", _("Person"), width=26),
        column("num", _("Periods over"), WHOLE, 10),
        column("worst_on", _("Worst, from"), DATE, 12),
        column("worst", _("Load there, in percent of their time"), PERCENT, 13),
        column("over", _("Too much, person-periods"), NUMBER, 13),
        column("then", _("Allocated as planned, in percent"), PERCENT, 12),
        column("now", _("Allocated now, in percent"), PERCENT, 12),
    ]
    rows = [(f"person:{line.person.id}", _overload(found, line)) for line in found.overloaded]
    said = [
        _(
            "%(name)s: over in %(num)s, worst from %(day)s.",
            name=line.person.name,
            num=periods(workspace, line.num_over, say),
            day=say.day(first_day(workspace, found.first_idx + _worst(line)) or now().date()),
        )
        for line in found.overloaded[:MOST_NAMED]
    ]
    return Section(
        key="over",
        title=_("More to do than time"),
        sentences=tuple(said),
        table=table("over", _("More to do than time"), columns, rows),
        none=_("Nobody."),
    )


def _worst(line: Line) -> int:
    return max(range(len(line.over)), key=lambda n: (line.over[n], -n))


def _overload(found: Forecast, line: Line) -> tuple[Cell, ...]:
    worst = _worst(line)
    give = line.capacity[worst]
    return (
        line.person.name,
        line.num_over,
        first_day(found.workspace, found.first_idx + worst),
        round(100 * line.load[worst] / give) if give else None,
        full_time(sum(line.over)),
        line.used_then_pct,
        line.used_pct,
    )


def _weeks(found: Forecast, say: Words) -> Section:
    _, workspace = say.gettext, found.workspace
    heads = tuple(head(workspace, idx, say) for idx in range(found.first_idx, found.last_idx))
    rows = tuple(
        HeatRow(line.person.name, _shares(line, say), tuple(_cells(line)), f"person:{line.person.id}")
        for line in found.lines
    )
    columns = [
        column("person", _("Person"), width=26),
        column("used", _("Allocated, in percent"), PERCENT, 10),
        *(column(f"w{n}", text, PERCENT, 6) for n, text in enumerate(heads)),
    ]
    lines = [
        (
            f"person:{line.person.id}",
            (
                line.person.name,
                line.used_pct,
                *(round(100 * load / give) if give else load or None
                  for load, give in zip(line.load, line.capacity, strict=True)),
            ),
        )
        for line in found.lines
    ]  # fmt: skip
    legend = _("Percent of what somebody can give in that period. Red: more than that, or work where they are away.")
    return Section(
        key="weeks",
        title=_("Period by period"),
        table=table("weeks", _("Period by period"), columns, lines),
        heat=Heat(_("Period by period"), _("Person"), heads, rows, legend) if rows else None,
        none=_("Nobody is on staff."),
    )


def _shares(line: Line, say: Words) -> str:
    if line.used_pct is None:
        return ""
    if line.used_then_pct is None or line.used_then_pct == line.used_pct:
        return say.percent(line.used_pct)
    return say.gettext("%(then)s → %(now)s", then=say.percent(line.used_then_pct), now=say.percent(line.used_pct))


def _cells(line: Line) -> list[HeatCell]:
    cells = []
    for load, give in zip(line.load, line.capacity, strict=True):
        if load > give:
            cells.append(HeatCell(str(round(100 * load / give)) if give else "!", "over"))
        else:
            pct = round(100 * load / give) if give else 0
            cells.append(HeatCell(str(pct) if pct else "", tint(pct)))
    return cells


def _moves(found: Forecast, say: Words) -> Section:
    _, workspace = say.gettext, found.workspace
    names = {line.person.key: line.person.name for line in found.lines}
    columns = [
        column("person", _("Person"), width=24),
        column("what", _("What is otherwise"), width=40),
        column("seat", _("Seat"), width=26),
        column("from", _("From"), DATE, 12),
        column("to", _("To"), DATE, 12),
        column("change", _("Change, person-periods"), NUMBER, 14),
    ]
    moves = sorted(found.moves, key=lambda move: -abs(move.change))
    rows = [
        (
            f"person:{move.person_id}" if move.person_id is not None else "",
            (
                names.get(move.person_key, move.person_key),
                _(MOVES[move.kind]),
                _seat(move),
                first_day(workspace, move.first_idx),
                last_day(workspace, move.last_idx),
                full_time(move.change),
            ),
        )
        for move in moves
    ]
    return Section(
        key="moves",
        title=_("What has moved it since the plan was made"),
        table=table("moves", _("What has moved it since the plan was made"), columns, rows),
        note=_("The changes of one person add up to what their load, and their time, have changed by."),
        none=_("Everything is as the plan knew it."),
    )


def _seat(move: Move) -> str:
    if move.holding is None:
        return ""
    return f"{move.holding.seat.title} · {move.holding.seat.project}"


def _low(found: Forecast, low_pct: int, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("person", _("Person"), width=26),
        column("now", _("Allocated now, in percent"), PERCENT, 12),
        column("then", _("Allocated as planned, in percent"), PERCENT, 12),
        column("bench", _("Bench, person-periods"), NUMBER, 14),
    ]
    rows = [
        (f"person:{line.person.id}", (line.person.name, line.used_pct, line.used_then_pct, full_time(line.bench)))
        for line in found.below(low_pct)
        if not line.person.kind.is_hire
    ]
    return Section(
        key="low",
        title=_("Below %(pct)s of their time", pct=say.percent(low_pct)),
        table=table("low", _("Below %(pct)s of their time", pct=say.percent(low_pct)), columns, rows),
        none=_("Nobody."),
    )


def _open(found: Forecast, say: Words) -> Section:
    _, workspace = say.gettext, found.workspace
    columns = [
        column("seat", _("Seat"), width=28),
        column("project", _("Project"), width=24),
        column("phase", _("Phase"), width=18),
        column("from", _("From"), DATE, 12),
        column("to", _("To"), DATE, 12),
        column("effort", _("Effort, in percent"), PERCENT, 9),
    ]
    rows = [
        (
            f"need:{one.seat.need_id}",
            (
                one.seat.title,
                one.seat.project,
                one.seat.phase,
                first_day(workspace, one.seat.first_idx),
                last_day(workspace, one.seat.last_idx),
                one.seat.fte_pct,
            ),
        )
        for one in found.open_seats
    ]
    return Section(
        key="open",
        title=_("Seats with nobody"),
        table=table("open", _("Seats with nobody"), columns, rows),
        none=_("Every seat ahead is held."),
    )
