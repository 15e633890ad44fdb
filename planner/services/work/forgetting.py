"""Forgetting a candidate where people talk: what was said about them goes, their name goes out of what stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from planner.models import Candidate, Comment, OutgoingMail, Removal, folded
from planner.models.folding import fold
from planner.services import removal

GONE = "…"


def forget_candidate(session: Session, candidate: Candidate) -> None:
    """Deletes messages on their way about a candidate, and removed comments on them; the rest goes with their row."""
    about = [OutgoingMail.body.contains(f"/candidates/{candidate.id}{end}") for end in ("?", "\n", "#")]
    session.execute(delete(OutgoingMail).where(or_(*about)))
    for ident in list(_removals_about(session, candidate.id)):
        session.execute(delete(Removal).where(Removal.id == ident))


def forget_in_talk(session: Session, name: str) -> None:
    """Takes a name out of what was said about other things, and deletes messages on their way that hold it."""
    if not name.strip():
        return
    found = re.compile(r"\s+".join(re.escape(word) for word in name.split()), re.IGNORECASE)
    for comment in session.scalars(select(Comment).where(folded(Comment.text).contains(fold(name), autoescape=True))):
        comment.text = found.sub(GONE, comment.text)
    session.execute(delete(OutgoingMail).where(folded(OutgoingMail.body).contains(fold(name), autoescape=True)))
    session.flush()


def _removals_about(session: Session, candidate_id: int) -> Iterator[int]:
    for row in session.scalars(select(Removal).where(Removal.subject == Comment.__tablename__)):
        rows = [values for _name, some in removal.rows_of(row) for values in some]
        if any(values.get("candidate_id") == candidate_id for values in rows):
            yield row.id
