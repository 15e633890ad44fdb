from __future__ import annotations

import pytest
import rows
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from planner.models import Person
from planner.services.editing import touch


@pytest.mark.parametrize("name", ["person", "need", "phase", "project", "user", "rule", "requisition"])
def test_touched_row_moves_its_version_on_and_nothing_else(session: Session, name: str) -> None:
    row = rows.world(session)[name]
    plain = {key: value for key, value in vars(row).items() if not key.startswith("_")}
    touch(session, row)
    assert row.version == plain["version"] + 1
    session.refresh(row)
    kept = {key for key in plain if key not in ("version", "changed_at")}
    assert {key: getattr(row, key) for key in kept} == {key: plain[key] for key in kept}


def test_touching_what_somebody_else_has_changed_is_refused(session: Session, sessions: sessionmaker[Session]) -> None:
    person = rows.world(session)["person"]
    with sessions() as other:
        other.get_one(Person, person.id).name = "Somebody else was here"
        other.commit()
    with pytest.raises(StaleDataError):
        touch(session, person)
