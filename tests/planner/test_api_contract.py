"""The OpenAPI document is exact: whatever it allows is answered as it says, and whatever it forbids is refused."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
import rows
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from programs import Program
from pydantic_core.core_schema import ErrorType
from walking import app

from planner.models import RoleName

QUICK = settings(
    max_examples=3,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
DEEP = settings(QUICK, max_examples=250, phases=(Phase.explicit, Phase.generate))
# What a request may lack though it is written as the document says: its version is old, a law between fields is broken.
LATER = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]
# What JSON Schema can say, by pydantic's own codes: who is refused for that was misled by the document. Our own laws
# (two rows that overlap, a band without an end) it cannot say; a team rule, a question
# and a change in a scenario want now this, now that.
SAYABLE = frozenset(get_args(ErrorType))
VARYING = ("/rules", "/questions", "/scenarios")

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app())
schema.config.checks.positive_data_acceptance.expected_statuses = LATER
schema.config.checks.negative_data_rejection.expected_statuses = REFUSED
schema.config.checks.missing_required_header.expected_statuses = ["400", "401", "404", "428"]

STANDING: list[Program] = []
numbers = itertools.count()


def program() -> Program:
    """One program that may do everything, in one world."""
    if not STANDING:
        with app().extensions["planner_sessions"]() as session:
            me = rows.user(session, RoleName.ADMINISTRATOR, RoleName.OPERATIONS, RoleName.COMPLIANCE)
            rows.world(session, None)
            STANDING.append(Program(app(), me))
    return STANDING[0]


def assert_keeps_its_word(case: Any) -> None:
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = f"key {next(numbers)}"  # no two requests are the same
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {program().text}"})
    if answer.status_code == 422 and case.meta is not None and case.meta.generation.mode.is_positive:
        codes = {fault["code"] for fault in answer.json()["errors"]} & SAYABLE
        assert codes <= ({"missing"} if case.path.endswith(VARYING) else set()), (
            f"the document allows what is refused: {case.as_curl_command()} {answer.text}"
        )


@schema.parametrize()
@QUICK
def test_every_operation_keeps_its_word(case: Any) -> None:
    assert_keeps_its_word(case)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@schema.parametrize()
@DEEP
def test_every_operation_keeps_its_word_however_long_one_asks(case: Any) -> None:
    assert_keeps_its_word(case)
