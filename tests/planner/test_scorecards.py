"""Scorecards: the requisition's own criteria, each rater by themselves, and what is agreed on in the profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from corridor import Corridor, corridor
from pages import CheckedClient
from sqlalchemy.orm import Session

from planner.models import RatingSource, RoleName, Skill, User, WorkStyle
from planner.schemas.hiring_scorecards import AgreedSaid, ScorecardSaid
from planner.services.hiring import scorecards
from planner.services.refused import Refused, Stale

CRITERIA = [
    {"skill": "seo", "level": 4, "must": True, "weight": 1},
    {"style": "cooperation", "min": 3.5, "max": 5.0, "must": False, "weight": 1, "reason": "Works with the client."},
]
ANCHORS = ["Keeps it.", "Shares when asked.", "Shares.", "Offers help.", "Brings people together."]


@pytest.fixture
def here(session: Session) -> Corridor:
    here = corridor(session)
    style = WorkStyle(key="cooperation", name="Cooperation", meaning="Helps the others.", anchors=ANCHORS)
    session.add_all([Skill(key="seo", name="SEO"), style])
    here.requisition.criteria = CRITERIA
    session.commit()
    return here


def said(seo: float | None = 4, cooperation: float | None = 3, **changes: Any) -> ScorecardSaid:
    given = [("skill", "seo", seo), ("style", "cooperation", cooperation)]
    ratings = [{"kind": kind, "key": key, "score": score} for kind, key, score in given if score is not None]
    return ScorecardSaid.model_validate({"ratings": ratings, "is_submitted": True} | changes)


def test_card_of_another_stays_closed_until_ones_own_is_in(session: Session, here: Corridor) -> None:
    scorecards.save_scorecard(session, here.candidate, said(), None, by=here.pm)
    before = scorecards.view_of(session, here.candidate, here.ops, may_rate=True)
    assert (list(before.others), before.num_hidden, before.is_open) == ([], 1, False)
    scorecards.save_scorecard(session, here.candidate, said(is_submitted=False), None, by=here.ops)
    assert not scorecards.view_of(session, here.candidate, here.ops, may_rate=True).is_open
    own = scorecards.view_of(session, here.candidate, here.ops, may_rate=True).own
    assert own is not None
    scorecards.save_scorecard(session, here.candidate, said(), own.version, by=here.ops)
    after = scorecards.view_of(session, here.candidate, here.ops, may_rate=True)
    assert ([card.rater_name for card in after.others], after.num_hidden) == ([here.pm.name], 0)


def test_who_reads_without_rating_rates_no_more(session: Session, here: Corridor) -> None:
    scorecards.save_scorecard(session, here.candidate, said(), None, by=here.pm)
    scorecards.pass_scorecard(session, here.candidate, by=here.ops)
    view = scorecards.view_of(session, here.candidate, here.ops, may_rate=True)
    assert len(view.others) == 1
    with pytest.raises(Refused) as caught:
        scorecards.save_scorecard(session, here.candidate, said(), 1, by=here.ops)
    assert caught.value.code == "scorecard_is_in"


def test_who_never_rates_reads_what_is_in(session: Session, here: Corridor, user: Callable[..., User]) -> None:
    scorecards.save_scorecard(session, here.candidate, said(), None, by=here.pm)
    scorecards.save_scorecard(session, here.candidate, said(is_submitted=False), None, by=here.ops)
    view = scorecards.view_of(session, here.candidate, user(RoleName.COMPLIANCE), may_rate=False)
    assert [card.rater_name for card in view.others] == [here.pm.name]


def test_card_that_is_in_stays_as_it_is(session: Session, here: Corridor) -> None:
    card = scorecards.save_scorecard(session, here.candidate, said(), None, by=here.pm)
    with pytest.raises(Refused) as caught:
        scorecards.save_scorecard(session, here.candidate, said(seo=5), card.version, by=here.pm)
    assert caught.value.code == "scorecard_is_in"
    with pytest.raises(Stale):
        scorecards.save_scorecard(session, here.candidate, said(seo=5), None, by=here.pm)


@pytest.mark.parametrize(
    ("rating", "code", "field"),
    [
        ({"kind": "skill", "key": "sql", "score": 3}, "criterion_is_not_asked", "ratings.0.key"),
        ({"kind": "style", "key": "seo", "score": 3}, "criterion_is_not_asked", "ratings.0.key"),
        ({"kind": "skill", "key": "seo", "score": 6}, "level_over_scale", "ratings.0.score"),
    ],
)
def test_rating_of_what_is_not_asked_is_refused(
    session: Session, here: Corridor, rating: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        scorecards.save_scorecard(session, here.candidate, said(ratings=[rating]), None, by=here.pm)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_empty_card_is_not_handed_in(session: Session, here: Corridor) -> None:
    with pytest.raises(Refused) as caught:
        scorecards.save_scorecard(session, here.candidate, said(None, None), None, by=here.pm)
    assert caught.value.code == "scorecard_is_empty"


def test_disagreement_comes_first(session: Session, here: Corridor) -> None:
    scorecards.save_scorecard(session, here.candidate, said(4, 2), None, by=here.pm)
    scorecards.save_scorecard(session, here.candidate, said(3, 4), None, by=here.ops)
    first, second = scorecards.compared(session, here.candidate)
    assert (first.line.name, first.is_apart, first.middle) == ("cooperation", True, 3.0)
    assert (second.line.name, second.is_apart, second.middle) == ("seo", False, 3.0)  # a whole level


def test_what_is_agreed_on_is_in_the_profile_with_its_source(session: Session, here: Corridor) -> None:
    scorecards.save_scorecard(session, here.candidate, said(4, 2), None, by=here.pm)
    scorecards.save_scorecard(session, here.candidate, said(3, 4), None, by=here.ops)
    scores = [{"kind": "skill", "key": "seo", "score": 4}, {"kind": "style", "key": "cooperation", "score": 3.5}]
    agreed = AgreedSaid.model_validate({"scores": scores})
    scorecards.agree(session, here.candidate, agreed, here.candidate.version, by=here.ops)
    person = here.candidate.person
    assert [(row.level, row.source) for row in person.skills] == [(4, RatingSource.INTERVIEW)]
    (style,) = person.styles
    assert (style.score, style.rater) == (3.5, f"{here.pm.name}, {here.ops.name}")
    assert [line.agreed.agreed_by for line in scorecards.compared(session, here.candidate) if line.agreed] == [
        here.ops.name
    ] * 2


def test_nothing_is_agreed_on_that_nobody_has_rated(session: Session, here: Corridor) -> None:
    scorecards.save_scorecard(session, here.candidate, said(4, None), None, by=here.pm)
    agreed = AgreedSaid.model_validate({"scores": [{"kind": "style", "key": "cooperation", "score": 3}]})
    with pytest.raises(Refused) as caught:
        scorecards.agree(session, here.candidate, agreed, here.candidate.version, by=here.ops)
    assert (caught.value.code, caught.value.field) == ("nobody_has_rated", "scores.0.score")


# The pages


def rated(**changes: str) -> dict[str, str]:
    return {
        "ratings-0-key": "seo", "ratings-0-kind": "skill", "ratings-0-score": "4", "ratings-0-evidence": "An audit.",
        "ratings-1-key": "cooperation", "ratings-1-kind": "style", "ratings-1-score": "", "is_submitted": "true",
    } | changes  # fmt: skip


def test_rater_sees_the_words_for_each_score(client_of: Callable[..., CheckedClient], here: Corridor) -> None:
    page = client_of(as_user=here.pm).get(f"/candidates/{here.candidate.id}/scorecard").text
    for words in (*ANCHORS, "Tell us of a situation at work in which this mattered: Helps the others.", "not seen"):
        assert words in page, words


def test_two_rate_and_agree_on_the_page(client_of: Callable[..., CheckedClient], here: Corridor) -> None:
    path = f"/candidates/{here.candidate.id}"
    pm, ops = client_of(as_user=here.pm), client_of(as_user=here.ops)
    assert pm.send(f"{path}/scorecard", rated()).status_code == 303
    closed = ops.get(f"{path}/scorecards").text
    assert "An audit." not in closed
    assert "Yours first" in closed
    assert ops.send(f"{path}/scorecard", rated(**{"ratings-0-score": "2", "is_submitted": ""})).status_code == 303
    draft = ops.get(f"{path}/scorecard").text
    assert 'value="2" checked' in draft or 'checked id="ratings-0-score-3"' in draft
    assert ops.save(f"{path}/scorecard", is_submitted="true").status_code == 303
    shown = ops.get(f"{path}/scorecards").text
    for words in ("An audit.", "talk about it", "3.0"):
        assert words in shown, words
    agreed = {"version": "1", "scores-0-key": "seo", "scores-0-kind": "skill", "scores-0-score": "3"}
    assert ops.send(f"{path}/scorecards/agree", agreed, page=f"{path}/scorecards").status_code == 303
    assert "interview" in ops.get(path).text


@pytest.mark.parametrize(
    ("role", "rates", "reads"),
    [(RoleName.EXECUTIVE, 200, 200), (RoleName.COMPLIANCE, 403, 200), (RoleName.MEMBER, 404, 404)],
)
def test_who_may_rate_and_read(
    client_of: Callable[..., CheckedClient], here: Corridor, role: RoleName, rates: int, reads: int
) -> None:
    client, path = client_of(role), f"/candidates/{here.candidate.id}"
    assert client.get(f"{path}/scorecard").status_code == rates
    assert client.get(f"{path}/scorecards").status_code == reads
