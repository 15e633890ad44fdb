"""Who could sit here: against the solver's own arithmetic and rules on the sample company, and how fast it comes."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import crowd
import pytest
import rows
from flask.testing import FlaskClient
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Absence,
    Booking,
    BookingKind,
    NeedSkill,
    NeedStyle,
    Person,
    PersonKind,
    Phase,
    Project,
    RoleName,
    RoleNeed,
    Seat,
    Skill,
    Workspace,
    WorkStyle,
)
from planner.services.listing import Query
from planner.services.planning.seating import Seating, seating
from planner.services.sample import load_sample
from planner.services.staffing import calendars, utilisation
from planner.translate import workspace_problem
from solver.check import seat_score, violations
from solver.problem import Problem
from solver.solution import Solution


@pytest.fixture
def company(session: Session) -> Problem:
    """The sample company, as the solver sees it."""
    load_sample(session, administrator_id=None)
    session.commit()
    return workspace_problem(session, calendars)


def seats(session: Session, num: int = 100) -> list[Seat]:
    return list(session.scalars(select(Seat).order_by(Seat.id).limit(num)))


def asked(session: Session, seat: Seat, **said: str) -> Seating:
    """A seating with as many rows as there are."""
    everything = Query.read("/", {"size": "100", **said})
    return seating(session, seat, everything)


def test_points_are_the_solvers_and_their_parts_add_up(session: Session, company: Problem) -> None:
    for seat in seats(session):
        for one in asked(session, seat).page.items:
            true = seat_score(company, company.seat_by_id[seat.key], company.person_of[one.key])
            assert replace(one.score, person="", seat="") == replace(true, person="", seat="")
            parts = (one.score.fill, one.score.fit, one.score.style, one.score.preference, one.score.money)
            assert sum(parts) + one.score.acceptance + one.score.rounding == one.score.net


def test_order_is_by_points_over_all_pages(session: Session, company: Problem) -> None:
    for seat in seats(session, 30):
        points = [one.score.net for one in asked(session, seat).page.items]
        assert points == sorted(points, reverse=True)
        upwards = [one.score.net for one in asked(session, seat, sort="points").page.items]
        assert upwards == points[::-1]


def test_who_could_is_who_breaks_no_must_have_of_the_rulebook(session: Session, company: Problem) -> None:
    for seat in seats(session):
        found = asked(session, seat)
        if company.seat_by_id[seat.key].mentoring:
            continue
        could = {one.key for one in found.page.items}
        starts = {phase.id: phase.earliest for phase in company.phase_by_id.values()}
        for person in company.people:
            broken = violations(company, Solution(starts, {seat.key: person.id}))
            is_held = all(violation.rule != "musts_are_held" for violation in broken)
            assert (person.id in could) == is_held, (seat.key, person.id)


def test_mentored_holders_are_one_level_short(session: Session, company: Problem) -> None:
    for seat in seats(session):
        lines = {str(line.skill_id): line for line in seat.need.skills if line.is_must}
        for one in asked(session, seat).page.items:
            short = [s for s in one.lines if s.line.code == "skill" and s.line.is_must
                     and (s.have or 0) < lines[str(s.line.of)].level]  # fmt: skip
            assert one.is_mentored == bool(short)
            assert all((state.have or 0) == lines[str(state.line.of)].level - 1 for state in short)
            assert not short or seat.need.is_mentoring_allowed


def test_must_haves_remove_whom_they_say(session: Session, company: Problem) -> None:
    for seat in seats(session, 25):
        found = asked(session, seat)
        for row in found.removed:
            removed = asked(session, seat, removed=row.line.name).page
            assert removed.total == row.num_removed
            assert all(one.lacking == (row.line,) for one in removed.items)
        several = asked(session, seat, removed="several").page
        assert several.total == found.num_several
        assert all(len(one.lacking) > 1 for one in several.items)
        assert found.num_could + found.num_several + sum(r.num_removed for r in found.removed) == found.num_people


def test_range_holds_whatever_is_unknown_turns_out_to_be(session: Session, company: Problem) -> None:
    """Brute force: every level and some scores for what nobody rated; the worst and the best are reached."""
    checked = 0
    for seat in seats(session, 40):
        asked_seat = company.seat_by_id[seat.key]
        for one in asked(session, seat).page.items[:4]:
            unknown = [state.line for state in one.lines if state.is_unknown]
            person = company.person_of[one.key]
            names = {line.skill_id: line.skill.key for line in seat.need.skills}
            styles = {line.style_id: line.style.key for line in seat.need.styles}
            choices = [
                range(6) if line.code == "skill" else (None, 1.0, 2.5, line.least, line.most, 5.0) for line in unknown
            ]
            reached = set()
            for values in itertools.islice(itertools.product(*choices), 300):
                skills, scores = dict(person.skills), dict(person.styles)
                for line, value in zip(unknown, values, strict=True):
                    if line.code == "skill":
                        skills[names[line.of]] = min(value, int(line.least))
                    elif value is not None:
                        scores[styles[line.of]] = value
                reached.add(seat_score(company, asked_seat, replace(person, skills=skills, styles=scores)).net)
            assert one.worst <= min(reached) <= one.score.net <= max(reached) <= one.best
            assert one.is_certain == (not any(line.weight for line in unknown)) or one.worst == one.best
            checked += bool(unknown)
    assert checked > 20


def test_free_time_is_capacity_less_what_other_seats_take(session: Session, company: Problem) -> None:
    workspace = session.get_one(Workspace, 1)
    for seat in seats(session, 40):
        found = asked(session, seat)
        for one in found.page.items[:5]:
            person = session.get_one(Person, one.id)
            held = utilisation.seats_of(session, [person], workspace)[person.id]
            use = utilisation.use_of(person, workspace, [other for other in held if other.key != seat.key])
            expected = [
                use[idx].capacity - use[idx].allocated for idx in range(found.window.first_idx, found.window.last_idx)
            ]
            assert list(one.free) == expected
            assert one.is_free == all(pct >= seat.need.fte_pct for pct in expected)
            assert [pct for begin, end, pct in one.runs for _ in range(begin, end)] == expected
            assert one.is_holder == any(other.key == seat.key for other in held)


def test_list_is_filtered_and_paged_by_its_url(ops: CheckedClient, session: Session) -> None:
    crowd.fill(session, 90)
    seat = _seat(session)
    path = f"/seats/{seat.key}/people"
    found = asked(session, seat)
    count = {kind: sum(one.kind is kind for one in _all(session, seat)) for kind in PersonKind}
    assert f"<b>{found.num_could} people</b> of {found.num_people} could" in ops.get(path).text
    assert f"Page 2 of {-(-found.num_could // 25)}" in ops.get(f"{path}?page=2").text
    for kind, number in count.items():
        assert asked(session, seat, kind=str(kind)).page.total == number
    assert asked(session, seat, q="person 00001").page.total <= 1
    assert asked(session, seat, free="yes").page.total == found.num_free
    assert {one.site for one in asked(session, seat, site="1").page.items} == {"Paris"}
    names = sorted(one.name for one in _all(session, seat))
    assert [one.name for one in _all(session, seat, sort="name")] == names
    assert [one.name for one in _all(session, seat, sort="-name")] == names[::-1]
    costs = [one.cost for one in asked(session, seat, sort="-cost").page.items]
    assert costs == sorted(costs, reverse=True)


def test_plan_takes_time_and_leads_to_its_form(ops: CheckedClient, session: Session) -> None:
    world = rows.world(session)
    plan, seat, person = world["plan"], world["seat"], world["person"]
    other = Seat(key="other.1", need=RoleNeed(title="Editor", phase=world["phase"], fte_pct=40))
    session.add(other)
    session.commit()
    beside = seating(session, other, Query("/"), plan).page.items
    alone = seating(session, other, Query("/")).page.items
    assert [one.free for one in beside if one.id == person.id] == [(-100,) * 4], "the plan's seat takes all of it"
    assert [one.is_on_phase for one in beside if one.id == person.id] == [True]
    assert [one.free for one in alone if one.id == person.id] == [(0,) * 4]
    path = f"/seats/{seat.key}/people?plan={plan.id}"
    text = ops.get(path).text
    assert f"/plans/{plan.id}/put/{seat.key}?person={person.key}" in text
    assert "holds it" in text
    assert "/put/" not in ops.get(f"/seats/{seat.key}/people").text


def test_seat_or_plan_that_is_not_there_is_not_found(
    ops: CheckedClient, client_of: Callable[..., CheckedClient], session: Session
) -> None:
    seat = _seat(session)
    path = f"/seats/{seat.key}/people"
    statuses = [
        ops.get(url).status_code for url in (path, "/seats/no/such/people", f"{path}?plan=99", f"{path}?plan=x")
    ]
    assert statuses == [200, 404, 404, 404]
    assert client_of(RoleName.MEMBER).get(path).status_code == 404
    assert client_of(RoleName.EXECUTIVE).get(path).status_code == 200


def test_key_with_a_slash_opens(ops: CheckedClient, session: Session) -> None:
    seat = _seat(session, key="film/lead 1")
    assert ops.get(f"/seats/{seat.key}/people").status_code == 200


def test_page_about_5000_people_comes_within_300_ms(ops: CheckedClient, session: Session) -> None:
    """Measured as the processor's time and without reading the page, so that only what makes it counts."""
    crowd.fill(session, 5000, num_skills=100)
    seat = _seat(session, lines=6)
    ids = range(1, 5001)
    session.add_all(Absence(person_id=n, from_on=date(2027, 1, 1), to_on=date(2027, 2, 1)) for n in ids[::9])
    need = RoleNeed(title="Other", phase=seat.need.phase, count=600)
    need.seats = [Seat(key=f"o{n}", number=n) for n in range(600)]
    session.add(need)
    session.flush()
    session.add_all(Booking(seat=s, person_id=7 * n + 1, booking=BookingKind.HARD) for n, s in enumerate(need.seats))
    session.commit()
    ops.get(f"/seats/{seat.key}/people")
    spent = []
    for _ in range(6):
        begin = time.process_time()
        text = FlaskClient.open(ops, f"/seats/{seat.key}/people").text
        spent.append(time.process_time() - begin)
    assert re.search(r"<b>\d+ people</b> of", text)
    assert min(spent) < 0.3, f"the quickest of six pages took {min(spent):.3f} s"


def _seat(session: Session, *, key: str = "s1.1", lines: int = 2) -> Seat:
    """A seat of a need with a must-have and some that would be nice, over ten weeks."""
    start = session.get_one(Workspace, 1).moment_of(1)
    phase = Phase(key="f1", name="Build", duration=10, earliest_on=start, latest_on=start + timedelta(weeks=1))
    phase.project = Project(key="j1", name="Launch film")
    need = RoleNeed(title="Analyst", phase=phase, fte_pct=60, seats=[Seat(key=key)])
    skills = session.scalars(select(Skill.id).order_by(Skill.id).limit(lines)).all()
    styles = session.scalars(select(WorkStyle.id).order_by(WorkStyle.id).limit(2)).all()
    need.skills = [NeedSkill(skill_id=n, level=3, is_must=False, weight=n) for n in skills]
    need.styles = [NeedStyle(style_id=n, min=3.0, max=5.0, reason="The work needs it.") for n in styles]
    session.add(need)
    session.commit()
    return need.seats[0]


def _all(session: Session, seat: Seat, **said: str) -> list[Any]:
    """Everyone who could, over all pages."""
    first = asked(session, seat, **said)
    rest = [asked(session, seat, page=str(n), **said).page.items for n in range(2, first.page.num_pages + 1)]
    return [*first.page.items, *(one for page in rest for one in page)]
