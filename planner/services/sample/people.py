"""The sample's staff and candidates, as people: sites, capacity, absences, skills and work styles."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from planner.models import MINOR, Absence, CapacitySpan, Person, PersonKind, PersonSkill, PersonStyle, RatingSource
from planner.services import catalogue
from planner.services.sample.company import MAIL_DOMAIN, Company, Row, moment_or_none
from planner.services.staffing.skills import slug


def add_people(session: Session, company: Company) -> None:
    """The keys number the people in the files, so that they are the same in every database."""
    staff, candidates = catalogue.read("people")["person"], catalogue.read("candidates")["candidate"]
    for number, row in enumerate([*staff, *candidates], start=1):
        kind = PersonKind(row.get("kind", PersonKind.CANDIDATE if "requisition" in row else PersonKind.EMPLOYEE))
        company.people[row["name"]] = _person(company, f"p{number}", kind, row)
    session.add_all(company.people.values())
    session.flush()


def _person(company: Company, key: str, kind: PersonKind, row: Row) -> Person:
    ramp_up = row.get("ramp_up", {"weeks": 0, "fte": 100})
    return Person(
        key=key,
        name=row["name"],
        email=f"{slug(row['name']).replace('-', '.')}@{MAIL_DOMAIN}",
        kind=kind,
        site=company.sites[row["site"]],
        languages=row["languages"],
        tags=row.get("tags", []),
        cost_minor=row["cost"] * MINOR,
        cost_currency=row.get("currency", ""),
        hire_cost_minor=row.get("hire_cost", 0) * MINOR,
        earliest_on=moment_or_none(row.get("earliest_on")),
        notice_periods=row.get("notice", 0),
        ramp_up_periods=ramp_up["weeks"],
        ramp_up_pct=ramp_up["fte"],
        acceptance_pct=row.get("acceptance", 100),
        is_sample=True,
        capacity_spans=_capacity_spans(row.get("capacity", 100)),
        absences=[Absence(from_on=a["from"], to_on=a["to"], **_kind_of(a)) for a in row.get("away", [])],
        skills=_held_skills(company, row, is_candidate=kind is PersonKind.CANDIDATE),
        styles=_scored_styles(company, row, is_candidate=kind is PersonKind.CANDIDATE),
    )


def _kind_of(row: Row) -> dict[str, Any]:
    return {"kind": row["kind"]} if "kind" in row else {}


def _capacity_spans(capacity: int | list[Row]) -> list[CapacitySpan]:
    spans: list[Row] = [{"fte": capacity}] if isinstance(capacity, int) else capacity
    return [
        CapacitySpan(
            from_on=moment_or_none(span.get("from")), to_on=moment_or_none(span.get("to")), fte_pct=span["fte"]
        )
        for span in spans
    ]


def _held_skills(company: Company, row: Row, *, is_candidate: bool) -> list[PersonSkill]:
    """The levels; who rated them, and when, unless the row says otherwise for a skill."""
    usual = RatingSource(row.get("skill_source", RatingSource.INTERVIEW if is_candidate else RatingSource.MANAGER))
    rated = dict.fromkeys(row["skills"], (usual, row["rated_on"]))
    rated |= dict.fromkeys(row.get("self_rated_skills", []), (RatingSource.SELF, row["rated_on"]))
    rated |= {skill: (RatingSource.TEST, on) for skill, on in row.get("tested", {}).items()}
    rated |= {skill: (RatingSource.CERTIFICATE, on) for skill, on in row.get("certified", {}).items()}
    return [
        PersonSkill(skill=company.skills[skill], level=level, source=rated[skill][0], rated_on=rated[skill][1])
        for skill, level in row["skills"].items()
    ]


def _scored_styles(company: Company, row: Row, *, is_candidate: bool) -> list[PersonStyle]:
    by_others = RatingSource.INTERVIEW if is_candidate else RatingSource.MANAGER
    scores = [(style, score, row["rater"], by_others) for style, score in row.get("styles", {}).items()]
    own = row.get("self_rated_styles", {})
    scores += [(style, score, row["name"], RatingSource.SELF) for style, score in own.items()]
    return [
        PersonStyle(style=company.styles[style], score=score, rater=rater, source=source, rated_on=row["rated_on"])
        for style, score, rater, source in scores
    ]
