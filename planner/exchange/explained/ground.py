"""What all answers are said with: names for keys, figures with what is not proven of them, demands as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planner.exchange import sentences
from planner.exchange.reasons import Reasons
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport, SeatRow

Told = Mapping[str, Any]
MOST_NAMED = 5


@dataclass(frozen=True)
class Cell:
    """What stands in a table: a text, and the seat or person that it leads to; figures stand to the right.

    `asks` is the kind of question about the seat and the person that a button beside it asks; `tries` the kind of way
    out that it leads to, and `start` when the phase starts there. `way` is a way out as its answer tells it, and its
    `words`, for a scenario to try.
    """

    text: str
    seat: str = ""
    person: str = ""
    is_figure: bool = False
    asks: str = ""
    tries: str = ""
    start: int | None = None
    way: Told | None = None


@dataclass(frozen=True)
class Table:
    """Rows under a caption; `total` is what they add up to. One that is folded opens when it is wanted."""

    caption: str
    heads: Sequence[tuple[str, bool]]  # each with whether it stands over figures
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    is_folded: bool = False


@dataclass(frozen=True)
class Explained:
    """An answer: one sentence that carries it, more that follow, demands as a list, and tables."""

    sentence: str
    more: Sequence[str] = ()
    demands: Sequence[str] = ()
    tables: Sequence[Table] = field(default_factory=list)
    is_open: bool = False  # whether the time ended before all of it was known


LIMITS = {
    "max_hires": N_("at most %(value)s hires"),
    "hire_budget": N_("at most %(value)s for hiring"),
    "budget": N_("at most %(value)s for staff in the whole plan"),
    "max_changes": N_("at most %(value)s seats of the plan in force change hands"),
}
MUSTS = {
    "style": N_("%(seat)s: a work style inside its band, %(what)s"),
    "tag": N_("%(seat)s: %(what)s"),
    "any_of": N_("%(seat)s: one of %(what)s"),
    "max_cost": N_("%(seat)s: a cost of at most %(value)s"),
}


class Ground:
    """Says things of one plan in one language."""

    def __init__(self, report: PlanReport, say: Words) -> None:
        self.report, self.say = report, say
        self._names = Reasons(report, say)

    @cached_property
    def seats(self) -> dict[str, SeatRow]:
        return {row.seat_id: row for row in self.report.seats}

    def seat(self, key: str) -> str:
        """A seat by its title, its project and, where it is not the only one of its kind, its key."""
        row = self.seats.get(key)
        return f"{row.title or key} · {row.project}" if row is not None else key

    def person(self, key: str | None) -> str:
        if key is None:
            return self.say.gettext("nobody")
        return self.say.gettext("somebody new") if key.startswith("new.") else self._names.name("person", key)

    def phase(self, key: str) -> str:
        row = next((row for row in self.report.teams if row.phase_id == key), None)
        return f"{row.phase} · {row.project}" if row is not None else key

    def name(self, kind: str, key: str) -> str:
        return self._names.name(kind, key)

    def people(self, keys: Sequence[str]) -> str:
        """Some people by name, and how many more."""
        named = [self.person(key) for key in keys[:MOST_NAMED]]
        more = len(keys) - len(named)
        if more:
            named.append(self.say.ngettext("one more", "%(num)s more", more))
        return self.say.list(named)

    def period(self, idx: int) -> str:
        return sentences.short_period(self.report, idx, self.say)

    # -- figures

    def points(self, value: int) -> str:
        """Points, with their unit."""
        return self.say.ngettext("%(num)s point", "%(num)s points", value)

    def between(self, told: Told) -> str:
        """A figure in points, or all that is proven of it."""
        least, most = told["least"], told["most"]
        if least is not None and least == most:
            return self.points(least)
        if least is None and most is None:
            return self.say.gettext("not known in the time")
        if most is None:
            return self.say.gettext("at least %(points)s", points=self.points(least))
        if least is None:
            return self.say.gettext("at most %(points)s", points=self.points(most))
        return self.say.gettext("%(least)s to %(most)s", least=self.say.number(least), most=self.points(most))

    def gain(self, told: Told) -> Cell:
        """What a change brings (+) or costs (−), as it stands in a table."""
        least, most = told["least"], told["most"]
        if least is not None and least == most:
            return Cell(self.signed(least), is_figure=True)
        if least is None and most is None:
            return Cell(self.say.gettext("not known in the time"), is_figure=True)
        if most is None:
            return Cell(self.say.gettext("at least %(points)s", points=self.signed(least)), is_figure=True)
        if least is None:
            return Cell(self.say.gettext("at most %(points)s", points=self.signed(most)), is_figure=True)
        sides = {"least": self.signed(least), "most": self.signed(most)}
        return Cell(self.say.gettext("%(least)s to %(most)s", **sides), is_figure=True)

    def signed(self, value: int) -> str:
        sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
        return f"{sign}{self.say.number(abs(value))}"

    def whole(self, value: int) -> Cell:
        return Cell(self.signed(value).removeprefix("+"), is_figure=True)

    # -- demands

    def demand(self, claim: Told) -> str:
        """A demand, as something that is asked."""
        kind, say = claim["kind"], self.say
        seat, person = claim["seat"] or "", claim["person"]
        if kind == "must":
            return self._must(claim)
        if kind == "pin":
            return say.gettext("%(person)s is agreed on %(seat)s", person=self.person(person), seat=self.seat(seat))
        if kind == "ban":
            words = {"person": self.person(person), "seat": self.seat(seat)}
            return say.gettext("%(person)s was ruled out for %(seat)s", **words)
        if kind == "filled":
            words = {"person": self.person(self.seats[seat].person_id), "seat": self.seat(seat)}
            return say.gettext("%(seat)s stays filled (now by %(person)s)", **words)
        if kind == "time":
            return say.gettext(
                "these people work no more than they said: %(people)s", people=self.people(claim["what"])
            )
        return self._of_plan(claim)

    def _of_plan(self, claim: Told) -> str:
        kind, say = claim["kind"], self.say
        if kind == "limit":
            value = claim["value"]
            money = claim["name"] in ("hire_budget", "budget")
            return say.gettext(LIMITS[claim["name"]], value=say.money(value) if money else say.number(value))
        if kind == "budget":
            words = {"project": self.name("project", claim["project"]), "value": say.money(claim["value"])}
            return say.gettext("%(project)s costs at most %(value)s", **words)
        if kind == "all_or_nothing":
            return say.gettext("%(project)s is all or nothing", project=self.name("project", claim["project"]))
        phase = self.phase(claim["phase"])
        if kind == "team_rule":
            return say.gettext("team of %(phase)s: %(rule)s", phase=phase, rule=self._rule(claim))
        if kind == "window":
            return say.gettext("%(phase)s starts when it is meant to", phase=phase)
        return say.gettext("%(phase)s waits for the phases before it", phase=phase)

    def _rule(self, claim: Told) -> str:
        row = next(row for row in self.report.teams if row.phase_id == claim["phase"])
        return sentences.team_rule(row.rules[claim["index"]], self.say)

    def _must(self, claim: Told) -> str:
        seat, what, value = self.seat(claim["seat"]), claim["what"], claim["value"]
        if claim["name"] == "skill":
            words = {"seat": seat, "skill": self.name("skill", what[0]), "level": value}
            return self.say.gettext("%(seat)s: %(skill)s at level %(level)s", **words)
        return self.say.gettext(MUSTS[claim["name"]], seat=seat, what=self.what(claim), value=self._money(value))

    def what(self, claim: Told) -> str:
        """The skill, style or tags of a demand by their names."""
        if claim["name"] in ("skill", "style"):
            return self.name(claim["name"], claim["what"][0])
        return self.say.gettext(" or ").join(sentences.tag(tag, self.say) for tag in claim["what"])

    def _money(self, value: int | None) -> str:
        return "" if value is None else self.say.money(value)

    # -- what changes

    def moved(self, moves: Sequence[Sequence[str | None]], caption: str, *, is_folded: bool = False) -> list[Table]:
        """Who held seats and who would, as a table; none where nothing changes hands."""
        heads = [(self.say.gettext(text), False) for text in (N_("Seat"), N_("Now"), N_("Then"))]
        rows = [self._move(str(seat), before, after) for seat, before, after in moves]
        return [Table(caption, heads, rows, is_folded=is_folded)] if rows else []

    def _move(self, seat: str, before: str | None, after: str | None) -> list[Cell]:
        return [
            Cell(self.seat(seat), seat=seat),
            Cell(self.person(before), person=before or ""),
            Cell(self.person(after), person="" if (after or "").startswith("new.") else after or ""),
        ]

    def others_move(self, num: int) -> str:
        if not num:
            return self.say.gettext("Nobody else moves.")
        return self.say.ngettext("One other seat changes hands.", "%(num)s other seats change hands.", num)
