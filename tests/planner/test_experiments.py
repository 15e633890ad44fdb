"""Experiments: the plan comes first, the result when it is due; who looks before is counted, few say nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import rows
from pages import CheckedClient
from programs import Program
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import Experiment, ExperimentArm, ExperimentLook, ExperimentState, Project, RoleName, User, today
from planner.schemas.outcomes_experiments import ExperimentSaid
from planner.services.outcomes import experiments, peeking
from planner.services.outcomes.experiments import Verdict
from planner.services.outcomes.two_groups import Method
from planner.services.refused import Refused, Stale
from planner.words.outcomes_metrics import compared_sentence


@pytest.fixture
def project(session: Session) -> Project:
    project = Project(key="j1", name="Relaunch")
    session.add(project)
    session.commit()
    return project


def counted(*arms: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"name": f"Arm {n}", "num": num, "successes": hits} for n, (num, hits) in enumerate(arms)]


def averaged(*arms: tuple[int, float, float]) -> list[dict[str, Any]]:
    return [{"name": f"Arm {n}", "num": num, "mean": mean, "spread": sd} for n, (num, mean, sd) in enumerate(arms)]


def said(project: Project, arms: list[dict[str, Any]], **changes: Any) -> ExperimentSaid:
    plain = {
        "project_id": project.id, "name": "A shorter form", "measure": "orders per visitor", "kind": "share",
        "starts_on": date(2026, 1, 5), "planned_num": 4000, "smallest_effect": 1.0, "arms": arms,
    }  # fmt: skip
    return ExperimentSaid.model_validate({**plain, **changes})


def refused(verb: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        verb()
    return caught.value.code, caught.value.field


def test_result_says_difference_interval_p_power_and_what_it_takes(session: Session, project: Project) -> None:
    made = experiments.add_experiment(session, said(project, counted((4186, 172), (4203, 231))))
    found = experiments.result(made)
    (one,) = found.compared
    assert one.difference is not None
    assert one.verdict is Verdict.BETTER
    assert one.difference.method is Method.Z
    assert one.p == one.difference.p < 0.01
    assert one.power is not None
    assert 0.5 < one.power < 0.7
    assert one.num_needed is not None
    assert 6000 < one.num_needed < 7500
    assert found.is_final
    sentence = compared_sentence(made, one)
    assert sentence.startswith("“Arm 1” does better than “Arm 0” on orders per visitor: +1.39 points")


def test_more_may_be_worse(session: Session, project: Project) -> None:
    made = experiments.add_experiment(session, said(project, counted((4186, 172), (4203, 231)), is_higher_better=False))
    assert experiments.result(made).compared[0].verdict is Verdict.WORSE


def test_several_arms_are_judged_together(session: Session, project: Project) -> None:
    """One arm of five that looks significant alone (p = 0.03) is not, once all five are counted."""
    arms = counted((1000, 100), (1000, 131), (1000, 100), (1000, 101), (1000, 99), (1000, 98))
    made = experiments.add_experiment(session, said(project, arms, planned_num=1000))
    first = experiments.result(made).compared[0]
    assert first.difference is not None
    assert first.p is not None
    assert first.difference.p < 0.05 < first.p
    assert first.p == pytest.approx(5 * first.difference.p, abs=1e-12)
    assert first.verdict is Verdict.UNCLEAR
    assert first.difference.low < 0  # nor does its interval, which holds for all five


def test_of_few_nothing_is_said_but_counts(ops: CheckedClient, session: Session, project: Project) -> None:
    arms = counted((29, 2), (400, 40))
    made = experiments.add_experiment(session, said(project, arms, planned_num=20))
    session.commit()
    (one,) = experiments.result(made).compared
    assert (one.verdict, one.difference, one.p, one.power) == (Verdict.TOO_FEW, None, None, None)
    page = ops.get(f"/experiments/{made.id}").text
    assert "nothing is said of fewer than 30" in page
    assert "6.9" not in page  # 2 of 29, in percent


def test_without_any_scatter_there_is_nothing_to_compare_with(session: Session, project: Project) -> None:
    made = experiments.add_experiment(
        session, said(project, averaged((40, 5, 0), (40, 4, 0)), kind="mean", planned_num=40)
    )
    (one,) = experiments.result(made).compared
    assert (one.verdict, one.difference) == (Verdict.NO_SPREAD, None)
    assert "Nothing scatters" in compared_sentence(made, one)


def test_means_are_judged_by_welch(session: Session, project: Project) -> None:
    arms = averaged((200, 12.0, 4.0), (180, 13.5, 5.0))
    made = experiments.add_experiment(session, said(project, arms, kind="mean", planned_num=150))
    (one,) = experiments.result(made).compared
    assert one.difference is not None
    assert (one.difference.method, one.verdict) == (Method.WELCH, Verdict.BETTER)
    assert one.power is not None
    assert one.num_needed is not None
    assert 0 < one.power < 1


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({"planned_num": 100}, True),
        ({"planned_num": 101}, False),
        ({"planned_num": None, "ends_on": today()}, True),
        ({"planned_num": None, "ends_on": today() + timedelta(days=1)}, False),
        ({"planned_num": 100, "ends_on": today() + timedelta(days=1)}, False),
        ({"planned_num": 101, "ends_on": today()}, False),
    ],
)
def test_result_waits_for_all_that_was_planned(
    session: Session, project: Project, changes: dict[str, Any], is_due: bool
) -> None:
    made = experiments.add_experiment(session, said(project, counted((100, 10), (120, 20)), **changes))
    assert (experiments.is_due(made), experiments.is_open(made)) == (is_due, is_due)


def chance_of(*nums: int) -> str:
    return f"with a chance of {round(100 * peeking.false_alarm(nums), 2):g}\u00a0%, not 5 %."


def test_looking_is_counted_shown_to_all_and_what_it_does_is_said(
    ops: CheckedClient, session: Session, project: Project
) -> None:
    made = experiments.add_experiment(session, said(project, counted((1000, 100), (1000, 140))))
    session.commit()
    path = f"/experiments/{made.id}"
    waiting = ops.get(path).text
    assert "The result waits until then" in waiting
    assert "+4" not in waiting
    assert "does better" not in ops.get("/experiments").text
    for _again in range(2):
        assert ops.send(f"{path}/look", page=path).status_code == 303
    seen = ops.get(path).text
    assert '<td class="num">+4</td>' in seen
    assert "Somebody looked at the result 2 times before it was due." in seen
    assert chance_of(2000, 8000) in seen  # twice at the same data is once, and its end is still to come
    session.expire_all()
    arms = counted((2000, 200), (2000, 260))
    experiments.edit_experiment(session, made, said(project, arms), made.version)
    session.commit()
    assert "The result waits until then" in ops.get(path).text
    ops.send(f"{path}/look", page=path)
    assert chance_of(2000, 4000, 8000) in ops.get(path).text
    session.expire_all()
    assert [(one.num, one.times) for one in session.scalars(select(ExperimentLook))] == [(2000, 2), (4000, 1)]
    assert "Intervals that hold however often one looks:" in ops.get(path).text


def test_plan_stays_once_somebody_has_looked(session: Session, project: Project, user: Callable[..., User]) -> None:
    arms = counted((1000, 100), (1000, 140))
    made = experiments.add_experiment(session, said(project, arms))
    experiments.look(session, made, by=user(RoleName.OPERATIONS))
    for name, value in (("planned_num", 1000), ("smallest_effect", 3.0), ("measure", "clicks"),
                        ("is_higher_better", False), ("ends_on", today())):  # fmt: skip
        wrong = said(project, arms, **{name: value})
        found = refused(lambda wrong=wrong: experiments.edit_experiment(session, made, wrong, made.version))
        assert found == ("plan_was_looked_at", name)
    more = counted((1100, 100), (1100, 140), (10, 1))
    assert refused(lambda: experiments.edit_experiment(session, made, said(project, more), made.version)) == (
        "plan_was_looked_at", "arms.0.name",
    )  # fmt: skip
    experiments.edit_experiment(session, made, said(project, more[:2], name="Renamed"), made.version)


def test_experiment_ends_stays_as_it_is_and_goes_on_with_a_look(
    session: Session, project: Project, user: Callable[..., User]
) -> None:
    made = experiments.add_experiment(session, said(project, counted((1000, 100), (1000, 140))))
    assert refused(lambda: experiments.end_experiment(session, made, date(2026, 1, 4), 1)) == (
        "ends_before_it_began", "ended_on",
    )  # fmt: skip
    late = today() + timedelta(days=1)
    assert refused(lambda: experiments.end_experiment(session, made, late, 1)) == ("day_is_to_come", "ended_on")
    with pytest.raises(Stale):
        experiments.end_experiment(session, made, today(), 9)
    experiments.end_experiment(session, made, today(), 1)
    assert experiments.is_open(made)
    assert refused(lambda: experiments.edit_experiment(session, made, said(project, counted((1, 1), (1, 1))), 2))[
        0
    ] == ("experiment_has_ended")
    experiments.reopen_experiment(session, made, made.version, by=user(RoleName.OPERATIONS, name="Olga"))
    assert made.state is ExperimentState.RUNNING
    assert [(one.num, one.first_by) for one in made.looks] == [(2000, "Olga")]


def test_looking_at_what_is_due_is_no_look(session: Session, project: Project, user: Callable[..., User]) -> None:
    made = experiments.add_experiment(session, said(project, counted((100, 10), (120, 20)), planned_num=100))
    assert experiments.look(session, made, by=user(RoleName.OPERATIONS)) is None
    assert made.looks == []


@pytest.mark.parametrize("arms", [[], counted((10, 1)), counted(*[(10, 1)] * 7)])
def test_two_to_six_arms_are_compared(project: Project, arms: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="arms"):
        said(project, arms)


def test_one_arm_is_refused_in_words_at_both_doors(
    ops: CheckedClient, program: Program, session: Session, project: Project
) -> None:
    plain = said(project, counted((10, 1), (10, 2))).model_dump(mode="json")
    told = program.post("/experiments", {**plain, "arms": plain["arms"][:1]})
    words = "Compare two at least: the control, and what is tried."
    assert (told.status_code, told.json["errors"][0]["message"]) == (422, words)
    typed = {
        "name": "One", "project_id": str(project.id), "measure": "orders", "kind": "share", "planned_num": "10",
        "starts_on": "2026-01-05", "arms-0-name": "A", "arms-0-num": "10", "arms-0-successes": "1",
    }  # fmt: skip
    answer = ops.send("/experiments/add", typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(Experiment)).all() == []


@pytest.mark.parametrize(
    "arm", [{"num": -1}, {"num": 1, "successes": 2}, {"num": 1, "successes": -1}, {"num": 1, "spread": -0.5}]
)
def test_database_itself_refuses_what_cannot_be(session: Session, arm: dict[str, float]) -> None:
    experiment = rows.world(session)["experiment"]
    session.add(ExperimentArm(experiment_id=experiment.id, position=5, name="C", **arm))
    with pytest.raises(IntegrityError):
        session.flush()


def test_program_reads_a_result_only_when_it_is_due_or_looks(
    program: Program, session: Session, project: Project
) -> None:
    made = experiments.add_experiment(session, said(project, counted((1000, 100), (1000, 140))))
    session.commit()
    path = f"/experiments/{made.id}"
    assert program.get(f"{path}/result").json["code"] == "result_is_not_due"
    looked = program.post(f"{path}/look").json
    assert (looked["num_looks"], looked["is_final"]) == (1, False)
    (one,) = program.get(f"{path}/result").json["compared"]
    assert one["verdict"] == "better"
    assert one["method"] == "z"
    assert one["difference"] == pytest.approx(0.04, abs=1e-12)
    assert one["always_low"] < one["low"] < 0.04 < one["high"] < one["always_high"]
    assert one["sentence"].startswith("“Arm 1” does better")
    version = program.get(path).json["version"]
    ended = program.post(f"{path}/end", {"ended_on": "2026-02-02"}, version=version)
    assert (ended.status_code, ended.json["state"]) == (200, "ended")
    again = program.post(f"{path}/reopen", version=ended.json["version"])
    assert (again.status_code, again.json["state"]) == (200, "running")


def test_csv_holds_back_what_waits_and_is_inert(ops: CheckedClient, session: Session, project: Project) -> None:
    arms = [{"name": "=A1", "num": 1000, "successes": 111}, {"name": "+B", "num": 1000, "successes": 140}]
    made = experiments.add_experiment(session, said(project, arms))
    session.commit()
    path = f"/experiments/{made.id}"
    before = ops.get(f"{path}/result.csv").data.decode("utf-8-sig")
    assert "'=A1,1000" in before
    assert "111" not in before
    ops.send(f"{path}/look", page=path)
    assert "'=A1,1000,111" in ops.get(f"{path}/result.csv").data.decode("utf-8-sig")


def test_arms_are_added_and_taken_away_without_a_script(ops: CheckedClient, project: Project) -> None:
    typed = {"name": "Three", "project_id": str(project.id), "kind": "share", "arms-0-name": "A", "arms-1-name": "B"}
    more = ops.send("/experiments/add", {**typed, "add_row": "arms"})
    assert 'name="arms-2-name"' in more.text
    fewer = ops.send("/experiments/add", {**typed, "arms-2-name": "C", "remove_row": "arms-1"})
    assert 'name="arms-2-name"' not in fewer.text
    assert 'value="C"' in fewer.text
