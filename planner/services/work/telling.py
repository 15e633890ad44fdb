"""How somebody hears of alerts that concern them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from planner.models import Alert, NotificationKind, User
from planner.services.work import notifying


def tell(session: Session, user: User, alerts: Sequence[Alert]) -> None:
    """Tells somebody of what has come up, the worst first, as they wish to be told: once for each look, not for each
    alert. Called in the transaction that keeps them. Everybody finds all of them on their first page."""
    worst, *others = alerts
    detail = {"num_more": len(others)}
    notifying.notify(session, [user], NotificationKind.ALERT, worst, by=None, detail=detail)
