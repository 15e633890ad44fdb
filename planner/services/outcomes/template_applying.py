"""Accepted ideas and accepted proposals, applied to team templates: a version that names them, and they name it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pydantic import ValidationError
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
)
from planner.schemas.outcomes_ideas import OutcomeSaid
from planner.schemas.outcomes_templates import TemplateContent, TemplateNeedSaid
from planner.schemas.staffing_needs import NeedSaid, NeedSkillSaid, NeedStyleSaid
from planner.services.outcomes.ideas import is_taken, note_outcome
from planner.services.outcomes.roles import is_meant
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
    address: Callable[[TemplateVersion], str],
) -> TemplateVersion:
    """Changes a template by an accepted idea, which notes the `address` at which the version is seen.

    Raises Refused where nobody has said yes, or where it changes nothing.
    """
    if not is_taken(idea):
        raise Refused("idea_is_not_accepted")
    version = change_template(session, template, change, by=by, reason=reason, because=because, of=idea)
    seen = OutcomeSaid(kind=OutcomeKind.TEMPLATE, text=template.name, address=address(version))
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

    What they ask for more strictly already stays, and so does the order of what they ask for. Raises Refused where
    nobody has accepted it, where a role need is not there or has room for no more, and where all of them ask for it
    already; at the field `items` where that is at fault.
    """
    if proposal.state is not ProposalState.ACCEPTED:
        raise Refused("proposal_is_not_accepted")
    here = content_of(template)
    if not items or not set(items) <= {one.item for one in here.needs}:
        raise Refused("choice_is_not_there", field="items")
    here.needs = [_asking(one, proposal, why) if one.item in items else one for one in here.needs]
    try:
        return change_template(session, template, here, by=by, reason=reason, because=because, of=proposal)
    except Refused as refused:  # what is said of the whole template stands at no field of this question
        raise Refused(refused.code, **refused.params) from refused


def meant(template: TeamTemplate, proposal: CriterionProposal) -> list[str]:
    """The role needs of a template that a proposal is meant for, by item: those whose title holds its role."""
    return [one["item"] for one in template.needs if is_meant(proposal.role_title, one["said"]["title"])]


def versions_of(session: Session, proposal: CriterionProposal) -> list[TemplateVersion]:
    """The versions of templates that a proposal has led to, the newest first."""
    found = select(TemplateVersion).where(TemplateVersion.proposal_id == proposal.id)
    found = found.options(joinedload(TemplateVersion.template)).order_by(TemplateVersion.id.desc())
    return list(session.scalars(found))


def _asking(one: TemplateNeedSaid, proposal: CriterionProposal, why: str) -> TemplateNeedSaid:
    said = one.said
    skills, styles = list(said.skills), list(said.styles)
    if proposal.skill_id is not None:
        here = [line for line in skills if line.skill_id == proposal.skill_id]
        at = skills.index(here[0]) if here else len(skills)
        skills[at : at + 1] = [_line(proposal, *here)]
    else:
        there = [band for band in styles if band.style_id == proposal.style_id]
        at = styles.index(there[0]) if there else len(styles)
        styles[at : at + 1] = [_band(proposal, why, *there)]
    try:
        new = NeedSaid.model_validate({**dict(said), "skills": skills, "styles": styles})
    except ValidationError as error:
        raise Refused("need_is_full", field="items", title=said.title) from error
    return TemplateNeedSaid(item=one.item, said=new)


def _line(proposal: CriterionProposal, present: NeedSkillSaid | None = None) -> NeedSkillSaid:
    level = proposal.level or 1
    if present is not None:
        return present.model_copy(update={"level": max(present.level, level)})
    said = {"skill_id": proposal.skill_id, "level": level, "is_must": False, "weight": proposal.weight}
    return NeedSkillSaid.model_validate(said)


def _band(proposal: CriterionProposal, why: str, present: NeedStyleSaid | None = None) -> NeedStyleSaid:
    said = {"style_id": proposal.style_id, "min": proposal.min, "max": proposal.max, "weight": proposal.weight}
    new = NeedStyleSaid.model_validate({**said, "reason": why})
    if present is None:
        return new
    low, high = max(present.min, new.min), min(present.max, new.max)
    return present.model_copy(update={"min": low, "max": high}) if low <= high else new
