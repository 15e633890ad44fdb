"""The report on teams in words: sentences first, then the tables and drawings that they are read off."""

from __future__ import annotations

from planner.exchange.reports import Bars, Document, Section, column
from planner.exchange.reports.shape import table
from planner.exchange.tables.shape import ColumnKind
from planner.exchange.words import N_, Words
from planner.models import DecisionKind, Side, now
from planner.services.outcomes.phrases import about, first_day, full_time, last_day, month, periods
from planner.services.outcomes.team import PhaseLine, ProjectLine, TeamReport

WHOLE, NUMBER, PERCENT = ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT
MONEY, DATE, INSTANT = ColumnKind.MONEY, ColumnKind.DATE, ColumnKind.INSTANT
DECIDED = {
    DecisionKind.ACCEPT: N_("agreed"),
    DecisionKind.RELEASE: N_("released"),
    DecisionKind.ASSIGN: N_("put somebody on it"),
    DecisionKind.TAKE_OFF: N_("took somebody off it"),
    DecisionKind.SWAP: N_("swapped people"),
    DecisionKind.MOVE_PHASE: N_("moved it"),
    DecisionKind.OVERRIDE: N_("overrode a rule"),
}
MOST_BARS = 12


def team_document(report: TeamReport, say: Words, *, by: str = "", more: tuple[Section, ...] = ()) -> Document:
    """The whole report; `more` are sections of other corridors."""
    _ = say.gettext
    sections = [
        _delivery(report, say),
        _time(report, say),
        _cost(report, say),
        _seats(report, say),
        _answers(report, say),
        *more,
        _changes(report, say),
    ]
    return Document(
        key="team",
        title=_("Team performance"),
        lede=tuple(_lede(report, say)),
        about=about(report.wanted, report.project.name if report.project else "", say),
        sections=tuple(sections),
        language=say.language,
        currency=say.currency,
        made_at=now(),
        made_by=by,
        figures=tuple(_figures(report, say)),
    )


def _lede(report: TeamReport, say: Words) -> list[str]:
    _ = say.gettext
    if not report.phases:
        return [_("No phase of these projects lies in these days.")]
    said = [_fate(report, say)]
    if report.used_pct is not None:
        said.append(
            _(
                "%(pct)s of everybody’s time is allocated, and %(bench)s person-periods are on the bench.",
                pct=say.percent(report.used_pct),
                bench=say.number(full_time(sum(line.bench for line in report.months))),
            )
        )
    num_open = report.total("num_seats") - report.total("num_held")
    if num_open:
        said.append(say.ngettext("%(num)s seat has nobody.", "%(num)s seats have nobody.", num_open))
    return [" ".join(said)]


def _fate(report: TeamReport, say: Words) -> str:
    """How many phases end as they were to."""
    known = [line for line in report.phases if line.slip is not None]
    if not known:
        return say.ngettext(
            "%(num)s phase; no plan that knew it has come in force yet.",
            "%(num)s phases; no plan that knew them has come in force yet.",
            len(report.phases),
        )
    late = len(report.late)
    if not late:
        return say.ngettext(
            "The one phase ends when it was to end.", "All %(num)s phases end when they were to end.", len(known)
        )
    worst = report.late[0]
    return say.gettext(
        "%(late)s of %(num)s phases end later than they were to, most of all %(phase)s (%(project)s), by %(slip)s.",
        late=say.number(late),
        num=say.number(len(known)),
        phase=worst.phase,
        project=worst.project,
        slip=periods(report.here.workspace, worst.slip or 0, say),
    )


def _figures(report: TeamReport, say: Words) -> list[tuple[str, str]]:
    _ = say.gettext
    if not report.phases:
        return []
    seats = _("%(filled)s of %(seats)s", filled=say.number(report.total("num_held")),
              seats=say.number(report.total("num_seats")))  # fmt: skip
    return [
        (say.number(len(report.late)), _("Phases late")),
        (seats, _("Seats filled")),
        (say.percent(report.used_pct or 0), _("Of everybody’s time")),
        (say.money(report.total("cost_now")), _("Cost as things are")),
    ]


def _delivery(report: TeamReport, say: Words) -> Section:
    _, workspace = say.gettext, report.here.workspace
    columns = [
        column("project", _("Project"), width=24),
        column("phase", _("Phase"), width=18),
        column("first_start", _("Start, first"), DATE, 11),
        column("first_end", _("End, first"), DATE, 11),
        column("start", _("Start now"), DATE, 11),
        column("end", _("End now"), DATE, 11),
        column("slip", _("Later by, in periods"), WHOLE, 9),
    ]
    rows = [
        (
            f"project:{line.project_id}",
            (
                line.project,
                line.phase,
                first_day(workspace, line.first_start),
                last_day(workspace, line.first_end),
                first_day(workspace, line.start),
                last_day(workspace, line.end),
                line.slip,
            ),
        )
        for line in report.phases
    ]
    return Section(
        key="delivery",
        title=_("Delivery"),
        sentences=tuple(_slips(report, say)),
        table=table("delivery", _("Delivery"), columns, rows),
        note=_(
            "First: as the first plan that knew the phase came in force. Now: by the plan in force and today’s phases. "
            "A phase that touches the chosen days counts whole."
        ),
        none=_("No phase lies in these days."),
    )


def _slips(report: TeamReport, say: Words) -> list[str]:
    return [
        say.gettext(
            "%(project)s, %(phase)s: ends %(end)s, %(slip)s later than first planned.",
            project=line.project,
            phase=line.phase,
            end=say.day(last_day(report.here.workspace, line.end) or now().date()),
            slip=periods(report.here.workspace, line.slip or 0, say),
        )
        for line in report.late[:3]
    ]


def _time(report: TeamReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("month", _("Month"), width=12),
        column("capacity", _("Can give"), NUMBER, 10),
        column("wanted", _("These projects"), NUMBER, 10),
        column("others", _("Other projects"), NUMBER, 10),
        column("bench", _("Bench"), NUMBER, 10),
        column("used", _("Allocated, in percent"), PERCENT, 10),
    ]
    rows = [
        (
            "",
            (
                month(line.month, say),
                full_time(line.capacity),
                full_time(line.wanted),
                full_time(line.others),
                full_time(line.bench),
                line.used_pct,
            ),
        )
        for line in report.months
    ]
    bars = Bars(
        _("Utilisation by month"),
        tuple(month(line.month, say) for line in report.months),
        ((_("allocated"), tuple(float(line.used_pct or 0) for line in report.months)),),
        " %",
        100,
    )
    return Section(
        key="utilisation",
        title=_("Utilisation and bench"),
        sentences=tuple(_fullest(report, say)),
        table=table("utilisation", _("Utilisation and bench"), columns, rows),
        bars=bars if report.months else None,
        note=_(
            "Of everybody on staff, in periods of one person at full time; a period counts in the month in which it "
            "begins. Bench is what is left: what is too much for one does not fill another’s."
        ),
    )


def _fullest(report: TeamReport, say: Words) -> list[str]:
    known = [line for line in report.months if line.used_pct is not None]
    if not known:
        return []
    most, least = (pick(known, key=lambda line: line.used_pct or 0) for pick in (max, min))
    return [
        say.gettext(
            "Most is allocated in %(most)s (%(most_pct)s), least in %(least)s (%(least_pct)s).",
            most=month(most.month, say),
            most_pct=say.percent(most.used_pct or 0),
            least=month(least.month, say),
            least_pct=say.percent(least.used_pct or 0),
        )
    ]


def _cost(report: TeamReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("project", _("Project"), width=26),
        column("client", _("Client"), width=18),
        column("cost_first", _("First in force"), MONEY, 13),
        column("cost_in_force", _("Plan in force"), MONEY, 13),
        column("cost_now", _("As things are"), MONEY, 13),
        column("budget", _("Budget"), MONEY, 13),
        column("over", _("Over budget"), MONEY, 13),
    ]
    rows = [
        (
            f"project:{line.project_id}",
            (line.name, line.client, line.cost_first, line.cost_in_force, line.cost_now, line.budget, _over(line)),
        )
        for line in report.projects
    ]
    largest = sorted(report.projects, key=lambda line: -line.cost_now)[:MOST_BARS]
    bars = Bars(
        _("Cost by project"),
        tuple(line.name for line in largest),
        (
            (_("first in force"), tuple(float(line.cost_first or 0) for line in largest)),
            (_("as things are"), tuple(float(line.cost_now) for line in largest)),
            (_("budget"), tuple(float(line.budget or 0) for line in largest)),
        ),
        f" {say.currency}",
    )
    note = _("What the people on the seats cost for all periods of the reported phases, without the cost of hiring.")
    if not report.is_cost_whole:
        note += " " + _("Somebody is paid in a currency that has no exchange rate: they count nothing here.")
    return Section(
        key="cost",
        title=_("Cost against plan"),
        sentences=tuple(_costs(report, say)),
        table=table("cost", _("Cost against plan"), columns, rows),
        bars=bars if largest else None,
        note=note,
        none=_("No project lies in these days."),
    )


def _over(line: ProjectLine) -> int | None:
    return line.over_budget if (line.over_budget or 0) > 0 else None


def _costs(report: TeamReport, say: Words) -> list[str]:
    said = []
    if any(line.cost_first is not None for line in report.phases):
        both = {
            "now": say.money(report.total("cost_now")),
            "first": say.money(report.total("cost_first")),
        }
        said.append(say.gettext("As things are, people cost %(now)s; first in force it was %(first)s.", **both))
    over = sorted((line for line in report.projects if _over(line)), key=lambda line: -(line.over_budget or 0))
    said += [
        say.gettext(
            "%(project)s is %(over)s over its budget.", project=line.name, over=say.money(line.over_budget or 0)
        )
        for line in over[:3]
    ]
    return said


def _seats(report: TeamReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("project", _("Project"), width=24),
        column("phase", _("Phase"), width=18),
        column("num_seats", _("Seats"), WHOLE, 8),
        column("num_held", _("Filled"), WHOLE, 8),
        column("num_agreed", _("Agreed"), WHOLE, 8),
        column("open", _("Open"), WHOLE, 8),
    ]
    rows = [(f"project:{line.project_id}", _fill(line)) for line in report.phases]
    hires = report.hires
    said = [
        _(
            "%(held)s of %(seats)s seats are filled, %(agreed)s of them agreed.",
            held=say.number(report.total("num_held")),
            seats=say.number(report.total("num_seats")),
            agreed=say.number(report.total("num_agreed")),
        ),
        _(
            "Requisitions: %(draft)s drafted, %(open)s open, %(filled)s filled; people hired in these days: %(hired)s.",
            draft=say.number(hires.num_draft),
            open=say.number(hires.num_open),
            filled=say.number(hires.num_filled),
            hired=say.number(hires.num_hired),
        ),
    ]
    return Section(
        key="seats",
        title=_("Seats and hires"),
        sentences=tuple(said),
        table=table("seats", _("Seats and hires"), columns, rows),
        none=_("No phase lies in these days."),
    )


def _fill(line: PhaseLine) -> tuple[str, str, int, int, int, int]:
    return (
        line.project, line.phase, line.num_seats, line.num_held, line.num_agreed, line.num_seats - line.num_held
    )  # fmt: skip


def _answers(report: TeamReport, say: Words) -> Section:
    _ = say.gettext
    words = {Side.OPERATIONS: _("operations"), Side.PROJECT: _("project managers")}
    columns = [
        column("side", _("Who answers"), width=20),
        column("num", _("Answers"), WHOLE, 10),
        column("median", _("Days, in the middle"), NUMBER, 12),
        column("waiting", _("Waiting now"), WHOLE, 10),
        column("longest", _("Longest wait, days"), NUMBER, 12),
    ]
    rows = [
        ("", (words[line.side], line.num, line.median_days, line.num_waiting, line.longest_days))
        for line in report.responses
    ]
    said = [
        _("%(side)s answer after %(days)s days in the middle.", side=words[line.side].capitalize(),
          days=say.number(line.median_days))
        for line in report.responses
        if line.median_days is not None
    ]  # fmt: skip
    return Section(
        key="responses",
        title=_("Answers to role needs"),
        sentences=tuple(said),
        table=table("responses", _("Answers to role needs"), columns, rows),
    )


def _changes(report: TeamReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("at", _("When"), DATE, 12),
        column("by", _("Who"), width=18),
        column("project", _("Project"), width=20),
        column("what", _("Seat or phase"), width=22),
        column("kind", _("What"), width=18),
        column("reason", _("Why"), width=40),
    ]
    rows = [
        ("", (line.at.date(), line.by, line.project, line.what, _(DECIDED[line.kind]), line.reason))
        for line in report.changes
    ]
    count = say.ngettext("%(num)s change by hand.", "%(num)s changes by hand.", len(rows))
    return Section(
        key="changes",
        title=_("Changes since a plan first came in force"),
        sentences=(count,) if rows else (),
        table=table("changes", _("Changes since a plan first came in force"), columns, rows),
        none=_("Nothing was changed by hand in these days.")
        if report.first_at is not None
        else _("No plan has come in force yet."),
    )
