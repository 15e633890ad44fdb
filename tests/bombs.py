"""Problems that ask for very little, or for a great deal, in a way that a search might never come back from."""

from __future__ import annotations

from random import Random
from typing import Any

from build import candidate, pairing, person, phase, problem, project, rule, seat, skill, span

from solver.problem import Calendar, Limits, Person, Phase, Problem, Weights

MOST = 10**6
LARGEST = 10**9


def alone(*phases: Phase, **changes: Any) -> tuple[Any, ...]:
    """Each phase in a project of its own."""
    return tuple(project(f"j{n}", one, **changes) for n, one in enumerate(phases))


def crew(num: int, **changes: Any) -> list[Person]:
    return [person(f"p{n}", **changes) for n in range(num)]


def sixty_apart_in_fifty_nine_teams() -> Problem:
    people = crew(60)
    rules = (rule("apart", people=tuple(one.id for one in people)),)
    teams = [phase(f"f{n}", seat(f"a{n}"), seat(f"b{n}"), team_rules=rules) for n in range(59)]
    return problem(*people, projects=alone(*teams))


def sixty_apart_who_all_must_sit() -> Problem:
    """Sixty seats in fifty-nine teams, all or nothing: the pigeon-hole."""
    people = crew(60)
    rules = (rule("apart", people=tuple(one.id for one in people)),)
    teams = [
        phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(2 if n == 0 else 1)), team_rules=rules) for n in range(59)
    ]
    return problem(*people, projects=(project("j", *teams, all_or_nothing=True, reward=MOST),))


def everybody_has_all_preferences() -> Problem:
    rng = Random(1)
    projects = alone(
        *(phase(f"f{n}", *(seat(f"s{n}.{k}", to=rng.randint(1, 10)) for k in range(2))) for n in range(300))
    )
    wishes = [f"j{n}" for n in range(300)]
    people = [person(f"p{n}", preferences={wish: rng.randint(-100, 100) for wish in wishes}) for n in range(5000)]
    return problem(*people, projects=projects)


def phases_that_may_lie_anywhere() -> Problem:
    rng = Random(1)
    phases = [
        phase(
            f"f{n}", *(seat(f"s{n}.{k}", to=length, fte=rng.choice([50, 100])) for k in range(3)), latest=1000 - length
        )
        for n in range(200)
        for length in [rng.randint(1, 20)]
    ]
    people = crew(40, capacity=(span(0, 1000),))
    return problem(*people, calendar=Calendar(1000), projects=alone(*phases, reward=1000, due=500, late_penalty=5))


def a_thousand_million_periods() -> Problem:
    rng = Random(1)
    phases = [
        phase(f"f{n}", seat(f"s{n}", to=length, fte=60), latest=LARGEST - length)
        for n in range(10)
        for length in [rng.randint(1, LARGEST // 3)]
    ]
    people = [person(f"p{n}", cost=LARGEST if n else 0, capacity=(span(n, LARGEST - n),)) for n in range(5)]
    weights = Weights(MOST, MOST, MOST, MOST, MOST, MOST)
    return problem(*people, calendar=Calendar(LARGEST), projects=alone(*phases), weights=weights)


def losses_that_no_64_bits_hold() -> Problem:
    """Everybody has a seat of their own, of a project that is all or nothing, worth as much as may just be priced."""
    people = [person(f"p{n}", tags=(f"t{n}",), capacity=(span(0, LARGEST),)) for n in range(1500)]
    phases = [phase(f"f{n}", seat(f"s{n}", to=9 * 10**7 - n, tags=(f"t{n}",))) for n in range(1500)]
    projects = alone(*phases, all_or_nothing=True)
    return problem(*people, calendar=Calendar(LARGEST), projects=projects, weights=Weights(fill=10**4))


def capacity_in_ten_thousand_shreds() -> Problem:
    """Nobody's time is the same for long."""
    rng = Random(4)
    shred = LARGEST // 10_000
    spans = tuple(span(n * shred, (n + 1) * shred, (50, 100, 60, 100)[n % 4]) for n in range(10_000))
    phases = [
        phase(f"f{n}", seat(f"s{n}", to=length, fte=50), seat(f"t{n}", to=length, fte=40), earliest=begin)
        for n in range(60)
        for length in [rng.randint(1, LARGEST // 4)]
        for begin in [rng.randint(0, LARGEST - length)]
    ]
    return problem(*crew(10, capacity=spans), calendar=Calendar(LARGEST), projects=alone(*phases))


def one_seat_for_five_thousand() -> Problem:
    return problem(*(person(f"p{n}", cost=n) for n in range(5000)))


def five_hundred_phases_in_a_row() -> Problem:
    phases = [phase(f"f{n}", seat(f"s{n}", to=2), latest=998, after=(f"f{n - 1}",) if n else ()) for n in range(500)]
    site = project("j", *phases, reward=100, due=500, late_penalty=1)
    return problem(*crew(3, capacity=(span(0, 1000),)), calendar=Calendar(1000), projects=(site,))


def phases_that_follow_all_before_them() -> Problem:
    phases = [
        phase(f"f{n}", seat(f"s{n}", to=2), latest=998, after=tuple(f"f{k}" for k in range(n))) for n in range(300)
    ]
    return problem(*crew(3, capacity=(span(0, 1000),)), calendar=Calendar(1000), projects=(project("j", *phases),))


def three_hundred_rules_on_a_team() -> Problem:
    people = [
        person(f"p{n}", skills={"sql": n % 6}, styles={"wit": 1 + (n % 40) / 10}, tags=("a",) if n % 3 else ())
        for n in range(200)
    ]
    rules = tuple(
        rule("count", of={"skill": "sql", "min": n % 5}, at_least=n % 3, weight=n)
        if n % 2
        else rule("mean", style="wit", min=1 + n % 4, weight=n)
        for n in range(1, 301)
    )
    teams = [phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(5)), team_rules=rules) for n in range(12)]
    return problem(*people, projects=alone(*teams))


def bands_that_hardly_any_team_meets() -> Problem:
    people = [person(f"p{n}", styles={"wit": 1 + 4 * n / 100}) for n in range(100)]
    rules = (
        rule("mean", style="wit", min=2.5, max=2.5),
        rule("spread", style="wit", min=0.5, max=0.5),
        rule("count", of={"style": "wit", "min": 2.7}, at_least=1, at_most=1),
    )
    teams = [phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(4)), team_rules=rules) for n in range(60)]
    return problem(*people, projects=alone(*teams, all_or_nothing=True))


def two_thousand_pins_that_conflict() -> Problem:
    """Two full-time seats at once for everybody who is pinned."""
    phases = [phase(f"f{n}", seat(f"s{n}")) for n in range(2000)]
    pins = tuple(pairing(f"s{n}", f"p{n // 2}") for n in range(2000))
    return problem(*crew(2000), projects=alone(*phases), pins=pins)


def no_change_and_a_plan_that_cannot_be() -> Problem:
    seats = [seat(f"s{n}", skills=(skill("sql", 1),) if n % 2 else ()) for n in range(600)]
    current = tuple(pairing(f"s{n}", f"p{n}") for n in range(600))
    phases = [phase(f"f{n}", one) for n, one in enumerate(seats)]
    return problem(*crew(5000), projects=alone(*phases), current=current, limits=Limits(max_changes=0))


def pins_that_pull_whole_projects() -> Problem:
    """Six hundred projects of three seats, all or nothing, for six hundred people."""
    phases = [phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(3))) for n in range(600)]
    pins = tuple(pairing(f"s{n}.0", f"p{n}") for n in range(600))
    return problem(*crew(600), projects=alone(*phases, all_or_nothing=True), pins=pins)


def ten_thousand_alike() -> Problem:
    phases = [phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(100))) for n in range(100)]
    return problem(*crew(10_000), projects=alone(*phases))


def everybody_may_mentor_everybody() -> Problem:
    rng = Random(3)
    skills = [f"skill {n}" for n in range(8)]
    people = [person(f"p{n}", skills={one: rng.choice([2, 3]) for one in skills}) for n in range(200)]
    phases = [
        phase(
            f"f{n}",
            *(
                seat(f"s{n}.{k}", mentoring=True, skills=tuple(skill(one, 3) for one in rng.sample(skills, 5)))
                for k in range(10)
            ),
        )
        for n in range(40)
    ]
    return problem(*people, projects=alone(*phases))


def two_thousand_candidates_for_fifty_hires() -> Problem:
    rng = Random(5)
    people = [candidate(f"c{n}", rng.randint(1, LARGEST), 0, rng.randint(1, 100)) for n in range(2000)]
    phases = [phase(f"f{n}", *(seat(f"s{n}.{k}", to=rng.randint(1, 10)) for k in range(5))) for n in range(60)]
    limits, weights = Limits(max_hires=50, hire_budget=LARGEST), Weights(fill=MOST, money=1)
    return problem(*people, projects=alone(*phases), limits=limits, weights=weights)


def nothing_is_worth_anything() -> Problem:
    phases = [phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(5))) for n in range(300)]
    return problem(*crew(300), projects=alone(*phases), weights=Weights(0, 0, 0, 0, 0, 0))


def everybody_hates_everything() -> Problem:
    hates = {f"j{n}": -100 for n in range(60)}
    phases = [phase(f"f{n}", *(seat(f"s{n}.{k}") for k in range(5))) for n in range(60)]
    return problem(*crew(300, preferences=hates), projects=alone(*phases), weights=Weights(fill=1, preference=MOST))


def a_ladder_of_twenty_levels() -> Problem:
    phases = [
        phase(
            f"f{n}",
            seat(f"s{n}", to=1, skills=(skill("sql", n % 20 + 1),), mentoring=True),
            seat(f"t{n}", to=1, skills=(skill("sql", n % 20 + 1),)),
            earliest=n // 4,
            latest=n // 4 + 10,
        )
        for n in range(120)
    ]
    people = crew(30, skills={"sql": 1}, capacity=(span(0, 100),))
    return problem(*people, calendar=Calendar(100), projects=alone(*phases), growth=True)
