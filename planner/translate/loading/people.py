"""The people of a question as rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from planner.models import (
    MINOR,
    Candidate,
    CapacitySpan,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    RatingSource,
)
from planner.translate.loading.inserting import Row, add_numbered, add_rows
from planner.translate.loading.names import SITE, Names, site_name
from planner.translate.moments import Moments
from solver import problem as asked
from solver.problem import Kind

LANGUAGE = "lang:"


class PeopleLoading:
    """Adds the people of a question, with their capacity, skills and work styles."""

    def __init__(self, names: Names, moments: Moments) -> None:
        self._names, self._moments = names, moments

    def load(self, session: Session, people: tuple[asked.Person, ...]) -> dict[str, int]:
        """Adds everyone; their ids by key."""
        ids = add_numbered(session, Person, [self._person(person) for person in people])
        pairs = list(zip(ids, people, strict=True))
        add_rows(session, CapacitySpan, (row for ident, person in pairs for row in self._spans(ident, person)))
        add_rows(session, PersonSkill, (row for ident, person in pairs for row in self._skills(ident, person)))
        add_rows(session, PersonStyle, (row for ident, person in pairs for row in self._styles(ident, person)))
        candidates = (ident for ident, person in pairs if person.kind is Kind.CANDIDATE)
        add_rows(session, Candidate, ({"person_id": ident} for ident in candidates))
        return {person.id: ident for ident, person in pairs}

    def _person(self, person: asked.Person) -> Row:
        site, languages, tags = self._tags(person)
        earliest = person.hire.earliest
        return {
            "key": person.id,
            "name": person.name,
            "kind": PersonKind(str(person.kind)),
            "site_id": site,
            "languages": languages,
            "tags": tags,
            "cost_minor": person.cost * MINOR,
            "hire_cost_minor": person.hire.cost * MINOR,
            "earliest_on": self._moments.clipped(earliest) if earliest else None,
            "acceptance_pct": person.hire.acceptance,
        }

    def _tags(self, person: asked.Person) -> tuple[int | None, list[str], list[str]]:
        """Site, languages, and the tags that are neither."""
        site, tags = self._names.sites.get(site_name(person)), list(person.tags)
        if site is not None:
            tags.remove(SITE + site_name(person))
        languages = [tag.removeprefix(LANGUAGE) for tag in tags if tag.startswith(LANGUAGE)]
        return site, languages, [tag for tag in tags if not tag.startswith(LANGUAGE)]

    def _spans(self, ident: int, person: asked.Person) -> Iterator[Row]:
        """The spans; one that ends past the year 9999 is open."""
        for span in person.capacity:
            begin = self._moments.of(span.from_)
            if begin is not None:
                yield {"person_id": ident, "from_on": begin, "to_on": self._moments.of(span.to), "fte_pct": span.fte}

    def _skills(self, ident: int, person: asked.Person) -> Iterator[Row]:
        for skill, level in person.skills.items():
            skill_id = self._names.skills[skill]
            yield {"person_id": ident, "skill_id": skill_id, "level": level, "source": RatingSource.IMPORT}

    def _styles(self, ident: int, person: asked.Person) -> Iterator[Row]:
        for style, score in person.styles.items():
            style_id = self._names.styles[style]
            yield {"person_id": ident, "style_id": style_id, "score": score, "source": RatingSource.IMPORT}
