"""What may be said of a scenario: its name, with whom it is shared, what is otherwise in it, what is merged back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.models import RoleName, SubjectKind, SubjectState
from planner.schemas.account import LimitsSaid
from planner.schemas.planning_plans import WeightsSaid
from planner.schemas.said import Id, LongText, Maybe, Name, Said, Seen

MOST_CHANGES = 1000
MOST_PARTS = 20_000
MOST_SHARES = 500
Part = Annotated[str, StringConstraints(pattern=r"^[cs][0-9]{1,12}$")]
Plain = str | bool | int | float | list[Any] | dict[str, Any] | None  # as JSON says it
Roles = Annotated[list[RoleName], Field(max_length=len(RoleName))]
Users = Annotated[list[Id], Field(max_length=MOST_SHARES)]


class ChangeSaid(Said):
    """Something that is otherwise in a scenario: fields of what is there, something new whole, or something left out.

    `fields` bear the names under which the same is said of what is there; those that are not named stay. `id` is left
    out for the workspace and for what is new; `parent_id` is the project of a new phase, the phase of a new role need
    or team rule.
    """

    kind: SubjectKind
    id: Maybe[Id] = None
    state: SubjectState = Field(default=SubjectState.CHANGED, validate_default=True)
    parent_id: Maybe[Id] = Field(default=None, validate_default=True)
    fields: dict[str, Any] = {}

    @field_validator("state")
    @classmethod
    def _is_possible(cls, state: SubjectState, info: ValidationInfo) -> SubjectState:
        if info.data.get("kind") is SubjectKind.WORKSPACE and state is not SubjectState.CHANGED:
            raise PydanticCustomError("workspace_stays", "The workspace can only be changed.")
        if state is not SubjectState.ADDED and info.data.get("kind") is not SubjectKind.WORKSPACE:
            _require(info.data.get("id"))
        return state

    @field_validator("parent_id")
    @classmethod
    def _stands_below(cls, parent_id: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("state") is SubjectState.ADDED and info.data.get("kind") in BELOW:
            _require(parent_id)
        return parent_id


class FieldsSaid(Said):
    """Fields of something that are otherwise in a scenario, under the names under which the same is said elsewhere."""

    fields: dict[str, Any] = {}

    def as_change(
        self, kind: SubjectKind, *, ident: int | None = None, state: SubjectState = SubjectState.CHANGED
    ) -> ChangeSaid:
        """The change that this is of something."""
        return ChangeSaid(kind=kind, id=ident, state=state, fields=self.fields)


class AddedSaid(FieldsSaid):
    """Something new, whole; `parent_id` is the project of a phase, the phase of a role need or of a team rule."""

    parent_id: Maybe[Id] = None

    def as_change(
        self, kind: SubjectKind, *, ident: int | None = None, state: SubjectState = SubjectState.ADDED
    ) -> ChangeSaid:
        """The change that this is."""
        return ChangeSaid(kind=kind, id=ident, state=state, parent_id=self.parent_id, fields=self.fields)


class PartsSaid(Said):
    """Parts of a scenario, by the names under which its changes are shown."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=MOST_PARTS)]


BELOW = (SubjectKind.PHASE, SubjectKind.NEED, SubjectKind.RULE)


def _require(value: int | None) -> None:
    if value is None:
        raise PydanticCustomError("missing", "Field required")


class ScenarioSaid(Said):
    """A scenario: its name, and what it is to find out."""

    name: Name
    note: LongText = ""


class ScenarioBegun(ScenarioSaid):
    """A scenario that begins with some changes."""

    changes: Annotated[list[ChangeSaid], Field(max_length=MOST_CHANGES)] = []


class SharesSaid(Said):
    """With whom a scenario is shared: who may see it, and who may change it as well, by role and by name."""

    see_roles: Roles = []
    edit_roles: Roles = []
    see_user_ids: Users = []
    edit_user_ids: Users = []


class RulesSaid(Said):
    """What counts how much in a scenario, and what no plan of it may go beyond."""

    weights: WeightsSaid = WeightsSaid()
    limits: LimitsSaid = LimitsSaid()


class MergeSaid(Said):
    """What of a scenario becomes true, and what is dropped because what is there shall stay; the rest stays in it.

    `seen` is the mark of the comparison that was read: if anything has moved on since, nothing is merged.
    """

    seen: Annotated[str, StringConstraints(min_length=8, max_length=64)]
    take: Annotated[list[Part], Field(max_length=MOST_PARTS)] = []
    drop: Annotated[list[Part], Field(max_length=MOST_PARTS)] = []


class FieldSeen(Seen):
    """A field that is otherwise: what it was when it was changed, what it is here, what it is by now."""

    part: str
    field: str
    then: Plain
    here: Plain
    now: Plain
    standing: str
    by_name: str
    at: datetime


class SubjectSeen(Seen):
    """What a scenario says something about; `said` is what it says of what is new, `fields` what is otherwise."""

    part: str
    kind: SubjectKind
    id: int
    state: SubjectState
    title: str
    parent_id: int | None
    version: int
    standing: str
    said: dict[str, Any] | None
    fields: list[FieldSeen]


class SubjectHereSeen(Seen):
    """Something as a scenario has it (null where it is left out), beside what is there (null where only it has it)."""

    kind: SubjectKind
    id: int
    state: SubjectState
    parent_id: int | None
    version: int
    there: dict[str, Any] | None
    here: dict[str, Any] | None


class ScenarioSeen(Seen):
    """A scenario as the API shows it. `num_subjects` counts what it says something about."""

    id: int
    version: int
    name: str
    note: str
    owner_id: int | None
    num_subjects: int
    is_shared: bool
    see_roles: list[RoleName]
    edit_roles: list[RoleName]
    see_user_ids: list[int]
    edit_user_ids: list[int]
    created_at: datetime
    changed_at: datetime


class ComparisonSeen(Seen):
    """All that a scenario says, beside what is there; `seen` is the mark that a merge must carry."""

    seen: str
    num_conflicts: int
    subjects: list[SubjectSeen]


class ColumnSeen(Seen):
    """A scenario, or what is there (`scenario_id` is null), with its plan's figures; points by term, cost in units."""

    scenario_id: int | None
    name: str
    plan_id: int | None
    plan_number: int | None
    objective: int | None
    num_seats: int
    num_filled: int
    num_hires: int
    cost: int
    terms: dict[str, int]


class SeatHeldSeen(Seen):
    """A seat that not every plan gives to the same person: who holds it in each, null where it is open or not asked."""

    seat: str
    title: str
    project: str
    phase: str
    holders: list[str | None]


class SideBySideSeen(Seen):
    """Up to four scenarios side by side: their figures, and the seats that differ."""

    columns: list[ColumnSeen]
    seats: list[SeatHeldSeen]
    num_same: int
