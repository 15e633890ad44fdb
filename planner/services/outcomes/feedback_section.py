"""The section of a report on feedback: how much was said of each team, and how those who said it felt.

How people felt goes through `guarded`: of a team of which fewer than five have said something, only how many did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.exchange.reports import Bars, Section, column
from planner.exchange.reports.shape import table
from planner.exchange.tables.shape import Cell, ColumnKind
from planner.exchange.words import N_, Words
from planner.models import HAPPY, SENTIMENTS, UNHAPPY, Feedback, FeedbackState
from planner.services.outcomes.guarding import FEWEST, guarded
from planner.services.outcomes.wanted import Wanted

WHOLE, NUMBER = ColumnKind.WHOLE, ColumnKind.NUMBER
WORDS = {
    5: N_("very happy"),
    4: N_("happy"),
    3: N_("neither happy nor unhappy"),
    2: N_("unhappy"),
    1: N_("very unhappy"),
}
MOST_BARS = 12


@dataclass(frozen=True)
class TeamSaid:
    """What was said of a team, or of a project as a whole. `nums` are by sentiment; empty where too few said it."""

    project_id: int | None
    project: str
    team: str
    num: int
    num_new: int
    mean: float | None
    nums: Counter[int]

    def share(self, *sentiments: int) -> float:
        """How many percent felt one of these."""
        return 100 * sum(self.nums[one] for one in sentiments) / self.num


def feedback_section(session: Session, wanted: Wanted, say: Words) -> Section | None:
    """What clients and users said of the wanted projects in these days."""
    found = teams_said(session, wanted)
    if not found:
        return None
    _ = say.gettext
    columns = [
        column("project", _("Project"), width=24),
        column("team", _("Team"), width=20),
        column("num", _("Answers"), WHOLE, 9),
        column("new", _("Not looked at yet"), WHOLE, 9),
        column("mean", _("Mean, of 5"), NUMBER, 9),
        *(column(f"sentiment_{one}", _(word).capitalize(), WHOLE, 10) for one, word in WORDS.items()),
    ]
    told = [line for line in found if line.mean is not None]
    return Section(
        key="feedback",
        title=_("Feedback"),
        sentences=tuple(_sentences(found, told, say)),
        table=table("feedback", _("Feedback"), columns, [_row(line, say) for line in found]),
        bars=_bars(told[:MOST_BARS], say) if told else None,
        note=_(
            "What was said in these days. How people felt is counted only where at least %(fewest)s have said "
            "something of a team; of fewer, only how many they were.",
            fewest=say.number(FEWEST),
        ),
    )


def teams_said(session: Session, wanted: Wanted) -> list[TeamSaid]:
    """What was said of each team: the least happy first, then those of which too few have said something."""
    statement = select(Feedback).options(joinedload(Feedback.project), joinedload(Feedback.phase))
    statement = statement.where(Feedback.said_on.between(wanted.from_on, wanted.to_on)).order_by(Feedback.id)
    groups: dict[tuple[int | None, int | None], list[Feedback]] = {}
    for one in session.scalars(statement):
        if wanted.takes_part_of(one.project):
            groups.setdefault((one.project_id, one.phase_id), []).append(one)
    found = [_summed(some) for some in groups.values()]
    return sorted(found, key=_place)


def _place(line: TeamSaid) -> tuple[bool, float, bool, str, str]:
    return line.mean is None, line.mean or 0, line.project_id is None, line.project, line.team


def _summed(some: Sequence[Feedback]) -> TeamSaid:
    first, sentiments = some[0], [one.sentiment for one in some]
    mean = guarded(sentiments)
    return TeamSaid(
        project_id=first.project_id,
        project=first.project.name if first.project is not None else "",
        team=first.phase.name if first.phase is not None else "",
        num=len(some),
        num_new=sum(one.state is FeedbackState.NEW for one in some),
        mean=mean,
        nums=Counter(sentiments) if mean is not None else Counter(),
    )


def _sentences(found: Sequence[TeamSaid], told: Sequence[TeamSaid], say: Words) -> list[str]:
    num = sum(line.num for line in found)
    said = [
        say.ngettext(
            "%(num)s piece of feedback in these days, %(new)s not looked at yet.",
            "%(num)s pieces of feedback in these days, %(new)s not looked at yet.",
            num,
            new=say.number(sum(line.num_new for line in found)),
        )
    ]
    if told:
        least = told[0]
        said.append(
            say.gettext(
                "Least happy are those who spoke of %(team)s: %(mean)s of 5 in the mean, from %(num)s answers.",
                team=_name(least, say),
                mean=say.number(least.mean or 0),
                num=say.number(least.num),
            )
        )
    return said


def _name(line: TeamSaid, say: Words) -> str:
    parts = [part for part in (line.project, line.team) if part]
    return ", ".join(parts) or say.gettext("no project")


def _row(line: TeamSaid, say: Words) -> tuple[str, tuple[Cell, ...]]:
    is_told = line.mean is not None
    cells: tuple[Cell, ...] = (
        line.project or say.gettext("no project"),
        line.team or say.gettext("as a whole"),
        line.num,
        line.num_new,
        round(line.mean, 1) if line.mean is not None else None,
        *(line.nums[one] if is_told else None for one in reversed(SENTIMENTS)),
    )
    return f"project:{line.project_id}" if line.project_id is not None else "", cells


def _bars(told: Sequence[TeamSaid], say: Words) -> Bars:
    _ = say.gettext
    neither = tuple(one for one in SENTIMENTS if one not in HAPPY + UNHAPPY)
    return Bars(
        _("How those felt who spoke of a team"),
        tuple(_name(line, say) for line in told),
        (
            (_("happy"), tuple(round(line.share(*HAPPY)) for line in told)),
            (_("neither happy nor unhappy"), tuple(round(line.share(*neither)) for line in told)),
            (_("unhappy"), tuple(round(line.share(*UNHAPPY)) for line in told)),
        ),
        " %",
        100,
    )
