"""Teams that have an outcome: who was on each, and what each was like, criterion by criterion.

A team is whoever holds seats in force in a phase, or in a project where something was measured of the whole; of past
work the people who were on a project of that name. Only what is asked of people at work comes in: work styles, levels
of skills, the team's size, its rules, who has worked together before. Protected answers, names, sites, languages and
other tags are not read here at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from statistics import fmean
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Booking,
    Experiment,
    ExperimentKind,
    ExperimentState,
    Feedback,
    Metric,
    MetricPoint,
    PastAllocation,
    Person,
    PersonSkill,
    PersonStyle,
    Phase,
    Project,
    RoleNeed,
    Seat,
    TeamRule,
    fold,
)
from planner.services.outcomes import experiments, metrics
from planner.services.outcomes.guarding import guarded
from planner.services.outcomes.team_rules import is_kept

PARTLY = 0.5  # of a team's people must be known, to speak of the team
Place = tuple[int, int | None]  # project, and the phase where one team of it is meant
Values = dict[Place, float]


@dataclass(frozen=True)
class Member:
    """Somebody on a team, and in which role."""

    person_id: int
    role: str


@dataclass
class Team:
    """A team with its outcome, larger is better; `starts_on` is when its work began."""

    name: str
    outcome: float
    members: tuple[Member, ...]
    starts_on: date | None
    rules: Sequence[TeamRule] = ()

    @property
    def people(self) -> frozenset[int]:
        """Who is on it."""
        return frozenset(member.person_id for member in self.members)


@dataclass
class Known:
    """What is known of the people of all teams."""

    styles: dict[int, dict[int, float]] = field(default_factory=dict)  # work style -> person -> score
    skills: dict[int, dict[int, int]] = field(default_factory=dict)  # skill -> person -> level
    people: dict[int, Person] = field(default_factory=dict)
    past: dict[int, list[tuple[str, date, date]]] = field(default_factory=dict)


def outcomes_known(session: Session) -> list[tuple[str, str, int]]:
    """The outcomes that can be asked for: key, name, and of how many teams; those of most teams first."""
    found = [(key, name, len(values)) for key, (name, values) in _outcomes(session).items() if values]
    return sorted(found, key=lambda one: (-one[2], one[1]))


def teams_of(session: Session, outcome_key: str) -> list[Team]:
    """The teams that have an outcome. Two of the same people are one case, with the mean of both outcomes."""
    _name, values = _outcomes(session).get(outcome_key, ("", {}))
    found = _members(session, values)
    by_people: dict[frozenset[int], list[Team]] = {}
    for team in found:
        if team.members:
            by_people.setdefault(team.people, []).append(team)
    for same in by_people.values():
        same[0].outcome = fmean(team.outcome for team in same)
    return [same[0] for same in by_people.values()]


def known_of(session: Session, people: Collection[int]) -> Known:
    """What is known of some people; a query for each kind of thing."""
    known = Known()
    for row in session.scalars(select(PersonStyle).where(PersonStyle.person_id.in_(people))):
        known.styles.setdefault(row.style_id, {})[row.person_id] = row.score
    for held in session.scalars(select(PersonSkill).where(PersonSkill.person_id.in_(people))):
        known.skills.setdefault(held.skill_id, {})[held.person_id] = held.level
    statement = select(Person).where(Person.id.in_(people)).options(joinedload(Person.site))
    known.people = {person.id: person for person in session.scalars(statement)}
    for past in session.scalars(select(PastAllocation).where(PastAllocation.person_id.in_(people))):
        known.past.setdefault(past.person_id, []).append((fold(past.project), past.from_on, past.to_on))
    return known


def mean_style(team: Team, scores: Mapping[int, float], role: str) -> float | None:
    """The mean score of a team's people; None where too few of them are known."""
    people = in_role(team, role)
    found = [scores[ident] for ident in people if ident in scores]
    return fmean(found) if people and len(found) >= max(1, PARTLY * len(people)) else None


def mean_level(team: Team, levels: Mapping[int, int], role: str) -> float | None:
    """The mean level of a team's people; whoever does not hold a skill has none of it."""
    people = in_role(team, role)
    return fmean(levels.get(ident, 0) for ident in people) if people else None


def size(team: Team, _known: Known) -> float | None:
    """How many are on a team."""
    return float(len(team.people))


def together_before(team: Team, known: Known) -> float | None:
    """The share of a team's pairs who were on one project at one time before; None of one person alone."""
    begun = {
        ident: [one for one in known.past.get(ident, []) if team.starts_on is None or one[1] < team.starts_on]
        for ident in team.people
    }
    pairs = [_have_met(begun[one], begun[other]) for one, other in combinations(sorted(team.people), 2)]
    return fmean(pairs) if pairs else None


def rules_kept(team: Team, known: Known) -> float | None:
    """The share of its rules that a team keeps; None of a team without rules."""
    people = [known.people[ident] for ident in sorted(team.people) if ident in known.people]
    kept = [
        is_kept(
            rule, people, known.styles.get(rule.style_id or 0, {}), known.skills.get(rule.skill_id or 0, {})
        )
        for rule in team.rules
    ]  # fmt: skip
    return fmean(kept) if kept else None


def in_role(team: Team, role: str) -> set[int]:
    """Those of a team whose role is called so; all of them where no role is meant."""
    wanted = fold(role)
    return {member.person_id for member in team.members if not wanted or wanted in fold(member.role)}


def _have_met(one: Iterable[tuple[str, date, date]], other: Iterable[tuple[str, date, date]]) -> bool:
    there = list(other)
    return any(a == b and begin <= last and first <= end for a, begin, end in one for b, first, last in there)


def _outcomes(session: Session) -> dict[str, tuple[str, Values]]:
    return {key: found for read in SOURCES.values() for key, found in read(session).items()}


def _of_metrics(session: Session) -> dict[str, tuple[str, Values]]:
    """Metrics that are called and counted alike are one outcome, whatever they are measured of."""
    points: dict[int, list[MetricPoint]] = {}
    for point in session.scalars(select(MetricPoint)):
        points.setdefault(point.metric_id, []).append(point)
    found: dict[str, tuple[str, Values]] = {}
    for metric in session.scalars(select(Metric).order_by(Metric.id)):
        whole, _low, _high = metrics.whole_of(metric.kind, points.get(metric.id, []))
        direction = "up" if metric.is_higher_better else "down"
        key = f"metric:{metric.kind}:{direction}:{fold(metric.name)}"
        _name, values = found.setdefault(key, (metric.name, {}))
        if whole is not None:
            values[metric.project_id, metric.phase_id] = whole if metric.is_higher_better else -whole
    return found


def _of_experiments(session: Session) -> dict[str, tuple[str, Values]]:
    """What the best arm of each experiment that has ended had more than the control, relative to it."""
    statement = select(Experiment).where(Experiment.state == ExperimentState.ENDED)
    lifts: dict[Place, list[float]] = {}
    for experiment in session.scalars(statement.options(selectinload(Experiment.arms))):
        gained = _lift(experiment)
        if gained is not None:
            lifts.setdefault((experiment.project_id, experiment.phase_id), []).append(gained)
    return {"experiment": ("", {place: fmean(some) for place, some in lifts.items()})} if lifts else {}


def _of_feedback(session: Session) -> dict[str, tuple[str, Values]]:
    """How happy clients and users were with each team, of five answers and more.

    Each answer counts once: what too few say of a team, or of its seats, is said of its project as a whole.
    """
    statement = select(Feedback.project_id, Feedback.phase_id, Feedback.sentiment)
    said: dict[Place, list[int]] = {}
    for project, phase, sentiment in session.execute(statement):
        if project is not None:
            said.setdefault((project, phase), []).append(sentiment)
    for project, phase in list(said):
        if phase is not None and guarded(said[project, phase]) is None:
            said.setdefault((project, None), []).extend(said.pop((project, phase)))
    means = {place: guarded(some) for place, some in said.items()}
    return {"feedback": ("", {place: mean for place, mean in means.items() if mean is not None})}


# Where outcomes come from, a line for each.
SOURCES: dict[str, Callable[[Session], dict[str, tuple[str, Values]]]] = {
    "metric": _of_metrics,
    "experiment": _of_experiments,
    "feedback": _of_feedback,
}


def _lift(experiment: Experiment) -> float | None:
    control, *others = experiment.arms
    if control.num < experiments.LEAST or not others:
        return None
    values = [
        (arm.successes or 0) / arm.num if experiment.kind is ExperimentKind.SHARE else arm.mean or 0.0
        for arm in (control, *others)
        if arm.num >= experiments.LEAST
    ]
    sign = 1 if experiment.is_higher_better else -1
    if len(values) < 2 or values[0] == 0:
        return None
    return max(sign * (value / values[0] - 1) for value in values[1:])


def _members(session: Session, values: Values) -> list[Team]:
    """The people of each place, from the seats in force, else from past work of the project's name."""
    projects = {project for project, _phase in values}
    statement = select(Phase).where(Phase.project_id.in_(projects)).order_by(Phase.earliest_on, Phase.id)
    phases = list(session.scalars(statement.options(selectinload(Phase.team_rules).selectinload(TeamRule.people))))
    held: dict[int, list[Member]] = {}
    bookings = select(Booking.person_id, RoleNeed.title, RoleNeed.phase_id).join(Seat, Seat.id == Booking.seat_id).join(
        RoleNeed, RoleNeed.id == Seat.need_id
    )  # fmt: skip
    of_these = RoleNeed.phase_id.in_([phase.id for phase in phases])
    for person_id, title, phase_id in session.execute(bookings.where(Booking.is_in_force, of_these)):
        held.setdefault(phase_id, []).append(Member(person_id, title))
    names = dict(session.execute(select(Project.id, Project.name).where(Project.id.in_(projects))).all())
    past = _past(session)
    return [
        _team(names[project], [one for one in phases if one.project_id == project and phase in (None, one.id)], held,
              past.get(fold(names[project]), []), outcome, is_whole=phase is None)
        for (project, phase), outcome in sorted(values.items(), key=lambda one: (one[0][0], one[0][1] or 0))
    ]  # fmt: skip


def _team(
    project: str,
    phases: Sequence[Phase],
    held: Mapping[int, list[Member]],
    past: Sequence[PastAllocation],
    outcome: float,
    *,
    is_whole: bool,
) -> Team:
    name = project if is_whole or not phases else f"{project}: {phases[0].name}"
    members = [member for phase in phases for member in held.get(phase.id, [])]
    if members:
        rules = [] if is_whole else [rule for phase in phases for rule in phase.team_rules]
        return Team(name, outcome, tuple(members), phases[0].earliest_on.date(), rules)
    of_past = tuple(Member(row.person_id, row.role) for row in past) if is_whole else ()
    return Team(name, outcome, of_past, min((row.from_on for row in past), default=None))


def _past(session: Session) -> dict[str, list[PastAllocation]]:
    found: dict[str, list[Any]] = {}
    for row in session.scalars(select(PastAllocation).order_by(PastAllocation.id)):
        found.setdefault(fold(row.project), []).append(row)
    return found
