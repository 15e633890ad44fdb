"""The report on the department in words."""

from __future__ import annotations

from planner.exchange.reports import Bars, Document, Heat, HeatCell, HeatRow, Section, column
from planner.exchange.reports.shape import table
from planner.exchange.tables.shape import Cell, ColumnKind, Table
from planner.exchange.words import N_, Words
from planner.models import Stage, now
from planner.services.outcomes.department import DepartmentReport, ProcessKind
from planner.services.outcomes.phrases import about, full_time, head, periods, skill_name, tint
from planner.services.outcomes.skill_gap import GapRow, SkillGap

WHOLE, NUMBER, PERCENT = ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT
PROCESSES = {
    ProcessKind.NEED_ANSWERED: N_("Role need asked → answered by operations"),
    ProcessKind.OFFER_ANSWERED: N_("Counter-offer → answered by the PM"),
    ProcessKind.SIGNED_PROJECT: N_("Requisition drafted → signed by the PM"),
    ProcessKind.SIGNED_OPERATIONS: N_("Requisition drafted → signed by operations"),
    ProcessKind.SIGNED: N_("Requisition drafted → signed by both"),
    ProcessKind.FILLED: N_("Requisition drafted → somebody hired"),
    ProcessKind.FILLED_PM: N_("of that: with PMs"),
    ProcessKind.FILLED_OPERATIONS: N_("of that: with operations"),
    ProcessKind.FILLED_CANDIDATE: N_("of that: with candidates"),
    ProcessKind.PLAN_ANSWERED: N_("Plan proposed → approved, or changes asked for"),
}
STAGES = {
    Stage.NEW: N_("new"),
    Stage.SCREENING: N_("screening"),
    Stage.INTERVIEW: N_("interview"),
    Stage.OFFER: N_("offer"),
    Stage.HIRED: N_("hired"),
}
MOST_NAMED = 3


def department_document(
    report: DepartmentReport, say: Words, *, by: str = "", more: tuple[Section, ...] = ()
) -> Document:
    """The whole report; `more` are sections of other corridors."""
    _ = say.gettext
    return Document(
        key="department",
        title=_("Department"),
        lede=tuple(_lede(report, say)),
        about=about(report.wanted, "", say),
        sections=(
            _gap(report, say),
            _single(report, say),
            _bench(report, say),
            _processes(report, say),
            _hiring(report, say),
            _acceptance(report, say),
            *more,
        ),
        language=say.language,
        currency=say.currency,
        made_at=now(),
        made_by=by,
        figures=tuple(_figures(report, say)),
    )


def _lede(report: DepartmentReport, say: Words) -> list[str]:
    """What nobody is left for, which skill is shortest, how long the first answer takes."""
    _, gap, workspace = say.gettext, report.gap, report.here.workspace
    if not any(gap.needed):
        return [_("Nothing is asked for in the periods ahead.")]
    said = {
        "ahead": periods(workspace, gap.last_idx - gap.first_idx, say),
        "rest": say.number(full_time(sum(gap.uncovered))),
        "needed": say.number(full_time(sum(gap.needed))),
    }
    lines = [
        _(
            "In the next %(ahead)s, %(rest)s of %(needed)s person-periods that are asked for have nobody on staff left "
            "for them at best.",
            **said,
        )
        if sum(gap.uncovered)
        else _(
            "In the next %(ahead)s, everybody’s time could cover all %(needed)s person-periods that are asked for.",
            **said,
        )
    ]
    if gap.short_rows:
        names = [_level(row, say) for row in gap.short_rows[:MOST_NAMED]]
        lines.append(_("Shortest are %(skills)s.", skills=say.list(names)))
    first = report.process(ProcessKind.NEED_ANSWERED)
    if first.median_days is not None:
        lines.append(
            _("A role need is answered after %(days)s days in the middle.", days=say.number(first.median_days))
        )
    return [" ".join(lines)]


def _figures(report: DepartmentReport, say: Words) -> list[tuple[str, str]]:
    _, gap = say.gettext, report.gap
    bench = sum(line.bench for line in report.sites)
    filled = report.process(ProcessKind.FILLED).median_days
    return [
        (say.number(full_time(sum(gap.uncovered))), _("Person-periods uncovered at best")),
        (say.number(len(gap.short_rows)), _("Skills short at a level")),
        (say.number(full_time(bench)), _("Person-periods on the bench")),
        (say.number(filled) if filled is not None else "–", _("Days to hire, in the middle")),
    ]


def _level(row: GapRow, say: Words) -> str:
    return say.gettext("%(skill)s at %(level)s", skill=skill_name(row.skill, say), level=row.level)


def _gap(report: DepartmentReport, say: Words) -> Section:
    _, gap, workspace = say.gettext, report.gap, report.here.workspace
    heads = tuple(head(workspace, idx, say) for idx in range(gap.first_idx, gap.last_idx))
    return Section(
        key="skills",
        title=_("Skills held against skills needed"),
        sentences=tuple(_gap_sentences(report, say)),
        table=_gap_table(gap, heads, say),
        heat=_gap_heat(gap, heads, say) if gap.rows else None,
        note=_(
            "Needed: the effort of all seats that must have the skill at this level or more, whoever holds them. Held: "
            "the time of everybody on staff who has it. Somebody with two skills stands in two rows, so rows must not "
            "be added up. The first row counts each hour once: what is left over in the best division of everybody’s "
            "time among seats whose every must-have skill they hold; in truth it is at least that much."
        ),
        none=_("No seat ahead must have a skill."),
    )


def _gap_table(gap: SkillGap, heads: tuple[str, ...], say: Words) -> Table:
    """The same in figures: for each period what is needed less what is held."""
    _ = say.gettext
    columns = [
        column("skill", _("Skill"), width=24),
        column("level", _("Level or more"), WHOLE, 8),
        column("holders", _("People who hold it"), WHOLE, 9),
        column("held", _("Held, all periods"), NUMBER, 10),
        column("needed", _("Needed, all periods"), NUMBER, 10),
        *(column(f"short_{n}", text, NUMBER, 6) for n, text in enumerate(heads)),
    ]
    lines: list[tuple[str, tuple[Cell, ...]]] = []
    for row in gap.rows:
        lacks = (full_time(need - have) for need, have in zip(row.needed, row.held, strict=True))
        sums = (full_time(sum(row.held)), full_time(sum(row.needed)))
        lines.append((f"skill:{row.skill.id}", (skill_name(row.skill, say), row.level, row.num_holders, *sums, *lacks)))
    if lines:
        rest = (full_time(num) for num in gap.uncovered)
        lines.insert(0, ("", (_("Uncovered effort at best"), None, None, None, None, *rest)))
    return table("skills", _("Skills held against skills needed"), columns, lines)


def _gap_heat(gap: SkillGap, heads: tuple[str, ...], say: Words) -> Heat:
    """What is left over at best, then skill by skill, the tightest first."""
    _ = say.gettext
    rest = (HeatCell(say.number(full_time(num)) if num else "", "over" if num else "") for num in gap.uncovered)
    rows = [HeatRow(_("Uncovered effort at best"), "", tuple(rest))]
    for row in sorted(gap.rows, key=lambda row: -row.tightest):
        holders = say.ngettext("%(num)s holds it", "%(num)s hold it", row.num_holders)
        rows.append(HeatRow(_level(row, say), holders, _cells(row), f"skill:{row.skill.id}"))
    legend = _(
        "Percent of the time of those who hold the skill that is asked for. Red: more is asked for than they "
        "have; the number says how many people are missing."
    )
    return Heat(_("Skills held against skills needed"), _("Skill and level"), heads, tuple(rows), legend)


def _cells(row: GapRow) -> tuple[HeatCell, ...]:
    """How much of what is held is asked for; where more is asked for than is held, how many people are missing."""
    cells = []
    for need, have, short in zip(row.needed, row.held, row.short, strict=True):
        if short:
            cells.append(HeatCell(f"−{full_time(short):g}", "over"))
        elif not need:
            cells.append(HeatCell("", ""))
        else:
            pct = round(100 * need / have)
            cells.append(HeatCell(str(pct), tint(pct)))
    return tuple(cells)


def _gap_sentences(report: DepartmentReport, say: Words) -> list[str]:
    gap = report.gap
    return [
        say.gettext(
            "%(skill)s: %(short)s person-periods short, in %(num)s.",
            skill=_level(row, say),
            short=say.number(full_time(sum(row.short))),
            num=periods(report.here.workspace, sum(1 for one in row.short if one), say),
        )
        for row in gap.short_rows[:MOST_NAMED]
    ]


def _single(report: DepartmentReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("skill", _("Skill"), width=28),
        column("level", _("Level or more"), WHOLE, 10),
        column("holders", _("People who hold it"), WHOLE, 12),
        column("needed", _("Needed, all periods"), NUMBER, 12),
    ]
    rows = [
        (f"skill:{row.skill.id}", (skill_name(row.skill, say), row.level, row.num_holders, full_time(sum(row.needed))))
        for row in report.gap.single
    ]
    return Section(
        key="single",
        title=_("Skills that one person holds, or nobody"),
        table=table("single", _("Skills that one person holds, or nobody"), columns, rows),
        note=_(
            "Of the skills that seats ahead must have. A team rule “at least 2 on the team hold it” asks for cover."
        ),
        none=_("Each skill that is asked for is held by two people at least."),
    )


def _bench(report: DepartmentReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("site", _("Site"), width=22),
        column("people", _("People"), WHOLE, 9),
        column("capacity", _("Can give"), NUMBER, 11),
        column("allocated", _("Allocated"), NUMBER, 11),
        column("bench", _("Bench"), NUMBER, 11),
        column("used", _("Allocated, in percent"), PERCENT, 11),
    ]
    rows = [
        ("", (line.site or _("at no site"), line.num_people, full_time(line.capacity), full_time(line.allocated),
              full_time(line.bench), line.used_pct))
        for line in report.sites
    ]  # fmt: skip
    bars = Bars(
        _("Bench by site"),
        tuple(line.site or _("at no site") for line in report.sites),
        ((_("bench"), tuple(full_time(line.bench) for line in report.sites)),),
    )
    return Section(
        key="bench",
        title=_("Bench by site"),
        table=table("bench", _("Bench by site"), columns, rows),
        bars=bars if rows else None,
        note=_("Of everybody on staff, in the periods ahead; in periods of one person at full time."),
        none=_("Nobody is on staff."),
    )


def _processes(report: DepartmentReport, say: Words) -> Section:
    _ = say.gettext
    columns = [
        column("process", _("From … to"), width=42),
        column("num", _("Ended"), WHOLE, 9),
        column("median", _("Days, in the middle"), NUMBER, 11),
        column("longest", _("Days, the longest"), NUMBER, 11),
        column("waiting", _("Waiting now"), WHOLE, 10),
        column("wait", _("Longest wait, days"), NUMBER, 11),
    ]
    rows = [
        ("", (_(PROCESSES[line.kind]), line.num, line.median_days, line.longest_days, line.num_waiting,
              line.waiting_days))
        for line in report.processes
    ]  # fmt: skip
    known = [line for line in report.processes if line.median_days]
    bars = Bars(
        _("Days, in the middle"),
        tuple(_(PROCESSES[line.kind]) for line in known),
        ((_("days"), tuple(round(line.median_days or 0, 1) for line in known)),),
    )
    return Section(
        key="processes",
        title=_("How long things take"),
        table=table("processes", _("How long things take"), columns, rows),
        bars=bars if known else None,
        note=_("What ended in the chosen days; hires count from the first requisition on, as the funnel counts them."),
    )


def _hiring(report: DepartmentReport, say: Words) -> Section:
    _, hiring = say.gettext, report.funnel
    columns = [
        column("stage", _("Stage"), width=20),
        column("reached", _("Have come so far"), WHOLE, 12),
        column("now", _("There now"), WHOLE, 12),
    ]
    rows = [("", (_(STAGES[line.stage]), line.num_reached, line.num_now)) for line in report.stages]
    said = []
    if hiring.accepted_pct is not None:
        said.append(
            _(
                "%(pct)s of %(num)s offers that have ended were accepted.",
                pct=say.percent(hiring.accepted_pct),
                num=say.number(hiring.num_offers),
            )
        )
    bars = Bars(
        _("Have come so far"),
        tuple(_(STAGES[line.stage]) for line in report.stages),
        ((_("candidates"), tuple(float(line.num_reached) for line in report.stages)),),
    )
    return Section(
        key="hiring",
        title=_("Hiring"),
        sentences=tuple(said),
        table=table("hiring", _("Hiring"), columns, rows),
        bars=bars,
    )


def _acceptance(report: DepartmentReport, say: Words) -> Section:
    _, found = say.gettext, report.acceptance
    columns = [column("what", _("Proposals"), width=40), column("num", _("Number"), WHOLE, 10)]
    rows = [
        ("", (_("Plans proposed"), found.num_proposed)),
        ("", (_("Plans approved"), found.num_approved)),
        ("", (_("Plans for which changes were asked"), found.num_changes_asked)),
        ("", (_("Seats of the plan in force"), found.num_seats)),
        ("", (_("of these: held as the planner proposed"), found.num_as_proposed)),
        ("", (_("of these: held as somebody chose by hand"), found.num_by_hand)),
    ]
    said = []
    if found.num_seats:
        share = round(100 * found.num_as_proposed / found.num_seats)
        said.append(_("%(pct)s of the seats of the plan in force are held as it was proposed.", pct=say.percent(share)))
    return Section(
        key="acceptance",
        title=_("What becomes of proposals"),
        sentences=tuple(said),
        table=table("acceptance", _("What becomes of proposals"), columns, rows),
    )
