"""What makes a solution feasible: one function per rule, and one list of them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from solver.check.staffed import Holding, Staffed
from solver.check.teams import rule_shortfall
from solver.problem import N_, Person, Phase, Problem, Project, Seat, SkillLine
from solver.solution import Solution


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a solution breaks, and where; `sentence` and `params` are its text, for translation."""

    rule: str
    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)
    seat: str | None = None
    person: str | None = None
    phase: str | None = None
    project: str | None = None

    @property
    def text(self) -> str:
        return self.sentence % self.params


Rule = Callable[[Staffed], Iterator[Violation]]


def violations(problem: Problem, solution: Solution) -> list[Violation]:
    """Every way in which a solution breaks the rules; none where it is feasible."""
    staffed = Staffed(problem, solution)
    return [violation for rule in RULES for violation in rule(staffed)]


def seat_has_one_holder(staffed: Staffed) -> Iterator[Violation]:
    """A seat has at most one holder; both are the problem's."""
    seats, people = staffed.problem.seat_by_id, staffed.problem.person_of
    for seat_id, person_id in staffed.solution.holders.items():
        if seat_id not in seats:
            sentence = N_("The plan fills %(unknown)s, a seat that nobody asked for.")
            yield _broken(seat_has_one_holder, sentence, {"unknown": seat_id})
        elif person_id not in people:
            sentence = N_("The plan gives the seat %(seat)s to %(unknown)s, whom nobody knows.")
            yield _broken(seat_has_one_holder, sentence, {"unknown": person_id}, seat=seats[seat_id])


def one_seat_per_phase(staffed: Staffed) -> Iterator[Violation]:
    """A person holds at most one seat of a phase."""
    for holdings in staffed.holdings_of_phase.values():
        first: dict[str, Seat] = {}
        for holding in holdings:
            seat = first.setdefault(holding.person.id, holding.seat)
            if seat is not holding.seat:
                sentence = N_("%(person)s holds %(other)s and %(seat)s in the phase %(phase)s; one is the most.")
                yield _held(one_seat_per_phase, sentence, holding, {"other": seat.label})


def within_capacity(staffed: Staffed) -> Iterator[Violation]:
    """In every period, a person's seats add up to no more than their capacity."""
    for holdings in staffed.holdings_of_person.values():
        person = holdings[0].person
        excess, period = worst_overload(staffed, person, holdings)
        if excess:
            sentence = N_("%(person)s is over capacity by %(excess)s %% in period %(period)s.")
            yield _broken(within_capacity, sentence, {"excess": excess, "period": period}, person=person)


def worst_overload(staffed: Staffed, person: Person, holdings: list[Holding]) -> tuple[int, int]:
    """The largest excess of work over capacity, in percent, and the period where it begins."""
    changes: dict[int, int] = defaultdict(int)
    earliest = person.hire.earliest if person.is_hire else 0
    for span in person.capacity:
        begin, end = max(span.from_, earliest), min(span.to, staffed.problem.calendar.periods)
        if begin < end:
            changes[begin] += span.fte
            changes[end] -= span.fte
    for seat, _, phase, _ in holdings:
        if phase.id in staffed.starts:
            changes[staffed.starts[phase.id] + seat.from_] -= seat.fte
            changes[staffed.starts[phase.id] + seat.to] += seat.fte
    left, worst = 0, (0, 0)
    for period in sorted(changes):
        left += changes[period]
        if -left > worst[0]:
            worst = (-left, period)
    return worst


def musts_are_held(staffed: Staffed) -> Iterator[Violation]:
    """The holder of a seat has all that the seat must have, and costs no more than it allows."""
    for holding in staffed.holdings:
        yield from _skills_short(staffed, holding)
        yield from _styles_outside(holding)
        yield from _tags_lacking(holding)
        yield from _too_expensive(holding)


def _skills_short(staffed: Staffed, holding: Holding) -> Iterator[Violation]:
    for line in holding.seat.skills:
        if line.must and not _has_skill(staffed, holding, line):
            have = holding.person.skills.get(line.skill, 0)
            sentence = N_("%(person)s has %(skill)s at %(have)s; the seat %(seat)s needs %(need)s.")
            levels = {"skill": line.skill, "have": have, "need": line.level}
            yield _held(musts_are_held, sentence, holding, levels)


def _has_skill(staffed: Staffed, holding: Holding, line: SkillLine) -> bool:
    """At its level; with mentoring, one level short where a teammate holds it while the seat lasts."""
    have = holding.person.skills.get(line.skill, 0)
    if have >= line.level:
        return True
    if not holding.seat.mentoring or have < line.level - 1:
        return False
    return any(
        other.person.skills.get(line.skill, 0) >= line.level and _overlap(other.seat, holding.seat)
        for other in staffed.holdings_of_phase[holding.phase.id]
        if other.person.id != holding.person.id
    )


def _overlap(seat: Seat, other: Seat) -> bool:
    return seat.from_ < other.to and other.from_ < seat.to


def _styles_outside(holding: Holding) -> Iterator[Violation]:
    for line in holding.seat.styles:
        have = holding.person.styles.get(line.style)
        band = {"style": line.style, "have": have, "min": float(line.min), "max": float(line.max)}
        if line.must and have is None:
            sentence = N_("%(person)s has no known %(style)s; the seat %(seat)s needs %(min)s to %(max)s.")
            yield _held(musts_are_held, sentence, holding, band)
        elif line.must and not line.min_tenths <= holding.person.style_tenths[line.style] <= line.max_tenths:
            sentence = N_("%(person)s has %(style)s at %(have)s; the seat %(seat)s needs %(min)s to %(max)s.")
            yield _held(musts_are_held, sentence, holding, band)


def _tags_lacking(holding: Holding) -> Iterator[Violation]:
    tags = holding.person.tags
    for tag in holding.seat.tags:
        if tag not in tags:
            sentence = N_("%(person)s lacks %(tag)s, which the seat %(seat)s needs.")
            yield _held(musts_are_held, sentence, holding, {"tag": tag})
    for group in holding.seat.any_of:
        if not any(tag in tags for tag in group):
            sentence = N_("%(person)s has none of %(tags)s, of which the seat %(seat)s needs one.")
            yield _held(musts_are_held, sentence, holding, {"tags": ", ".join(group)})


def _too_expensive(holding: Holding) -> Iterator[Violation]:
    cost, max_cost = holding.person.cost, holding.seat.max_cost
    if max_cost is not None and cost > max_cost:
        sentence = N_("%(person)s costs %(cost)s; the seat %(seat)s allows %(max_cost)s.")
        yield _held(musts_are_held, sentence, holding, {"cost": cost, "max_cost": max_cost})


def phase_inside_window(staffed: Staffed) -> Iterator[Violation]:
    """A phase starts inside its window, and only a scheduled phase has a team."""
    phases = staffed.problem.phase_by_id
    for phase_id, start in staffed.solution.starts.items():
        phase = phases.get(phase_id)
        if phase is None:
            sentence = N_("The plan schedules %(unknown)s, a phase that nobody asked for.")
            yield _broken(phase_inside_window, sentence, {"unknown": phase_id})
        elif not phase.earliest <= start <= phase.latest:
            sentence = N_("The phase %(phase)s starts in period %(start)s, outside %(earliest)s to %(latest)s.")
            window = {"start": start, "earliest": phase.earliest, "latest": phase.latest}
            yield _broken(phase_inside_window, sentence, window, phase=phase)
    for phase_id in staffed.holdings_of_phase:
        if phase_id not in staffed.starts:
            sentence = N_("The phase %(phase)s has a team, and is not scheduled.")
            yield _broken(phase_inside_window, sentence, phase=phases[phase_id])


def phases_in_order(staffed: Staffed) -> Iterator[Violation]:
    """A phase that is staffed or listed starts after those it comes after; if staffed, they are scheduled."""
    starts = staffed.starts
    for phase_id, start in starts.items():
        phase = staffed.problem.phase_by_id[phase_id]
        is_staffed = phase_id in staffed.holdings_of_phase
        if not is_staffed and phase_id not in staffed.solution.starts:
            continue
        for other in phase.after:
            if other not in starts and is_staffed:
                sentence = N_("The phase %(phase)s has a team; %(other)s, which it follows, is not scheduled.")
                yield _broken(phases_in_order, sentence, {"other": other}, phase=phase)
            elif other in starts and starts[other] + staffed.problem.phase_by_id[other].duration > start:
                sentence = N_("The phase %(phase)s starts before %(other)s, which it follows, has ended.")
                yield _broken(phases_in_order, sentence, {"other": other}, phase=phase)


def hard_team_rules(staffed: Staffed) -> Iterator[Violation]:
    """A team keeps the rules of its phase that have no weight."""
    for phase_id in staffed.holdings_of_phase:
        phase = staffed.problem.phase_by_id[phase_id]
        for index, rule in enumerate(phase.team_rules):
            short = rule_shortfall(rule, staffed.team(phase)) if rule.is_hard else 0
            if short:
                sentence = N_("The team of %(phase)s breaks its rule %(num)s (%(rule)s) by %(shortfall)s.")
                params = {"num": index + 1, "index": index, "rule": str(rule.rule), "shortfall": short}
                yield _broken(hard_team_rules, sentence, params, phase=phase)


def all_or_nothing(staffed: Staffed) -> Iterator[Violation]:
    """A project that is all-or-nothing is complete, or none of its seats is filled."""
    for project in staffed.problem.projects:
        num = staffed.num_held(project) if project.all_or_nothing else 0
        if num and not staffed.is_complete(project):
            sentence = N_("%(project)s is all or nothing; %(num)s of its %(total)s seats are filled.")
            figures = {"num": num, "total": len(project.seats)}
            yield _broken(all_or_nothing, sentence, figures, project=project)


def project_budget(staffed: Staffed) -> Iterator[Violation]:
    """A project's staff costs no more than its budget."""
    for project in staffed.problem.projects:
        if project.budget is None:
            continue
        held = (h for phase in project.phases for h in staffed.holdings_of_phase.get(phase.id, ()))
        cost = sum(holding.cost for holding in held)
        if cost > project.budget:
            sentence = N_("%(project)s costs %(cost)s, over its budget of %(budget)s.")
            yield _broken(project_budget, sentence, {"cost": cost, "budget": project.budget}, project=project)


def plan_budget(staffed: Staffed) -> Iterator[Violation]:
    """All staff together costs no more than the plan's budget."""
    budget = staffed.problem.limits.budget
    cost = 0 if budget is None else sum(holding.cost for holding in staffed.holdings)
    if budget is not None and cost > budget:
        sentence = N_("The plan costs %(cost)s, over the budget of %(budget)s.")
        yield _broken(plan_budget, sentence, {"cost": cost, "budget": budget})


def hire_limits(staffed: Staffed) -> Iterator[Violation]:
    """The plan hires no more people, for no more money, than it may."""
    limits, num = staffed.problem.limits, len(staffed.hired)
    if limits.max_hires is not None and num > limits.max_hires:
        sentence = N_("The plan hires %(num)s, over the limit of %(max_hires)s.")
        yield _broken(hire_limits, sentence, {"num": num, "max_hires": limits.max_hires})
    cost = sum(person.hire.cost for person in staffed.hired)
    if limits.hire_budget is not None and cost > limits.hire_budget:
        sentence = N_("Hiring costs %(cost)s, over the budget of %(budget)s.")
        yield _broken(hire_limits, sentence, {"cost": cost, "budget": limits.hire_budget})


def change_limit(staffed: Staffed) -> Iterator[Violation]:
    """No more seats of the plan in force change hands than may."""
    limit, num = staffed.problem.limits.max_changes, len(staffed.changed_seats)
    if limit is not None and num > limit:
        sentence = N_("Of the plan in force, %(num)s seats change hands, over the limit of %(max_changes)s.")
        yield _broken(change_limit, sentence, {"num": num, "max_changes": limit})


def pins_hold(staffed: Staffed) -> Iterator[Violation]:
    """Whoever is pinned to a seat holds it."""
    problem, holders = staffed.problem, staffed.solution.holders
    for pin in problem.pins:
        if holders.get(pin.seat) != pin.person:
            seat, person = problem.seat_by_id[pin.seat], problem.person_of[pin.person]
            sentence = N_("%(person)s is pinned to the seat %(seat)s, and does not hold it.")
            yield _broken(pins_hold, sentence, seat=seat, person=person)


def bans_hold(staffed: Staffed) -> Iterator[Violation]:
    """Whoever is banned from a seat does not hold it."""
    problem, holders = staffed.problem, staffed.solution.holders
    for ban in problem.bans:
        if holders.get(ban.seat) == ban.person:
            seat, person = problem.seat_by_id[ban.seat], problem.person_of[ban.person]
            sentence = N_("%(person)s is banned from the seat %(seat)s, and holds it.")
            yield _broken(bans_hold, sentence, seat=seat, person=person)


RULES: list[Rule] = [
    seat_has_one_holder,
    one_seat_per_phase,
    within_capacity,
    musts_are_held,
    phase_inside_window,
    phases_in_order,
    hard_team_rules,
    all_or_nothing,
    project_budget,
    plan_budget,
    hire_limits,
    change_limit,
    pins_hold,
    bans_hold,
]


def _broken(
    rule: Rule,
    sentence: str,
    params: Mapping[str, object] | None = None,
    *,
    seat: Seat | None = None,
    person: Person | None = None,
    phase: Phase | None = None,
    project: Project | None = None,
) -> Violation:
    """A violation whose sentence may call each part by its label."""
    parts = {"seat": seat, "person": person, "phase": phase, "project": project}
    labels = {name: part.label for name, part in parts.items() if part is not None}
    idents = {name: part.id for name, part in parts.items() if part is not None}
    return Violation(rule.__name__, sentence, {**labels, **(params or {})}, **idents)


def _held(rule: Rule, sentence: str, holding: Holding, params: Mapping[str, object]) -> Violation:
    seat, person, phase, project = holding
    return _broken(rule, sentence, params, seat=seat, person=person, phase=phase, project=project)
