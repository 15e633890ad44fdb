"""The section of a report on objectives: how far each is, late first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.exchange.reports import Section, column
from planner.exchange.reports.shape import table
from planner.exchange.tables.shape import Cell, ColumnKind
from planner.exchange.words import N_, Words
from planner.models import MeasureKind, Objective, ObjectiveState
from planner.services.outcomes.measuring import with_sources
from planner.services.outcomes.objectives import Line, measured
from planner.services.outcomes.progress import Standing
from planner.services.outcomes.wanted import Wanted

NUMBER, PERCENT, DATE = ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.DATE
STANDINGS = {
    Standing.LATE: N_("late"),
    Standing.BEHIND: N_("behind"),
    Standing.READING_DUE: N_("reading due"),
    Standing.NOT_READ: N_("never read"),
    Standing.ON_TRACK: N_("on track"),
    Standing.NOT_BEGUN: N_("not begun"),
    Standing.MET: N_("target met"),
}
STATES = {
    ObjectiveState.REACHED: N_("reached"),
    ObjectiveState.MISSED: N_("missed"),
    ObjectiveState.DROPPED: N_("dropped"),
}
UNREAD = (Standing.READING_DUE, Standing.NOT_READ)
MOST_NAMED = 3


def objective_section(session: Session, wanted: Wanted, say: Words) -> Section | None:
    """The objectives of the wanted projects; those of the department where nothing narrower is asked for."""
    found = objective_lines(session, wanted)
    if not found:
        return None
    _ = say.gettext
    columns = [
        column("objective", _("Objective"), width=30),
        column("project", _("Project"), width=18),
        column("measure", _("Measured by"), width=18),
        column("read", _("Last reading"), NUMBER, 10),
        column("target", _("Target"), NUMBER, 9),
        column("share", _("Of the way, in percent"), PERCENT, 10),
        column("expected", _("Expected by now, in percent"), PERCENT, 11),
        column("by", _("By"), DATE, 11),
        column("standing", _("Standing"), width=11),
    ]
    return Section(
        key="objectives",
        title=_("Objectives"),
        sentences=tuple(_sentences(found, say)),
        table=table("objectives", _("Objectives"), columns, [_row(line, say) for line in found]),
        note=_(
            "Objectives that are open and begin by the last of these days, and those that were closed in these days. "
            "The way leads from the first value to the target; expected is the straight line between their days. "
            "How far each is counts as of today."
        ),
    )


def objective_lines(session: Session, wanted: Wanted) -> list[Line]:
    """The objectives that a report is about, late first, those that are closed last."""
    statement = select(Objective).options(joinedload(Objective.project), *with_sources())
    rows = [one for one in session.scalars(statement.order_by(Objective.id)) if _is_wanted(one, wanted)]
    return measured(session, rows)


def _is_wanted(one: Objective, wanted: Wanted) -> bool:
    if not wanted.takes_part_of(one.project):
        return False
    if one.state is ObjectiveState.OPEN:
        return one.from_on <= wanted.to_on
    closed_on = one.state_at.date() if one.state_at is not None else one.by_on
    return wanted.from_on <= closed_on <= wanted.to_on


def _sentences(found: Sequence[Line], say: Words) -> list[str]:
    num = Counter(line.progress.standing for line in found)
    states = Counter(line.objective.state for line in found)
    said = []
    if states[ObjectiveState.OPEN]:
        said.append(
            say.gettext(
                "Open objectives: %(num)s; late: %(late)s, behind: %(behind)s, wanting a reading: %(unread)s, "
                "on track: %(track)s, target met: %(met)s.",
                num=say.number(states[ObjectiveState.OPEN]),
                late=say.number(num[Standing.LATE]),
                behind=say.number(num[Standing.BEHIND]),
                unread=say.number(sum(num[one] for one in UNREAD)),
                track=say.number(num[Standing.ON_TRACK]),
                met=say.number(num[Standing.MET]),
            )
        )
    if num[Standing.CLOSED]:
        said.append(
            say.gettext(
                "Closed in these days: %(reached)s reached, %(missed)s missed, %(dropped)s dropped.",
                **{str(state): say.number(states[state]) for state in STATES},
            )
        )
    late = [line for line in found if line.progress.standing in (Standing.LATE, Standing.BEHIND)]
    return said + [_late(line, say) for line in late[:MOST_NAMED]]


def _late(line: Line, say: Words) -> str:
    one, far = line.objective, line.progress
    if far.value is None:
        return say.gettext("%(title)s: due %(day)s, never read.", title=one.title, day=say.day(one.by_on))
    return say.gettext(
        "%(title)s: due %(day)s, %(share)s of the way gone, %(expected)s expected by now.",
        title=one.title,
        day=say.day(one.by_on),
        share=say.percent(100 * far.share),
        expected=say.percent(100 * far.expected_share),
    )


def _row(line: Line, say: Words) -> tuple[str, tuple[Cell, ...]]:
    one, far = line.objective, line.progress
    is_closed = far.standing is Standing.CLOSED
    unit = "%" if one.measure_kind is MeasureKind.PERCENT else one.unit
    cells = (
        one.title,
        one.project.name if one.project is not None else say.gettext("department"),
        f"{one.measure} ({unit})" if unit else one.measure,
        far.value,
        one.target_value,
        round(100 * far.share) if far.value is not None else None,
        None if is_closed else round(100 * far.expected_share),
        one.by_on,
        say.gettext(STATES[one.state] if is_closed else STANDINGS[far.standing]),
    )
    return f"objective:{one.id}", cells
