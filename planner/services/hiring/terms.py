"""The terms of a requisition: each change gives them a new number, and two people sign a number, one for each side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy.orm import Session

from planner.models import Requisition, RequisitionState, Side, Signature, Terms, User
from planner.schemas.hiring_requisitions import SignatureSaid
from planner.services.editing import require_version, touch
from planner.services.refused import Refused
from planner.services.work import notifying

FIELDS = ("title", "num_seats", "site_id", "starts_on", "ends_on", "fte_pct", "max_cost_minor", "criteria", "reason")
CRITERIA = ("skill", "style", "tag", "any_of")


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two numbers of the terms: a field, or a criterion of a kind under its key or tags.

    `before` and `after` are None where the criterion was not asked for.
    """

    what: str
    name: str
    before: Any
    after: Any


def number_terms(session: Session, requisition: Requisition, *, by: User | None, reason: str = "") -> Terms:
    """Keeps what a requisition asks for now under the next number, where it differs from the last one."""
    said = said_now(requisition)
    last = current(requisition)
    if last is not None and last.said == said:
        return last
    terms = Terms(
        number=last.number + 1 if last is not None else 1,
        said=said,
        reason=reason,
        changed_by=by.name if by is not None else "",
    )
    requisition.terms.append(terms)
    session.flush()
    return terms


def current(requisition: Requisition) -> Terms | None:
    """The terms that hold now; None only before there are any."""
    return requisition.terms[-1] if requisition.terms else None


def sign(
    session: Session, requisition: Requisition, side: Side, said: SignatureSaid, version: int | None, *, by: User
) -> Requisition:
    """Signs the terms for one side. The second signature opens a draft.

    Raises Stale; Refused where the terms that were read hold no more, where this side has signed, or where one person
    would sign for both.
    """
    require_version(requisition, version)
    terms = current(requisition)
    if terms is None or terms.number != said.terms_number:
        raise Refused("terms_have_changed", number=said.terms_number)
    for signature in terms.signatures:
        if signature.side is side:
            raise Refused("side_has_signed", name=signature.by_name)
        if signature.by_id == by.id:
            raise Refused("two_people_sign")
    terms.signatures.append(Signature(side=side, by_id=by.id, by_name=by.name))
    if requisition.state is RequisitionState.DRAFT and is_signed(requisition):
        requisition.state = RequisitionState.OPEN
    touch(session, requisition)
    notifying.decided(session, requisition, "requisition_signed", by=by)
    return requisition


def is_signed(requisition: Requisition) -> bool:
    """Whether both sides have signed the terms that hold now."""
    terms = current(requisition)
    return terms is not None and {signature.side for signature in terms.signatures} == set(Side)


def signature_of(requisition: Requisition, side: Side) -> Signature | None:
    """Who has signed the terms that hold now for a side."""
    terms = current(requisition)
    return next((one for one in terms.signatures if one.side is side), None) if terms is not None else None


def said_now(requisition: Requisition) -> dict[str, Any]:
    """What a requisition asks for, as JSON keeps it."""
    return {name: _plain(getattr(requisition, name)) for name in FIELDS}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two numbers of the terms: fields first, then criteria."""
    fields = [
        Change(name, "", before.get(name), after.get(name))
        for name in FIELDS
        if name != "criteria" and before.get(name) != after.get(name)
    ]
    old, new = _by_name(before.get("criteria", ())), _by_name(after.get("criteria", ()))
    lines = [
        Change(*key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)
    ]
    return [*fields, *lines]


def history(requisition: Requisition) -> Iterator[tuple[Terms, list[Change]]]:
    """Each number of the terms with what it changed, the newest first."""
    for terms, before in zip_longest(reversed(requisition.terms), reversed(requisition.terms[:-1])):
        yield terms, changes(before.said, terms.said) if before is not None else []


def _by_name(criteria: Any) -> dict[tuple[str, str], Any]:
    return {_name_of(row): row for row in criteria}


def _name_of(row: Mapping[str, Any]) -> tuple[str, str]:
    kind = next(kind for kind in CRITERIA if kind in row)
    value = row[kind]
    return kind, value if isinstance(value, str) else ", ".join(sorted(value))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
