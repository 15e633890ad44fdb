"""What may be said of a project, of a phase and of a team rule."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from planner.models import RULE_WEIGHT_LARGEST, CountKind, PersonKind, RuleKind
from planner.schemas.said import Id, LongText, Maybe, Minor, Moment, Name, Said, Seen, ShortText, Tag, Whole

DURATION_LARGEST = 100_000
Duration = Annotated[int, Field(ge=1, le=DURATION_LARGEST)]
Level = Annotated[int, Field(ge=0, le=100)]
Band = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
TeamCount = Annotated[int, Field(ge=0, le=1000)]
RuleWeight = Annotated[int, Field(ge=0, le=RULE_WEIGHT_LARGEST)]


class ProjectSaid(Said):
    """A project: whose it is, how important, and what it is worth."""

    name: Name
    client: ShortText = ""
    objective: LongText = ""
    kind: ShortText = ""
    pm_id: Maybe[Id] = None
    priority: Annotated[int, Field(ge=1, le=5)] = 3
    budget_minor: Maybe[Minor] = None
    reward: Whole = 0
    due_on: Maybe[Moment] = None
    late_penalty: Whole = 0
    is_all_or_nothing: bool = False


class ProjectSeen(Seen):
    """A project as the API shows it."""

    id: int
    key: str
    version: int
    name: str
    client: str
    objective: str
    kind: str
    pm_id: int | None
    priority: int
    budget_minor: int | None
    reward: int
    due_on: Moment | None
    late_penalty: int
    is_all_or_nothing: bool


class PhaseSaid(Said):
    """A phase: how long, when, and after which others. Without a latest start it is fixed."""

    name: Name
    duration: Duration
    earliest_on: Moment
    latest_on: Maybe[Moment] = None
    after_ids: Annotated[list[Id], Field(max_length=200)] = []

    @field_validator("latest_on")
    @classmethod
    def _is_not_before_earliest(cls, latest: Any, info: ValidationInfo) -> Any:
        earliest = info.data.get("earliest_on")
        if latest is not None and earliest is not None and latest < earliest:
            raise PydanticCustomError("latest_before_earliest", "The latest start is before the earliest.")
        return latest


class PhaseSeen(Seen):
    """A phase as the API shows it; fixed where both starts are the same."""

    id: int
    key: str
    version: int
    project_id: int
    name: str
    duration: int
    earliest_on: Moment
    latest_on: Moment
    after_ids: Annotated[list[int], BeforeValidator(lambda rows: [getattr(row, "before_id", row) for row in rows])] = (
        Field(validation_alias="after")
    )


def _missing() -> PydanticCustomError:
    return PydanticCustomError("missing", "Field required")


class TeamRuleSaid(Said):
    """A team rule. Its kind decides which fields count; the others are dropped. Without a weight it is hard."""

    rule: RuleKind
    of: Maybe[CountKind] = Field(default=None, validate_default=True)
    skill_id: Maybe[Id] = Field(default=None, validate_default=True)
    style_id: Maybe[Id] = Field(default=None, validate_default=True)
    tag: Maybe[Tag] = Field(default=None, validate_default=True)
    kind: Maybe[PersonKind] = Field(default=None, validate_default=True)
    level: Maybe[Level] = Field(default=None, validate_default=True)
    min: Maybe[Band] = Field(default=None, validate_default=True)
    max: Maybe[Band] = Field(default=None, validate_default=True)
    at_least: Maybe[TeamCount] = None
    at_most: Maybe[TeamCount] = Field(default=None, validate_default=True)
    person_ids: Annotated[list[Id], Field(max_length=60, validate_default=True)] = []
    weight: Maybe[RuleWeight] = None

    @field_validator("of", "skill_id", "style_id", "tag", "kind", "level", "min")
    @classmethod
    def _is_said_where_it_counts(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.field_name in _wanted(info.data):
            raise _missing()
        return value

    @field_validator("max")
    @classmethod
    def _is_a_band(cls, value: Any, info: ValidationInfo) -> Any:
        least = info.data.get("min")
        if info.data.get("rule") in (RuleKind.MEAN, RuleKind.SPREAD) and value is None and least is None:
            raise PydanticCustomError("band_is_open", "Say at least one end of the band.")
        if value is not None and least is not None and value < least:
            raise PydanticCustomError("band_upside_down", "The upper end is below the lower end.")
        return value

    @field_validator("at_most")
    @classmethod
    def _is_a_count(cls, value: Any, info: ValidationInfo) -> Any:
        least = info.data.get("at_least")
        if info.data.get("rule") is RuleKind.COUNT and value is None and least is None:
            raise PydanticCustomError("count_is_open", "Say at least one of the two numbers.")
        if value is not None and value < (least or 0):
            raise PydanticCustomError("at_most_below_at_least", "The most is below the least.")
        return value

    @field_validator("person_ids")
    @classmethod
    def _are_two_or_more(cls, value: Any, info: ValidationInfo) -> Any:
        if info.data.get("rule") in (RuleKind.TOGETHER, RuleKind.APART) and len(set(value)) < 2:
            raise PydanticCustomError("two_people_wanted", "Name at least two people.")
        return value

    @model_validator(mode="after")
    def _drop_what_does_not_count(self) -> Self:
        kept = COUNTING[self.rule] | (OF_FIELDS[self.of] if self.rule is RuleKind.COUNT and self.of else set())
        for name in set(TeamRuleSaid.model_fields) - kept - {"rule", "weight"}:
            setattr(self, name, [] if name == "person_ids" else None)
        return self


COUNTING = {
    RuleKind.COUNT: {"of", "at_least", "at_most"},
    RuleKind.TOGETHER: {"person_ids"},
    RuleKind.APART: {"person_ids"},
    RuleKind.MEAN: {"style_id", "min", "max"},
    RuleKind.SPREAD: {"style_id", "min", "max"},
}
OF_FIELDS = {
    CountKind.SKILL: {"skill_id", "level"},
    CountKind.STYLE: {"style_id", "min"},
    CountKind.TAG: {"tag"},
    CountKind.KIND: {"kind"},
}


def _wanted(said: dict[str, Any]) -> set[str]:
    """The fields that must be said, as far as the fields before them tell."""
    if said.get("rule") is RuleKind.COUNT:
        return OF_FIELDS[said["of"]] if said.get("of") is not None else {"of"}
    return {"style_id"} if said.get("rule") in (RuleKind.MEAN, RuleKind.SPREAD) else set()


class TeamRuleSeen(Seen):
    """A team rule as the API shows it."""

    id: int
    version: int
    phase_id: int
    rule: RuleKind
    of: CountKind | None
    skill_id: int | None
    style_id: int | None
    tag: str | None
    kind: PersonKind | None
    level: int | None
    min: float | None
    max: float | None
    at_least: int | None
    at_most: int | None
    person_ids: Annotated[list[int], BeforeValidator(lambda rows: [getattr(row, "person_id", row) for row in rows])] = (
        Field(validation_alias="people")
    )
    weight: int | None
