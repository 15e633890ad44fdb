"""Role needs of a phase: add, edit, list; their seats are kept in step with their count."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from planner.models import (
    Booking,
    BookingKind,
    NeedAnswer,
    NeedSkill,
    NeedState,
    NeedStyle,
    Person,
    Phase,
    Project,
    RoleNeed,
    Seat,
    Site,
    Skill,
    WorkStyle,
    folded,
)
from planner.schemas.staffing_needs import NeedSaid
from planner.services.editing import fill, fill_rows, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import free_key, id_in, workspace_of

ROWS = ("skills", "styles")


def add_need(session: Session, phase: Phase, said: NeedSaid) -> RoleNeed:
    """Adds a role need after the phase's others, with its seats. Raises Refused where it does not fit."""
    _require_fit(session, phase, said)
    need = fill(RoleNeed(phase_id=phase.id, position=_next_position(session, phase)), said, leave=ROWS)
    _fill_lines(need, said)
    session.add(need)
    session.flush()
    _seat(session, need)
    session.expire(phase, ["needs"])
    return need


def edit_need(session: Session, need: RoleNeed, said: NeedSaid, version: int | None) -> RoleNeed:
    """Edits a role need; its place stays. Raises Stale, and Refused where it does not fit or a seat is agreed."""
    require_version(need, version)
    _require_fit(session, need.phase, said, need)
    fill(need, said, leave=ROWS)
    _fill_lines(need, said)
    _seat(session, need)
    touch(session, need)
    return need


def page_of_needs(session: Session, query: Query) -> Page[RoleNeed]:
    """The role needs of all projects, as the URL asks for them."""
    statement = (
        select(RoleNeed)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .join(Project, Project.id == Phase.project_id)
        .options(
            joinedload(RoleNeed.phase).joinedload(Phase.project),
            selectinload(RoleNeed.skills).joinedload(NeedSkill.skill),
            selectinload(RoleNeed.styles).joinedload(NeedStyle.style),
            selectinload(RoleNeed.seats),
        )
    )
    return paged(
        session,
        statement,
        query,
        sorts={
            "id": RoleNeed.id,
            "title": folded(RoleNeed.title),
            "project": folded(Project.name),
            "start": Phase.earliest_on,
            "effort": RoleNeed.fte_pct,
            "count": RoleNeed.count,
            "ceiling": RoleNeed.max_cost_minor,
        },
        default="id",
        search=(RoleNeed.title, Project.name, Phase.name, Project.client, cast(RoleNeed.tags, String)),
        filters={
            "project": lambda found, value: found.where(Phase.project_id == id_in(value)),
            "phase_id": lambda found, value: found.where(RoleNeed.phase_id == id_in(value)),
            "skill": lambda found, value: found.where(
                exists().where(NeedSkill.need_id == RoleNeed.id, NeedSkill.skill_id == id_in(value))
            ),
            "seats": _by_seats,
            "answer": _by_answer,
        },
    )


def held_seats(session: Session, needs: Sequence[RoleNeed]) -> dict[int, list[Booking]]:
    """Who holds the seats of some needs in force, by seat."""
    statement = (
        select(Booking)
        .join(Seat, Seat.id == Booking.seat_id)
        .where(Seat.need_id.in_([need.id for need in needs]), Booking.is_in_force)
        .options(joinedload(Booking.person))
        .order_by(Booking.id)
    )
    held: dict[int, list[Booking]] = {}
    for booking in session.scalars(statement):
        held.setdefault(booking.seat_id, []).append(booking)
    return held


def num_seats(session: Session) -> tuple[int, int]:
    """How many seats all needs ask for, and how many of them nobody holds in force."""
    seats = session.scalar(select(func.count()).select_from(Seat)) or 0
    is_held = exists().where(Booking.seat_id == Seat.id, Booking.is_in_force)
    return seats, session.scalar(select(func.count()).select_from(Seat).where(~is_held)) or 0


def known_tags(session: Session) -> list[str]:
    """Every tag that somebody carries or that is asked for already: sites, languages, then others."""
    sites = [site.tag for site in session.scalars(select(Site).order_by(Site.name))]
    languages = {language for spoken in _distinct(session, Person.languages) for language in spoken}
    tags = {tag for carried in _distinct(session, Person.tags) for tag in carried}
    for asked, groups in session.execute(select(RoleNeed.tags, RoleNeed.any_of)):
        tags.update(asked, *groups)
    found = [*sites, *(f"lang:{language}" for language in sorted(languages)), *sorted(tags)]
    return list(dict.fromkeys(found))


def _distinct(session: Session, column: InstrumentedAttribute[list[str]]) -> Iterator[list[str]]:
    """The different lists in a JSON column; PostgreSQL compares JSON only as text."""
    for text in session.scalars(select(cast(column, String)).distinct()):
        yield json.loads(text)


def _by_seats(found: Select[tuple[RoleNeed]], value: str) -> Select[tuple[RoleNeed]]:
    """Needs with a seat that nobody holds in force ("open"), or without one ("filled")."""
    is_held = exists().where(Booking.seat_id == Seat.id, Booking.is_in_force)
    has_open: ColumnElement[bool] = exists().where(Seat.need_id == RoleNeed.id, ~is_held)
    return found.where({"open": has_open, "filled": ~has_open}.get(value, RoleNeed.id.is_not(None)))


def _by_answer(found: Select[tuple[RoleNeed]], value: str) -> Select[tuple[RoleNeed]]:
    """Needs by how far a PM and operations are: a state, or "waiting" where operations have to answer."""
    known = {str(state): [state] for state in NeedState}
    states = {**known, "waiting": [one for one in NeedState if one.waits_for_operations]}.get(value, [])
    return found.where(exists().where(NeedAnswer.need_id == RoleNeed.id, NeedAnswer.state.in_(states)))


def _require_fit(session: Session, phase: Phase, said: NeedSaid, need: RoleNeed | None = None) -> None:
    """Raises Refused where a need does not fit into its phase, or asks for what the workspace does not have."""
    if said.from_offset >= phase.duration:
        raise Refused("need_begins_after_phase", field="from_offset", duration=phase.duration)
    if said.to_offset is not None and said.to_offset > phase.duration:
        raise Refused("need_ends_after_phase", field="to_offset", duration=phase.duration)
    skills = set(session.scalars(select(Skill.id).where(Skill.id.in_([line.skill_id for line in said.skills]))))
    levels = {line.level for line in need.skills} if need else set()
    most = workspace_of(session).level_max
    for n, line in enumerate(said.skills):
        if line.skill_id not in skills:
            raise Refused("skill_unknown", field=f"skills.{n}.skill_id")
        if line.level > most and line.level not in levels:
            raise Refused("level_over_scale", field=f"skills.{n}.level", most=most)
    _require_styles(session, said, need)


def _require_styles(session: Session, said: NeedSaid, need: RoleNeed | None) -> None:
    """A work style that is off is offered nowhere; one that the need asked for before may stay."""
    styles = set(session.scalars(select(WorkStyle.id).where(WorkStyle.is_on)))
    styles |= {line.style_id for line in need.styles} if need else set()
    for n, line in enumerate(said.styles):
        if line.style_id not in styles:
            raise Refused("style_unknown", field=f"styles.{n}.style_id")


def _fill_lines(need: RoleNeed, said: NeedSaid) -> None:
    fill_rows(need.skills, said.skills, NeedSkill, by="skill_id")
    fill_rows(need.styles, said.styles, NeedStyle, by="style_id")


def _seat(session: Session, need: RoleNeed) -> None:
    """Makes as many seats as the need counts: those that nobody holds go first, an agreed one never (Refused)."""
    if len(need.seats) > need.count:
        _take_seats(session, need, len(need.seats) - need.count)
    last = max((seat.number for seat in need.seats), default=0)
    for number in range(last + 1, last + 1 + need.count - len(need.seats)):
        key = free_key(session, Seat.key, f"s{need.id}.{number}")
        need.seats.append(Seat(key=key, number=number))
    session.flush()


def _take_seats(session: Session, need: RoleNeed, num: int) -> None:
    firmness = dict.fromkeys((seat.id for seat in need.seats), 0)
    rows = session.execute(select(Booking.seat_id, Booking.booking).where(Booking.seat_id.in_(firmness)))
    for ident, booking in rows:
        firmness[ident] = max(firmness[ident], 2 if booking is BookingKind.HARD else 1)
    free = [seat for seat in need.seats if firmness[seat.id] < 2]
    if len(free) < num:
        raise Refused("seats_are_agreed", field="count", num=len(need.seats) - len(free))
    for seat in sorted(free, key=lambda seat: (firmness[seat.id], -seat.number))[:num]:
        need.seats.remove(seat)


def _next_position(session: Session, phase: Phase) -> int:
    last = session.scalar(select(func.max(RoleNeed.position)).where(RoleNeed.phase_id == phase.id))
    return 0 if last is None else last + 1


def skills_to_ask(session: Session) -> list[Skill]:
    """The catalogue, by name."""
    return list(session.scalars(select(Skill).order_by(folded(Skill.name))))


def styles_to_ask(session: Session, kept: Collection[int] = ()) -> list[WorkStyle]:
    """The work styles that are in use, and those that are asked for already."""
    is_offered = or_(WorkStyle.is_on, WorkStyle.id.in_(kept))
    return list(session.scalars(select(WorkStyle).where(is_offered).order_by(WorkStyle.id)))


def project_names(session: Session) -> list[tuple[int, str]]:
    """Every project by name, for a filter."""
    return [(i, name) for i, name in session.execute(select(Project.id, Project.name).order_by(folded(Project.name)))]


def names_of(need: RoleNeed, name: Callable[[Any], str]) -> dict[str, dict[str, str]]:
    """The names of the skills and work styles that a need asks for, by id as text."""
    return {
        "skills": {str(line.skill_id): name(line.skill) for line in need.skills},
        "styles": {str(line.style_id): name(line.style) for line in need.styles},
    }


def sites(session: Session) -> list[tuple[int, str]]:
    """Every site by name, for a filter."""
    return [(i, name) for i, name in session.execute(select(Site.id, Site.name).order_by(folded(Site.name)))]
