"""People: add, edit, list. What is said of staff and of candidates alike is put on the person here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Absence,
    Candidate,
    CapacitySpan,
    PastAllocation,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    Project,
    Site,
    Skill,
    Wish,
    WorkStyle,
    folded,
    hidden,
)
from planner.schemas.staffing_people import AbsenceSaid, CapacityRow, PersonPart, PersonSaid, SkillRow, StyleRow
from planner.services.editing import fill, fill_rows, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import add_keyed, id_in, workspace_of

WHOLE = (
    joinedload(Person.site),
    selectinload(Person.capacity_spans),
    selectinload(Person.absences),
    selectinload(Person.skills).joinedload(PersonSkill.skill),
    selectinload(Person.styles).joinedload(PersonStyle.style),
    selectinload(Person.wishes).joinedload(Wish.project),
)


def add_person(session: Session, said: PersonSaid) -> Person:
    """Adds a person. Raises Refused where something that was named is not there, or a level is too high."""
    person = Person(kind=said.kind)
    put_on(session, person, said)
    return add_keyed(session, person, "p")


def edit_person(session: Session, person: Person, said: PersonSaid, version: int | None) -> Person:
    """Edits a person and all that is said below. Raises Stale, and Refused like `add_person`, or for a candidate."""
    require_version(person, version)
    if person.kind is PersonKind.CANDIDATE and candidate_of(session, person) is not None:
        raise Refused("candidate_is_edited_apart", name=person.name)
    put_on(session, person, said)
    touch_whole(session, person)
    return person


def put_on(session: Session, person: Person, said: PersonPart) -> None:
    """Puts on a person what staff and candidates have in common. Raises Refused."""
    _require_there(session, Site, "choice_is_not_there", {said.site_id: "site_id"} if said.site_id else {})
    _require_skills(session, said.skills)
    _require_styles(session, person, said.styles)
    wished = {row.project_id: f"wishes.{n}.project_id" for n, row in enumerate(said.wishes)}
    _require_there(session, Project, "choice_is_not_there", wished)
    fill(person, said)
    if person.cost_currency == workspace_of(session).currency:
        person.cost_currency = ""
    _put_spans(person, said.capacity_spans)
    fill_rows(person.absences, said.absences, Absence, by="from_on")
    fill_rows(person.skills, said.skills, PersonSkill, by="skill_id")
    fill_rows(person.styles, said.styles, PersonStyle, by="style_id")
    fill_rows(person.wishes, said.wishes, Wish, by="project_id")


def add_absence(session: Session, person: Person, said: AbsenceSaid) -> Absence:
    """Adds days away. Raises Refused where the person is away already."""
    _require_present(person, said, None)
    absence = fill(Absence(), said)
    person.absences.append(absence)
    touch_whole(session, person)
    return absence


def edit_absence(session: Session, absence: Absence, said: AbsenceSaid, version: int | None) -> Absence:
    """Edits days away. Raises Stale, and Refused like `add_absence`."""
    require_version(absence, version)
    _require_present(absence.person, said, absence)
    fill(absence, said)
    touch_whole(session, absence.person)
    return absence


def touch_whole(session: Session, person: Person) -> None:
    """Counts an edit below a person as one of the person, and of the candidate that they are: open forms go stale."""
    candidate = candidate_of(session, person)
    if candidate is not None:
        touch(session, candidate)
    touch(session, person)


def candidate_of(session: Session, person: Person) -> Candidate | None:
    """The candidate whose person this is, if they are or were one."""
    return session.scalars(select(Candidate).where(Candidate.person_id == person.id)).one_or_none()


def page_of_people(session: Session, query: Query, *, only_id: int | None = None) -> Page[Person]:
    """The people, as the URL asks for them; `only_id` for someone who may see nobody else."""
    statement = select(Person).outerjoin(Site, Site.id == Person.site_id).options(*WHOLE)
    if only_id is not None:
        statement = statement.where(Person.id == only_id)
    return paged(
        session,
        statement,
        query,
        sorts={
            "name": folded(Person.name),
            "kind": Person.kind,
            "site": folded(Site.name),
            "cost": Person.cost_minor,
            "id": Person.id,
        },
        default="id" if query.sort else "name",
        search=_searched(),
        filters={
            "kind": lambda found, value: found.where(cast(Person.kind, String) == value),
            "site": _at_site,
            "language": _speaking,
            "skill": lambda found, value: _holding(found, value, query.value("level")),
        },
    )


def _speaking(found: Select[Any], value: str) -> Select[Any]:
    quoted = json.dumps(value, ensure_ascii=False)
    return found.where(cast(Person.languages, String).contains(quoted, autoescape=True))


def people_by_kind(session: Session, *, only_id: int | None = None) -> dict[PersonKind, int]:
    """How many people there are of each kind."""
    statement = select(Person.kind, func.count()).group_by(Person.kind)
    if only_id is not None:
        statement = statement.where(Person.id == only_id)
    return dict(session.execute(statement).all())


def languages_in_use(session: Session) -> list[str]:
    """The codes of all languages that somebody speaks."""
    said = session.scalars(select(cast(Person.languages, String)).distinct())
    return sorted({code for text in said for code in json.loads(text or "[]")})


def projects_by_name(session: Session) -> list[Project]:
    """The projects for or against which one may have a wish."""
    return list(session.scalars(select(Project).order_by(folded(Project.name))))


def past_work(session: Session, person: Person) -> list[PastAllocation]:
    """What somebody has worked on before, as it is known from elsewhere; the newest first."""
    mine = select(PastAllocation).where(PastAllocation.person_id == person.id)
    return list(session.scalars(mine.order_by(PastAllocation.to_on.desc(), PastAllocation.id.desc())))


def whole_person(session: Session, person: Person) -> Person:
    """The person with everything below, in few queries."""
    return session.scalars(
        select(Person).where(Person.id == person.id).options(*WHOLE).execution_options(populate_existing=True)
    ).one()


def _at_site(found: Select[Any], value: str) -> Select[Any]:
    return found.where(Person.site_id.is_(None) if value == "none" else Person.site_id == id_in(value))


def _holding(found: Select[Any], skill: str, level: str) -> Select[Any]:
    """Only who holds a skill, at a level or above where one is said."""
    least = int(level) if level.isdecimal() and len(level) < 4 else 1
    held = select(PersonSkill.person_id).where(PersonSkill.skill_id == id_in(skill), PersonSkill.level >= least)
    return found.where(Person.id.in_(held))


def _put_spans(person: Person, said: Sequence[CapacityRow]) -> None:
    """Capacity rows have no name of their own: they are matched in the order in which they were said."""
    spans = person.capacity_spans
    while len(spans) > len(said):
        spans.pop()
    for n, line in enumerate(said):
        if n == len(spans):
            spans.append(CapacitySpan())
        fill(spans[n], line)


def _require_skills(session: Session, said: Sequence[SkillRow]) -> None:
    named = {row.skill_id: f"skills.{n}.skill_id" for n, row in enumerate(said)}
    _require_there(session, Skill, "skill_unknown", named)
    most = workspace_of(session).level_max
    for n, row in enumerate(said):
        if row.level > most:
            raise Refused("level_over_scale", field=f"skills.{n}.level", most=most)


def _require_styles(session: Session, person: Person, said: Sequence[StyleRow]) -> None:
    """Every style is there and on; one that is off is kept where it was rated before."""
    held = {row.style_id for row in person.styles}
    named = {row.style_id: f"styles.{n}.style_id" for n, row in enumerate(said) if row.style_id not in held}
    _require_there(session, WorkStyle, "style_unknown", named, WorkStyle.is_on)


def _searched() -> tuple[Any, ...]:
    """What a search looks through: not the names where some of them must not be known to whoever searches."""
    plain = (Person.key, cast(Person.tags, String))
    return plain if hidden.get().names else (Person.name, Person.email, *plain)


def _require_there(session: Session, model: Any, code: str, named: Mapping[int, str], *where: Any) -> None:
    """Raises Refused, at the field that names it, for the first row that is not there."""
    known = set(session.scalars(select(model.id).where(model.id.in_(named), *where))) if named else set()
    for ident, field in named.items():
        if ident not in known:
            raise Refused(code, field=field)


def _require_present(person: Person, said: AbsenceSaid, itself: Absence | None) -> None:
    others: Iterable[Absence] = (row for row in person.absences if row is not itself)
    if any(row.from_on <= said.to_on and said.from_on <= row.to_on for row in others):
        raise Refused("absence_overlaps", field="from_on", name=person.name)
