"""Applying: the public page of a requisition, off until somebody switches it on, and what is sent from it."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.exchange.resumes.draft import Draft
from planner.models import Intake, IntakeKind, Requisition, RequisitionState
from planner.schemas.hiring_intake import ApplicationSaid
from planner.services.editing import touch
from planner.services.hiring.notices import current_notice
from planner.services.refused import Refused


def switch(session: Session, requisition: Requisition, *, is_on: bool) -> Requisition:
    """Switches the public page on, under a new address, or off. Raises Refused where there is nothing to read there."""
    if is_on and current_notice(session) is None:
        raise Refused("notice_is_missing")
    if is_on and requisition.state is not RequisitionState.OPEN:
        raise Refused("requisition_is_not_open", number=requisition.number)
    requisition.apply_token = secrets.token_urlsafe(16) if is_on else None
    touch(session, requisition)
    return requisition


def find(session: Session, token: str) -> Requisition | None:
    """The open requisition whose public page has this address."""
    if not token:
        return None
    is_this = (Requisition.apply_token == token, Requisition.state == RequisitionState.OPEN)
    return session.scalars(select(Requisition).where(*is_this)).one_or_none()


def apply(
    session: Session,
    requisition_id: int,
    said: ApplicationSaid,
    draft: dict[str, Any] | None,
    *,
    data: bytes | None = None,
    file_name: str = "",
) -> Intake:
    """Keeps an application as a draft, with the notice that was shown. Raises Refused.

    What the applicant typed counts over what was read in their file.
    """
    requisition = session.get(Requisition, requisition_id)
    if requisition is None or requisition.state is not RequisitionState.OPEN:
        raise Refused("requisition_is_over", number=requisition.number if requisition is not None else 0)
    if not said.has_read_notice:
        raise Refused("notice_was_not_read", field="has_read_notice")
    notice = current_notice(session)
    intake = Intake(
        requisition_id=requisition.id,
        kind=IntakeKind.APPLICATION,
        draft={**(draft or Draft().as_json()), "name": said.name, "email": said.email},
        message=said.message,
        data=data,
        file_name=file_name[:200],
        notice_id=notice.id if notice is not None else None,
    )
    session.add(intake)
    session.flush()
    return intake
