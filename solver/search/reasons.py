"""Why a seat is open: what every single person who might hold it would break, or lose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from solver.check import rule_shortfall, staff_cost, violations
from solver.eligible import Eligibility
from solver.problem import N_, Person, Seat
from solver.search.ledger import Ledger, Work
from solver.search.musts import unmet_musts
from solver.solution import Reason, Solution

MOST_NAMED = 5
LEVEL_RULES = frozenset({"hard_team_rules", "musts_are_held"})

SENTENCES = {
    "all_busy": N_("%(num)s could hold it, and are busy: %(busy)s."),
    "not_available": N_("%(num)s could hold it, and have no time from period %(from)s to %(to)s."),
    "banned": N_("%(num)s could hold it, and are banned from it."),
    "not_learnt": N_("%(num)s could learn to hold it, and have not learnt %(skill)s up to %(level)s by then."),
    "growth_blocks": N_("What %(num)s who could hold it would learn breaks a rule of a team later."),
    "no_mentor": N_("%(num)s are one level short of %(skill)s at %(level)s, and no teammate holds it."),
    "rule_blocks": N_("With %(num)s who could hold it the team would break its rule %(rule)s."),
    "all_or_nothing": N_("The project %(project)s is all or nothing, and stays empty."),
    "phase_not_scheduled": N_("The phase %(phase)s is not scheduled."),
    "phase_order": N_("The phase %(phase)s has to wait for %(other)s."),
    "project_budget": N_("It would exceed the project's budget of %(budget)s."),
    "plan_budget": N_("It would exceed the plan's budget of %(budget)s."),
    "hire_limit": N_("It would take more than the %(max_hires)s hires that are allowed."),
    "hire_budget": N_("It would exceed the budget for hires of %(hire_budget)s."),
    "not_worth": N_("Filling it would change the plan by %(points)s points."),
    "search_stopped": N_("It could be filled for %(points)s points; the search ended before it was."),
}


class Gaps:
    """The open seats of a feasible solution, and why each is open."""

    def __init__(self, able: Eligibility, solution: Solution) -> None:
        self.able, self.problem = able, able.problem
        self.ledger = Ledger(able, solution)

    @cached_property
    def open_seats(self) -> list[str]:
        holders = self.ledger.solution.holders
        return [seat for seat in self.problem.seat_by_id if seat not in holders]

    def reasons(self, seat_id: str) -> tuple[Reason, ...]:
        """Why an open seat is open; the first reasons weigh most."""
        seat = self.problem.seat_by_id[seat_id]
        unmet = tuple(unmet_musts(self.able, seat, self.problem.phase_of_seat[seat.id]))
        return unmet or tuple(_Gap(self, seat).reasons())


class _Gap:
    """One open seat that somebody could hold, as far as the musts go."""

    def __init__(self, gaps: Gaps, seat: Seat) -> None:
        self.able, self.problem, self.ledger = gaps.able, gaps.problem, gaps.ledger
        self.seat = seat
        self.phase = self.problem.phase_of_seat[seat.id]
        self.project = self.problem.project_of_phase[self.phase.id]
        self.role = self.able.book.role_of_seat[seat.id]
        self.team = self.ledger.staffed.team(self.phase)
        self.counts: Counter[tuple[str, tuple[tuple[str, object], ...]]] = Counter()
        self.busy: list[dict[str, object]] = []

    def reasons(self) -> Iterator[Reason]:
        """One reason for all whom the same thing keeps away; if somebody could be added, only that."""
        best: int | None = None
        for person in self.able.seat_candidates(self.seat, self.phase).people.tolist():
            gain = self._judge(person)
            if gain is not None and (best is None or gain > best):
                best = gain
        if best is not None and best > 0:
            yield _reason("search_stopped", {"points": best})
            return
        if self.phase.id not in self.ledger.staffed.starts:
            yield _reason("phase_not_scheduled", {"phase": self.phase.id})
        for (code, params), num in sorted(self.counts.items(), key=lambda row: -row[1]):
            yield self._counted(code, dict(params), num)
        if best is not None:
            yield _reason("not_worth", {"points": best})

    def _judge(self, person: int) -> int | None:
        """Points for adding a person; None where a rule keeps them away, which is counted."""
        who = self.problem.people[person]
        pair = self.able.pair(self.role, person)
        if pair is not None and self.able.banned[pair]:
            self._count("banned")
            return None
        starts = [] if pair is None else self._free_starts(pair, person)
        if not starts or who.id in {member.id for member in self.team}:
            self._count_without_time(who, is_always_away=pair is None)
            return None
        found = [(start, list(self._blocks_by_then(who, start))) for start in starts]
        gains = [self.ledger.points(self.seat, who, start) for start, blocked in found if not blocked]
        if not gains:
            for code, params in found[0][1]:
                self._count(code, **params)
        return max(gains, default=None)

    def _free_starts(self, pair: int, person: int) -> list[int]:
        """The phase's start, or, where it has none, the first at which the person has time left.

        Where people grow, all of them that differ: what somebody has learnt by then decides, too.
        """
        known = self.ledger.staffed.starts.get(self.phase.id)
        starts = [known] if known is not None else self._left_shifted_starts(pair, person)
        seat = self.seat
        free = [t for t in starts if self.ledger.is_free(person, t + seat.from_, t + seat.to, seat.fte)]
        return free if self.problem.growth else free[:1]

    def _left_shifted_starts(self, pair: int, person: int) -> list[int]:
        """Where a start that suits the person cannot be moved forward: at once, or as other work ends.

        Where people grow, also where it ends too late to teach what counts for other work.
        """
        runs, who = self.able.starts(pair), self.problem.people[person]
        starts = [work.end - self.seat.from_ for work in self.ledger.work(who)]
        if self.problem.growth:
            starts += [begin - self.seat.to + 1 for begin in self.ledger.phase_starts(who)]
            starts += [work.end for work in self.ledger.work(who)]
        return sorted(
            {first for first, _ in runs} | {t for t in starts if any(first <= t <= last for first, last in runs)}
        )

    def _blocks(self, who: Person, start: int) -> Iterator[tuple[str, dict[str, object]]]:
        """The rules that the person on the seat would break."""
        yield from self._order(start)
        yield from self._mentors(who)
        for index, rule in enumerate(self.phase.team_rules):
            if rule.is_hard and rule_shortfall(rule, [*self.team, who]):
                yield "rule_blocks", {"phase": self.phase.id, "rule_index": index}
        if self.project.all_or_nothing and not self._completes(start):
            yield "all_or_nothing", {"project": self.project.id}
        yield from self._money(who)

    def _blocks_by_then(self, who: Person, start: int) -> Iterator[tuple[str, dict[str, object]]]:
        """The same for the person with the levels of that start; what they learn is looked at last."""
        blocks = list(self._blocks(self.ledger.staffed.person_at(who, start), start))
        if not blocks and self.problem.growth and self._breaks_what_follows(who, start):
            blocks = [("growth_blocks", {})]
        yield from blocks

    def _order(self, start: int) -> Iterator[tuple[str, dict[str, object]]]:
        starts, book = self.ledger.staffed.starts, self.able.book
        number = book.phase_no[self.phase.id]
        for other in self.phase.after:
            end = starts[other] + self.problem.phase_by_id[other].duration if other in starts else None
            if end is None or end > start:
                yield "phase_order", {"phase": self.phase.id, "other": other}
        if self.phase.id in self.ledger.solution.starts or self.phase.is_fixed:
            return
        for later in book.behind[number]:
            behind = book.phases[later]
            begins = behind.id in self.ledger.solution.starts or bool(self.ledger.holdings(behind))
            if begins and start + self.phase.duration > starts[behind.id]:
                yield "phase_order", {"phase": behind.id, "other": self.phase.id}

    def _mentors(self, who: Person) -> Iterator[tuple[str, dict[str, object]]]:
        for line in self.seat.skills:
            if line.must and who.skills.get(line.skill, 0) < line.level:
                helped = any(
                    holding.person.skills.get(line.skill, 0) >= line.level
                    and holding.seat.from_ < self.seat.to
                    and self.seat.from_ < holding.seat.to
                    for holding in self.ledger.holdings(self.phase)
                )
                if not self.seat.mentoring or who.skills.get(line.skill, 0) < line.level - 1:
                    yield "not_learnt", {"skill": line.skill, "level": line.level}
                elif not helped:
                    yield "no_mentor", {"skill": line.skill, "level": line.level}

    def _breaks_what_follows(self, who: Person, start: int) -> bool:
        """Whether, of what the person learns here, a rule is broken elsewhere."""
        broken = violations(self.problem, self.ledger.with_one_more(self.seat, who, start))
        return any(violation.phase != self.phase.id for violation in broken if violation.rule in LEVEL_RULES)

    def _completes(self, start: int) -> bool:
        starts = {*self.ledger.staffed.starts, self.phase.id}
        is_last = self.ledger.staffed.num_held(self.project) + 1 == len(self.project.seats)
        return is_last and all(phase.id in starts for phase in self.project.phases)

    def _money(self, who: Person) -> Iterator[tuple[str, dict[str, object]]]:
        limits, cost = self.problem.limits, staff_cost(self.seat, who)
        budget = self.project.budget
        if budget is not None and self.ledger.spent_on(self.project) + cost > budget:
            yield "project_budget", {"budget": budget}
        if limits.budget is not None and self.ledger.spent + cost > limits.budget:
            yield "plan_budget", {"budget": limits.budget}
        if who.is_hire and who.id not in self.ledger.hired:
            if limits.max_hires is not None and len(self.ledger.hired) >= limits.max_hires:
                yield "hire_limit", {"max_hires": limits.max_hires}
            if limits.hire_budget is not None and self.ledger.hire_bill + who.hire.cost > limits.hire_budget:
                yield "hire_budget", {"hire_budget": limits.hire_budget}

    def _count(self, code: str, **params: object) -> None:
        self.counts[code, tuple(params.items())] += 1

    def _count_without_time(self, who: Person, *, is_always_away: bool) -> None:
        """Notes who is busy, with the first work in their way, and who has no time even without work."""
        work = None if is_always_away else self._in_the_way(who)
        if work is None:
            begin, end = self._window
            self._count("not_available", **{"from": begin, "to": end})
            return
        self._count("all_busy")
        if len(self.busy) < MOST_NAMED:
            self.busy.append({"person": who.id, "from": work.begin, "to": work.end, "project": work.project})

    @cached_property
    def _window(self) -> tuple[int, int]:
        """Where the seat is, or, before its phase is scheduled, may be in the calendar."""
        start = self.ledger.staffed.starts.get(self.phase.id)
        first, last = (start, start) if start is not None else (self.phase.earliest, self.phase.latest)
        return first + self.seat.from_, last + self.seat.to

    def _in_the_way(self, who: Person) -> Work | None:
        """The first of a busy person's seats that meets this one, or is on the same team."""
        if who.id in {member.id for member in self.team}:
            mine = next(h for h in self.ledger.holdings(self.phase) if h.person.id == who.id)
            start = self.ledger.staffed.starts[self.phase.id]
            return Work(start + mine.seat.from_, start + mine.seat.to, mine.seat.fte, self.project.id)
        begin, end = self._window
        return next((work for work in self.ledger.work(who) if work.begin < end and begin < work.end), None)

    def _counted(self, code: str, params: dict[str, object], num: int) -> Reason:
        if code == "all_busy":
            return _reason(code, {"num": num, "people": self.busy}, busy=self._say_busy(num))
        rule = {"rule": int(str(params["rule_index"])) + 1} if code == "rule_blocks" else {}
        return _reason(code, {"num": num, **params}, **rule)

    def _say_busy(self, num: int) -> str:
        people, projects = self.problem.person_of, self.problem.project_by_id
        said = [
            f"{people[str(row['person'])].label} ({row['from']} to {row['to']}, {projects[str(row['project'])].label})"
            for row in self.busy
        ]
        return ", ".join(said) + (", …" if num > len(self.busy) else "")


def _reason(code: str, params: dict[str, object], **words: object) -> Reason:
    return Reason(code, SENTENCES[code] % {**params, **words}, params)
