"""Changes of what a template asks for, as the whole that they lead to: what any part may hand to `change_template`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from planner.models import TeamTemplate
from planner.schemas.outcomes_templates import TemplateContent, TemplateNeedSaid, TemplateRuleSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services.refused import Refused


def content_of(template: TeamTemplate) -> TemplateContent:
    """What a template asks for now."""
    newest = template.newest
    return TemplateContent.model_construct(
        duration=newest.duration,
        needs=[TemplateNeedSaid.model_validate(one) for one in newest.needs],
        rules=[TemplateRuleSaid.model_validate(one) for one in newest.rules],
    )


def need_at(template: TeamTemplate, item: str) -> NeedSaid:
    """A role need of a template. Raises LookupError where it has none such."""
    return next((one.said for one in content_of(template).needs if one.item == item), None) or _nothing(item)


def rule_at(template: TeamTemplate, item: str) -> TeamRuleSaid:
    """A team rule of a template. Raises LookupError where it has none such."""
    return next((one.said for one in content_of(template).rules if one.item == item), None) or _nothing(item)


def with_need(template: TeamTemplate, said: NeedSaid, item: str | None = None) -> TemplateContent:
    """With a role need more, or with one said anew."""
    here = content_of(template)
    new = TemplateNeedSaid(item=item, said=NeedSaid.model_validate(_plain(said, NeedSaid)))
    here.needs = [new if one.item == item else one for one in here.needs] + ([new] if item is None else [])
    return _judged(here)


def change_of(template: TeamTemplate, said: NeedSaid, item: str | None) -> TemplateContent:
    """The same, of a role need that must be there where it is named. Raises Refused where the whole does not hold."""
    if item is not None and all(one["item"] != item for one in template.needs):
        raise Refused("choice_is_not_there", field="item")
    try:
        return with_need(template, said, item)
    except ValidationError as error:
        raise at_item(refusal_of(error), below="said.") from error


def refusal_of(error: ValidationError) -> Refused:
    """Why the whole does not allow what was said of one item, at that item's field."""
    fault = error.errors(include_url=False)[0]
    if fault["type"] == "beyond_the_phase":
        return Refused("beyond_the_phase", field=str(fault["loc"][-1]))
    return Refused("template_is_full")


def at_item(refused: Refused, below: str = "") -> Refused:
    """What is refused of the whole, "needs.0.said.title", at its field of the one item that was said, "title"."""
    field = (refused.field or "").rpartition(".said.")[2]
    return Refused(refused.code, field=f"{below}{field}" if field else None, **refused.params)


def with_rule(template: TeamTemplate, said: TeamRuleSaid, item: str | None = None) -> TemplateContent:
    """With a team rule more, or with one said anew."""
    here = content_of(template)
    new = TemplateRuleSaid(item=item, said=TeamRuleSaid.model_validate(_plain(said, TeamRuleSaid)))
    here.rules = [new if one.item == item else one for one in here.rules] + ([new] if item is None else [])
    return _judged(here)


def without(template: TeamTemplate, item: str) -> TemplateContent:
    """Without a role need, or a team rule."""
    here = content_of(template)
    here.needs = [one for one in here.needs if one.item != item]
    here.rules = [one for one in here.rules if one.item != item]
    return here


def with_duration(template: TeamTemplate, duration: int) -> TemplateContent:
    """Over a phase of another length; windows stay as they are."""
    here = content_of(template)
    here.duration = duration
    return here


def style_ids(content: TemplateContent) -> set[int]:
    """The work styles that are asked for."""
    of_needs = {line.style_id for one in content.needs for line in one.said.styles}
    return of_needs | {one.said.style_id for one in content.rules if one.said.style_id is not None}


def skill_ids(content: TemplateContent) -> set[int]:
    """The skills that are asked for."""
    of_needs = {line.skill_id for one in content.needs for line in one.said.skills}
    return of_needs | {one.said.skill_id for one in content.rules if one.said.skill_id is not None}


def items(content: TemplateContent) -> Iterable[TemplateNeedSaid | TemplateRuleSaid]:
    """Role needs, then team rules."""
    return [*content.needs, *content.rules]


def _judged(content: TemplateContent) -> TemplateContent:
    """The same by the schema's law. Raises ValidationError."""
    return TemplateContent.model_validate(content.model_dump())


def _plain(said: NeedSaid | TeamRuleSaid, schema: type[NeedSaid | TeamRuleSaid]) -> dict[str, object]:
    """What the schema knows of what was said: a form may say more."""
    return said.model_dump(include=set(schema.model_fields))


def _nothing(item: str) -> Any:
    raise LookupError(item)
