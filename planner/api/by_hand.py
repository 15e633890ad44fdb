"""Changing a plan by hand: each change can be seen before it is made, by the same body at another address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.plans import TAG, ready
from planner.models import Plan
from planner.schemas.planning_plans import AssignSaid, MoveSaid, PlanSeen, PreviewSeen, ReasonSaid, SwapSaid
from planner.services.planning import by_hand


@dataclass(frozen=True)
class Kind:
    """A kind of change: what is said of it, and the change that it makes of what the address names."""

    name: str
    subject: str
    summary: Any
    said: type[ReasonSaid]
    change: Callable[[str, Any], by_hand.Change]


KINDS = (
    Kind(
        "assign",
        "seat_key",
        _("Plans by hand: put somebody on a seat"),
        AssignSaid,
        lambda key, said: by_hand.Assign(key, said.person),
    ),
    Kind(
        "take-off",
        "seat_key",
        _("Plans by hand: take whoever holds a seat off it"),
        ReasonSaid,
        lambda key, _said: by_hand.TakeOff(key),
    ),
    Kind(
        "swap",
        "seat_key",
        _("Plans by hand: swap the holders of two seats"),
        SwapSaid,
        lambda key, said: by_hand.Swap(key, said.other),
    ),
    Kind(
        "move",
        "phase_key",
        _("Plans by hand: let a phase start elsewhere"),
        MoveSaid,
        lambda key, said: by_hand.MovePhase(key, said.start_idx),
    ),
)


def init(pages: Blueprint) -> None:
    """Registers two routes for each kind of change."""
    for kind in KINDS:
        _make(pages, kind)
        _preview(pages, kind)


def _make(pages: Blueprint, kind: Kind) -> None:
    @pages.post(f"/plans/<int:plan_id>/{kind.name}/<path:{kind.subject}>", endpoint=f"plan_{kind.name}")
    @operation(
        "plan.edit",
        Plan,
        tag=TAG,
        summary=kind.summary,
        about=_("A change that breaks a rule wants a reason."),
        takes=kind.said,
        gives=PlanSeen,
        is_versioned=True,
        can_be_refused=True,
    )
    def making(plan: Plan, **keys: str) -> Response:
        said = asking.said(kind.said)
        change = kind.change(keys[kind.subject], said)
        by, session = asking.actor(), db.session()

        def make(version: int) -> Plan:
            return by_hand.apply(session, plan, change, said.reason, version, by=by)

        return edited(ready(plan), PlanSeen, make, said)


def _preview(pages: Blueprint, kind: Kind) -> None:
    address = f"/plans/<int:plan_id>/preview/{kind.name}/<path:{kind.subject}>"

    @pages.post(address, endpoint=f"plan_preview_{kind.name}")
    @operation(
        "plan.edit",
        Plan,
        tag=TAG,
        summary=kind.summary,
        about=_("What it would do; nothing is changed."),
        takes=kind.said,
        gives=PreviewSeen,
        can_be_refused=True,
    )
    def previewing(plan: Plan, **keys: str) -> Response:
        change = kind.change(keys[kind.subject], asking.said(kind.said))
        return shown(by_hand.preview(ready(plan), change), PreviewSeen)
