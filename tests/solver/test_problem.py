"""What a staffing problem may say, and what it is told when it says something else."""

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import build
import pytest

from solver.problem import (
    Calendar,
    Hire,
    Kind,
    Person,
    ProblemError,
    Seat,
    Span,
    TeamRule,
    from_document,
    read,
    tenths,
    to_document,
)

FULL: dict[str, Any] = {
    "schema": "staffing-problem/1",
    "name": "all that can be said",
    "calendar": {"start": "2027-01-04", "period": "day", "periods": 30},
    "weights": {"fill": 1, "fit": 2, "style": 3, "preference": 4, "money": 5, "change": 6},
    "limits": {"max_hires": 1, "hire_budget": 2, "budget": 3, "max_changes": 4},
    "growth": True,
    "people": [
        {
            "id": "a",
            "name": "Zoé",
            "kind": "contractor",
            "skills": {"sql": 3},
            "styles": {"empathy": 3.5, "initiative": 4},
            "tags": ["site:Lyon"],
            "capacity": [{"from": 5, "to": 10, "fte": 50}, {"from": 0, "to": 5, "fte": 0}],
            "cost": 7,
            "preferences": {"j": -100},
        },
        {
            "id": "b",
            "kind": "candidate",
            "capacity": [],
            "hire": {"cost": 9, "earliest": 3, "acceptance": 40},
        },
    ],
    "projects": [
        {
            "id": "j",
            "name": "Job",
            "priority": 5,
            "budget": 0,
            "all_or_nothing": True,
            "reward": 10,
            "due": 12,
            "late_penalty": 2,
            "phases": [
                {"id": "p", "duration": 3, "earliest": 0, "latest": 4, "seats": []},
                {
                    "id": "q",
                    "duration": 4,
                    "earliest": 3,
                    "latest": 3,
                    "after": ["p"],
                    "seats": [
                        {
                            "id": "s",
                            "title": "Analyst",
                            "fte": 80,
                            "from": 1,
                            "to": 3,
                            "skills": [{"skill": "sql", "level": 3, "must": False, "weight": 0}],
                            "styles": [{"style": "empathy", "min": 2.5, "max": 4, "must": True, "weight": 9}],
                            "tags": ["lang:fr"],
                            "any_of": [["site:Lyon", "site:Paris"], []],
                            "max_cost": 0,
                            "mentoring": True,
                        }
                    ],
                    "team_rules": [
                        {"rule": "count", "of": {"skill": "sql", "min": 2}, "at_least": 1, "at_most": 2},
                        {"rule": "count", "of": {"style": "empathy", "min": 3.5}, "weight": 0},
                        {"rule": "count", "of": {"tag": "lang:fr"}, "at_most": 0},
                        {"rule": "count", "of": {"kind": "candidate"}, "weight": 9},
                        {"rule": "together", "people": ["a", "b"]},
                        {"rule": "apart", "people": []},
                        {"rule": "mean", "style": "empathy", "min": 2, "max": 3.5},
                        {"rule": "spread", "style": "empathy", "max": 0, "weight": 3},
                    ],
                },
            ],
        }
    ],
    "current": [{"seat": "s", "person": "a"}],
    "pins": [{"seat": "s", "person": "b"}],
    "bans": [{"seat": "s", "person": "a"}],
}
MISSING = object()


def small() -> dict[str, Any]:
    return {
        "schema": "staffing-problem/1",
        "name": "small",
        "calendar": {"start": "2027-01-04", "periods": 10},
        "people": [{"id": "ann", "kind": "employee", "capacity": [{"from": 0, "to": 10, "fte": 100}]}],
        "projects": [
            {
                "id": "site",
                "phases": [
                    {
                        "id": "build",
                        "duration": 5,
                        "earliest": 0,
                        "latest": 5,
                        "seats": [{"id": "dev", "fte": 100, "skills": [{"skill": "sql", "level": 2}]}],
                        "team_rules": [{"rule": "count", "of": {"tag": "x"}, "at_least": 1}],
                    }
                ],
            }
        ],
    }


def changed(place: str, value: object) -> dict[str, Any]:
    """The small problem with `value` at `place`, a path with dots between keys and list positions."""
    document = small()
    *path, last = [int(key) if key.isdigit() else key for key in place.split(".")]
    part: Any = document
    for key in path:
        part = part[key] if not isinstance(part, dict) else part.setdefault(key, {})
    if value is MISSING:
        del part[last]
    elif isinstance(part, list) and last == len(part):
        part.append(value)
    else:
        part[last] = value
    return document


def refusal(document: object) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        from_document(document)
    return caught.value


def test_all_that_can_be_said_survives_the_round_trip() -> None:
    problem = from_document(FULL)
    assert from_document(json.loads(json.dumps(to_document(problem)))) == problem


def test_document_gives_back_every_value_that_is_no_default() -> None:
    assert to_document(from_document(FULL)) == FULL


def test_what_is_left_out_has_the_contracts_default() -> None:
    problem = from_document(small())
    person, project, seat = problem.person_of["ann"], problem.project_by_id["site"], problem.seat_by_id["dev"]
    assert (person.cost, person.hire, project.priority) == (0, Hire(0, 0, 100), 3)
    assert (seat.from_, seat.to, seat.size) == (0, 5, 500)
    assert (seat.skills[0].must, seat.skills[0].weight) == (True, 1)
    assert (problem.weights.fill, problem.weights.preference, problem.limits.budget) == (1000, 50, None)


def test_null_is_a_missing_field() -> None:
    document = changed("projects.0.budget", None)
    document["people"][0] |= {"skills": {"sql": None}, "hire": None, "tags": None, "colour": None}
    document["projects"][0]["phases"][0]["seats"][0]["to"] = None
    assert from_document(document) == from_document(small())


def test_whole_scores_and_fractions_are_alike() -> None:
    whole, fraction = changed("people.0.styles.empathy", 3), changed("people.0.styles.empathy", 3.0)
    assert from_document(whole) == from_document(fraction)


def test_capacity_may_run_past_the_calendar() -> None:
    assert from_document(changed("people.0.capacity.0.to", 10**9)).people[0].capacity[0].to == 10**9


def test_calendar_may_be_a_thousand_million_periods_long() -> None:
    assert from_document(changed("calendar.periods", 10**9)).calendar.periods == 10**9


def test_same_person_may_be_named_twice_by_a_rule() -> None:
    rule = {"rule": "apart", "people": ["ann", "ann"]}
    problem = from_document(changed("projects.0.phases.0.team_rules.0", rule))
    assert problem.projects[0].phases[0].team_rules[0].people == ("ann", "ann")


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("schema", "staffing-problem/2", "schema"),
        ("schema", MISSING, "schema"),
        ("name", MISSING, "name"),
        ("name", 3, "name"),
        ("people", MISSING, "people"),
        ("people", {}, "people"),
        ("projects", None, "projects"),
        ("colour", 1, "colour"),
        ("weights.colour", 1, "weights.colour"),
        ("limits.max_people", 1, "limits.max_people"),
        ("people.0.gender", "f", "people[0].gender"),
        ("people.0.from_", 1, "people[0].from_"),
        ("people.0.style_tenths", {}, "people[0].style_tenths"),
        ("people.0.hire", {"notice": 3}, "people[0].hire.notice"),
        ("people.0.capacity.0.days", 3, "people[0].capacity[0].days"),
        ("projects.0.phases.0.seats.0.count", 2, "projects[0].phases[0].seats[0].count"),
        ("projects.0.phases.0.team_rules.0.of.x", 2, "projects[0].phases[0].team_rules[0].of.x"),
        ("pins", [{"seat": "dev", "person": "ann", "why": 1}], "pins[0].why"),
        ("calendar.periods", 0, "calendar.periods"),
        ("calendar.periods", 10**9 + 1, "calendar.periods"),
        ("calendar.periods", 10.0, "calendar.periods"),
        ("calendar.periods", True, "calendar.periods"),
        ("calendar.periods", "10", "calendar.periods"),
        ("calendar.start", "2027-02-30", "calendar.start"),
        ("calendar.start", "20270104", "calendar.start"),
        ("calendar.start", 20270104, "calendar.start"),
        ("calendar.period", "month", "calendar.period"),
        ("growth", 1, "growth"),
        ("weights.fill", 10**6 + 1, "weights.fill"),
        ("weights.fill", -1, "weights.fill"),
        ("limits.budget", -1, "limits.budget"),
        ("people.0.id", "", "people[0].id"),
        ("people.0.id", 7, "people[0].id"),
        ("people.1", {"id": "ann", "kind": "employee", "capacity": []}, "people[1].id"),
        ("people.0", None, "people[0]"),
        ("people.0", "ann", "people[0]"),
        ("people.0.kind", "robot", "people[0].kind"),
        ("people.0.kind", ["employee"], "people[0].kind"),
        ("people.0.cost", -1, "people[0].cost"),
        ("people.0.skills", ["sql"], "people[0].skills"),
        ("people.0.skills.sql", 101, "people[0].skills.sql"),
        ("people.0.skills.web analytics", -1, 'people[0].skills["web analytics"]'),
        ("people.0.styles.empathy", 5.1, "people[0].styles.empathy"),
        ("people.0.styles.empathy", float("nan"), "people[0].styles.empathy"),
        ("people.0.styles.empathy", float("inf"), "people[0].styles.empathy"),
        ("people.0.styles.empathy", True, "people[0].styles.empathy"),
        ("people.0.name", "\ud800", "people[0].name"),
        ("people.0.skills.\ud800", 1, 'people[0].skills["\\ud800"]'),
        ("people.0.tags", ["\udfff"], "people[0].tags[0]"),
        ("people.0.tags", "site:Lyon", "people[0].tags"),
        ("people.0.tags", [["site:Lyon"]], "people[0].tags[0]"),
        ("people.0.preferences.site", 101, "people[0].preferences.site"),
        ("people.0.preferences.other", 1, "people[0].preferences.other"),
        ("people.0.capacity", MISSING, "people[0].capacity"),
        ("people.0.capacity.0.to", 0, "people[0].capacity[0].to"),
        ("people.0.capacity.0.fte", 101, "people[0].capacity[0].fte"),
        ("people.0.capacity.1", {"from": 9, "to": 11, "fte": 1}, "people[0].capacity[1].from"),
        ("people.0.hire.acceptance", 101, "people[0].hire.acceptance"),
        ("projects.0.priority", 6, "projects[0].priority"),
        ("projects.0.phases", MISSING, "projects[0].phases"),
        ("projects.0.all_or_nothing", 1, "projects[0].all_or_nothing"),
        ("projects.0.due", -1, "projects[0].due"),
        ("projects.0.phases.0.duration", 0, "projects[0].phases[0].duration"),
        ("projects.0.phases.0.duration", MISSING, "projects[0].phases[0].duration"),
        ("projects.0.phases.0.duration", 11, "projects[0].phases[0].duration"),
        ("projects.0.phases.0.earliest", 6, "projects[0].phases[0].latest"),
        ("projects.0.phases.0.latest", 6, "projects[0].phases[0].latest"),
        ("projects.0.phases.0.after", ["design"], "projects[0].phases[0].after[0]"),
        ("projects.0.phases.0.after", ["build"], "projects[0].phases[0].after"),
        ("projects.0.phases.0.seats", MISSING, "projects[0].phases[0].seats"),
        ("projects.0.phases.0.seats.0.fte", 0, "projects[0].phases[0].seats[0].fte"),
        ("projects.0.phases.0.seats.0.from", 5, "projects[0].phases[0].seats[0].from"),
        ("projects.0.phases.0.seats.0.to", 6, "projects[0].phases[0].seats[0].to"),
        ("projects.0.phases.0.seats.0.to", 0, "projects[0].phases[0].seats[0].to"),
        ("projects.0.phases.0.seats.0.mentoring", 1, "projects[0].phases[0].seats[0].mentoring"),
        ("projects.0.phases.0.seats.0.any_of", ["a"], "projects[0].phases[0].seats[0].any_of[0]"),
        ("projects.0.phases.0.seats.0.any_of", [[1]], "projects[0].phases[0].seats[0].any_of[0][0]"),
        ("projects.0.phases.0.seats.1", {"id": "dev", "fte": 1}, "projects[0].phases[0].seats[1].id"),
        ("projects.0.phases.0.seats.0.skills.0.level", 0, "projects[0].phases[0].seats[0].skills[0].level"),
        ("projects.0.phases.0.seats.0.skills.0.must", 0, "projects[0].phases[0].seats[0].skills[0].must"),
        (
            "projects.0.phases.0.seats.0.skills.1",
            {"skill": "sql", "level": 1},
            "projects[0].phases[0].seats[0].skills[1].skill",
        ),
        (
            "projects.0.phases.0.seats.0.styles",
            [{"style": "empathy", "max": 0.9}],
            "projects[0].phases[0].seats[0].styles[0].max",
        ),
        ("projects.0.phases.0.team_rules.0.rule", "alone", "projects[0].phases[0].team_rules[0].rule"),
        ("projects.0.phases.0.team_rules.0.of", MISSING, "projects[0].phases[0].team_rules[0].of"),
        ("projects.0.phases.0.team_rules.0.of", {}, "projects[0].phases[0].team_rules[0].of"),
        ("projects.0.phases.0.team_rules.0.of.min", 1, "projects[0].phases[0].team_rules[0].of"),
        ("projects.0.phases.0.team_rules.0.at_most", 0, "projects[0].phases[0].team_rules[0].at_most"),
        ("projects.0.phases.0.team_rules.0", {"rule": "apart"}, "projects[0].phases[0].team_rules[0].people"),
        ("projects.0.phases.0.team_rules.0", {"rule": "mean"}, "projects[0].phases[0].team_rules[0].style"),
        (
            "projects.0.phases.0.team_rules.0",
            {"rule": "together", "people": ["bob"]},
            "projects[0].phases[0].team_rules[0].people[0]",
        ),
        ("current", [{"seat": "ops", "person": "ann"}], "current[0].seat"),
        ("pins", [{"seat": "dev", "person": "bob"}], "pins[0].person"),
        ("bans", [{"seat": ["dev"], "person": "ann"}], "bans[0].seat"),
        ("bans", [{"seat": "dev"}], "bans[0].person"),
    ],
)
def test_refusal_names_the_place(place: str, value: object, path: str) -> None:
    assert refusal(changed(place, value)).path == path


def test_refusal_reads_as_a_sentence() -> None:
    error = refusal(changed("projects.0.phases.0.seats.0.fte", 250))
    assert str(error) == "projects[0].phases[0].seats[0].fte: 250 is not a whole number from 1 to 100"


def test_refusal_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(refusal(changed("people.0.cost", -1))))
    assert (error.path, error.reason) == ("people[0].cost", "-1 is not a whole number from 0 to 1000000000")


def test_cycle_through_two_projects_is_refused() -> None:
    document = small()
    phase = {"id": "ship", "duration": 1, "earliest": 0, "latest": 9, "seats": [], "after": ["build"]}
    document["projects"].append({"id": "shop", "phases": [phase]})
    document["projects"][0]["phases"][0]["after"] = ["ship"]
    assert refusal(document).path == "projects[0].phases[0].after"


def test_phase_and_seat_identifiers_are_unique_over_all_projects() -> None:
    document = small()
    document["projects"].append(document["projects"][0] | {"id": "shop"})
    assert refusal(document).path == "projects[1].phases[0].id"
    document["projects"][1]["phases"] = [document["projects"][0]["phases"][0] | {"id": "ship"}]
    assert refusal(document).path == "projects[1].phases[0].seats[0].id"


@pytest.mark.parametrize("document", [None, [], [small()], "text", 3, True, float("nan")])
def test_only_an_object_is_a_problem(document: object) -> None:
    assert refusal(document).path == "$"


@pytest.mark.parametrize(
    ("source", "path", "words"),
    [
        (b"", "$", "line 1, column 1"),
        (b"\xff\xfe{}", "$", "byte 0"),
        (b"\x00" * 10, "$", "line 1"),
        (b"[" * 1_000_000, "$", "too deeply"),
        (b'{"a":' * 100_000, "$", "too deeply"),
        (b'{"schema": "staffing-problem/1", "name": "x", "name": "y"}', "name", "twice"),
        (b'{"schema": "staffing-problem/1", "limits": {"budget": 1, "budget": 2}}', "limits.budget", "twice"),
        (b'{"schema": "staffing-problem/1", "weights": {"fill": NaN}}', "weights.fill", "nan is not a whole"),
        (b'{"schema": "staffing-problem/1", "calendar": {"periods": 1e999}}', "calendar.periods", "inf"),
        (
            b'{"schema": "staffing-problem/1", "calendar": {"periods": ' + b"9" * 5000 + b"}}",
            "calendar.periods",
            "a huge number",
        ),
        (b'{"schema": "staffing-problem/1", "calendar": {"periods": -Infinity}}', "calendar.periods", "-inf"),
        (b'{"schema": "staffing-problem/1", "weights": ' + b"[" * 500 + b"]" * 500 + b"}", "weights", "a list"),
    ],
)
def test_text_that_is_no_problem_is_refused_at_its_place(source: bytes, path: str, words: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read(source)
    assert caught.value.path == path
    assert words in caught.value.reason


def test_ten_megabytes_of_garbage_are_refused_in_a_short_sentence() -> None:
    for garbage in (b"x" * 10**7, b'"' + b"x" * 10**7, b'"' + b"x" * 10**7 + b'"', b"1" * 10**7, b"[0," * 10**6):
        with pytest.raises(ProblemError) as caught:
            read(garbage)
        assert len(str(caught.value)) < 200


def test_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(b" " * 101)
    with pytest.raises(ProblemError, match="larger than 100 bytes"):
        read(path, limit_bytes=100)


def test_missing_file_and_directory_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(ProblemError) as caught:
            read(path)
        assert caught.value.path == str(path)


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(small()), encoding="utf-8-sig")
    assert read(path) == read("\ufeff" + json.dumps(small())) == from_document(small())


def test_replaced_problem_is_judged_anew() -> None:
    problem = build.problem()
    assert problem.replace(name="other").name == "other"
    with pytest.raises(ProblemError, match="pins"):
        problem.replace(pins=(build.pairing("ops"),))


def test_parts_refuse_nonsense_by_themselves() -> None:
    with pytest.raises(ProblemError):
        Span(3, 3, 100)
    with pytest.raises(ProblemError):
        Seat(id="s", fte=100, to=2, from_=2)
    with pytest.raises(ProblemError):
        Person(id="p", kind=Kind.EMPLOYEE, capacity=(Span(0, 5, 1), Span(4, 6, 1)))
    with pytest.raises(ProblemError):
        TeamRule(rule=build.rule("apart").rule, weight=-1)


def test_indexes_do_not_travel_between_processes() -> None:
    problem = build.problem()
    size = len(pickle.dumps(problem))
    assert problem.phase_of_seat["dev"].id == "build"
    assert problem.project_of_phase["build"].id == "site"
    assert len(pickle.dumps(problem)) == size
    assert pickle.loads(pickle.dumps(problem)) == problem


def test_scores_are_compared_in_tenths() -> None:
    assert [tenths(score) for score in (1, 2.5, 3.14, 4.99)] == [10, 25, 31, 50]
    assert build.person(styles={"empathy": 3.46}).style_tenths == {"empathy": 35}


def test_calendar_starts_on_a_day() -> None:
    assert from_document(FULL).calendar == Calendar(30, date(2027, 1, 4), from_document(FULL).calendar.period)
