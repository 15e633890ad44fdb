"""The funnel: days on each side, stays at each stage, sources, offers and approvers, counted from what happened."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from corridor import Corridor, corridor
from hypothesis import given
from hypothesis import strategies as st
from pages import CheckedClient
from programs import Program
from sqlalchemy.orm import Session

from planner.models import (
    Candidate,
    CandidateEvent,
    EventKind,
    HireApproval,
    Requisition,
    RoleName,
    Side,
    Signature,
    Stage,
    Terms,
    now,
)
from planner.schemas.hiring_candidates import CandidateSaid, StageSaid
from planner.services.hiring import candidates, decisions
from planner.services.hiring.funnel import _spells, funnel


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


def hire_on_days(session: Session, here: Corridor, *, offer: int, approved: int, hired: int) -> None:
    """Drafted on day 0, signed by the PM on day 1 and by operations on day 3, then as said."""
    for side, by in ((Side.PROJECT, here.pm), (Side.OPERATIONS, here.ops)):
        decisions.approve(session, here.candidate, side, here.approval(), here.candidate.version, by=by)
        session.flush()
    begun = now() - timedelta(days=60)
    requisition = here.requisition
    requisition.created_at = begun
    for signature in requisition.terms[0].signatures:
        signature.at = begun + timedelta(days=1 if signature.side is Side.PROJECT else 3)
    events = {event.kind: event for event in here.candidate.events}
    events[EventKind.ADDED].at = begun + timedelta(days=offer)
    events[EventKind.HIRED].at = begun + timedelta(days=hired)
    for approval in here.candidate.approvals:
        approval.plan_ready_at = begun + timedelta(days=approved - 2)
        approval.at = begun + timedelta(days=approved if approval.side is Side.PROJECT else hired)
    session.commit()


def test_days_are_split_by_whose_turn_it_was(session: Session, here: Corridor) -> None:
    hire_on_days(session, here, offer=20, approved=30, hired=34)
    [one] = funnel(session).filled
    assert (one.requisition, round(one.days)) == (here.requisition, 34)
    assert (round(one.pm_days), round(one.operations_days), round(one.candidate_days)) == (0, 24, 10)


def test_approvers_are_counted_with_their_time(session: Session, here: Corridor) -> None:
    hire_on_days(session, here, offer=20, approved=30, hired=34)
    found = {one.name: one for one in funnel(session).approvers}
    assert {name: (one.num, one.followed_pct) for name, one in found.items()} == {
        here.pm.name: (1, 100), here.ops.name: (1, 100),
    }  # fmt: skip
    assert (round(found[here.pm.name].median_days or 0), round(found[here.ops.name].median_days or 0)) == (2, 6)


def test_stays_sources_and_offers_are_counted(session: Session, here: Corridor) -> None:
    for source, way in (("Fair", ["interview", "offer", "withdrawn"]), ("Fair", ["interview"]), ("", [])):
        one = candidates.add_candidate(session, CandidateSaid(name="A", source=source), by=here.ops)
        for days, stage in enumerate(way, start=1):
            candidates.move_candidate(session, one, StageSaid(stage=stage), one.version, by=here.ops)
            one.events[-1].at = one.events[0].at + timedelta(days=4 * days)
    session.commit()
    found = funnel(session)
    stays = {one.stage: (one.num_left, round(one.median_days or 0), one.num_now) for one in found.stages}
    assert stays == {
        Stage.NEW: (2, 4, 1), Stage.SCREENING: (0, 0, 0), Stage.INTERVIEW: (1, 4, 1), Stage.OFFER: (1, 4, 1),
    }  # fmt: skip
    assert [(one.source, one.num, one.num_interviewed, one.num_offered, one.num_hired) for one in found.sources] == [
        ("", 2, 0, 1, 0), ("Fair", 2, 2, 1, 0),
    ]  # fmt: skip
    assert (found.num_offers, found.num_accepted, found.accepted_pct) == (1, 0, 0)


def test_nothing_has_happened_yet(session: Session) -> None:
    found = funnel(session)
    assert (found.filled, found.accepted_pct, found.middle("days")) == ([], None, None)


MOMENTS = st.lists(st.none() | st.integers(-5, 80), min_size=5, max_size=5)


@given(MOMENTS, st.integers(0, 60))
def test_each_moment_counts_once_whatever_the_order(moments: list[int | None], ended: int) -> None:
    """Signatures, offer and approval may come in any order, before the beginning, after the end, or not at all."""
    begun = datetime(2026, 1, 1).astimezone()
    pm, ops, offer, approved, second = (None if day is None else begun + timedelta(days=day) for day in moments)
    signatures = [Signature(side=side, at=at) for side, at in ((Side.PROJECT, pm), (Side.OPERATIONS, ops)) if at]
    requisition = Requisition(terms=[Terms(number=1, signatures=signatures)])
    events = [CandidateEvent(kind=EventKind.MOVED, to_stage=Stage.OFFER, at=offer)] if offer else []
    approvals = [
        HireApproval(side=side, at=at) for side, at in ((Side.PROJECT, approved), (Side.OPERATIONS, second)) if at
    ]
    candidate = Candidate(events=events, approvals=approvals)
    spells = list(_spells(requisition, candidate, begun, begun + timedelta(days=ended)))
    assert min(spell.days for spell in spells) >= 0
    assert sum(spell.days for spell in spells) == pytest.approx(ended)


def test_page_and_file_say_the_same(client_of: Callable[..., CheckedClient], session: Session, here: Corridor) -> None:
    hire_on_days(session, here, offer=20, approved=30, hired=34)
    ops = client_of(as_user=here.ops)
    page = ops.get("/funnel").text
    assert here.requisition.title in page
    rows = list(csv.reader(io.StringIO(ops.get("/funnel/funnel.csv").data.decode("utf-8-sig"))))
    assert [str(here.requisition.number), here.requisition.title, here.requisition.chain] == rows[2][:3]
    assert [here.pm.name, "1", "1", "2.0"] in rows


@pytest.mark.parametrize(("role", "status"), [(RoleName.MEMBER, 404), (RoleName.OPERATIONS, 200)])
def test_who_may_read_it(client_of: Callable[..., CheckedClient], role: RoleName, status: int) -> None:
    assert client_of(role).get("/funnel").status_code == status


def test_programs_read_the_same(program_of: Callable[..., Program], session: Session, here: Corridor) -> None:
    hire_on_days(session, here, offer=20, approved=30, hired=34)
    told = program_of(RoleName.OPERATIONS).get("/funnel").json
    [one] = told["filled"]
    assert (one["chain"], one["number"]) == (here.requisition.chain, here.requisition.number)
    assert round(one["operations_days"]) == 24
    assert {row["name"] for row in told["approvers"]} == {here.pm.name, here.ops.name}
