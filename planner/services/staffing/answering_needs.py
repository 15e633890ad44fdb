"""A role need between a PM and operations: asked, accepted, declined, or countered with what could be had instead.

Operations offer other dates, less effort, other levels, or a person; the PM takes the offer, and the need becomes it,
or insists, or withdraws. How long each side took is kept with what it said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    BookingKind,
    NeedAnswer,
    NeedState,
    NeedStep,
    NeedStepKind,
    Person,
    RoleNeed,
    Seat,
    Side,
    User,
    folded,
    now,
)
from planner.schemas.staffing_answers import AnswerReasonSaid, CounterSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.services.editing import touch
from planner.services.refused import Refused, Stale
from planner.services.staffing import needs
from planner.services.work import notifying

FROM: Mapping[NeedStepKind, tuple[NeedState | None, ...]] = {
    NeedStepKind.ASKED: (None, NeedState.WITHDRAWN, NeedState.DECLINED, NeedState.ACCEPTED),
    NeedStepKind.ACCEPTED: (NeedState.ASKED, NeedState.INSISTED),
    NeedStepKind.DECLINED: (NeedState.ASKED, NeedState.INSISTED),
    NeedStepKind.COUNTERED: (NeedState.ASKED, NeedState.INSISTED),
    NeedStepKind.COUNTER_ACCEPTED: (NeedState.COUNTERED,),
    NeedStepKind.INSISTED: (NeedState.COUNTERED, NeedState.DECLINED),
    NeedStepKind.WITHDRAWN: (NeedState.ASKED, NeedState.COUNTERED, NeedState.DECLINED, NeedState.INSISTED),
}
LEADS_TO: Mapping[NeedStepKind, NeedState] = {
    NeedStepKind.ASKED: NeedState.ASKED,
    NeedStepKind.ACCEPTED: NeedState.ACCEPTED,
    NeedStepKind.DECLINED: NeedState.DECLINED,
    NeedStepKind.COUNTERED: NeedState.COUNTERED,
    NeedStepKind.COUNTER_ACCEPTED: NeedState.ACCEPTED,
    NeedStepKind.INSISTED: NeedState.INSISTED,
    NeedStepKind.WITHDRAWN: NeedState.WITHDRAWN,
}
ASKING = frozenset({NeedStepKind.ASKED, NeedStepKind.INSISTED})  # operations are to answer
OF_OPERATIONS = frozenset({NeedStepKind.ACCEPTED, NeedStepKind.DECLINED, NeedStepKind.COUNTERED})


def answer_of(session: Session, need: RoleNeed) -> NeedAnswer | None:
    """How far the two sides are about a role need; None where nobody was asked."""
    return session.scalar(select(NeedAnswer).where(NeedAnswer.need_id == need.id))


def can_step(answer: NeedAnswer | None, kind: NeedStepKind) -> bool:
    """Whether a step may follow now."""
    return (answer.state if answer is not None else None) in FROM[kind]


def counter_of(answer: NeedAnswer | None) -> NeedStep | None:
    """The counter-offer that waits for the PM."""
    if answer is None or answer.state is not NeedState.COUNTERED:
        return None
    return answer.steps[-1]


def say(
    session: Session, need: RoleNeed, kind: NeedStepKind, said: AnswerReasonSaid, version: int | None, *, by: User
) -> NeedAnswer:
    """One side's next word about a need. `version` is the need's: nobody answers what they have not read.

    Raises Stale; Refused where it is not their turn, and where a no, or insisting, has no reason.
    """
    answer = _begun(session, need, kind, version)
    if kind in (NeedStepKind.DECLINED, NeedStepKind.INSISTED) and len(said.reason.strip()) < 3:
        raise Refused("say_why", field="reason")
    return _noted(session, need, answer, kind, said.reason, by)


def counter(session: Session, need: RoleNeed, said: CounterSaid, version: int | None, *, by: User) -> NeedAnswer:
    """Offers something else than what is asked. Raises Stale; Refused where it offers nothing else, or does not fit."""
    answer = _begun(session, need, NeedStepKind.COUNTERED, version)
    offer = _offer(need, said)
    if not offer and said.person_id is None:
        raise Refused("offers_nothing_else", field="fte_pct")
    _require_fit(session, need, said)
    return _noted(session, need, answer, NeedStepKind.COUNTERED, said.reason, by, offer=offer, person_id=said.person_id)


def accept_counter(
    session: Session, need: RoleNeed, said: AnswerReasonSaid, version: int | None, *, by: User
) -> NeedAnswer:
    """Takes what operations offer: the need becomes it, and the person who was offered gets a free seat, softly.

    Raises Stale; Refused where no offer waits, or where it does not fit any more.
    """
    answer = _begun(session, need, NeedStepKind.COUNTER_ACCEPTED, version)
    step = answer.steps[-1]
    needs.edit_need(session, need, NeedSaid.model_validate(changed(need, step.offer or {})), need.version)
    if step.person is not None:
        _seat(session, need, step.person, by)
    return _noted(session, need, answer, NeedStepKind.COUNTER_ACCEPTED, said.reason, by)


def changed(need: RoleNeed, offer: Mapping[str, Any]) -> dict[str, Any]:
    """What a need says with an offer put in: the payload that edits it."""
    said = NeedSaid.model_validate(need).model_dump()
    levels = {int(key): level for key, level in offer.get("levels", {}).items()}
    for line in said["skills"]:
        line["level"] = levels.get(line["skill_id"], line["level"])
    return {**said, **{name: offer[name] for name in ("from_offset", "to_offset", "fte_pct") if name in offer}}


def people_to_offer(session: Session) -> list[tuple[int, str]]:
    """Everybody by name."""
    return [
        (ident, name) for ident, name in session.execute(select(Person.id, Person.name).order_by(folded(Person.name)))
    ]


def states_of(session: Session, need_ids: list[int]) -> dict[int, NeedState]:
    """How far the two sides are about some needs."""
    rows = select(NeedAnswer.need_id, NeedAnswer.state).where(NeedAnswer.need_id.in_(need_ids))
    return dict(session.execute(rows).all())


def _begun(session: Session, need: RoleNeed, kind: NeedStepKind, version: int | None) -> NeedAnswer:
    if version != need.version:
        raise Stale(need)
    answer = answer_of(session, need)
    if not can_step(answer, kind):
        raise Refused("not_their_turn")
    return answer or NeedAnswer(need_id=need.id, state=NeedState.ASKED)


def _noted(
    session: Session,
    need: RoleNeed,
    answer: NeedAnswer,
    kind: NeedStepKind,
    reason: str,
    by: User,
    *,
    offer: Mapping[str, Any] | None = None,
    person_id: int | None = None,
) -> NeedAnswer:
    at = now()
    since = answer.steps[-1].at if answer.steps else need.created_at
    step = NeedStep(
        kind=kind,
        side=Side.OPERATIONS if kind in OF_OPERATIONS else Side.PROJECT,
        by_id=by.id,
        by_name=by.name,
        at=at,
        waited_s=max(0, int((at - since).total_seconds())),
        reason=reason,
        offer=dict(offer) if offer is not None else None,
        person_id=person_id,
    )
    answer.steps.append(step)
    answer.state = LEADS_TO[kind]
    session.add(answer)
    touch(session, need)  # whoever has the need open sees that something was said
    notifying.decided(session, need, f"need_{kind}", by=by, asked="need.answer" if kind in ASKING else None)
    return answer


def _offer(need: RoleNeed, said: CounterSaid) -> dict[str, Any]:
    """What is offered otherwise than it is asked."""
    present = {line.skill_id: line.level for line in need.skills}
    levels = {str(line.skill_id): line.level for line in said.levels if present.get(line.skill_id) != line.level}
    plain = {name: getattr(said, name) for name in ("from_offset", "to_offset", "fte_pct")}
    offer = {name: value for name, value in plain.items() if value is not None and value != getattr(need, name)}
    return {**offer, "levels": levels} if levels else offer


def _require_fit(session: Session, need: RoleNeed, said: CounterSaid) -> None:
    asked = {line.skill_id for line in need.skills}
    for n, line in enumerate(said.levels):
        if line.skill_id not in asked:
            raise Refused("skill_unknown", field=f"levels.{n}.skill_id")
    begin = need.from_offset if said.from_offset is None else said.from_offset
    end = need.to_offset if said.to_offset is None else said.to_offset
    if begin >= need.phase.duration or (end is not None and end <= begin):
        raise Refused("need_begins_after_phase", field="from_offset", duration=need.phase.duration)
    if end is not None and end > need.phase.duration:
        raise Refused("need_ends_after_phase", field="to_offset", duration=need.phase.duration)
    if said.person_id is not None and session.get(Person, said.person_id) is None:
        raise Refused("person_unknown", field="person_id")


def _seat(session: Session, need: RoleNeed, person: Person, by: User) -> None:
    """Puts the offered person on the first seat that nobody holds; the next plan may still change it."""
    taken = set(session.scalars(select(Booking.seat_id).join(Seat).where(Seat.need_id == need.id)))
    free = next((seat for seat in need.seats if seat.id not in taken), None)
    if free is not None:
        said = {"decided_by": by.name, "booking": BookingKind.SOFT, "is_in_force": True}
        session.add(Booking(seat_id=free.id, person_id=person.id, **said))
        session.flush()
