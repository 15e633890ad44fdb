"""A plan as a PDF to hand round: a page of summary, then teams, gaps, hires and the weeks; `plan.typ` lays it out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from planner.exchange import sentences
from planner.exchange.exports import ExportError, Written
from planner.exchange.reasons import Reasons
from planner.exchange.tables import (
    Cell,
    ColumnKind,
    Figure,
    Ground,
    Table,
    gaps_table,
    hires_table,
    projects_table,
)
from planner.exchange.tables.people import TITLES
from planner.exchange.words import N_, Words
from planner.translate.report import PersonRow, ProjectRow, SeatRow, SkillCell, SkillState, TeamRow

MEDIA_TYPE = "application/pdf"
TYPESETTER = Path(__file__).with_name("typesetting.py")
TEMPLATE = Path(__file__).with_name("plan.typ")
LONGEST_S = 120
TOO_LARGE = N_("The plan is too large for a PDF; the spreadsheet has all of it.")
MOST_PROJECTS, MOST_GAPS, MOST_HIRES, MOST_BROKEN = 16, 9, 5, 2
MOST_LETTERS, MOST_IN_PROJECT, MOST_IN_TITLE = 42, 29, 70
COLUMNS_PER_PAGE, COLUMNS_IN_SUMMARY, MOST_COLUMNS = 26, 53, 104
HEAT = (25, 50, 75, 99)
UNBROKEN = "\N{NO-BREAK SPACE}"
_PROJECT_COLUMNS = {"project": 5, "from": 2.2, "to": 2.2, "num_seats": 1.4, "num_filled": 1.6, "cost": 2}
_GAP_COLUMNS = {"project": 3, "phase": 2.4, "title": 3, "fte": 1, "from": 1.7, "to": 1.7}
_HIRE_COLUMNS = {
    "person": 3,
    "site": 1.6,
    "seats": 6.8,
    "earliest": 1.8,
    "num_periods": 1.6,
    "acceptance": 2,
    "hire_cost": 1.9,
    "staff_cost": 1.8,
    "points": 1.9,
}
_RIGHT = (ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.MONEY)

Json = dict[str, Any]


def write(ground: Ground) -> Written:
    """The PDF of a report."""
    plan = json.dumps(_Paper(ground).document(), ensure_ascii=False)
    return Written(typeset(plan, ground.report.meta.generated_at), MEDIA_TYPE, "pdf")


def typeset(paper: str, made: datetime, template: Path = TEMPLATE) -> bytes:
    """The PDF, set in a process of its own; one that takes too long or too much is ended."""
    command = [sys.executable, "-P", str(TYPESETTER), str(int(made.timestamp())), str(template)]
    try:
        done = subprocess.run(command, input=paper.encode(), capture_output=True, timeout=LONGEST_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ExportError(TOO_LARGE) from None
    if done.returncode < 0:  # the system ended it: it asked for more memory than it may have
        raise ExportError(TOO_LARGE)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


class _Paper:
    """What plan.typ shows, in words."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.report, self.say = ground, ground.report, ground.say
        self.reasons = Reasons(ground.report, ground.say)
        self.has_plan = ground.report.status in ("optimal", "feasible")

    def document(self) -> Json:
        meta, _ = self.report.meta, self.say.gettext
        made = meta.generated_at
        return {
            "language": self.say.language,
            "title": clip(sentences.title(self.report, self.say), MOST_IN_TITLE),
            "author": meta.generated_by,
            "made": {"year": made.year, "month": made.month, "day": made.day},
            "origin": sentences.origin(self.report, self.say, self.ground.edition),
            "headline": sentences.headline(self.report, self.say, self.ground.edition),
            "broken": self._broken(),
            "words": {
                "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
                "teams": _("Teams"),
                "nobody": _("Nobody"),
            },
            "figures": [{"value": value, "label": label} for value, label in self._figures()] if self.has_plan else [],
            "beside": list(self._beside()) if self.has_plan else [[self._conflict()]],
            "overall": self._overall() if self.has_plan and self.ground.is_open else None,
            "teams": self._teams(),
            "gaps": self._full(gaps_table(self.ground), self._gap_columns) if self.has_plan else None,
            "hires": self._full(hires_table(self.ground), _HIRE_COLUMNS),
            "weeks": self._weeks(),
        }

    # -- one page of summary

    def _figures(self) -> Iterator[tuple[str, str]]:
        figures, say, _ = self.report.headline, self.say, self.say.gettext
        filled = _(
            "%(filled)s of %(seats)s", filled=say.number(figures.num_filled), seats=say.number(figures.num_seats)
        )
        yield filled, _("Seats filled")
        yield say.number(figures.num_agreed), _("Seats agreed")
        yield say.number(figures.num_people), _("People with a seat")
        yield say.number(figures.num_hires), _("Hires")
        if self.ground.is_open:
            yield say.money(figures.cost), _("Staff cost")
            better = sentences.better_pct(self.report)
            if better is not None:
                yield say.percent(better, 1), _("Better possible, at most")

    def _broken(self) -> list[str]:
        """Rules that somebody overrode, as many as the page has room for."""
        broken, _ = self.report.violations, self.say.gettext
        shown = [self.reasons.violation(one.sentence, one.params) for one in broken[:MOST_BROKEN]]
        said, more = [_("Broken: %(rule)s", rule=" ".join(rule.split())) for rule in shown], len(broken) - len(shown)
        return said + ([self.say.ngettext("and one more rule", "and %(num)s more rules", more)] if more else [])

    def _projects(self) -> Json:
        """The projects that fit on the page, the most important ones, in the order of the plan."""
        say, rows = self.say, self.report.projects
        ranked = sorted(rows, key=lambda row: -row.priority)[:MOST_PROJECTS]
        shown = [row for row in rows if row in ranked]
        listing = self._listing(projects_table(self.ground), _PROJECT_COLUMNS, [row.project_id for row in shown])
        listing["rows"] = [[clip(name, MOST_IN_PROJECT), *rest] for name, *rest in listing["rows"]]
        more = len(rows) - len(shown)
        listing["more"] = say.ngettext("and one more project", "and %(num)s more projects", more) if more else ""
        return listing

    def _conflict(self) -> Json:
        """Why there is no plan: the demands that cannot hold together."""
        _ = self.say.gettext
        rows = [[demand.text] for demand in self.report.conflict]
        return self._short(_("Cannot hold together"), [_("Demand")], ["left"], rows, [1]) | {"wraps": True}

    def _beside(self) -> Iterator[list[Json]]:
        """The columns of the summary, side by side."""
        yield [self._projects()]
        yield [self._gaps(), self._hires()]
        if self.ground.is_open:
            yield [self._points()]

    def _gaps(self) -> Json:
        say, _ = self.say, self.say.gettext
        rows = [[clip(f"{gap.seat.title} · {gap.seat.project}"), say.percent(gap.seat.fte)] for gap in self.report.gaps]
        listing = self._short(_("Gaps"), [_("Seat"), _("Effort")], ["left", "right"], rows[:MOST_GAPS], [1, 0])
        more = len(rows) - MOST_GAPS
        listing["more"] = say.ngettext("and one more gap", "and %(num)s more gaps", more) if more > 0 else ""
        return listing | {"none": _("Every seat is filled.")}

    def _hires(self) -> Json:
        say, _ = self.say, self.say.gettext
        rows = [[clip(row.name), say.number(len(row.seats))] for row in self.report.hires]
        listing = self._short(_("Hires"), [_("Person"), _("Seats")], ["left", "right"], rows[:MOST_HIRES], [1, 0])
        more = len(rows) - MOST_HIRES
        listing["more"] = say.ngettext("and one more hire", "and %(num)s more hires", more) if more > 0 else ""
        return listing | {"none": _("Nobody has to be hired.")}

    def _points(self) -> Json:
        say, _ = self.say, self.say.gettext
        terms = self.report.terms.items()
        rows = [[_(sentences.TERMS.get(term, term)), say.number(points)] for term, points in terms if points]
        rows += [[_("All points"), say.number(self.report.objective or 0)]]
        return self._short(_("Points"), [_("Term"), _("Points")], ["left", "right"], rows, [1, 0])

    def _overall(self) -> Json | None:
        """How much of everybody's time is allocated, in one row for the whole calendar."""
        say, columns = self.say, self.report.periods
        people = [row for row in self.report.people if row.seats or not row.is_hire]
        width = -(-len(columns) // COLUMNS_IN_SUMMARY)
        starts = range(0, len(columns), width)
        shares = [self._share(people, at, at + width) for at in starts]
        head = [sentences.short_period(self.report, columns[at].idx, say) for at in starts]
        title = say.gettext("Everybody’s time that is allocated, in percent")
        return {"title": title, "head": head, "cells": [(str(share), tint_of(share)) for share in shares]}

    def _share(self, people: list[PersonRow], at: int, to: int) -> int:
        load = sum(sum(row.load[at:to]) for row in people)
        capacity = sum(sum(row.capacity[at:to]) for row in people)
        return round(100 * load / capacity) if capacity else 0

    def _short(self, title: str, head: list[str], aligns: list[str], rows: list[list[str]], widths: list[int]) -> Json:
        return {
            "title": title,
            "head": head,
            "aligns": aligns,
            "widths": widths,
            "rows": rows,
            "more": "",
            "none": "",
            "wraps": False,
        }

    # -- teams

    def _teams(self) -> Json:
        _ = self.say.gettext
        columns = [
            (_("Role"), 3.5, "left"),
            (_("Person"), 4.6, "left"),
            (_("Effort"), 1.2, "right"),
            (_("From–to"), 3.4, "left"),
            (_("Skills, has/asked") if self.ground.is_open else _("Skills asked"), 6.4, "left"),
            (_("Booking"), 1.5, "left"),
        ]
        if self.ground.is_open:
            columns += [(_("Cost"), 1.3, "right"), (_("Points"), 1.2, "right")]
        heads, widths, aligns = zip(*columns, strict=True)
        note = _("Slanted: below the level that is asked.") if self.ground.is_open else ""
        projects = [project for project in self.report.projects if project.num_seats] if self.has_plan else []
        phases: dict[str, list[Json]] = {}
        for team in self.report.teams:
            phases.setdefault(team.project_id, []).append(self._phase(team))
        shown = [self._project(project, phases[project.project_id]) for project in projects]
        return {"head": heads, "widths": widths, "aligns": aligns, "note": note, "projects": shown}

    def _project(self, row: ProjectRow, phases: list[Json]) -> Json:
        say, _ = self.say, self.say.gettext
        facts = [_("priority %(number)s", number=row.priority), *self._how_full(row.num_filled, row.num_seats)]
        if row.start is not None:
            facts.append(self._when(row))
        if self.ground.is_open:
            facts.append(say.money(row.cost))
            if row.budget is not None:
                facts.append(_("of a budget of %(budget)s", budget=say.money(row.budget)))
        return {"title": row.project, "facts": " · ".join(facts), "phases": [one for one in phases if one["seats"]]}

    def _phase(self, team: TeamRow) -> Json:
        say, _ = self.say, self.say.gettext
        facts = [self._when(team) if team.is_scheduled else _("not scheduled")]
        facts += self._how_full(team.num_filled, len(team.seats))
        if self.ground.is_open:
            facts.append(say.money(team.cost))
        rules = [
            {
                "is_kept": rule.is_kept,
                "text": _("Rule: %(rule)s", rule=sentences.team_rule(rule, say)) + f" · {sentences.verdict(rule, say)}",
            }
            for rule in team.rules
        ]
        seats = [self._seat(row) for row in team.seats]
        return {"title": team.phase, "facts": " · ".join(facts), "seats": seats, "rules": rules}

    def _how_full(self, filled: int, seats: int) -> list[str]:
        return [self.say.gettext("%(filled)s of %(seats)s seats", filled=filled, seats=seats)]

    def _when(self, row: SeatRow | TeamRow | ProjectRow) -> str:
        """From the first to the last day."""
        first, last = self.ground.first(row.start), self.ground.last(row.end)
        return " – ".join(self.say.moment(day) for day in (first, last) if day is not None)

    def _seat(self, row: SeatRow) -> Json:
        say = self.say
        seat: Json = {"role": row.title, "effort": say.percent(row.fte), "when": self._when(row)}
        if not row.is_filled:
            return seat | {"is_open": True, "why": self.reasons.of(row) or sentences.skills(row, say)}
        kind = say.gettext(sentences.KINDS[row.kind]) if row.kind and self.ground.is_open else ""
        rest = [say.gettext("agreed") if row.is_agreed else say.gettext("proposed")]
        if self.ground.is_open:
            rest += [say.money(row.cost or 0), say.number(row.points or 0)]
        about = f"{UNBROKEN}·{UNBROKEN}".join(part for part in (kind, row.site) if part)
        skills = [self._skill(cell) for cell in row.skills]
        return seat | {"is_open": False, "person": row.person, "about": about, "skills": skills, "rest": rest}

    def _skill(self, cell: SkillCell) -> Json:
        """A skill with the level held and the level asked; who guides the holder, where somebody has to."""
        if cell.have is None:
            return {"text": sentences.skill(cell, self.say), "state": ""}
        text = f"{cell.label}{UNBROKEN}{cell.have}/{cell.need}"
        if cell.mentor:
            text += f" ({self.say.gettext('guided by %(mentor)s', mentor=cell.mentor)})"
        return {"text": text, "state": "" if cell.state is SkillState.FULL else "below"}

    # -- tables in full

    @property
    def _gap_columns(self) -> dict[str, float]:
        """Why a seat is open says which skills it asks for; members read these instead."""
        return {**_GAP_COLUMNS, ("why" if self.ground.is_open else "skills"): 9}

    def _full(self, table: Table, widths: Mapping[str, float]) -> Json | None:
        return self._listing(table, widths) if table.rows else None

    def _listing(self, table: Table, widths: Mapping[str, float], idents: Iterable[str] | None = None) -> Json:
        """Some columns of a table, and some of its rows, in words."""
        columns = [(n, column) for n, column in enumerate(table.columns) if column.key in widths]
        shown = [row for row in table.rows if idents is None or row.ident in set(idents)]
        return {
            "title": table.title,
            "head": [column.title for _, column in columns],
            "widths": [widths[column.key] for _, column in columns],
            "aligns": ["right" if column.kind in _RIGHT else "left" for _, column in columns],
            "rows": [[in_words(column.kind, row.cells[n], self.say) for n, column in columns] for row in shown],
            "more": "",
            "none": "",
            "wraps": False,
        }

    # -- week by week

    def _weeks(self) -> Json:
        """The loads of everybody with a seat, as many columns on a page as can be read."""
        _, report = self.say.gettext, self.report
        title = _(TITLES[report.period])
        note = _("Percent of full time, for everybody with a seat.")
        if self.ground.is_open:
            note += " " + _("Grey: no time to give. Red: more than there is to give.")
        people = [row for row in report.people if row.seats] if self.has_plan else []
        width = -(-len(report.periods) // MOST_COLUMNS)
        starts = range(0, len(report.periods), width)
        titles = [sentences.period(report, report.periods[n].start, report.periods[n].idx, self.say) for n in starts]
        parts = []
        for n in range(0, len(starts), COLUMNS_PER_PAGE):
            page = starts[n : n + COLUMNS_PER_PAGE]
            rows = [{"name": row.name, "cells": _runs(_load(row, at, width) for at in page)} for row in people]
            parts.append({"head": [_("Person"), *titles[n : n + COLUMNS_PER_PAGE]], "rows": rows})
        return {"title": title, "note": note, "parts": parts if people else []}


def clip(text: str, most: int = MOST_LETTERS) -> str:
    """A text that fits into a line of the summary."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def in_words(kind: ColumnKind, cell: Cell, say: Words) -> str:
    """A cell as it is read."""
    kind, value = cell if isinstance(cell, Figure) else (kind, cell)
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return say.moment(value).replace(" ", UNBROKEN)
    return say.number(value)


def _runs(loads: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Loads side by side that are alike, as one cell and the columns that it spans."""
    return [(text, tint, len(list(run))) for (text, tint), run in groupby(loads)]


def _load(row: PersonRow, at: int, width: int) -> tuple[str, str]:
    """What a person works in a column, the mean where it stands for several periods, and how it is shaded."""
    loads, capacities = row.load[at : at + width], row.capacity[at : at + width]
    load = round(sum(loads) / len(loads))
    if any(at <= over < at + width for over in row.over):
        return str(load), "over"
    if not load:
        return "", "" if any(capacities) or not any(row.capacity) else "away"
    return str(load), tint_of(load)


def tint_of(pct: int) -> str:
    """In which of five steps a percentage is shaded; nothing is not."""
    return next((str(step) for step in HEAT if pct <= step), "100") if pct else ""
