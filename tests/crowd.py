"""A crowd of people drawn at random, for tests that count and measure."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from planner.models import (
    Candidate,
    CapacitySpan,
    ExchangeRate,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    RatingSource,
    Site,
    Skill,
    Stage,
    Workspace,
    WorkStyle,
)

SITES = (("Paris", "FR"), ("Lyon", "FR"), ("Remote", None))
LANGUAGES = ("fr", "en", "de", "es")
KINDS = (*[PersonKind.EMPLOYEE] * 6, PersonKind.CONTRACTOR, PersonKind.CANDIDATE, PersonKind.HYPOTHETICAL)


def fill(session: Session, num: int, *, seed: int = 1, num_skills: int = 30, num_styles: int = 8) -> None:
    """Fills an empty workspace with so many people, in bulk."""
    draw = random.Random(seed)
    session.add_all(Site(id=n, name=name, country=country) for n, (name, country) in enumerate(SITES, start=1))
    session.add_all(Skill(id=n, key=f"k{n}", name=f"Skill {n}") for n in range(1, num_skills + 1))
    session.add_all(WorkStyle(id=n, key=f"w{n}", name=f"Style {n}") for n in range(1, num_styles + 1))
    session.add(ExchangeRate(currency="CAD", from_on=session.get_one(Workspace, 1).calendar_start_on, rate=0.65))
    session.flush()
    people = [_person(draw, n) for n in range(1, num + 1)]
    session.execute(insert(Person), people)
    session.execute(
        insert(CapacitySpan), [{"person_id": p["id"], "fte_pct": draw.choice((50, 80, 100))} for p in people]
    )
    session.execute(insert(PersonSkill), [row for p in people for row in _skills(draw, p["id"], num_skills)])
    session.execute(insert(PersonStyle), [row for p in people for row in _styles(draw, p["id"], num_styles)])
    candidates = [p["id"] for p in people if p["kind"] is PersonKind.CANDIDATE and draw.random() < 0.8]
    stages = [stage for stage in Stage if stage is not Stage.HIRED]  # which takes a decision
    session.add_all(Candidate(person_id=ident, stage=draw.choice(stages)) for ident in candidates)
    session.commit()


def _person(draw: random.Random, n: int) -> dict[str, Any]:
    kind = draw.choice(KINDS)
    return {
        "id": n,
        "key": f"p{n}",
        "name": f"Person {n:05}",
        "kind": kind,
        "site_id": draw.choice((1, 2, 3, None)),
        "languages": draw.sample(LANGUAGES, draw.randint(0, 3)),
        "tags": draw.sample(("drone", 'a "quoted" é_%', "lang:it"), draw.randint(0, 2)),
        "cost_minor": draw.randrange(100_000, 300_000, 37),
        "cost_currency": draw.choice(("", "", "EUR", "CAD", "XXX")),
        "earliest_on": datetime(2027, 3, 1) if kind is PersonKind.CANDIDATE else None,  # noqa: DTZ001
        "acceptance_pct": draw.randint(40, 100) if kind.is_hire else 100,
    }


def _skills(draw: random.Random, ident: int, num_skills: int) -> list[dict[str, Any]]:
    held = draw.sample(range(1, num_skills + 1), min(num_skills, draw.randint(2, 10)))
    return [{"person_id": ident, "skill_id": skill, "level": draw.randint(0, 5)} for skill in held]


def _styles(draw: random.Random, ident: int, num_styles: int) -> list[dict[str, Any]]:
    scored = draw.sample(range(1, num_styles + 1), min(num_styles, draw.randint(0, 6)))
    sources = (RatingSource.SELF, RatingSource.MANAGER, RatingSource.PEER)
    return [
        {"person_id": ident, "style_id": style, "score": draw.randint(20, 100) / 20, "source": draw.choice(sources)}
        for style in scored
    ]
