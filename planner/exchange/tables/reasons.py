"""Why: criterion by criterion for each filled seat, reason by reason for each open one, and what people decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from planner.exchange import sentences
from planner.exchange.reasons import Reasons
from planner.exchange.tables.shape import Column, ColumnKind, Ground, Table
from planner.translate.report import SeatRow, TeamRow

TEXT, WHOLE, NUMBER = ColumnKind.TEXT, ColumnKind.WHOLE, ColumnKind.NUMBER


class Line(NamedTuple):
    """One thing that speaks for or against somebody on a seat, or says why nobody is there."""

    ident: str
    project: str
    phase: str
    role: str
    person: str
    about: str
    criterion: str
    is_must: str = ""
    asked: str = ""
    have: float | None = None
    verdict: str = ""
    points: int | None = None


def reasons_table(ground: Ground) -> Table | None:
    """One line for each criterion, gap reason, team rule and decision; members have none."""
    if not ground.is_open:
        return None
    _ = ground.say.gettext
    columns = [
        Column("project", _("Project"), TEXT, 22, lambda line: line.project),
        Column("phase", _("Phase"), TEXT, 18, lambda line: line.phase),
        Column("title", _("Role"), TEXT, 24, lambda line: line.role),
        Column("person", _("Person"), TEXT, 24, lambda line: line.person),
        Column("about", _("About"), TEXT, 14, lambda line: line.about),
        Column("criterion", _("Criterion"), TEXT, 34, lambda line: line.criterion),
        Column("is_must", _("Must-have"), TEXT, 10, lambda line: line.is_must),
        Column("asked", _("Asked"), TEXT, 10, lambda line: line.asked),
        Column("have", _("Has"), NUMBER, 8, lambda line: line.have),
        Column("verdict", _("Verdict"), TEXT, 60, lambda line: line.verdict),
        Column("points", _("Points"), WHOLE, 10, lambda line: line.points),
    ]
    return ground.lay("reasons", _("Reasons"), columns, _Lines(ground).all(), lambda line: line.ident)


class _Lines:
    def __init__(self, ground: Ground) -> None:
        self.report, self.say = ground.report, ground.say
        self.reasons = Reasons(ground.report, ground.say)

    def all(self) -> Iterator[Line]:
        for team in self.report.teams:
            for row in team.seats:
                yield from self._held(row) if row.is_filled else self._open(row)
            yield from self._rules(team)
        yield from self._decisions()

    def _held(self, row: SeatRow) -> Iterator[Line]:
        say, _ = self.say, self.say.gettext
        for skill in row.skills:
            verdict = _(sentences.SKILL_STATES[skill.state])
            if skill.mentor:
                verdict = _("guided by %(mentor)s", mentor=skill.mentor)
            yield self._line(row, _("Skill"), skill.label)._replace(
                is_must=say.truth(skill.must), asked=str(skill.need), have=skill.have, verdict=verdict
            )
        for style in row.styles:
            yield self._line(row, _("Work style"), style.label)._replace(
                is_must=say.truth(style.must),
                asked=sentences.band(style.min, style.max, say),
                have=style.have,
                verdict=_(sentences.STYLE_STATES[style.state]),
            )
        for tag in row.tags:
            verdict = _("held") if tag.has else _("missing")
            yield self._line(row, _("Tag"), sentences.tag_group(tag, say))._replace(
                is_must=say.truth(True), verdict=verdict
            )

    def _open(self, row: SeatRow) -> Iterator[Line]:
        _ = self.say.gettext
        for reason in row.reasons:
            line = self._line(row, _("Gap"), self.reasons.label(reason))
            yield line._replace(person=_("nobody"), verdict=self.reasons.sentence(reason))

    def _rules(self, team: TeamRow) -> Iterator[Line]:
        say, _ = self.say, self.say.gettext
        for rule in team.rules:
            yield Line(
                ident=f"{team.phase_id}/{rule.index}",
                project=team.project,
                phase=team.phase,
                role="",
                person="",
                about=_("Team rule"),
                criterion=sentences.team_rule(rule, say),
                is_must=say.truth(rule.is_hard),
                verdict=sentences.verdict(rule, say),
                points=rule.points,
            )

    def _decisions(self) -> Iterator[Line]:
        """What a named person decided about the plan."""
        say, _ = self.say, self.say.gettext
        seats = {row.seat_id: row for row in self.report.seats}
        for num, decision in enumerate(self.report.meta.decisions, 1):
            row = seats.get(decision.seat or "")
            said = [_("%(name)s, %(at)s", name=decision.by, at=say.instant(decision.at)), decision.reason]
            yield Line(
                ident=f"decision/{num}",
                project=row.project if row else "",
                phase=row.phase if row else "",
                role=row.title if row else "",
                person=self.reasons.name("person", decision.person),
                about=_("Decision"),
                criterion=_(sentences.DECISIONS.get(decision.what, decision.what)),
                verdict=": ".join(part for part in said if part),
                points=decision.points_change,
            )

    def _line(self, row: SeatRow, about: str, criterion: str) -> Line:
        return Line(row.seat_id, row.project, row.phase, row.title, row.person or "", about, criterion)
