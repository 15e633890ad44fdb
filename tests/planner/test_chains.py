"""One code leads from a role need to its requisitions, candidates, decisions and seats, and back from an export."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from corridor import Corridor, corridor
from pages import CheckedClient
from programs import Program
from sqlalchemy import delete
from sqlalchemy.orm import Session

from planner.models import Project, RoleName, Side
from planner.schemas.hiring_requisitions import RequisitionSaid
from planner.services.hiring import decisions, requisitions
from planner.services.hiring.chains import find_chain


@pytest.fixture
def here(session: Session) -> Corridor:
    here = corridor(session)
    for side, by in ((Side.PROJECT, here.pm), (Side.OPERATIONS, here.ops)):
        decisions.approve(session, here.candidate, side, here.approval(), here.candidate.version, by=by)
    session.commit()
    return here


def test_chain_holds_every_step(session: Session, here: Corridor) -> None:
    chain = find_chain(session, here.requisition.chain)
    assert chain is not None
    assert chain.need is here.need
    assert [one.id for one in chain.requisitions] == [here.requisition.id]
    assert [one.person_key for one in chain.decisions] == [here.candidate.person.key]
    assert [(step.seat.key, [one.plan.number for one in step.plans]) for step in chain.seats] == [("s1.1", [3])]


def test_chain_of_no_role_need_begins_with_its_requisition(session: Session) -> None:
    bare = requisitions.add_requisition(session, RequisitionSaid(title="Lead"))
    assert bare.chain == f"R{bare.id}"
    chain = find_chain(session, bare.chain)
    assert chain is not None
    assert (chain.need, chain.seats) == (None, [])


def test_chain_outlives_its_role_need(session: Session, here: Corridor) -> None:
    code = here.requisition.chain
    session.execute(delete(Project))
    session.commit()
    session.expire_all()
    chain = find_chain(session, code)
    assert chain is not None
    assert chain.need is None
    assert len(chain.requisitions) == len(chain.decisions) == 1


@pytest.mark.parametrize("code", ["N0", "N999", "R7", "N", "", "x", "N1x", "N99999999999", "N²"])
def test_code_that_nothing_bears_is_no_chain(session: Session, code: str) -> None:
    assert find_chain(session, code) is None


def test_page_shows_the_steps(ops: CheckedClient, here: Corridor) -> None:
    page = ops.get(f"/chains/{here.requisition.chain}").text
    for words in ("Search lead", "requisition 1, Search lead", "Cy Ngô", "The best of four", "s1.1", "plan 3"):
        assert words in page, words
    assert ops.get("/chains/N999").status_code == 404


def test_program_reads_the_steps(program: Program, here: Corridor) -> None:
    told = program.get(f"/chains/{here.requisition.chain}").json
    assert (told["need_id"], told["requisitions"][0]["state"]) == (here.need.id, "filled")
    assert told["seats"][0]["plans"][0]["person_key"] == here.candidate.person.key


def test_members_see_no_chain(client_of: Callable[..., CheckedClient], here: Corridor) -> None:
    assert client_of(RoleName.MEMBER).get(f"/chains/{here.requisition.chain}").status_code == 404
