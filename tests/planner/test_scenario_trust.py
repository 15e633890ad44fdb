"""What users rely on in scenarios: the same question as real edits, nothing lost between editors, little room."""

from __future__ import annotations

import json
import random
import threading
import uuid
from datetime import date
from typing import Any

import pytest
import scenes
from databases import on_both
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from planner.models import (
    CapacitySpan,
    Person,
    PersonSkill,
    Plan,
    Scenario,
    ScenarioChange,
    ScenarioSubject,
    Skill,
    SubjectKind,
    SubjectState,
    User,
)
from planner.services.planning import scenario_changes, scenarios
from planner.services.planning.reading import frozen
from planner.services.planning.scenario_documents import document_of, flat, said_of, subject_of
from planner.services.refused import Refused, Stale
from planner.services.staffing import needs, people, phases, projects

VERBS = {
    SubjectKind.PERSON: people.edit_person,
    SubjectKind.PROJECT: projects.edit_project,
    SubjectKind.PHASE: phases.edit_phase,
    SubjectKind.NEED: needs.edit_need,
}
MOST_BYTES = 50 * 10**6
EDITORS, EDITS = 8, 5


def drawn(draw: random.Random, here: dict[str, Any]) -> tuple[SubjectKind, int, dict[str, Any]]:
    """An edit of something that is there; some are refused, by a scenario as by what is there.

    No row of a list goes: one that came back would stand last where it is real, and where it was in a scenario.
    """
    skills = [{"skill_id": here[name].id, "level": draw.randint(1, 5)} for name in ("seo", "sql")]
    return draw.choice(
        [
            (SubjectKind.PERSON, here[draw.choice(("ann", "ben"))].id, {"skills": skills}),
            (SubjectKind.PERSON, here["ann"].id, {"cost_minor": draw.randrange(0, 10**6)}),
            (SubjectKind.PERSON, here["ben"].id, {"absences": [{"from_on": "2027-03-01", "to_on": "2027-03-12"}]}),
            (SubjectKind.PERSON, here["ann"].id, {"capacity_spans": [{"fte_pct": draw.choice((40, 80))}]}),
            (SubjectKind.PROJECT, here["project"].id, {"priority": draw.randint(1, 5), "reward": draw.randrange(99)}),
            (SubjectKind.PHASE, here["phase"].id, {"duration": draw.randint(3, 12)}),
            (SubjectKind.NEED, here["need"].id, {"to_offset": draw.choice((None, 4, 9)), "count": draw.randint(1, 4)}),
            (SubjectKind.NEED, here["other"].id, {"fte_pct": draw.randint(10, 100), "skills": skills}),
        ]
    )


@pytest.mark.parametrize("seed", range(12))
@on_both
def test_any_edits_in_a_scenario_ask_what_the_same_edits_of_what_is_there_would(session: Session, seed: int) -> None:
    here, draw = scenes.company(session), random.Random(seed)
    spring = scenes.scenario(session, here["ops"])
    before, edits = scenes.question(session), [drawn(draw, here) for _n in range(8)]
    kept = []
    for kind, ident, fields in edits:
        try:
            scenes.changed(session, spring, here["ops"], str(kind), ident, **fields)
        except Refused:
            session.rollback()
            continue
        session.commit()
        kept.append((kind, ident, fields))
    asked = scenes.question_in(session, spring)
    assert scenes.question(session) == before
    for kind, ident, fields in kept:
        row = session.get_one(scenes.KINDS[str(kind)], ident)
        said = said_of(kind, flat(kind, document_of(kind, row) | fields))
        VERBS[kind](session, row, said, row.version)
    assert scenes.question(session) == asked


@on_both
def test_no_edit_that_was_acknowledged_is_lost_between_editors(app: Flask, session: Session) -> None:
    """Editors take turns on one person of one scenario; whoever is too late reads again and adds their own."""
    here = scenes.company(session)
    spring = scenes.scenario(session, here["ops"])
    ids = spring.id, here["ann"].id, here["ops"].id
    skills = [Skill(key=f"e{n}", name=f"Skill {n}") for n in range(EDITORS * EDITS)]
    session.add_all(skills)
    session.commit()
    keys = [skill.id for skill in skills]
    session.close()
    engine: Engine = app.extensions["planner_engine"]
    threads = [
        threading.Thread(target=edits, args=(engine, ids, keys[n * EDITS : (n + 1) * EDITS])) for n in range(EDITORS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as fresh:
        subject = subject_of(fresh, fresh.get_one(Scenario, ids[0]), SubjectKind.PERSON, ids[1])
        assert subject.here is not None
        assert {f"skills:{key}" for key in keys} <= set(subject.here)


def edits(engine: Engine, ids: tuple[int, int, int], keys: list[int]) -> None:
    from sqlalchemy.exc import IntegrityError
    from sqlalchemy.orm.exc import StaleDataError

    for key in keys:
        while True:
            with Session(engine) as session:
                session.connection(execution_options={"planner_writes": True})
                subject = subject_of(session, session.get_one(Scenario, ids[0]), SubjectKind.PERSON, ids[1])
                row = {"skill_id": key, "level": 1, "source": "manager", "rated_on": None}
                said = said_of(SubjectKind.PERSON, {**(subject.here or {}), f"skills:{key}": row})
                try:
                    scenario_changes.edit(session, subject, said, subject.version, by=session.get_one(User, ids[2]))
                    session.commit()
                except (Stale, StaleDataError, IntegrityError):
                    continue
            break


def test_hundred_scenarios_on_a_thousand_people_take_hardly_any_room(
    session: Session,
) -> None:
    by = scenes.company(session)["ops"]
    skills = [Skill(key=f"k{n}", name=f"Skill {n}") for n in range(40)]
    draw = random.Random(0)
    for number in range(1000):
        lines = [PersonSkill(skill=skill, level=draw.randint(1, 5)) for skill in draw.sample(skills, 5)]
        spans = [CapacitySpan(fte_pct=draw.choice((60, 80, 100)))]
        cost = draw.randrange(10**6)
        session.add(
            Person(
                key=f"t{number}", name=f"Person {number}", kind=scenes.EMPLOYEE, cost_minor=cost, skills=lines,
                capacity_spans=spans,
            )
        )  # fmt: skip
    session.commit()
    question = frozen(json.loads(scenes.question(session)))
    before = size_of(session)
    ids = [person.id for person in scenes.everybody(session)][:1000]
    for number in range(100):
        scene = scenes.scenario(session, by, f"Scenario {number}")
        for ident in ids[number : number + 30]:
            subject = ScenarioSubject(
                scenario=scene, kind=SubjectKind.PERSON, subject_id=ident, state=SubjectState.CHANGED, by_name="Me"
            )
            subject.changes = [
                ScenarioChange(field=name, base=1, value=2, by_name="Me")
                for name in ("cost_minor", "acceptance_pct", "notice_periods", "capacity_spans", "skills:1")
            ]
            session.add(subject)
        session.add(planned(scene, number, question))
    session.commit()
    grown = size_of(session) - before
    assert len(scenarios.scenarios_of(session, by)) == 100
    assert 0 < grown < MOST_BYTES, grown


def planned(scene: Scenario, number: int, question: bytes) -> Plan:
    """A plan of a scenario, with the question that it answers."""
    return Plan(
        number=number + 100,
        title=scene.name,
        request_token=uuid.uuid4().hex,
        starts_on=date(2027, 1, 4),
        num_periods=26,
        question=question,
        answer=question[: len(question) // 4],
        scenario_id=scene.id,
    )


def size_of(session: Session) -> int:
    """How many bytes a SQLite database takes."""
    pages = session.scalar(text("PRAGMA page_count")) or 0
    return int(pages) * int(session.scalar(text("PRAGMA page_size")) or 0)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_was_read_half_before_and_half_after_an_edit_is_too_late(app: Flask, session: Session) -> None:
    """The version of before, the values of after: whoever says just these is second all the same."""
    here = scenes.company(session)
    spring, ann = scenes.scenario(session, here["ops"]), here["ann"].id
    scenes.changed(session, spring, here["ops"], "person", ann, cost_minor=1)
    session.commit()
    read = subject_of(session, spring, "person", ann)
    assert read.record is not None
    with Session(app.extensions["planner_engine"]) as another:
        theirs = another.get_one(Scenario, spring.id)
        scenes.changed(another, theirs, another.get_one(User, here["ops"].id), "person", ann, cost_minor=2)
        another.commit()
    for change in read.record.changes:
        session.refresh(change)
    torn = subject_of(session, spring, "person", ann)
    assert (torn.version, (torn.here or {})["cost_minor"]) == (read.version, 2)
    with pytest.raises(Stale):
        scenario_changes.edit(session, torn, said_of(torn.kind, torn.here or {}), torn.version, by=here["ops"])
