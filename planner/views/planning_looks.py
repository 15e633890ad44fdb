"""Noting who has seen which version of a plan."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from planner import db
from planner.models import Plan
from planner.services.planning import looks, versions
from planner.views.door import actor


def note_look(plan: Plan) -> None:
    """Notes that the reader has seen the plan as it stands; most looks write nothing, since they come soon again."""
    session, user = db.session(), actor()
    newest = versions.latest(session, plan)
    if newest is None or not looks.is_look_due(session, plan, user, newest.number):
        return
    session.commit()
    session.connection(execution_options={"planner_writes": True})
    try:
        looks.note_look(session, plan.id, user.id, newest.number)
        session.commit()
    except IntegrityError:  # the same reader, from two windows at once
        session.rollback()
