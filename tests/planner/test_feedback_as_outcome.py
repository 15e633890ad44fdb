"""What clients say as an outcome of teams: guarded below five answers, found where it is planted, chance elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date

import outcomes
import pytest
from pages import CheckedClient
from programs import Program
from scipy import stats
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from planner.models import CriterionProposal, Feedback, FeedbackSource, Person, Phase, Project, RoleName, Seat, User
from planner.schemas.outcomes_criteria import DecisionSaid
from planner.schemas.outcomes_feedback import FeedbackSaid
from planner.services.outcomes import association, criteria, feedback, proposals, teams
from planner.services.outcomes.guarding import FEWEST

FEEDBACK = "feedback"
WORDS = "They answer within the hour"
SUGGESTED = "how happy clients and users were"
DAY = date(2026, 3, 2)


def answers(phase: Phase, sentiments: Sequence[int]) -> list[Feedback]:
    """What clients said of the team of a phase."""
    return [
        Feedback(project=phase.project, phase=phase, text=WORDS, sentiment=one, source=FeedbackSource.SURVEY,
                 said_on=DAY)
        for one in sentiments
    ]  # fmt: skip


def phases(session: Session) -> list[Phase]:
    return list(session.scalars(select(Phase).order_by(Phase.id)))


def happy(session: Session, made: outcomes.Agency, place: int) -> None:
    """Seven answers of each team: the more of a work style its people have, the happier they are."""
    chance = random.Random(9)
    scores = [
        sum(person.styles[place].score for person in made.people[3 * n : 3 * n + 3]) / 3
        for n in range(len(made.projects))
    ]
    for phase, score in zip(phases(session), scores, strict=True):
        said = [min(5, max(1, round(2 * score - 3.4 + chance.gauss(0, 0.5)))) for _answer in range(7)]
        session.add_all(answers(phase, said))
    session.commit()


def outcomes_of(session: Session) -> dict[str, float]:
    return {team.name: team.outcome for team in teams.teams_of(session, FEEDBACK)}


def test_team_counts_from_the_fifth_answer_on(session: Session) -> None:
    outcomes.agency(session, 2)
    first, second = phases(session)
    session.add_all([*answers(first, [5, 4, 4, 4]), *answers(second, [1, 2, 2, 2, 2])])
    session.commit()
    assert outcomes_of(session) == {"Project 01: Run": 1.8}  # (1 + 2 + 2 + 2 + 2) / 5, by hand
    session.add_all(answers(first, [4]))
    session.commit()
    assert outcomes_of(session) == {"Project 00: Run": 4.2, "Project 01: Run": 1.8}


def test_where_no_team_has_five_answers_there_is_no_such_outcome(ops: CheckedClient, session: Session) -> None:
    outcomes.agency(session, 20)
    for phase in phases(session):
        session.add_all(answers(phase, [1, 5, 3, 2][: FEWEST - 1]))
    session.commit()
    assert FEEDBACK not in {key for key, _name, _num in teams.outcomes_known(session)}
    assert SUGGESTED not in ops.get("/outcomes/criteria").text


def test_each_answer_counts_once_and_few_of_a_team_count_for_its_project(session: Session) -> None:
    """Six answers of one team, two of another, three of their project: two cases, 4 and (2 × 1 + 3 × 2) / 5."""
    outcomes.agency(session, 1)
    (first,) = phases(session)
    second = Phase(key="after", name="After", duration=2, earliest_on=outcomes.STARTS, latest_on=outcomes.STARTS,
                   project=first.project)  # fmt: skip
    session.add_all([second, *answers(first, [4] * 6), *answers(second, [1, 1])])
    session.add_all(
        Feedback(project=first.project, text=WORDS, sentiment=2, source=FeedbackSource.MAIL, said_on=DAY)
        for _answer in range(3)
    )
    session.commit()
    _name, values = teams.SOURCES[FEEDBACK](session)[FEEDBACK]
    assert values == {(first.project_id, first.id): 4.0, (first.project_id, None): 1.6}


def test_what_is_said_of_a_seat_counts_for_its_team_and_what_is_of_no_project_for_none(
    session: Session, user: Callable[..., User]
) -> None:
    made = outcomes.agency(session, 1)
    seats, by = session.scalars(select(Seat).order_by(Seat.id)).all(), user(RoleName.OPERATIONS)
    about = [{"seat_id": seats[n % len(seats)].id} for n in range(5)] + [{"skill_id": made.skills[0].id}] * 7
    for n, where in enumerate(about):
        sentiment = 5 if n < 5 else 1
        said = FeedbackSaid(text=WORDS, sentiment=sentiment, said_on=DAY, **where)
        feedback.add_feedback(session, said, by=by)
    session.commit()
    assert outcomes_of(session) == {"Project 00: Run": 5.0}


def test_on_nothing_feedback_proposes_as_rarely_as_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of chance alone, five to nine of each of 20 teams, dealt anew for each of 200 whole reports."""
    monkeypatch.setattr(association, "DEALS", 999)
    outcomes.agency(session, 20)
    chance, num, wrong = random.Random(31), 200, 0
    for phase in phases(session):
        session.add_all(answers(phase, [3] * chance.randint(FEWEST, 9)))
    session.commit()
    idents = session.scalars(select(Feedback.id)).all()
    change = update(Feedback.__table__).where(Feedback.__table__.c.id == bindparam("ident"))
    change = change.values(sentiment=bindparam("said"))
    for _report in range(num):
        dealt = chance.choices((1, 2, 3, 4, 5), weights=(1, 2, 4, 6, 4), k=len(idents))
        session.connection().execute(
            change, [{"ident": ident, "said": one} for ident, one in zip(idents, dealt, strict=True)]
        )
        monkeypatch.setattr(criteria, "SEED", chance.randrange(10**6))
        found = criteria.report(session, FEEDBACK)
        assert found.num_teams == 20
        wrong += bool(found.found)
    assert wrong <= stats.binom.ppf(0.999, num, association.ERROR_RATE)
    assert wrong >= stats.binom.ppf(0.001, num, association.ERROR_RATE)  # nor is it silent by being blind


def test_what_clients_are_happier_with_is_found_and_offered(
    ops: CheckedClient, session: Session, user: Callable[..., User]
) -> None:
    made = outcomes.agency(session, 32)
    happy(session, made, 2)
    found = criteria.report(session, FEEDBACK)
    assert [line.key for line in found.found] == [f"style:{made.styles[2].id}"]
    by = user(RoleName.OPERATIONS)
    (proposal,) = proposals.make_proposals(session, FEEDBACK, "", by=by)
    proposals.decide(session, proposal, DecisionSaid(decision="accepted", reason="Clients say so"), 1, by=by)
    session.commit()
    assert (proposal.style_id, proposal.max) == (made.styles[2].id, 5.0)
    assert f"it went with “{SUGGESTED}”" in ops.get("/outcomes/proposals").text
    need = session.scalars(select(Seat)).first().need  # type: ignore[union-attr]
    assert f"went with “{SUGGESTED}” over 32 teams" in ops.get(f"/needs/{need.id}/edit").text


def test_metric_that_is_called_feedback_is_another_outcome(program: Program, session: Session) -> None:
    made = outcomes.agency(session, 16)
    happy(session, made, 0)
    session.execute(update(outcomes.Metric).values(name="Feedback"))
    session.commit()
    told = program.get("/criteria-and-outcomes").json
    assert {one["key"]: one["name"] for one in told["outcomes"]} == {
        "metric:share:up:feedback": "Feedback",
        FEEDBACK: SUGGESTED,
    }
    added = program.post("/criteria-and-outcomes/proposals", {"outcome": FEEDBACK})
    assert added.status_code == 201
    assert {one["outcome_key"] for one in added.json["items"]} <= {FEEDBACK}


def test_nobody_no_team_and_no_answer_is_shown(
    ops: CheckedClient, program: Program, session: Session, user: Callable[..., User]
) -> None:
    made = outcomes.agency(session, 32)
    happy(session, made, 2)
    assert proposals.make_proposals(session, FEEDBACK, "", by=user(RoleName.OPERATIONS))
    session.commit()
    shown = [ops.get(f"{path}?outcome=feedback").text for path in ("/outcomes/criteria", "/outcomes/criteria.csv")]
    shown += [ops.get("/outcomes/proposals").text, program.get("/criteria-and-outcomes?outcome=feedback").text]
    shown += [str(row.evidence) for row in session.scalars(select(CriterionProposal))]
    names = [*session.scalars(select(Person.name)), *session.scalars(select(Project.name)), WORDS]
    assert [name for name in names for text in shown if name in text] == []
    assert "A team counts with 5 answers and more" in shown[0]
    assert SUGGESTED in shown[1]


def test_few_teams_are_told_of_as_few_and_what_helps(ops: CheckedClient, session: Session) -> None:
    made = outcomes.agency(session, association.LEAST - 1)
    happy(session, made, 2)
    page = ops.get("/outcomes/criteria?outcome=feedback").text
    assert f"<b>15</b> of the <b>16</b> teams that it takes have “{SUGGESTED}”" in page
    assert "Ask the clients of more teams." in page
    assert "Style 2" not in page
