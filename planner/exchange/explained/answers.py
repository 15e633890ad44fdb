"""Each kind of answer in words; what is not proven is said as what lies between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from planner.exchange import sentences
from planner.exchange.explained.ground import Cell, Explained, Ground, Table, Told
from planner.exchange.explained.ways import nobody
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport

MOST_ROWS = 40


def asked(kind: str, said: Told, report: PlanReport, say: Words) -> str:
    """The question, in words."""
    ground = Ground(report, say)
    seat, person = said.get("seat") or "", said.get("person")
    if kind == "why":
        row = ground.seats.get(seat)
        sentence = (
            N_("Why %(person)s on %(seat)s?")
            if row and row.person_id == person
            else N_("Why not %(person)s on %(seat)s?")
        )
        return say.gettext(sentence, person=ground.person(person), seat=ground.seat(seat))
    if kind == "nobody":
        return say.gettext("Why does nobody hold %(seat)s?", seat=ground.seat(seat))
    if kind == "unknowns" and person:
        return say.gettext("What if we knew more about %(person)s?", person=ground.person(person))
    return say.gettext(QUESTIONS[kind])


QUESTIONS = {
    "prices": N_("What does each rule cost?"),
    "others": N_("Which other plans are there?"),
    "weights": N_("How far can the weights move?"),
    "unknowns": N_("What if we knew more about people?"),
}


def explained(kind: str, told: Told, report: PlanReport, say: Words) -> Explained:
    """The answer, in words."""
    return ANSWERS[kind](told, Ground(report, say))


# -- why this person, why not that one


def _why(told: Told, ground: Ground) -> Explained:
    _, person = ground.say.gettext, ground.person(told["person"])
    if told["is_possible"] is None:
        return Explained(_("The time ended before this was known. Ask again, with more time."), is_open=True)
    demands = [ground.demand(claim) for claim in told["waived"]]
    if not told["is_possible"]:
        sentence = _("%(person)s cannot hold it: whatever else gave way, there is no time for it.", person=person)
        return Explained(sentence, demands=demands)
    rest = [row for row in told["moves"] if row[0] != told["seat"]]
    more = [*_then(told, ground), ground.others_move(len(rest)), *_shifted(told, ground)]
    tables = [_terms(told, ground), *ground.moved(told["moves"], _("Who would be where"))]
    is_open = told["loss"]["least"] != told["loss"]["most"]
    return Explained(_verdict(told, ground), more, demands, tables, is_open)


def _verdict(told: Told, ground: Ground) -> str:
    """What it would cost, or bring."""
    say, loss = ground.say, told["loss"]
    words = {"person": ground.person(told["person"]), "points": ground.between(loss)}
    if loss["most"] is not None and loss["most"] < 0:
        words["points"] = ground.between({"least": -loss["most"], "most": -loss["most"]})
        if told["waived"]:
            return say.gettext("Not as the rules stand. Without those below, the plan gains %(points)s.", **words)
        if told["is_holder"]:
            return say.gettext("Without %(person)s there, a plan was found that is better by %(points)s.", **words)
        return say.gettext("With %(person)s there, a plan was found that is better by %(points)s.", **words)
    is_nothing = loss["least"] == loss["most"] == 0
    if told["waived"] and not told["is_holder"]:
        if is_nothing:
            return say.gettext("Not as the rules stand. Without those below, the plan is worth just as much.")
        return say.gettext("Not as the rules stand. Without those below, the plan loses %(points)s.", **words)
    if told["is_holder"]:
        if is_nothing:
            return say.gettext("Without %(person)s there, another plan is worth just as much.", **words)
        return say.gettext("Without %(person)s there, the plan loses %(points)s.", **words)
    if is_nothing:
        return say.gettext("They could: with %(person)s there, another plan is worth just as much.", **words)
    return say.gettext("They could, but with %(person)s there the plan loses %(points)s.", **words)


def _then(told: Told, ground: Ground) -> list[str]:
    """Who holds the seat then."""
    if not told["is_holder"]:
        return []
    who = next((after for seat, _before, after in told["moves"] if seat == told["seat"]), None)
    if who is None:
        return [ground.say.gettext("Nobody would hold it.")]
    return [ground.say.gettext("%(person)s would hold it.", person=ground.person(who))]


def _shifted(told: Told, ground: Ground) -> list[str]:
    sentence = N_("%(phase)s would start in %(after)s instead of %(before)s.")
    return [
        ground.say.gettext(
            sentence, phase=ground.phase(phase), before=ground.period(before), after=ground.period(after)
        )
        for phase, before, after in told["shifts"]
    ]


def _terms(told: Told, ground: Ground) -> Table:
    """Points by term, now and then; the differences add up to what was found."""
    _ = ground.say.gettext
    rows = [
        [Cell(_(sentences.TERMS[name])), ground.whole(now), ground.whole(then), _figure(ground, then - now)]
        for name, (now, then) in told["terms"].items()
        if now or then
    ]
    sums = [sum(pair[n] for pair in told["terms"].values()) for n in (0, 1)]
    heads = [(_("Term"), False), (_("Now"), True), (_("Then"), True), (_("Difference"), True)]
    total = [Cell(_("Together")), *map(ground.whole, sums), _figure(ground, sums[1] - sums[0])]
    return Table(_("Points by term"), heads, rows, total)


def _figure(ground: Ground, value: int) -> Cell:
    return Cell(ground.signed(value), is_figure=True)


# -- price tags


def _prices(told: Told, ground: Ground) -> Explained:
    say, rows = ground.say, told["prices"]
    dear = [row for row in rows if (row["gain"]["least"] or 0) > 0]
    free = [row for row in rows if row["gain"] == {"least": 0, "most": 0}]
    unsure = [row for row in rows if row not in dear and row not in free]
    if not rows:
        return Explained(say.gettext("This plan has no demands that it could do without."))
    if dear:
        words = {"demand": ground.demand(dear[0]["claim"]), "points": ground.between(dear[0]["gain"])}
        sentence = say.gettext("What costs most: %(demand)s. Without it, the plan gains %(points)s.", **words)
    else:
        sentence = say.gettext("No demand is known to cost the plan anything.")
    more = [
        say.ngettext("%(num)s demand costs something.", "%(num)s demands cost something.", len(dear)),
        say.ngettext("%(num)s costs nothing.", "%(num)s cost nothing.", len(free)),
    ]
    if unsure:
        more.append(
            say.ngettext(
                "Of %(num)s only so much is known: ask again, with more time.",
                "Of %(num)s only so much is known: ask again, with more time.",
                len(unsure),
            )
        )
    tables = [_price_table([*dear, *unsure][:MOST_ROWS], ground)] if dear or unsure else []
    return Explained(sentence, more, tables=tables, is_open=bool(unsure))


def _price_table(rows: Sequence[Told], ground: Ground) -> Table:
    _ = ground.say.gettext
    heads = [(_("Demand"), False), (_("Gained without it"), True), (_("Seats that change"), True)]
    body = [
        [
            _demand(one["claim"], ground),
            ground.gain(one["gain"] if one["is_solved"] else {**one["gain"], "least": one["gain"]["least"] or None}),
            ground.whole(len(one["moves"])) if one["is_solved"] else Cell("–", is_figure=True),
        ]
        for one in rows
    ]
    return Table(_("What the plan would gain without each demand"), heads, body)


def _demand(claim: Told, ground: Ground) -> Cell:
    """A demand, and what a scenario without it is called."""
    demand = ground.demand(claim)
    words = ground.say.gettext("Do without: %(demand)s", demand=demand)
    return Cell(demand, seat=claim["seat"] or "", way={"kind": "lift", "claims": [claim], "words": words})


# -- other plans

AIMS = {
    "balance": N_("the same weights"),
    "fit": N_("people who fit"),
    "cost": N_("low cost"),
    "fill": N_("filled seats"),
    "finish": N_("an early end"),
    "thrift": N_("somewhat lower cost"),
    "quality": N_("fit before all else"),
}


def _others(told: Told, ground: Ground) -> Explained:
    say, plans = ground.say, told["plans"]
    if not plans:
        return Explained(say.gettext("No other plan was found that differs so much and is better in anything."))
    sentence = say.ngettext(
        "%(num)s other plan differs in at least %(seats)s seats, and is better in something.",
        "%(num)s other plans differ from this one and from each other in at least %(seats)s seats; each is better in "
        "something.",
        len(plans),
        seats=say.number(told["differ"]),
    )
    this = _marks_row(say.gettext("this plan"), told["given"], told["objective"], None, ground)
    rows = [this] + [
        _marks_row(_aim(n, one, ground), one["marks"], one["objective"], len(one["moves"]), ground)
        for n, one in enumerate(plans, start=1)
    ]
    names = (N_("Seats filled"), N_("Fit"), N_("Cost"), N_("Work ends after"), N_("Points"), N_("Seats that change"))
    heads = [(say.gettext("Plan that aims at"), False), *((say.gettext(name), True) for name in names)]
    tables = [Table(say.gettext("Plans side by side"), heads, rows)]
    for n, one in enumerate(plans, start=1):
        tables += ground.moved(one["moves"], _aim(n, one, ground), is_folded=True)
    more = (
        [] if len(plans) >= 3 else [say.gettext("More were not found in the time: ask for fewer seats, or more time.")]
    )
    return Explained(sentence, more, tables=tables)


def _aim(number: int, one: Told, ground: Ground) -> str:
    return ground.say.gettext("%(number)s: %(aim)s", number=number, aim=ground.say.gettext(AIMS[one["aim"]]))


def _marks_row(name: str, marks: Told, points: int, moved: int | None, ground: Ground) -> list[Cell]:
    say = ground.say
    end = ground.period(marks["finish"] - 1) if marks["finish"] else "–"
    figures = [
        say.number(marks["filled"]),
        say.percent(marks["fit"] / 10, 1),
        say.money(marks["cost"]),
        end,
        say.number(points),
        say.number(moved) if moved is not None else "–",
    ]
    return [Cell(name), *(Cell(text, is_figure=True) for text in figures)]


# -- how stable

WEIGHTS = {
    "fill": N_("Filling seats"),
    "fit": N_("Skills that fit"),
    "style": N_("Work styles that fit"),
    "preference": N_("Wishes of people"),
    "money": N_("Saving money"),
    "change": N_("Keeping what is in force"),
}


def _weights(told: Told, ground: Ground) -> Explained:
    say = ground.say
    if told["is_best"] is False:
        gain = ground.between(told["better_by"])
        return Explained(
            say.gettext("A better plan was found with the weights as they are: by %(points)s.", points=gain)
        )
    if told["is_best"] is None:
        sentence = say.gettext("It is not proven that this plan is the best, so no weight can be said to keep it so.")
        return Explained(sentence, is_open=True)
    rows = [
        [
            Cell(say.gettext(WEIGHTS[row["weight"]])),
            ground.whole(row["now"]),
            Cell(_end(row["down"], ground), is_figure=True),
            Cell(_end(row["up"], ground), is_figure=True),
            Cell(_first_change(row, ground)),
        ]
        for row in told["ranges"]
    ]
    heads = [
        (say.gettext("Weight"), False),
        (say.gettext("Now"), True),
        (say.gettext("Holds down to"), True),
        (say.gettext("Holds up to"), True),
        (say.gettext("What changes beyond"), False),
    ]
    table = Table(say.gettext("How far each weight may move"), heads, rows)
    is_open = any(not _is_settled(row[way]) for row in told["ranges"] for way in ("down", "up"))
    more = [say.gettext("One weight is moved at a time, the others stay as they are.")]
    return Explained(_nearest(told, ground), more, tables=[table], is_open=is_open)


def _nearest(told: Told, ground: Ground) -> str:
    """The weight that needs to move least, as a part of itself."""
    say = ground.say
    near = min(told["ranges"], key=_slack)
    end = min((near["down"], near["up"]), key=lambda one: _reach(near, one))
    if end["breaks"] is None:
        return say.gettext("Whatever weight is moved, as far as was tried, this plan stays the best.")
    words = {"weight": say.gettext(WEIGHTS[near["weight"]]), "now": say.number(near["now"])}
    sentence = N_("The first to matter is “%(weight)s”: at %(at)s instead of %(now)s another plan is better.")
    return say.gettext(sentence, at=say.number(end["breaks"]), **words)


def _is_settled(end: Told) -> bool:
    return bool(end["holds"] == end["far"] or (end["breaks"] is not None and abs(end["breaks"] - end["holds"]) == 1))


def _end(end: Told, ground: Ground) -> str:
    """How far one way: exactly, as far as it was tried, or all that is known."""
    say = ground.say
    if end["holds"] == end["far"]:
        return (
            say.number(end["far"]) if end["far"] == 0 else say.gettext("%(far)s and more", far=say.number(end["far"]))
        )
    if _is_settled(end):
        return say.number(end["holds"])
    if end["breaks"] is None:
        return say.gettext("%(holds)s at least", holds=say.number(end["holds"]))
    words = {"holds": say.number(end["holds"]), "breaks": say.number(end["breaks"])}
    return say.gettext("%(holds)s at least, not %(breaks)s", **words)


def _reach(row: Told, end: Told) -> float:
    """How far a weight goes until another plan is better, as a part of itself."""
    return float("inf") if end["breaks"] is None else abs(end["breaks"] - row["now"]) / max(1, row["now"])


def _slack(row: Told) -> float:
    return min(_reach(row, row["down"]), _reach(row, row["up"]))


def _first_change(row: Told, ground: Ground) -> str:
    """What the better plan does otherwise, on the side that is nearer."""
    end = min((row["down"], row["up"]), key=lambda one: _reach(row, one))
    if not end["moves"]:
        return "–"
    seat, _before, after = end["moves"][0]
    words = {"seat": ground.seat(seat), "person": ground.person(after)}
    first = ground.say.gettext("%(person)s on %(seat)s", **words)
    more = len(end["moves"]) - 1
    if not more:
        return first
    rest = ground.say.ngettext("one seat more", "%(num)s seats more", more)
    return ground.say.list([first, rest])


def _unknowns(told: Told, ground: Ground) -> Explained:
    say, rows = ground.say, told["unknowns"]
    if not rows:
        return Explained(say.gettext("Nothing that is not known of people could matter to this plan."))
    matters = [row for row in rows if row["changes_at"] is not None]
    if matters:
        sentence = say.ngettext(
            "%(num)s score that nobody knows could change the plan.",
            "%(num)s scores that nobody knows could change the plan.",
            len(matters),
        )
    else:
        sentence = say.gettext(
            "Whatever the scores are that nobody knows, as far as was tried, the plan stays the best."
        )
    more = []
    if told["num_left_out"]:
        more.append(say.ngettext("%(num)s more was not tried.", "%(num)s more were not tried.", told["num_left_out"]))
    heads = [
        (say.gettext("Person"), False),
        (say.gettext("Not known"), False),
        (say.gettext("The plan then, in points"), True),
        (say.gettext("Another plan is better"), False),
    ]
    table = Table(
        say.gettext("What missing scores could do"),
        heads,
        [
            [
                Cell(ground.person(row["person"]), person=row["person"]),
                Cell(ground.name(row["kind"], row["name"])),
                ground.gain(row["gain"]),
                Cell(_changes(row, ground)),
            ]
            for row in rows
        ],
    )
    return Explained(sentence, more, tables=[table], is_open=any(not row["is_settled"] for row in rows))


def _changes(row: Told, ground: Ground) -> str:
    if row["changes_at"] is None:
        return ground.say.gettext("never") if row["is_settled"] else ground.say.gettext("not known in the time")
    low, high = (ground.say.number(value) for value in row["changes_at"])
    return ground.say.gettext("at %(low)s", low=low) if low == high else ground.say.gettext(
        "between %(low)s and %(high)s", low=low, high=high
    )  # fmt: skip


ANSWERS: Mapping[str, Callable[[Any, Ground], Explained]] = {
    "why": _why,
    "nobody": nobody,
    "prices": _prices,
    "others": _others,
    "weights": _weights,
    "unknowns": _unknowns,
}
