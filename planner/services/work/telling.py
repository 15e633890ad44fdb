"""How somebody hears of an alert that concerns them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from planner.models import Alert, User


def tell(session: Session, user: User, alert: Alert) -> None:
    """Tells somebody of an alert, as they wish to be told: called once for each time that it comes up, in the
    transaction that keeps it. Everybody finds it on their first page; whoever wants more has chosen so.
    """
