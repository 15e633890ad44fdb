"""The sample's objectives with their readings, what one of its clients says, and the ideas that came of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from planner.models import (
    Feedback,
    Idea,
    IdeaOutcome,
    IdeaVote,
    Objective,
    ObjectiveLink,
    ObjectiveReading,
)
from planner.services import catalogue
from planner.services.sample.company import Company, Row, instant


def add_voices(session: Session, company: Company) -> None:
    data = catalogue.read("voices")
    said = {row.get("id", f"feedback {n}"): _feedback(company, row) for n, row in enumerate(data["feedback"])}
    session.add_all(said.values())
    session.flush()
    ideas = {row["id"]: _idea(company, said, row) for row in data["idea"]}
    session.add_all(ideas.values())
    session.flush()
    for row in data["idea"]:
        users = {company.user_ids[ident] for ident in row["votes"]} - {None}
        session.add_all(IdeaVote(idea_id=ideas[row["id"]].id, user_id=ident) for ident in users if ident is not None)
    session.add_all(_objective(company, ideas, row) for row in data["objective"])
    session.flush()


def _feedback(company: Company, row: Row) -> Feedback:
    return Feedback(
        project=company.projects[row["project"]],
        phase=company.phases[row["phase"]] if "phase" in row else None,
        skill=company.skills[row["skill"]] if "skill" in row else None,
        style=company.styles[row["style"]] if "style" in row else None,
        state_by=row["by"] if row["state"] != "new" else "",
        state_at=instant(row["said_on"]) if row["state"] != "new" else None,
        by_name=row["by"],
        created_at=instant(row["said_on"]),
        is_sample=True,
        **{name: row[name] for name in ("text", "sentiment", "source", "said_by", "said_on", "state")},
    )


def _idea(company: Company, said: dict[str, Feedback], row: Row) -> Idea:
    idea = Idea(
        title=row["title"],
        text=row["text"],
        project=company.projects[row["project"]] if "project" in row else None,
        style=company.styles[row["style"]] if "style" in row else None,
        feedback=said[row["feedback"]] if "feedback" in row else None,
        state=row["state"],
        state_reason=row.get("reason", ""),
        state_by=row.get("decided_by", ""),
        state_at=instant(row["decided_on"]) if "decided_on" in row else None,
        by_name=row["by"],
        is_sample=True,
    )
    if "outcome" in row:
        idea.outcomes.append(IdeaOutcome(by_name=row.get("decided_by", row["by"]), **row["outcome"]))
    return idea


def _objective(company: Company, ideas: dict[str, Idea], row: Row) -> Objective:
    return Objective(
        project=company.projects[row["project"]] if "project" in row else None,
        measure_kind=row["kind"],
        from_value=row["from"],
        target_value=row["target"],
        is_sample=True,
        readings=[
            ObjectiveReading(
                value=one["value"], read_on=one["on"], note=one["note"], by_name=one["by"], at=instant(one["on"])
            )
            for one in row["readings"]
        ],
        links=[_link(company, ideas, one) for one in row["serves"]],
        **{name: row[name] for name in ("title", "why", "measure", "unit", "from_on", "by_on")},
    )


def _link(company: Company, ideas: dict[str, Idea], row: Row) -> ObjectiveLink:
    [(kind, name)] = row.items()
    found = {"project": company.projects, "phase": company.phases, "need": company.needs, "idea": ideas}[kind]
    return ObjectiveLink(**{kind: found[name]})  # type: ignore[index]
