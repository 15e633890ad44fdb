"""Scenarios side by side, and one merged back: conflicts first, each with what was there, what is here, what is now."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import ngettext

from planner import db
from planner.forms.planning_scenarios import MergeForm
from planner.models import Scenario
from planner.services.planning import scenario_merging as verbs
from planner.services.planning import scenarios
from planner.services.planning.scenario_comparing import MOST_COLUMNS, Column, SideBySide, side_by_side
from planner.services.planning.trying import Applied
from planner.translate.report import PersonRow
from planner.views import planning_shown as shown
from planner.views.door import Answer, actor, acts, save
from planner.views.planning_plans import language
from planner.views.planning_scenarios import common, named
from planner.words.planning_plans import term_lines

pages = Blueprint("planning_scenario_merging", __name__, url_prefix="/scenarios")
PEOPLE_SHOWN = 15


@pages.get("/compare")
@acts("scenario.see")
def scenario_compare() -> Answer:
    """Up to four side by side; 0 is what is there."""
    session, me = db.session(), actor()
    everything = scenarios.scenarios_of(session, me)
    wanted = [text for text in dict.fromkeys(request.args.getlist("of")) if text.isdecimal() and len(text) < 10]
    wanted = wanted[:MOST_COLUMNS]
    known = {str(one.id): one for one in everything}
    chosen = [known.get(text) for text in wanted if text == "0" or text in known]
    beside = side_by_side(session, chosen, by=me, language=language())
    return render_template(
        "planning/scenario_compare.html",
        scenarios=everything,
        wanted=wanted,
        most=MOST_COLUMNS,
        beside=beside,
        terms=_terms(beside),
        heats=_heats(beside),
        moved=_moved(beside),
        shown=shown,
    )


@pages.route("/<int:scenario_id>/merge", methods=["GET", "POST"])
@acts("scenario.merge", Scenario)
def scenario_merge(scenario: Scenario) -> Answer:
    session = db.session()
    comparison = verbs.compared(session, scenario, by=actor())
    form = MergeForm(data={"seen": comparison.seen} if request.method == "GET" else None)
    if request.method == "POST":
        choices = {name.removeprefix("p-"): value for name, value in request.form.items() if name.startswith("p-")}
        form.take.data = [part for part, choice in choices.items() if choice == "take"]
        form.drop.data = [part for part, choice in choices.items() if choice == "drop"]

    def done(_applied: Applied) -> str:
        num = len(form.said.take)
        flash(ngettext("%(num)s change is true now.", "%(num)s changes are true now.", num), "success")
        return url_for("planning_scenarios.scenario_show", scenario_id=scenario.id)

    return save(
        form,
        lambda: verbs.merge(db.session(), scenario, form.said, by=actor()),
        page=lambda: render_template(
            "planning/scenario_merge.html",
            **common(scenario),
            form=form,
            **_compared(scenario),
            chosen={**dict.fromkeys(form.take.data or (), "take"), **dict.fromkeys(form.drop.data or (), "drop")},
        ),
        then=done,
    )


def _compared(scenario: Scenario) -> dict[str, Any]:
    comparison = verbs.compared(db.session(), scenario, by=actor())
    return {"comparison": comparison, **named(scenario, comparison)}


def _terms(beside: SideBySide) -> list[tuple[str, list[int | None]]]:
    """Points by term in words, a row for each that some plan has."""
    names = dict.fromkeys(name for column in beside.columns for name, points in column.terms.items() if points)
    lines = []
    for name in names:
        values = [column.terms.get(name, 0) if column.report is not None else None for column in beside.columns]
        lines.append((term_lines({name: 1})[0][0], values))
    return lines


def _moved(beside: SideBySide) -> set[str]:
    """The phases that are not in every plan at the same time, with as many people."""
    reports = [column.report for column in beside.columns if column.report is not None]
    found = [{team.phase_id: (team.start_idx, team.end_idx, team.num_filled, len(team.seats)) for team in report.teams}
             for report in reports]  # fmt: skip
    keys = {key for teams in found for key in teams}
    return {key for key in keys if len({teams.get(key) for teams in found}) > 1}


def _heats(beside: SideBySide) -> list[tuple[Column, list[tuple[PersonRow, list[shown.Cell]]]]]:
    """The heatmap of each plan, of those people first whose seats differ."""
    moved = {who for line in beside.lines for who in line.holders if who is not None}
    found = []
    for column in beside.planned:
        assert column.report is not None  # noqa: S101 -- planned columns have one
        people = sorted(column.report.people, key=lambda p: (p.person_id not in moved, not p.seats, p.name.casefold()))
        found.append((column, list(shown.heat_of(column.report, people[:PEOPLE_SHOWN]))))
    return found
