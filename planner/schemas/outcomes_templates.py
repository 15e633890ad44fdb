"""What may be said of team templates. What a template asks for is said by the schemas of role needs and team rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from planner.models import RuleKind
from planner.schemas.said import Id, LongText, Maybe, Meaning, Moment, Name, Said, Seen, ShortText
from planner.schemas.staffing_needs import MOST_LINES, NeedSaid
from planner.schemas.staffing_projects import Duration, ProjectSaid, TeamRuleSaid

NAMING_PEOPLE = (RuleKind.TOGETHER, RuleKind.APART)
Item = Annotated[str, StringConstraints(pattern=r"^[nr][1-9]\d{0,6}$")]


class TemplateNeedSaid(Said):
    """A role need of a template; `item` is what it is known by through all versions, empty for a new one."""

    item: Maybe[Item] = None
    said: NeedSaid


class TemplateRuleSaid(Said):
    """A team rule of a template, which names nobody."""

    item: Maybe[Item] = None
    said: TeamRuleSaid

    @field_validator("said")
    @classmethod
    def _names_nobody(cls, value: TeamRuleSaid) -> TeamRuleSaid:
        if value.rule in NAMING_PEOPLE:
            raise PydanticCustomError("template_names_nobody", "A template names no people.")
        return value


Items = Annotated[list[TemplateNeedSaid], Field(max_length=MOST_LINES)]
RuleItems = Annotated[list[TemplateRuleSaid], Field(max_length=MOST_LINES)]


class TemplateContent(Said):
    """What a template asks for, over a phase of so many periods; no window reaches beyond it."""

    duration: Duration = 8
    needs: Items = []
    rules: RuleItems = []

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        faults = [*_windows_beyond(self), *_items_twice(self)]
        if faults:
            raise ValidationError.from_exception_data(type(self).__name__, faults)
        return self


def _windows_beyond(content: TemplateContent) -> list[InitErrorDetails]:
    faults: list[InitErrorDetails] = []
    for n, need in enumerate(content.needs):
        for name in ("from_offset", "to_offset"):
            value = getattr(need.said, name)
            if value is not None and value > content.duration - (name == "from_offset"):
                words = PydanticCustomError("beyond_the_phase", "The phase of the template is shorter.")
                faults.append({"type": words, "loc": ("needs", n, "said", name), "input": value})
    return faults


def _items_twice(content: TemplateContent) -> list[InitErrorDetails]:
    faults: list[InitErrorDetails] = []
    seen: set[str] = set()
    named = {"needs": [row.item for row in content.needs], "rules": [row.item for row in content.rules]}
    for name, items in named.items():
        for n, item in enumerate(items):
            if item is not None and (item in seen or item[0] != name[0]):
                words = PydanticCustomError("said_twice", "This stands in another row already.")
                faults.append({"type": words, "loc": (name, n, "item"), "input": item})
            seen.add(item or "")
    return faults


class WhySaid(Said):
    """Why a template is changed, and what led to it: an idea, a proposal, an address."""

    reason: Meaning = ""
    because: ShortText = ""


class TemplateFacts(WhySaid):
    """What a template is called and for, and how long the phase is of which it speaks."""

    name: Name
    purpose: LongText = ""
    duration: Duration = 8


class TemplateSaid(TemplateContent, WhySaid):
    """A template, whole."""

    name: Name
    purpose: LongText = ""


class IdeaApplied(Said):
    """An accepted idea that changes a role need of a template, or adds one where no item is said."""

    idea_id: Id
    item: Maybe[Item] = None
    said: NeedSaid
    reason: Meaning = ""


class ProposalChecked(Said):
    """Which role needs of a template ask for what a proposal asks for, by item, and why."""

    items: Annotated[list[Item], Field(min_length=1, max_length=MOST_LINES)]
    reason: Meaning = ""


class ProposalApplied(ProposalChecked):
    """An accepted proposal that comes to role needs of a template."""

    proposal_id: Id


class TemplateNeedEdited(NeedSaid, WhySaid):
    """A role need of a template, and why it changes."""


class TemplateRuleEdited(TeamRuleSaid, WhySaid):
    """A team rule of a template, and why it changes."""

    @field_validator("rule")
    @classmethod
    def _names_nobody(cls, value: RuleKind) -> RuleKind:
        if value in NAMING_PEOPLE:
            raise PydanticCustomError("template_names_nobody", "A template names no people.")
        return value


class TemplateRemoval(WhySaid):
    """Why something of a template goes."""


class TakingSaid(Said):
    """A phase that is kept as a template; `achieved` is what its team achieved, in words."""

    name: Name
    purpose: LongText = ""
    achieved: LongText = ""


class UsingSaid(Said):
    """That a template is added to a phase; once more only where that is said."""

    template_id: Id
    is_again: bool = False


class UndoingSaid(Said):
    """That what a use of a template added shall go; there is nothing more to say."""


class BegunPhaseSaid(Said):
    """A phase that begins with a template; without a duration it lasts as long as the template says."""

    template_id: Id
    name: ShortText = ""
    duration: Maybe[Duration] = None


class BegunProjectSaid(ProjectSaid):
    """A project that begins with templates: its phases come one after the other from a start on."""

    starts_on: Moment
    phases: Annotated[list[BegunPhaseSaid], Field(min_length=1, max_length=20)]


class TemplateFactSeen(Seen):
    """What a team achieved from which a template was taken. Efforts in full-time periods, money in minor units."""

    project: str
    phase: str
    client: str
    starts_on: date
    ends_on: date
    num_seats: int
    num_filled: int
    planned_periods: float
    actual_periods: float | None
    planned_cost_minor: int | None
    cost_minor: int | None
    achieved: str
    taken_at: datetime
    by_name: str


class TemplateSeen(Seen):
    """A template as the API shows it, as its newest version has it."""

    id: int
    key: str
    version: int
    number: int
    name: str
    purpose: str
    duration: int
    needs: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    facts: list[TemplateFactSeen]


class TemplateVersionSeen(Seen):
    """A version of a template: what it asked for, and why it was made."""

    number: int
    duration: int
    needs: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    reason: str
    because: str
    idea_id: int | None
    proposal_id: int | None
    made_at: datetime
    by_name: str


class TemplateHistorySeen(Seen):
    """All versions of a template, the newest first."""

    items: list[TemplateVersionSeen]


class TemplateUseSeen(Seen):
    """A template that was added to a phase, with the ids of what it made; `gone` are skills and styles left out."""

    id: int
    version: int
    template_id: int
    number: int
    phase_id: int
    used_at: datetime
    undone_at: datetime | None
    need_ids: list[int]
    rule_ids: list[int]


class OriginSeen(Seen):
    """Which template a role need came from, and what that template says otherwise by now, field by field."""

    template_id: int
    template: str
    number: int
    newest: int
    is_gone: bool
    changed: dict[str, Any]
