"""Experiments: add, edit, end; when a result is due, who looked before, and what it says of each arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import sqrt

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Experiment,
    ExperimentArm,
    ExperimentKind,
    ExperimentLook,
    ExperimentState,
    Project,
    User,
    folded,
    now,
    today,
)
from planner.schemas.outcomes_experiments import ExperimentSaid
from planner.services.editing import fill, fill_rows, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.outcomes import peeking, power
from planner.services.outcomes.metrics import require_past, require_place
from planner.services.outcomes.two_groups import (
    CONFIDENCE,
    Difference,
    Mean,
    Share,
    compare_means,
    compare_shares,
    holm,
)
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in

LEAST = 30  # in an arm, to say more of it than what was counted
PLAN = ("kind", "measure", "is_higher_better", "starts_on", "ends_on", "planned_num", "smallest_effect")
POINTS = 100  # percentage points in a whole share


class Verdict(StrEnum):
    """What can be said of an arm beside the control."""

    TOO_FEW = "too_few"
    NO_SPREAD = "no_spread"
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Compared:
    """An arm beside the control. `p` is Holm's over all arms, the interval holds for all arms together.

    `power` is the chance that what was collected had to find the smallest effect that matters; `num_needed` is how many
    each arm needs for a chance of four in five. `always` is the interval that holds however often one has looked.
    """

    arm: ExperimentArm
    verdict: Verdict
    difference: Difference | None = None
    p: float | None = None
    power: float | None = None
    num_needed: int | None = None
    always: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What an experiment shows: each arm beside the control, and what the looks before its end do to the error.

    `false_alarm` is the chance that one of the looks, or its end, shows a difference where there is none.
    """

    experiment: Experiment
    compared: Sequence[Compared]
    is_due: bool
    num_looks: int
    false_alarm: float | None

    @property
    def is_final(self) -> bool:
        """Whether nothing more is collected, or all that was planned is in."""
        return self.is_due or self.experiment.state is ExperimentState.ENDED


def add_experiment(session: Session, said: ExperimentSaid) -> Experiment:
    """Adds an experiment that runs. Raises Refused where its project or phase is not there, or it begins to come."""
    require_place(session, said.project_id, said.phase_id)
    _require_arms(said)
    experiment = fill(Experiment(), said, leave=("arms",))
    _fill_arms(experiment, said)
    session.add(experiment)
    session.flush()
    return experiment


def edit_experiment(session: Session, experiment: Experiment, said: ExperimentSaid, version: int | None) -> Experiment:
    """Edits an experiment that runs. Raises Stale, and Refused where it has ended.

    Once somebody has looked at a result that was not due, the plan stays: it would follow what was seen.
    """
    require_version(experiment, version)
    if experiment.state is ExperimentState.ENDED:
        raise Refused("experiment_has_ended")
    require_place(session, said.project_id, said.phase_id)
    _require_arms(said)
    if experiment.looks:
        _require_same_plan(experiment, said)
    fill(experiment, said, leave=("arms",))
    _fill_arms(experiment, said)
    touch(session, experiment)
    return experiment


def end_experiment(session: Session, experiment: Experiment, ended_on: date, version: int | None) -> Experiment:
    """Says that nothing more is collected. Raises Stale, and Refused where it has ended or the day cannot be."""
    require_version(experiment, version)
    if experiment.state is ExperimentState.ENDED:
        raise Refused("experiment_has_ended")
    require_past(ended_on, "ended_on")
    if ended_on < experiment.starts_on:
        raise Refused("ends_before_it_began", field="ended_on")
    experiment.state, experiment.ended_on = ExperimentState.ENDED, ended_on
    session.flush()
    return experiment


def reopen_experiment(session: Session, experiment: Experiment, version: int | None, *, by: User) -> Experiment:
    """Lets an experiment go on; what its end has shown counts as a look. Raises Stale, Refused where it runs."""
    require_version(experiment, version)
    if experiment.state is ExperimentState.RUNNING:
        raise Refused("experiment_runs")
    experiment.state, experiment.ended_on = ExperimentState.RUNNING, None
    session.flush()
    if not is_due(experiment):
        _look(session, experiment, by)
    return experiment


def look(session: Session, experiment: Experiment, *, by: User) -> ExperimentLook | None:
    """Counts a look at a result that is not due yet; None where anybody may read it anyhow."""
    session.refresh(experiment, with_for_update=True)
    if experiment.state is ExperimentState.ENDED or is_due(experiment):
        return None
    return _look(session, experiment, by)


def is_due(experiment: Experiment) -> bool:
    """Whether all that was planned is reached: the day, the number in every arm."""
    is_over = experiment.ends_on is None or experiment.ends_on <= today()
    wanted = experiment.planned_num
    return is_over and (wanted is None or all(arm.num >= wanted for arm in experiment.arms))


def is_open(experiment: Experiment) -> bool:
    """Whether the result may be read: it is due, all is over, or somebody has looked at these very data."""
    is_over = experiment.state is ExperimentState.ENDED or is_due(experiment)
    return is_over or num_collected(experiment) in {one.num for one in experiment.looks}


def num_collected(experiment: Experiment) -> int:
    """How many all arms have."""
    return sum(arm.num for arm in experiment.arms)


def result(experiment: Experiment) -> Result:
    """What an experiment shows so far."""
    control, *others = experiment.arms
    compared = [_compared(experiment, arm, control, len(others)) for arm in others]
    judged = [one for one in compared if one.difference is not None]
    ps = iter(holm([one.difference.p for one in judged if one.difference is not None]))
    settled = [_settled(experiment, one, next(ps)) if one.difference is not None else one for one in compared]
    false_alarm = peeking.false_alarm(_looked_at(experiment)) if experiment.looks else None
    return Result(experiment, settled, is_due(experiment), sum(one.times for one in experiment.looks), false_alarm)


def _looked_at(experiment: Experiment) -> list[int]:
    """How much was collected at each look, at this one, and will be at the end that is planned."""
    found = [*(one.num for one in experiment.looks), num_collected(experiment)]
    if experiment.state is ExperimentState.RUNNING and experiment.planned_num is not None:
        found.append(max(found[-1], experiment.planned_num * len(experiment.arms)))
    return found


def page_of_experiments(session: Session, query: Query) -> Page[Experiment]:
    """The experiments, as the URL asks for them."""
    return paged(
        session,
        select(Experiment)
        .join(Project, Project.id == Experiment.project_id)
        .options(joinedload(Experiment.project), selectinload(Experiment.arms), selectinload(Experiment.looks)),
        query,
        sorts={
            "name": folded(Experiment.name),
            "project": folded(Project.name),
            "start": Experiment.starts_on,
            "end": Experiment.ends_on,
            "id": Experiment.id,
        },
        default="id",
        search=(Experiment.name, Experiment.measure, Project.name, Experiment.hypothesis),
        filters={
            "project_id": lambda found, value: found.where(Experiment.project_id == id_in(value)),
            "state": lambda found, value: found.where(cast(Experiment.state, String) == value),
        },
    )


def experiments_of(session: Session, project: Project) -> list[Experiment]:
    """The experiments of a project, the newest first."""
    statement = select(Experiment).where(Experiment.project_id == project.id)
    return list(session.scalars(statement.order_by(Experiment.starts_on.desc(), Experiment.id)))


def _compared(experiment: Experiment, arm: ExperimentArm, control: ExperimentArm, num_others: int) -> Compared:
    confidence = 1 - (1 - CONFIDENCE) / num_others  # of each interval, so that all of them hold together
    if min(arm.num, control.num) < LEAST:
        return Compared(arm, Verdict.TOO_FEW)
    try:
        if experiment.kind is ExperimentKind.SHARE:
            difference = compare_shares(_share(arm), _share(control), confidence)
        else:
            difference = compare_means(_mean(arm), _mean(control), confidence)
    except ValueError:
        return Compared(arm, Verdict.NO_SPREAD)
    found, needed = _power(experiment, arm, control, confidence)
    always = _always(experiment, arm, control, difference, confidence)
    return Compared(arm, Verdict.UNCLEAR, difference, difference.p, found, needed, always)


def _settled(experiment: Experiment, one: Compared, p: float) -> Compared:
    """With its p for the whole family, and what follows from that."""
    if p > 1 - CONFIDENCE or one.difference is None:
        return replace(one, p=p)
    is_better = (one.difference.value > 0) is experiment.is_higher_better
    return replace(one, p=p, verdict=Verdict.BETTER if is_better else Verdict.WORSE)


def _power(
    experiment: Experiment, arm: ExperimentArm, control: ExperimentArm, confidence: float
) -> tuple[float | None, int | None]:
    """The chance that there was, and the number in each arm that it takes; nothing where no effect was said."""
    if experiment.smallest_effect is None:
        return None, None
    if experiment.kind is ExperimentKind.MEAN:
        spreads = arm.spread or 0.0, control.spread or 0.0
        effect = experiment.smallest_effect
        return (
            power.power_of_means(*spreads, effect, arm.num, control.num, confidence),
            power.sample_for_means(*spreads, effect, confidence),
        )
    effect = experiment.smallest_effect / POINTS * (1 if experiment.is_higher_better else -1)
    rate = _share(control).rate
    if not 0 <= rate + effect <= 1:
        return None, None
    return (
        power.power_of_shares(rate, effect, arm.num, control.num, confidence),
        power.sample_for_shares(rate, effect, confidence),
    )


def _always(
    experiment: Experiment, arm: ExperimentArm, control: ExperimentArm, difference: Difference, confidence: float
) -> tuple[float, float] | None:
    """The interval that holds however often one has looked; it wants the smallest effect, fixed before."""
    if experiment.smallest_effect is None:
        return None
    if experiment.kind is ExperimentKind.MEAN:
        error = sqrt(sum((one.spread or 0.0) ** 2 / one.num for one in (arm, control)))
        return peeking.always_valid(difference.value, error, experiment.smallest_effect, confidence)
    # one success and one failure more in each arm: where nobody or everybody did, the plain error would be none
    shares = [((one.successes or 0) + 1) / (one.num + 2) for one in (arm, control)]
    error = sqrt(sum(rate * (1 - rate) / one.num for rate, one in zip(shares, (arm, control), strict=True)))
    return peeking.always_valid(difference.value, error, experiment.smallest_effect / POINTS, confidence)


def _share(arm: ExperimentArm) -> Share:
    return Share(arm.successes or 0, arm.num)


def _mean(arm: ExperimentArm) -> Mean:
    return Mean(arm.mean or 0.0, arm.spread or 0.0, arm.num)


def _look(session: Session, experiment: Experiment, by: User) -> ExperimentLook:
    num = num_collected(experiment)
    found = next((one for one in experiment.looks if one.num == num), None)
    if found is None:
        found = ExperimentLook(num=num, first_by=by.name)
        experiment.looks.append(found)
    else:
        found.times, found.last_at = found.times + 1, now()
    session.flush()
    return found


def _require_arms(said: ExperimentSaid) -> None:
    """Raises Refused where an arm that has collected something does not say what its experiment compares."""
    is_share = said.kind is ExperimentKind.SHARE
    for place, arm in enumerate(said.arms):
        wanted = ("successes",) if is_share else ("mean", "spread")
        for name in ("successes", "mean", "spread"):
            value = getattr(arm, name)
            if value is not None and name not in wanted:
                raise Refused(f"arm_of_{said.kind}s", field=f"arms.{place}.{name}")
            if value is None and name in wanted and arm.num > 0:
                raise Refused(f"arm_of_{said.kind}s", field=f"arms.{place}.{name}")


def _require_same_plan(experiment: Experiment, said: ExperimentSaid) -> None:
    for name in PLAN:
        if getattr(experiment, name) != getattr(said, name):
            raise Refused("plan_was_looked_at", field=name)
    if [arm.name for arm in experiment.arms] != [arm.name for arm in said.arms]:
        raise Refused("plan_was_looked_at", field="arms.0.name")


def _fill_arms(experiment: Experiment, said: ExperimentSaid) -> None:
    fill_rows(experiment.arms, said.arms, ExperimentArm, by="name")
    places = {arm.name: place for place, arm in enumerate(said.arms)}
    for arm in experiment.arms:
        arm.position = places[arm.name]
    experiment.arms.sort(key=lambda arm: arm.position)
