"""Everyone who was considered for a seat, in words."""

from __future__ import annotations

from typing import Any

from planner.exchange.explained.ground import Cell, Explained, Ground, Table
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport

MOST_SHOWN = 50
SIEVES = {
    "style": N_("%(what)s from %(low)s to %(high)s"),
    "tag": N_("%(what)s"),
    "any_of": N_("one of %(what)s"),
    "max_cost": N_("costs at most %(value)s"),
    "ban": N_("ruled out by somebody"),
    "time": N_("has time for it while it lasts"),
}


def considered(told: dict[str, Any], report: PlanReport, say: Words) -> Explained:
    """How many people there are, whom each rule leaves out, and who is left; the counts add up."""
    ground = Ground(report, say)
    scored = told["scored"]
    counts = {
        "all": say.ngettext("One person was considered", "%(num)s people were considered", told["num_people"]),
        "removed": say.ngettext("%(num)s is left out by a rule", "%(num)s are left out by rules", told["num_removed"]),
        "scored": say.ngettext("%(num)s could hold it", "%(num)s could hold it", len(scored)),
    }
    tables = [_sieves(told, ground)]
    if scored:
        tables.append(_scored(told, ground))
    more = []
    if len(scored) > MOST_SHOWN:
        more.append(say.gettext("The first %(num)s of those who could are shown.", num=say.number(MOST_SHOWN)))
    return Explained(say.gettext("%(all)s: %(removed)s, %(scored)s.", **counts), more, tables=tables)


def _sieves(told: dict[str, Any], ground: Ground) -> Table:
    _ = ground.say.gettext
    rows = [
        [
            Cell(_sieve(sieve, ground)),
            ground.whole(sieve["num_first"]),
            ground.whole(sieve["num_alone"]),
            ground.whole(sieve["num_only"]),
        ]
        for sieve in told["sieves"]
    ]
    rows.append([Cell(_("could hold the seat")), ground.whole(len(told["scored"])), Cell(""), Cell("")])
    heads = [
        (_("Rule"), False),
        (_("Left out here first"), True),
        (_("Left out by it alone"), True),
        (_("Let in without it"), True),
    ]
    total = [Cell(_("Everyone")), ground.whole(told["num_people"]), Cell(""), Cell("")]
    return Table(_("Whom each rule leaves out"), heads, rows, total)


def _sieve(sieve: dict[str, Any], ground: Ground) -> str:
    say = ground.say
    if sieve["code"] == "skill":
        words = {"skill": ground.name("skill", sieve["what"][0]), "level": sieve["value"]}
        return say.gettext("%(skill)s at level %(level)s", **words)
    said: dict[str, object] = {
        "what": ground.what({"name": sieve["code"], "what": sieve["what"]}) if sieve["what"] else "",
        "value": say.money(sieve["value"]) if sieve["value"] is not None else "",
        "low": say.number(sieve["low"] or 0),
        "high": say.number(sieve["high"] or 0),
    }
    return say.gettext(SIEVES[sieve["code"]], **said)


def _scored(told: dict[str, Any], ground: Ground) -> Table:
    _ = ground.say.gettext
    rows = [
        [
            Cell(ground.person(one["person"]), person=one["person"], seat=told["seat"], asks="why"),
            Cell(_standing(one, ground)),
            ground.whole(one["points"]),
        ]
        for one in told["scored"][:MOST_SHOWN]
    ]
    heads = [(_("Person"), False), (_("In this plan"), False), (_("Points on this seat alone"), True)]
    return Table(_("Who could hold the seat"), heads, rows)


def _standing(one: dict[str, Any], ground: Ground) -> str:
    """What somebody does in the plan instead."""
    _ = ground.say.gettext
    said = [_("needs a mentor in the team")] if one["is_mentored"] else []
    if one["is_holder"]:
        said.insert(0, _("holds it"))
    elif one["busy_on"]:
        said.insert(0, _("is on %(seats)s", seats=ground.say.list([ground.seat(seat) for seat in one["busy_on"]])))
    else:
        said.insert(0, _("is free for it"))
    return ", ".join(said)
