"""What a plan is asked for: horizon, projects, people, aims and limits; and what each preset weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from planner.models import PersonKind, Preset, Stage
from solver.problem import Limits, Weights

CONSIDERED = frozenset(stage for stage in Stage if stage.is_considered)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked of one plan; what is None is the workspace's own.

    Parameters
    ----------
    title
        What the plan is called.
    starts_on, num_periods
        The horizon: from the period in which the day lies, so many periods on.
    project_ids
        The projects to plan; all where it is None. What people are booked for elsewhere is taken off their capacity.
    person_ids
        The people to consider; where it is None, everyone of these `kinds`. Whoever is agreed on for a seat of the
        plan is always considered; a candidate never is whose stage is none of `stages`.
    preset, weights
        What the plan aims at; weights that are said stand instead of the preset's.
    limits
        `max_hires`, `hire_budget`, `budget` (whole units of money), `max_changes`.
    is_growth
        Whether people gain levels by doing.
    time_limit_s, seed, is_reproducible
        How the solver searches; a reproducible search gives the same plan to the same question.
    keeps_bookings
        Whether agreed allocations must stay; else leaving them only costs points, as leaving any plan in force does.
    follows
        The number of a plan to go on from: what was put there by hand is kept unless something better is found.
    replans
        The id of the plan whose seats are in force for this one, and may change at most `max_changes` times.
    """

    title: str = ""
    starts_on: date | None = None
    num_periods: int | None = None
    project_ids: frozenset[int] | None = None
    person_ids: frozenset[int] | None = None
    kinds: frozenset[PersonKind] = frozenset(PersonKind)
    stages: frozenset[Stage] = CONSIDERED
    preset: Preset = Preset.FILL
    weights: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int | None] = field(default_factory=dict)
    is_growth: bool | None = None
    time_limit_s: int = 20
    seed: int = 1
    is_reproducible: bool = False
    keeps_bookings: bool = True
    follows: int | None = None
    replans: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The request as a plan keeps it."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> PlanRequest:
        """The request that a plan kept; a key that is not known any more is passed over."""
        known = {slot.name for slot in fields(cls)}
        values = {name: _READERS.get(name, _same)(value) for name, value in said.items() if name in known}
        return cls(**values)


def weights_of(preset: Preset, usual: Mapping[str, int] | None = None) -> Weights:
    """What a preset weighs, from the workspace's usual weights on.

    - *fill* is the usual weights.
    - *teams* counts fit, work style and wishes five times as much: at best they are then worth as much as filling.
    - *cost* is the second of two stages. The first fills as *fill* would; the second starts from that plan, counts
      nothing but seats, money and what rules and rewards say, and fills at a hundred times the usual weight: leaving
      a full-time period open must save money for 100 usual ones. The stages are compared in `solver`'s own points
      and the second is only taken where it fills as much (`fill_of`), so that the promise does not rest on the ratio.
    - *changes* makes a full-time period that changes hands cost more than ten periods of the highest priority bring.
    """
    weights = Weights(**(usual or {}))
    if preset is Preset.TEAMS:
        return replace(
            weights, **{name: _bounded(5 * getattr(weights, name)) for name in ("fit", "style", "preference")}
        )
    if preset is Preset.COST:
        return replace(weights, fill=_bounded(100 * weights.fill), fit=0, style=0, preference=0)
    if preset is Preset.CHANGES:
        return replace(weights, change=_bounded(max(50 * weights.fill, 10 * weights.change)))
    return weights


def limits_of(said: Mapping[str, int | None]) -> Limits:
    """Limits as the solver takes them; what is None or missing is no limit."""
    return Limits(**said)


def _bounded(weight: int) -> int:
    return min(weight, 10**6)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _same(value: Any) -> Any:
    return value


def _set_or_none(value: Any) -> Any:
    return frozenset(value) if value is not None else None


_READERS: Mapping[str, Any] = {
    "starts_on": lambda value: date.fromisoformat(value) if value else None,
    "project_ids": _set_or_none,
    "person_ids": _set_or_none,
    "kinds": lambda value: frozenset(PersonKind(kind) for kind in value),
    "stages": lambda value: frozenset(Stage(stage) for stage in value),
    "preset": Preset,
}
