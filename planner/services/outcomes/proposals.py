"""Proposals: made of what the report found, decided by a named person, offered where they were accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    AdoptedCriterion,
    CriterionProposal,
    ProposalState,
    Skill,
    User,
    WorkStyle,
    folded,
    now,
)
from planner.schemas.outcomes_criteria import DecisionSaid
from planner.services.editing import require_version
from planner.services.listing import Page, Query, paged
from planner.services.outcomes import criteria
from planner.services.outcomes.criteria import Line, Report
from planner.services.outcomes.roles import is_meant
from planner.services.refused import Refused

OFFERED = ("role_title", "skill_id", "style_id", "level", "min", "max", "weight")


def make_proposals(session: Session, outcome: str, role: str, *, by: User) -> list[CriterionProposal]:
    """Proposes what the report finds now. What was proposed on the same evidence, and whatever became of it, is not.

    Raises Refused where there is no such outcome.
    """
    found = criteria.report(session, outcome, role)
    if found.outcome != outcome:
        raise Refused("outcome_is_not_known", field="outcome")
    new = [_proposal(found, line, by) for line in open_lines(session, found)]
    session.add_all(new)
    session.flush()
    return new


def open_lines(session: Session, found: Report) -> list[Line]:
    """What the report would propose and has not: not decided on this evidence, and not open already on another."""
    wanted = [line for line in found.found if line.asked is not None]
    digests = {criteria.digest_of(found, line) for line in wanted}
    known = set(session.scalars(select(CriterionProposal.digest).where(CriterionProposal.digest.in_(digests))))
    waiting = {
        (row.skill_id, row.style_id)
        for row in session.scalars(
            select(CriterionProposal).where(
                CriterionProposal.state == ProposalState.OPEN,
                CriterionProposal.outcome_key == found.outcome,
                CriterionProposal.role_title == found.role,
            )
        )
    }
    return [
        line
        for line in wanted
        if criteria.digest_of(found, line) not in known
        and line.asked is not None
        and (line.asked.skill_id, line.asked.style_id) not in waiting
    ]


def decide(
    session: Session, proposal: CriterionProposal, said: DecisionSaid, version: int | None, *, by: User
) -> CriterionProposal:
    """Accepts or declines a proposal, or decides otherwise than before. Raises Stale, and Refused on the same again.

    An accepted one changes nothing by itself: it is offered to role needs, and to templates of teams.
    """
    require_version(proposal, version)
    state = ProposalState(said.decision)
    if proposal.state is state:
        raise Refused("proposal_is_decided", field="decision", name=proposal.decided_by)
    proposal.state, proposal.reason = state, said.reason
    proposal.decided_by, proposal.decided_at = by.name, now()
    if state is ProposalState.ACCEPTED:
        proposal.adopted = AdoptedCriterion(**{name: getattr(proposal, name) for name in OFFERED})
    else:
        proposal.adopted = None
    session.flush()
    return proposal


def page_of_proposals(session: Session, query: Query) -> Page[CriterionProposal]:
    """The proposals, those that wait first."""
    return paged(
        session,
        select(CriterionProposal).options(joinedload(CriterionProposal.skill), joinedload(CriterionProposal.style)),
        query,
        sorts={
            "state": CriterionProposal.state != ProposalState.OPEN,
            "outcome": folded(CriterionProposal.outcome),
            "made": CriterionProposal.made_at,
            "id": CriterionProposal.id,
        },
        default="state",
        search=(CriterionProposal.outcome, CriterionProposal.role_title, CriterionProposal.reason),
        filters={"state": lambda found, value: found.where(cast(CriterionProposal.state, String) == value)},
    )


def num_open(session: Session) -> int:
    """How many proposals wait for somebody."""
    found = select(CriterionProposal.id).where(CriterionProposal.state == ProposalState.OPEN)
    return len(session.scalars(found).all())


def adopted_for(session: Session, role_title: str) -> list[AdoptedCriterion]:
    """What outcomes suggest for a role of this title: accepted proposals that are meant for it."""
    return [one for one in adopted(session) if is_meant(one.role_title, role_title)]


def adopted(session: Session) -> Sequence[AdoptedCriterion]:
    """Everything that was accepted, for whoever makes templates of teams."""
    statement = (
        select(AdoptedCriterion)
        .outerjoin(Skill, Skill.id == AdoptedCriterion.skill_id)
        .outerjoin(WorkStyle, WorkStyle.id == AdoptedCriterion.style_id)
        .where(AdoptedCriterion.style_id.is_(None) | WorkStyle.is_on)
        .options(
            joinedload(AdoptedCriterion.proposal),
            joinedload(AdoptedCriterion.skill),
            joinedload(AdoptedCriterion.style),
        )
        .order_by(AdoptedCriterion.id)
    )
    return session.scalars(statement).all()


def _proposal(found: Report, line: Line, by: User) -> CriterionProposal:
    return CriterionProposal(
        outcome_key=found.outcome,
        outcome=found.name,
        role_title=found.role,
        evidence=criteria.evidence_of(found, line),
        digest=criteria.digest_of(found, line),
        made_by=by.name,
        **(asdict(line.asked) if line.asked is not None else {}),
    )
