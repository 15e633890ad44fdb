"""The OpenAPI document is exact: whatever it allows is answered as it says, and whatever it forbids is refused."""

from __future__ import annotations

from typing import Any

import pytest
import rows
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from programs import Program
from schemathesis.checks import not_a_server_error
from walking import app

from planner.models import RoleName

QUICK = settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
DEEP = settings(QUICK, max_examples=300)

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app())


def program() -> Program:
    if not STANDING:
        with app().extensions["planner_sessions"]() as session:
            me = rows.user(session, RoleName.ADMINISTRATOR, RoleName.OPERATIONS, RoleName.COMPLIANCE)
            rows.world(session, None)
            STANDING.append(Program(app(), me))
    return STANDING[0]


STANDING: list[Program] = []


@schema.parametrize()
@QUICK
def test_every_operation_keeps_its_word(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {program().text}"})


@pytest.mark.soak
@schema.parametrize()
@DEEP
def test_every_operation_keeps_its_word_however_long_one_asks(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {program().text}"})
