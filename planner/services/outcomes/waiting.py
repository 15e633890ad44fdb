"""What waits for somebody of objectives and feedback: what is new, and what is behind, of all that they may change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner import access
from planner.models import Feedback, FeedbackState, Project, User
from planner.services.outcomes.objectives import measured, open_objectives
from planner.services.outcomes.progress import Standing

WANTS_AN_EYE = (Standing.LATE, Standing.BEHIND, Standing.READING_DUE, Standing.NOT_READ)


@dataclass(frozen=True)
class VoicesWaiting:
    """How much feedback is new, and how many objectives are behind or want a reading."""

    num_new: int = 0
    num_behind: int = 0


def waiting_for(session: Session, user: User) -> VoicesWaiting:
    """What waits for a user."""
    if not access.allowed(user, "feedback.edit"):
        return VoicesWaiting()
    new = select(func.count(Feedback.id)).where(Feedback.state == FeedbackState.NEW)
    if not access.reaches_any(user, "feedback.edit"):
        new = new.where(Feedback.project_id.in_(select(Project.id).where(Project.pm_id == user.id)))
    mine = [one for one in open_objectives(session) if access.allowed(user, "objective.edit", one)]
    behind = [line for line in measured(session, mine) if line.progress.standing in WANTS_AN_EYE]
    return VoicesWaiting(session.scalar(new) or 0, len(behind))
