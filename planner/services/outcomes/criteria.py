"""Which criteria went with good outcomes: the report, and what it would propose.

Teams are the cases, and only all of them together are shown: no team's mean, nobody's score. A criterion that fewer
than five people are rated on is left out, as is one that is known of too few teams.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import LEVEL_LARGEST, Skill, WorkStyle, folded
from planner.services.outcomes import association, teams
from planner.services.outcomes.association import Association
from planner.services.outcomes.guarding import FEWEST
from planner.services.outcomes.teams import Known, Team

FEWEST_SHARE = 0.25  # of the teams must have somebody with a skill, to ask whether it helps
SEED = 6
WEIGHT_MOST = 5
STYLE_LEAST, STYLE_MOST = 1.0, 5.0
OF_TEAMS = {"size": teams.size, "together": teams.together_before, "rules": teams.rules_kept}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal would ask of a role: a skill at a level, or a band of a work style."""

    skill_id: int | None = None
    style_id: int | None = None
    level: int | None = None
    min: float | None = None
    max: float | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion in the report: its key ("style:7", "skill:3", "team:size"), its row, how it goes with the outcome."""

    key: str
    row: WorkStyle | Skill | None
    num_people: int
    association: Association | None
    asked: Asked | None = None

    @property
    def is_found(self) -> bool:
        """Whether it stands out of what chance gives."""
        return self.association is not None and self.association.is_found


@dataclass(frozen=True)
class Report:
    """What went with a good outcome. It is silent where too few teams are known to say anything."""

    outcomes: Sequence[tuple[str, str, int]]
    outcome: str
    role: str
    roles: Sequence[str]
    teams: Sequence[Team]
    lines: Sequence[Line]

    @property
    def num_teams(self) -> int:
        """How many teams have the outcome."""
        return len(self.teams)

    @property
    def is_silent(self) -> bool:
        """Whether nothing can be said of any criterion."""
        return all(line.association is None for line in self.lines)

    @property
    def num_needed(self) -> int:
        """About how many teams it takes to find what is strong."""
        judged = sum(line.association is not None for line in self.lines)
        return association.teams_needed(judged or len(self.lines))

    @property
    def found(self) -> list[Line]:
        """What stands out, the strongest first."""
        return [line for line in self.lines if line.is_found]

    @property
    def name(self) -> str:
        """What the outcome is called; nothing where it is no metric."""
        return next((name for key, name, _num in self.outcomes if key == self.outcome), "")


def report(session: Session, outcome: str = "", role: str = "") -> Report:
    """The report on an outcome, by default on the one that most teams have, and on those in a role."""
    known_outcomes = teams.outcomes_known(session)
    if not any(key == outcome for key, _name, _num in known_outcomes):
        outcome = known_outcomes[0][0] if known_outcomes else ""
    everyone = teams.teams_of(session, outcome) if outcome else []
    some = [team for team in everyone if teams.in_role(team, role)]
    people = {ident for team in some for ident in team.people}
    known = teams.known_of(session, people)
    lines = _judged(some, _lines(session, some, known, role))
    roles = sorted({member.role for team in everyone for member in team.members if member.role})
    return Report(known_outcomes, outcome, role, roles, some, lines)


def digest_of(found: Report, line: Line) -> str:
    """The name of a line's evidence: of which outcome, of whom, on which teams. A new team is new evidence."""
    cases = sorted([team.name, sorted(team.people)] for team in found.teams)
    said = json.dumps([found.outcome, found.role, line.key, cases], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def evidence_of(found: Report, line: Line) -> dict[str, Any]:
    """A line as it is kept with a proposal: figures of all teams together."""
    seen = line.association
    if seen is None:
        raise ValueError(f"{line.key} is not judged.")
    return {
        "num_teams": seen.num,
        "num_people": line.num_people,
        "num_criteria": sum(one.association is not None for one in found.lines),
        "rho": round(seen.rho, 4),
        "low": round(seen.low, 4),
        "high": round(seen.high, 4),
        "p": round(seen.p, 6),
        "error_rate": association.ERROR_RATE,
        "num_deals": association.DEALS,
    }


Cases = tuple[Line, list[float | None]]


def _lines(session: Session, some: Sequence[Team], known: Known, role: str) -> list[Cases]:
    """Each criterion with what it is in each team; those that too few people are rated on are not there."""
    asked = {ident for team in some for ident in teams.in_role(team, role)}
    cases: list[Cases] = []
    for style in session.scalars(select(WorkStyle).where(WorkStyle.is_on).order_by(folded(WorkStyle.name))):
        scores = known.styles.get(style.id, {})
        rated = len(asked & scores.keys())
        if rated >= FEWEST:
            values = [teams.mean_style(team, scores, role) for team in some]
            cases.append((Line(f"style:{style.id}", style, rated, None), values))
    for skill in session.scalars(select(Skill).order_by(folded(Skill.name))):
        levels = known.skills.get(skill.id, {})
        rated = len(asked & levels.keys())
        holding = sum(not teams.in_role(team, role).isdisjoint(levels) for team in some)
        if rated >= FEWEST and holding >= FEWEST_SHARE * len(some):
            cases.append((Line(f"skill:{skill.id}", skill, rated, None),
                          [teams.mean_level(team, levels, role) for team in some]))  # fmt: skip
    num = len({ident for team in some for ident in team.people})
    for name, measure in OF_TEAMS.items():
        cases.append((Line(f"team:{name}", None, num, None), [measure(team, known) for team in some]))
    return cases


def _judged(some: Sequence[Team], cases: Sequence[Cases]) -> list[Line]:
    """The lines with how they go with the outcome, the strongest first."""
    outcomes = [team.outcome for team in some]
    found = association.associations(outcomes, [values for _line, values in cases], seed=SEED)
    lines = [
        Line(line.key, line.row, line.num_people, seen, _asked(line, seen, outcomes, values))
        for (line, values), seen in zip(cases, found, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.association is None, _p(line), -abs(_rho(line))))


def _asked(
    line: Line, seen: Association | None, outcomes: Sequence[float], values: Sequence[float | None]
) -> Asked | None:
    """What to ask for: what the better half of the teams had in the middle, to the next half step. Never of a team."""
    if seen is None or not seen.is_found or line.row is None:
        return None
    middle = median(outcomes)
    better = median(
        value for value, outcome in zip(values, outcomes, strict=True) if value is not None and outcome >= middle
    )
    weight = max(1, round(WEIGHT_MOST * abs(seen.rho)))
    if isinstance(line.row, Skill):
        level = min(LEVEL_LARGEST, max(1, round(better)))
        return Asked(skill_id=line.row.id, level=level, weight=weight) if seen.rho > 0 else None
    if seen.rho > 0:
        least = floor(better * 2) / 2
        return Asked(style_id=line.row.id, min=least, max=STYLE_MOST, weight=weight) if least > STYLE_LEAST else None
    most = ceil(better * 2) / 2
    return Asked(style_id=line.row.id, min=STYLE_LEAST, max=most, weight=weight) if most < STYLE_MOST else None


def _p(line: Line) -> float:
    return line.association.p if line.association is not None else 1.0


def _rho(line: Line) -> float:
    return line.association.rho if line.association is not None else 0.0
