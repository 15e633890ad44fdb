"""Why nobody holds a seat, and the ways out, in words."""

from __future__ import annotations

from planner.exchange import sentences
from planner.exchange.explained.ground import Cell, Explained, Ground, Table, Told
from planner.exchange.words import N_

VERBS = {
    "free": N_("See it by hand"),
    "relax": N_("Edit the role need"),
    "lift": N_("Plan again"),
    "move": N_("Move the phase"),
    "hire": N_("Whom to hire"),
}


def nobody(told: Told, ground: Ground) -> Explained:
    """The demands that keep a seat open, and what would fill it."""
    _, conflict = ground.say.gettext, told["conflict"]
    if told["is_hopeless"]:
        sentence = _("Nobody could hold it, whatever gave way: it takes somebody new, or another time.")
    elif conflict is None:
        sentence = _("The time ended before it was known which demands keep it open. Ask again, with more time.")
    elif conflict and len(conflict) == 1:
        sentence = _("One demand alone keeps it open; without it, somebody could hold it:")
    elif conflict:
        sentence = _("These cannot hold together with somebody on the seat; without any one of them, somebody could:")
    else:
        sentence = _(
            "Somebody could hold it, and nobody else would have to leave a seat open: it is a matter of points."
        )
    is_open = conflict is None and not told["is_hopeless"]
    counts = ground.say.ngettext(
        "Of everyone considered (%(all)s), %(num)s could hold it by itself.",
        "Of everyone considered (%(all)s), %(num)s could hold it by itself.",
        told["num_scored"],
        all=ground.say.number(told["num_people"]),
    )
    demands = [ground.demand(claim) for claim in conflict or ()]
    if not told["ways"]:
        more = [counts, _("No way out was found by changing one thing.")]
        return Explained(sentence, more, demands, is_open=is_open)
    heads = [
        (_("Way out"), False),
        (_("The plan gains"), True),
        (_("Who holds it then"), False),
        (_("Other seats that change"), True),
        (_("What to do"), False),
    ]
    table = Table(
        _("The cheapest ways out, each planned anew"), heads, [_row(way, told, ground) for way in told["ways"]]
    )
    return Explained(sentence, [counts], demands, [table], is_open=is_open)


def _row(way: Told, told: Told, ground: Ground) -> list[Cell]:
    who = way["holder"]
    holder = Cell(ground.person(who), person="" if way["kind"] == "hire" else who)
    gain = ground.gain(way["gain"])
    verb = Cell(
        ground.say.gettext(VERBS[way["kind"]]),
        seat=told["seat"],
        person=way["holder"],
        tries=way["kind"],
        start=way["start"],
    )
    words = way_words(way, told, ground)
    return [
        Cell(words, way={**way, "seat": told["seat"], "words": words}),
        gain,
        holder,
        ground.whole(len(way["moves"])),
        verb,
    ]


def way_words(way: Told, told: Told, ground: Ground) -> str:
    """What is changed."""
    say, kind = ground.say, way["kind"]
    if kind == "free":
        left = [seat for seat, before, _after in way["moves"] if before == way["holder"]]
        words = {"person": ground.person(way["holder"]), "seats": say.list([ground.seat(seat) for seat in left])}
        if left:
            return say.gettext("Free %(person)s from %(seats)s", **words)
        return say.gettext("Put %(person)s there", **words)
    if kind == "relax":
        pairs = zip(way["claims"], way["eased"], strict=True)
        return say.gettext("Ask for less: %(what)s", what=say.list([_eased(was, now, ground) for was, now in pairs]))
    if kind == "lift":
        return say.gettext("Do without: %(demand)s", demand=ground.demand(way["claims"][0]))
    if kind == "move":
        phase = ground.seats[told["seat"]].phase
        return say.gettext("Start %(phase)s in %(when)s", phase=phase, when=ground.period(way["start"]))
    return say.gettext("Hire somebody with %(what)s", what=_profile(way["profile"], ground))


def _eased(was: Told, now: Told, ground: Ground) -> str:
    """A must-have before and after."""
    say, what = ground.say, ground.what(was) if was["what"] else ""
    if was["name"] == "max_cost":
        return say.gettext("a cost of up to %(now)s", now=say.money(now["value"]))
    if was["name"] == "skill" and now["value"] is not None:
        words = {"what": what, "now": now["value"], "was": was["value"]}
        return say.gettext("%(what)s at level %(now)s instead of %(was)s", **words)
    return say.gettext("%(what)s no longer a must", what=what)


def _profile(profile: Told, ground: Ground) -> str:
    skills = [f"{ground.name('skill', key)} {level}" for key, level in profile["skills"].items()]
    styles = [f"{ground.name('style', key)} {ground.say.number(value)}" for key, value in profile["styles"].items()]
    tags = [sentences.tag(tag, ground.say) for tag in profile["tags"]]
    return ground.say.list([*skills, *styles, *tags]) or ground.say.gettext("time for it")
