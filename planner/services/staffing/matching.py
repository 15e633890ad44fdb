"""Who could fill a role need, while it is typed: how many, what each must-have removes, and who comes closest.

One statement lays the people out beside the lines of the need and the database counts; no person is read one by one.

Work styles: a band that must hold is held by a score inside it. A self-reported score never cuts anyone alone: where
it lies outside, the person counts as one who could, *to be confirmed*; the solver is told the same (`translate/tags`).
Nobody's score at all is no score inside the band. Scores are compared in tenths, halves to the even one, as the solver
does. With mentoring, one level less will do; the mentor is looked for when the team is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, and_, case, cast, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from planner.models import (
    LARGEST,
    MINOR,
    Candidate,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    RatingSource,
    RoleNeed,
    Site,
    Stage,
)
from planner.schemas.staffing_needs import NeedSaid
from planner.services.staffing.projects import workspace_of
from planner.translate.money import Money, Untranslatable, ceiling

HIRES = (PersonKind.CANDIDATE, PersonKind.HYPOTHETICAL)
OVER = [stage for stage in Stage if not stage.is_considered]
HELD, LACKED = "0", "1"
MENTORED_POINTS, MOST_OVER, TENTH = 60, 20, 5


@dataclass(frozen=True)
class Line:
    """One thing that is asked for: a skill, style, tag, any_of, cost or staff; `of` is a row's id or some tags."""

    code: str
    of: Any = None
    least: float | None = None
    most: float | None = None
    is_must: bool = True
    weight: int = 1
    position: int = 0

    @property
    def name(self) -> str:
        """The line in a URL."""
        return f"{self.code}-{self.position}"


@dataclass(frozen=True)
class Asked:
    """What a role need asks of a person, as far as it is said."""

    lines: tuple[Line, ...] = ()
    is_mentoring_allowed: bool = False

    @property
    def musts(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_must)


@dataclass(frozen=True)
class Removed:
    """A must-have: how many hold it, and how many would be in without it."""

    line: Line
    num_holding: int
    num_removed: int


@dataclass(frozen=True)
class Near:
    """Someone who comes close: which musts they lack, and what they have on each skill and style line."""

    person_id: int
    key: str
    name: str
    kind: PersonKind
    site: str
    lacking: tuple[Line, ...]
    unconfirmed: tuple[Line, ...]
    have: dict[str, float | None]


@dataclass(frozen=True)
class Answer:
    """How many are considered, how many could, and of these how many with a mentor or once a score is confirmed."""

    num_people: int
    num_could: int
    num_mentored: int
    num_unconfirmed: int
    removed: tuple[Removed, ...]
    closest: tuple[Near, ...]


def asked_of(need: RoleNeed | NeedSaid) -> Asked:
    """What a role need asks, kept or only said, in the order in which its page shows it."""
    return asked_of_values(
        skills=[(line.skill_id, line.level, line.is_must, line.weight) for line in need.skills],
        styles=[(line.style_id, line.min, line.max, line.is_must, line.weight) for line in need.styles],
        tags=need.tags,
        any_of=need.any_of,
        max_cost_minor=need.max_cost_minor,
        is_mentoring_allowed=need.is_mentoring_allowed,
        is_hire_allowed=need.is_hire_allowed,
    )


def musts_of(need: RoleNeed) -> Asked:
    """What a person must hold to sit there at all: the same for all needs that ask the same."""
    asked = asked_of(need)
    return Asked(tuple(replace(line, weight=1) for line in asked.musts), asked.is_mentoring_allowed)


def asked_of_values(
    *,
    skills: Sequence[tuple[int, int, bool, int]] = (),
    styles: Sequence[tuple[int, float, float, bool, int]] = (),
    tags: Sequence[str] = (),
    any_of: Sequence[Sequence[str]] = (),
    max_cost_minor: int | None = None,
    is_mentoring_allowed: bool = False,
    is_hire_allowed: bool = True,
) -> Asked:
    """The same from plain values, such as those of a form that is still being typed."""
    lines = [
        *(Line("skill", of, level, None, must, weight, n) for n, (of, level, must, weight) in enumerate(skills)),
        *(Line("style", of, low, high, must, weight, n) for n, (of, low, high, must, weight) in enumerate(styles)),
        *(Line("tag", (tag,), position=n) for n, tag in enumerate(tags)),
        *(Line("any_of", tuple(group), position=n) for n, group in enumerate(any_of)),
    ]
    if max_cost_minor is not None:
        lines.append(Line("cost", most=max_cost_minor))
    if not is_hire_allowed:
        lines.append(Line("staff"))
    return Asked(tuple(lines), is_mentoring_allowed)


def answer(session: Session, asked: Asked, *, num_closest: int = 3) -> Answer:
    """How many could fill a need, what each must-have removes, and who comes closest."""
    laid = laid_out(session, asked).subquery()
    groups = session.execute(
        select(laid.c.lacks, func.count(), _num(laid.c.num_mentored > 0), _num(laid.c.num_unconfirmed > 0))
        .group_by(laid.c.lacks)
    ).all()  # fmt: skip
    nothing = HELD * len(asked.musts)
    could = next((row for row in groups if row.lacks == nothing), (nothing, 0, 0, 0))
    return Answer(
        num_people=sum(num for _lacks, num, *_ in groups),
        num_could=could[1],
        num_mentored=could[2],
        num_unconfirmed=could[3],
        removed=tuple(_removed(line, n, groups) for n, line in enumerate(asked.musts)),
        closest=tuple(_closest(session, asked, laid, num_closest)),
    )


def _removed(line: Line, position: int, groups: Sequence[Any]) -> Removed:
    """What a must-have does, from how many people lack which musts."""
    holding = sum(num for lacks, num, *_ in groups if lacks[position] == HELD)
    alone = sum(num for lacks, num, *_ in groups if lacks[position] == LACKED and lacks.count(LACKED) == 1)
    return Removed(line, holding, alone)


def _closest(session: Session, asked: Asked, laid: Subquery, num: int) -> Iterator[Near]:
    """Those who lack the fewest musts, and of these the best fitting."""
    statement = (
        select(laid, Person.key, Person.name, Person.kind, Site.name.label("site"))
        .join(Person, Person.id == laid.c.id)
        .outerjoin(Site, Site.id == Person.site_id)
        .order_by(func.length(func.replace(laid.c.lacks, HELD, "")), laid.c.points.desc(), Person.name, Person.id)
        .limit(num)
    )
    for row in session.execute(statement).mappings():
        yield Near(
            person_id=row["id"],
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            site=row["site"] or "",
            lacking=tuple(line for n, line in enumerate(asked.musts) if row["lacks"][n] == LACKED),
            unconfirmed=tuple(
                line for line in asked.musts if line.code == "style" and row[f"unconfirmed_{line.position}"]
            ),
            have={line.name: row[f"{line.code}_{line.position}"] for line in rated(asked)},
        )


def laid_out(session: Session, asked: Asked, *, is_brief: bool = False) -> Select[Any]:
    """A row for everyone considered: a letter for each must, held or lacked, and what they have on each rated line.

    Unless brief, also how well they fit, and which musts they hold with a mentor or to be confirmed.
    """
    levels, scores = _levels(asked), _scores(asked)
    judge = _Judge(session, asked, levels, scores)
    lacks: ColumnElement[Any] = literal("")
    for line in asked.musts:
        lacks = lacks.concat(case((judge.holds(line), HELD), else_=LACKED))
    have = [judge.have(line).label(f"{line.code}_{line.position}") for line in rated(asked)]
    more = [] if is_brief else _detail(asked, judge)
    statement = select(Person.id.label("id"), lacks.label("lacks"), *have, *more)
    statement = statement.select_from(Person).where(_is_considered())
    for pivot in (levels, scores):
        if pivot is not None:
            statement = statement.outerjoin(pivot, pivot.c.person_id == Person.id)
    return statement


def _detail(asked: Asked, judge: _Judge) -> list[Any]:
    skills = [line for line in asked.musts if line.code == "skill"]
    unconfirmed = {line.position: judge.is_unconfirmed(line) for line in asked.musts if line.code == "style"}
    return [
        _sum([case((judge.is_mentored(line), 1), else_=0) for line in skills]).label("num_mentored"),
        _sum([case((test, 1), else_=0) for test in unconfirmed.values()]).label("num_unconfirmed"),
        *(case((test, 1), else_=0).label(f"unconfirmed_{n}") for n, test in unconfirmed.items()),
        *(judge.own(line).label(f"own_{line.position}") for line in rated(asked) if line.code == "style"),
        _sum([line.weight * judge.points(line) for line in rated(asked)]).label("points"),
    ]


class _Judge:
    """Says of a line, as SQL, who holds it and how well; `levels` and `scores` are what people have, one row each."""

    def __init__(self, session: Session, asked: Asked, levels: Subquery | None, scores: Subquery | None) -> None:
        self._session, self._asked, self._levels, self._scores = session, asked, levels, scores

    def have(self, line: Line) -> ColumnElement[Any]:
        """The level or score on a line; NULL where nobody rated it."""
        table = self._levels if line.code == "skill" else self._scores
        assert table is not None  # noqa: S101 -- there is one wherever there is such a line
        return table.c[f"of_{line.position}"]

    def holds(self, line: Line) -> ColumnElement[bool]:
        """Whether someone holds a must-have."""
        if line.code == "skill":
            least = int(line.least or 0) - (1 if self._asked.is_mentoring_allowed else 0)
            return func.coalesce(self.have(line), 0) >= least
        if line.code == "style":
            return or_(_is_inside(self.have(line), line), self._is_own(line))
        if line.code in ("tag", "any_of"):
            return _carries_one(line.of)
        if line.code == "cost":
            return _costs_at_most(self._session, int(line.most or 0))
        return Person.kind.not_in(HIRES)

    def is_mentored(self, line: Line) -> ColumnElement[bool]:
        """Whether someone holds a skill only with a mentor."""
        if not self._asked.is_mentoring_allowed:
            return false()
        return func.coalesce(self.have(line), 0) == int(line.least or 0) - 1

    def is_unconfirmed(self, line: Line) -> ColumnElement[bool]:
        """Whether nothing but a self-report says that someone is outside a band."""
        return and_(self._is_own(line), ~_is_inside(self.have(line), line))

    def points(self, line: Line) -> ColumnElement[Any]:
        """How well someone fits a line, 0 to 100, as `solver.check` counts it."""
        have = self.have(line)
        if line.code == "style":
            low, high = 10 * float(line.least or 1) - have * 10, have * 10 - 10 * float(line.most or 5)
            outside = case((low > 0, low), (high > 0, high), else_=literal(0.0))
            falls = 100 - TENTH * outside
            return case((have.is_(None), literal(50.0)), (falls < 0, literal(0.0)), else_=falls)
        need, level = int(line.least or 1), func.coalesce(have, 0)
        over = case((TENTH * (level - need) > MOST_OVER, MOST_OVER), else_=TENTH * (level - need))
        short = case((level == need - 1, MENTORED_POINTS), else_=0) if line.is_must else 100 * level // need
        return case((level >= need, 100 - over), else_=short)

    def own(self, line: Line) -> ColumnElement[Any]:
        """1 where the score on a line is the person's own, else 0."""
        assert self._scores is not None  # noqa: S101 -- asked for style lines only
        return func.coalesce(self._scores.c[f"own_{line.position}"], 0)

    def _is_own(self, line: Line) -> ColumnElement[bool]:
        return self.own(line) == 1


def rated(asked: Asked) -> list[Line]:
    """The lines on which people have a level or a score."""
    return [line for line in asked.lines if line.code in ("skill", "style")]


def _levels(asked: Asked) -> Subquery | None:
    """Everyone's level in each asked skill, a column each."""
    lines = [line for line in asked.lines if line.code == "skill"]
    if not lines:
        return None
    columns = [
        func.max(case((PersonSkill.skill_id == line.of, PersonSkill.level))).label(f"of_{line.position}")
        for line in lines
    ]
    held = select(PersonSkill.person_id, *columns).where(PersonSkill.skill_id.in_({line.of for line in lines}))
    return held.group_by(PersonSkill.person_id).subquery()


def _scores(asked: Asked) -> Subquery | None:
    """Everyone's score of each asked work style, a column each, and whether it is their own."""
    lines = [line for line in asked.lines if line.code == "style"]
    if not lines:
        return None
    columns = []
    for line in lines:
        is_it = PersonStyle.style_id == line.of
        is_own = and_(is_it, PersonStyle.source == RatingSource.SELF)
        columns.append(func.max(case((is_it, PersonStyle.score))).label(f"of_{line.position}"))
        columns.append(func.max(case((is_own, 1), else_=0)).label(f"own_{line.position}"))
    scored = select(PersonStyle.person_id, *columns).where(PersonStyle.style_id.in_({line.of for line in lines}))
    return scored.group_by(PersonStyle.person_id).subquery()


def _is_considered() -> ColumnElement[bool]:
    """Staff, and candidates who are still in the running."""
    is_over = Person.id.in_(select(Candidate.person_id).where(Candidate.stage.in_(OVER)))
    return or_(Person.kind.not_in(HIRES), ~is_over)


def _is_inside(score: ColumnElement[Any], line: Line) -> ColumnElement[bool]:
    """Whether a score lies in a band, both rounded to tenths as Python rounds: halves to the even one."""
    low, high = round(10 * float(line.least or 1)), round(10 * float(line.most or 5))
    tenths = score * 10
    above = tenths >= low - 0.5 if low % 2 == 0 else tenths > low - 0.5
    below = tenths <= high + 0.5 if high % 2 == 0 else tenths < high + 0.5
    return func.coalesce(and_(above, below), false())


def _carries_one(tags: Sequence[str]) -> ColumnElement[bool]:
    """Whether someone carries one of some tags: by their site, among their languages, or as it stands."""
    ways, kinds = [_lists(Person.tags, tag) for tag in tags], [tag.partition(":") for tag in tags]
    ways += [_lists(Person.languages, rest) for kind, sep, rest in kinds if sep and kind == "lang"]
    sites = [rest for kind, sep, rest in kinds if sep and kind == "site"]
    if sites:
        ways.append(Person.site_id.in_(select(Site.id).where(Site.name.in_(sites))))
    return or_(false(), *ways)


def _lists(column: InstrumentedAttribute[list[str]], word: str) -> ColumnElement[bool]:
    """Whether a JSON list of texts holds a text. Its quotes keep it from matching a part of another one."""
    text = cast(column, String)
    return func.replace(text, json.dumps(word, ensure_ascii=False), "") != text


def _costs_at_most(session: Session, minor: int) -> ColumnElement[bool]:
    """Whether a full-time period costs no more than a ceiling, in whole units of the workspace's currency."""
    workspace = workspace_of(session)
    money = Money(session, workspace, workspace.calendar_start_on)
    most = ceiling(minor) or 0
    bounds = {code: _most_minor(money, code, most) for code in session.scalars(select(Person.cost_currency).distinct())}
    tests = (and_(Person.cost_currency == code, Person.cost_minor <= bound) for code, bound in bounds.items())
    return or_(false(), *tests)


def _most_minor(money: Money, currency: str, units: int) -> int:
    """The largest amount of a currency that is still worth no more than so many units of the workspace's."""
    low, high = 0, (LARGEST + 1) * MINOR
    try:
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if money.units(middle, currency) <= units else (low, middle - 1)
    except Untranslatable:
        return 0  # without a rate nobody knows what they cost, and only who costs nothing is surely inside
    return low


def _num(test: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((test, 1), else_=0))


def _sum(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    total: ColumnElement[Any] = literal(0)
    for part in parts:
        total = total + part
    return total
