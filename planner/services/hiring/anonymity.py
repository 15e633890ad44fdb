"""Anonymous review: reviewers see what candidates can do, and neither name nor address, note, source nor files.

It holds for a requisition that asks for it, until a candidate has an offer. Who runs the hiring goes on to see all.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from planner.models import NOBODY, Candidate, Hidden, Person, Requisition, Stage, hidden

BEFORE_OFFER = (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW, Stage.DECLINED, Stage.WITHDRAWN)
BLANK = {"note": "", "source": "", "applied_on": None}


def hide_from(session: Session, *, sees_all: bool, alias: Callable[[int], str]) -> Hidden:
    """Hides from whoever reads in this context, from now on; `alias` names a candidate by their number."""
    hidden.set(NOBODY)
    if sees_all:
        return NOBODY
    rows = session.execute(
        select(Candidate.id, Person.name, Person.email)
        .join(Person, Person.id == Candidate.person_id)
        .join(Requisition, Requisition.id == Candidate.requisition_id)
        .where(Requisition.is_anonymous, Candidate.stage.in_(BEFORE_OFFER))
    ).all()
    if rows:
        hidden.set(
            Hidden(
                names={row.name: alias(row.id) for row in rows},
                emails=frozenset(row.email for row in rows if row.email),
                candidate_ids=frozenset(row.id for row in rows),
            )
        )
    return hidden.get()


def is_hidden(candidate: Candidate) -> bool:
    """Whether this reader must not know who a candidate is."""
    return candidate.id in hidden.get().candidate_ids


def _blank(candidate: Candidate, *_context: object) -> None:
    """Takes out what would tell who it is; as loaded, so that nothing of it is ever written."""
    if candidate.id in hidden.get().candidate_ids:
        for name, value in BLANK.items():
            set_committed_value(candidate, name, value)


event.listen(Candidate, "load", _blank)
event.listen(Candidate, "refresh", _blank)
