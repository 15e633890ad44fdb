"""Accepted ideas and accepted proposals, applied to team templates: a version that names them, and they name it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    CriterionProposal,
    Idea,
    OutcomeKind,
    ProposalState,
    TeamTemplate,
    TemplateVersion,
    User,
    fold,
)
from planner.schemas.outcomes_ideas import OutcomeSaid
from planner.schemas.outcomes_templates import TemplateContent, TemplateNeedSaid
from planner.schemas.staffing_needs import NeedSaid, NeedSkillSaid, NeedStyleSaid
from planner.services.outcomes.ideas import is_taken, note_outcome
from planner.services.outcomes.template_changes import content_of
from planner.services.outcomes.templates import change_template
from planner.services.refused import Refused


def apply_idea(
    session: Session,
    template: TeamTemplate,
    idea: Idea,
    change: TemplateContent,
    *,
    by: User,
    reason: str,
    because: str,
) -> TemplateVersion:
    """Changes a template by an accepted idea, which notes where that is seen.

    Raises Refused where nobody has said yes, or where it changes nothing.
    """
    require_taken(idea)
    version = change_template(session, template, change, by=by, reason=reason, because=because, of=idea)
    seen = OutcomeSaid(kind=OutcomeKind.TEMPLATE, text=template.name, address=address_of(version))
    note_outcome(session, idea, seen, by=by)
    return version


def apply_proposal(
    session: Session,
    template: TeamTemplate,
    proposal: CriterionProposal,
    items: Collection[str],
    *,
    by: User,
    reason: str,
    because: str,
    why: str,
) -> TemplateVersion:
    """Lets some role needs of a template ask for what an accepted proposal asks for; `why` stands at a band.

    What they ask for more strictly already stays. Raises Refused where nobody has accepted it, where a role need is not
    there, or where all of them ask for it already.
    """
    if proposal.state is not ProposalState.ACCEPTED:
        raise Refused("proposal_is_not_accepted")
    here = content_of(template)
    if not items or not set(items) <= {one.item for one in here.needs}:
        raise Refused("choice_is_not_there", field="items")
    here.needs = [_asking(one, proposal, why) if one.item in items else one for one in here.needs]
    return change_template(session, template, here, by=by, reason=reason, because=because, of=proposal)


def require_taken(idea: Idea) -> None:
    """Raises Refused where nobody has said yes to an idea."""
    if not is_taken(idea):
        raise Refused("idea_is_not_accepted")


def meant(template: TeamTemplate, proposal: CriterionProposal) -> list[str]:
    """The role needs of a template that a proposal is meant for, by item: those whose title holds its role."""
    return [one["item"] for one in template.needs if fold(proposal.role_title) in fold(one["said"]["title"])]


def versions_of(session: Session, of: Idea | CriterionProposal) -> list[TemplateVersion]:
    """The versions of templates that an idea or a proposal has led to, the newest first."""
    column = TemplateVersion.idea_id if isinstance(of, Idea) else TemplateVersion.proposal_id
    found = select(TemplateVersion).where(column == of.id).options(joinedload(TemplateVersion.template))
    return list(session.scalars(found.order_by(TemplateVersion.id.desc())))


def address_of(version: TemplateVersion) -> str:
    """The page of ours on which a version stands with its reason."""
    return f"/templates/{version.template_id}/history#version-{version.number}"


def _asking(one: TemplateNeedSaid, proposal: CriterionProposal, why: str) -> TemplateNeedSaid:
    said = one.said
    if proposal.skill_id is not None:
        lines = [_line(proposal, proposal.skill_id, said), *(x for x in said.skills if x.skill_id != proposal.skill_id)]
        return TemplateNeedSaid(item=one.item, said=said.model_copy(update={"skills": lines}))
    bands = [x for x in said.styles if x.style_id != proposal.style_id]
    return TemplateNeedSaid(
        item=one.item, said=said.model_copy(update={"styles": [*bands, _band(proposal, said, why)]})
    )


def _line(proposal: CriterionProposal, skill_id: int, said: NeedSaid) -> NeedSkillSaid:
    level = proposal.level or 1
    for line in said.skills:
        if line.skill_id == skill_id:
            return line.model_copy(update={"level": max(line.level, level)})
    return NeedSkillSaid(skill_id=skill_id, level=level, is_must=False, weight=proposal.weight)


def _band(proposal: CriterionProposal, said: NeedSaid, why: str) -> NeedStyleSaid:
    new = NeedStyleSaid.model_validate(
        {"style_id": proposal.style_id, "min": proposal.min, "max": proposal.max, "weight": proposal.weight,
         "reason": why}
    )  # fmt: skip
    for band in said.styles:
        if band.style_id == proposal.style_id:
            low, high = max(band.min, new.min), min(band.max, new.max)
            if low <= high:
                return band.model_copy(update={"min": low, "max": high})
    return new
