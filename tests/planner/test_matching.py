"""Who could fill a role need: the database's counts against a loop in plain Python, and how fast they come."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import crowd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import MINOR, Candidate, Person, RatingSource
from planner.services.staffing.matching import Answer, Asked, Line, answer, asked_of_values

CAD = 0.65


def drawn(draw: random.Random) -> Asked:
    """A need of a few lines of every sort."""
    levels = [(n, draw.randint(1, 4), draw.random() < 0.6, draw.randint(0, 3)) for n in draw.sample(range(1, 31), 4)]
    bands = []
    for style in draw.sample(range(1, 9), 2):
        low, high = sorted(draw.sample([n / 10 for n in range(10, 51)], 2))
        bands.append((style, low, high, draw.random() < 0.6, draw.randint(0, 3)))
    return asked_of_values(
        skills=levels[: draw.randint(0, 3)],
        styles=bands[: draw.randint(0, 2)],
        tags=draw.sample(("site:Paris", "lang:fr", "lang:it", 'a "quoted" é_%', "drone"), draw.choice((0, 0, 1))),
        any_of=draw.choice(([], [], [["lang:de", "site:Lyon"], ["drone", "lang:en"]])),
        max_cost_minor=draw.choice((None, None, 180_000, 155_050)),
        is_mentoring_allowed=draw.random() < 0.5,
        is_hire_allowed=draw.random() < 0.7,
    )


def holds(asked: Asked, line: Line, person: Person) -> bool:
    """Whether a person holds a line, said again without SQL."""
    if line.code == "skill":
        level = next((row.level for row in person.skills if row.skill_id == line.of), 0)
        return level >= int(line.least or 0) - asked.is_mentoring_allowed
    if line.code == "style":
        row = next((row for row in person.styles if row.style_id == line.of), None)
        if row is None:
            return False
        inside = round(line.least * 10) <= round(row.score * 10) <= round(line.most * 10)
        return inside or row.source is RatingSource.SELF
    if line.code in ("tag", "any_of"):
        return any(tag in person.all_tags for tag in line.of)
    if line.code == "cost":
        if person.cost_currency == "XXX" and person.cost_minor:
            return False
        exact = person.cost_minor * CAD / MINOR if person.cost_currency == "CAD" else None
        units = round(exact) if exact is not None else (person.cost_minor + 50) // MINOR
        return units <= int(line.most or 0) // MINOR
    return not person.kind.is_hire


def considered(session: Session) -> list[Person]:
    over = {row.person_id for row in session.scalars(select(Candidate)) if not row.stage.is_considered}
    return [row for row in session.scalars(select(Person)) if not (row.kind.is_hire and row.id in over)]


@pytest.mark.parametrize("seed", range(12))
def test_numbers_are_those_of_a_plain_loop(session: Session, seed: int) -> None:
    draw = random.Random(seed)
    crowd.fill(session, 120, seed=seed)
    people = considered(session)
    for _ in range(6):
        asked = drawn(draw)
        lacking = {p.id: [line for line in asked.musts if not holds(asked, line, p)] for p in people}
        found = answer(session, asked)
        assert found.num_people == len(people)
        assert found.num_could == sum(not lines for lines in lacking.values())
        for row in found.removed:
            assert row.num_holding == sum(row.line not in lines for lines in lacking.values())
            assert row.num_removed == sum(lines == [row.line] for lines in lacking.values())
        assert [list(near.lacking) for near in found.closest] == [lacking[near.person_id] for near in found.closest]
        fewest = sorted(len(lines) for lines in lacking.values())[: len(found.closest)]
        assert [len(near.lacking) for near in found.closest] == fewest


def test_self_report_outside_a_band_cuts_nobody_and_is_to_be_confirmed(session: Session) -> None:
    crowd.fill(session, 60)
    band = asked_of_values(styles=[(1, 4.9, 5.0, True, 1)])
    scored = {row.id: next((s for s in row.styles if s.style_id == 1), None) for row in considered(session)}
    outside = [s for s in scored.values() if s and s.source is RatingSource.SELF and round(s.score * 10) < 49]
    assert outside
    found = answer(session, band, num_closest=60)
    assert found.num_unconfirmed == len(outside)
    assert found.num_could == len(outside) + sum(bool(s) and round(s.score * 10) >= 49 for s in scored.values())
    assert {near.person_id for near in found.closest if near.unconfirmed} == {s.person_id for s in outside}


def test_closest_come_by_what_they_lack_then_by_fit(session: Session) -> None:
    crowd.fill(session, 80)
    asked = asked_of_values(skills=[(1, 3, True, 1), (2, 3, False, 2)])
    found = answer(session, asked, num_closest=40)
    fits = []
    for near in found.closest:
        parts = {"skill-0": (1, True), "skill-1": (2, False)}
        points = 0
        for name, (weight, is_must) in parts.items():
            level = near.have[name] or 0
            full = max(80, 100 - 5 * (level - 3))
            points += weight * (full if level >= 3 else 0 if is_must else 100 * level // 3)
        fits.append((len(near.lacking), -points if not near.lacking else None))
    in_order = [fit for fit in fits if fit[0] == 0]
    assert in_order == sorted(in_order)
    assert [n for n, _fit in fits] == sorted(n for n, _fit in fits)


def test_nothing_asked_is_held_by_everybody(session: Session) -> None:
    crowd.fill(session, 10)
    found = answer(session, Asked())
    assert (found.num_could, found.removed) == (len(considered(session)), ())


def test_nobody_there_is_an_answer(session: Session) -> None:
    assert answer(session, asked_of_values(skills=[(1, 3, True, 1)])) == Answer(
        0, 0, 0, 0, answer(session, asked_of_values(skills=[(1, 3, True, 1)])).removed, ()
    )


def test_answer_about_5000_people_comes_within_200_ms(session: Session) -> None:
    """Measured as the processor's time, so that what else runs on the machine does not count."""
    crowd.fill(session, 5000, num_skills=100)
    asked = asked_of_values(
        skills=[(n, 3, n < 4, n) for n in range(1, 8)],
        styles=[(n, 3.0, 5.0, n < 2, 1) for n in range(1, 4)],
        tags=["lang:fr"],
        any_of=[["site:Paris", "site:Lyon"]],
        max_cost_minor=250_000,
        is_mentoring_allowed=True,
        is_hire_allowed=False,
    )
    answer(session, asked)
    marks = [time.process_time()]
    for _ in range(7):
        answer(session, asked)
        marks.append(time.process_time())
    best = min(after - before for before, after in pairwise(marks))
    assert best < 0.2, f"the quickest of seven answers took {best:.3f} s"
