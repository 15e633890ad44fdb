"""Whatever is done, in whatever order: the trail says exactly what has become of which row, and holds together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import trailing
from conftest import settings_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from planner import db
from planner.models import Absence, Person, PersonKind, PersonSkill, Project, Removal, Site, Skill, Wish, today
from planner.services import removal
from planner.services.account.audit import chain
from planner.services.refused import Refused

Step = Callable[[Session, int], object]


def somebody(session: Session, n: int) -> Person | None:
    found = session.scalars(select(Person).order_by(Person.id)).all()
    return found[n % len(found)] if found else None


def add_person(session: Session, n: int) -> None:
    site = session.scalars(select(Site)).first()
    session.add(Person(key=f"p{session.info['count']}", name="A", kind=PersonKind.EMPLOYEE, site=site))
    session.info["count"] += 1


def add_catalogue(session: Session, n: int) -> None:
    mark = session.info["count"]
    session.info["count"] += 10
    session.execute(insert(Skill), [{"key": f"k{mark + one}", "name": "S"} for one in range(1 + n % 5)])
    session.add_all([Project(key=f"j{mark}", name="P"), Site(name=f"T{mark}")])


def edit_person(session: Session, n: int) -> None:
    person = somebody(session, n)
    if person is not None:
        person.cost_minor, person.name = n, "A" if n % 2 else "B"


def hang_rows(session: Session, n: int) -> None:
    person, skill = somebody(session, n), session.scalars(select(Skill).order_by(Skill.id.desc())).first()
    if person is None:
        return
    person.absences.append(Absence(from_on=today(), to_on=today()))
    if skill is not None and skill.id not in {one.skill_id for one in person.skills}:
        person.skills.append(PersonSkill(skill_id=skill.id, level=1 + n % 4, source="test"))
    project = session.scalars(select(Project)).first()
    if project is not None and not person.wishes:
        person.wishes.append(Wish(project_id=project.id, wish=n % 100))


def drop_rows(session: Session, n: int) -> None:
    person = somebody(session, n)
    if person is not None:
        person.absences.clear()
        del person.skills[n % 2 :]


def edit_many(session: Session, n: int) -> None:
    session.execute(update(Skill).where(Skill.id % 2 == n % 2).values(category=f"c{n}"))
    session.execute(update(Person.__table__).where(Person.__table__.c.cost_minor < n).values(tags=[str(n)]))


def remove_many(session: Session, n: int) -> None:
    session.execute(delete(Skill).where(Skill.id % 7 == n % 7))


def remove_person(session: Session, n: int) -> None:
    person = somebody(session, n)
    if person is not None:
        session.delete(person)


def remove_to_undo(session: Session, n: int) -> None:
    person = somebody(session, n)
    if person is not None:
        removal.remove(session, person, title="P", by_id=None)


def undo(session: Session, n: int) -> None:
    gone = session.scalars(select(Removal).where(Removal.restored_at.is_(None))).first()
    if gone is not None:
        removal.restore(session, gone)


def remove_site(session: Session, n: int) -> None:
    """Everybody there is nowhere then, which the database sees to by itself."""
    session.execute(delete(Site.__table__))


def take_back(session: Session, n: int) -> None:
    with session.begin_nested() as inner:
        edit_person(session, n + 1)
        add_catalogue(session, n)
        session.flush()
        inner.rollback()


def give_up(session: Session, n: int) -> None:
    session.flush()
    session.rollback()


STEPS: tuple[Step, ...] = (
    add_person, add_catalogue, edit_person, hang_rows, drop_rows, edit_many, remove_many, remove_person,
    remove_to_undo, undo, remove_site, take_back, give_up,
)  # fmt: skip
Turn = tuple[Step, int]
TURNS = st.lists(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 50)), min_size=1, max_size=3), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TURNS)
def test_trail_says_what_has_become_of_every_row(turns: list[list[Turn]]) -> None:
    """A row that was added and removed, or changed and changed back, within one transaction may be told of."""
    engine = db.make_engine(settings_for(Path(mkdtemp())))
    with Session(engine) as session:
        session.info["count"] = 0
        for turn in turns:
            before, since = trailing.held(session), chain.head(session)[0]
            try:
                for step, n in turn:
                    step(session, n)
                session.commit()
            except Refused:
                session.rollback()
            judge(session, before, since)
            session.rollback()
        assert chain.verify(session).fault is None
    engine.dispose()


def judge(session: Session, before: trailing.Held, since: int) -> None:
    told = trailing.told(session, since)
    missing = unsaid(trailing.differing(before, trailing.held(session)), told)
    assert missing == set()


def unsaid(changed: set[tuple[str, str, Any]], told: set[tuple[str, str, Any]]) -> set[tuple[str, str, Any]]:
    """What the trail does not tell: a row that went and came again in one transaction is told by both."""
    both = {("edit", noun, key) for action, noun, key in told if action == "add" and ("remove", noun, key) in told}
    return changed - told - both
