"""One law, both doors, for what is done to a row by a word of its own: steps, comments, answers, shares, a merge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from doors import NOT_SAID, OWN, Bad, World, changed, differing, plain, typed
from flask import Flask
from pages import CheckedClient
from programs import Program
from ready import ready_plan
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from planner.models import Phase, RoleName, Skill, User

OWN_HERE = {*OWN, "about_id", "plan_id", "need_id", "made_at", "in_force_since", "waited_s"}
TOO_LONG = Bad({"reason": "x" * 10_001}, "reason", "string_too_long")
INVISIBLE = Bad({"reason": "a\u202eb"}, "reason", "invisible_characters")
REASON = (TOO_LONG, INVISIBLE)
REVIEW = "/plans/{plan}/agreement"
ANSWER = "/needs/{need}/answer"


@dataclass(frozen=True)
class Step:
    """Something that is done to a row: where the page and the API take it, after what, and where it is seen.

    `before` are steps at the API, (address, payload); `told` is the API's address of what came of it.
    """

    page: str
    address: str
    of: str
    told: str
    good: Callable[[World], World]
    bad: tuple[Bad, ...]
    before: tuple[tuple[str, World], ...] = ()
    method: str = "POST"
    is_versioned: bool = True
    ids: dict[str, str] = field(default_factory=dict)  # a field's name in the form, where another has it


def reason(_world: World) -> World:
    return {"reason": "We said so."}


def counter(world: World) -> World:
    levels = [{"skill_id": world["skill"], "level": 2}]
    return {"from_offset": 1, "to_offset": 4, "fte_pct": 50, "levels": levels, "person_id": world["person"],
            "reason": "Nobody has more time"}  # fmt: skip


def review(name: str, *bad: Bad, before: tuple[str, ...] = ()) -> Step:
    """A step of a plan's agreement."""
    earlier = tuple((f"/plans/{{plan}}/{one}", {"reason": ""}) for one in before)
    return Step(
        f"/plans/{{plan}}/review/{name}", f"/plans/{{plan}}/{name}", "plan", REVIEW, reason, (*REASON, *bad), earlier
    )


def word(name: str, *bad: Bad, before: tuple[str, ...] = ()) -> Step:
    """One side's word about a role need."""
    payloads = {"counter": {"fte_pct": 50, "reason": "No more time"}}
    earlier = tuple((f"{ANSWER}/{one}", payloads.get(one, {"reason": "We said so."})) for one in before)
    return Step(f"{ANSWER}/{name}", f"{ANSWER}/{name}", "need", ANSWER, reason, (*REASON, *bad), earlier)


NO_REASON = Bad({"reason": NOT_SAID}, "reason", "say_why", 409)
STEPS = {
    "proposing": review("propose"),
    "asking for changes": review(
        "ask-changes", Bad({"reason": NOT_SAID}, "reason", "say_what_should_change", 409), before=("propose",)
    ),
    "approving": review("approve", before=("propose",)),
    "taking back": review("withdraw", before=("propose",)),
    "putting in force": review("put-in-force", before=("propose", "approve")),
    "restoring": Step(
        "/plans/{plan}/versions/1/restore",
        "/plans/{plan}/restore",
        "plan",
        "/plans/{plan}/versions/3",
        lambda _world: {"number": 1, "reason": "As it was."},
        REASON,
        (("/plans/{plan}/assign/dev", {"person": "ben", "reason": ""}),),
    ),
    "commenting": Step(
        "/talk/plans/{plan}/comments",
        "/plans/{plan}/comments",
        "plan",
        "/plans/{plan}/comments",
        lambda _world: {"text": "Why her?", "seat_key": "dev"},
        (
            Bad({"text": NOT_SAID}, "text", "missing"),
            Bad({"text": "x" * 10_001}, "text", "string_too_long"),
            Bad({"text": "a\u202eb"}, "text", "invisible_characters"),
        ),
        is_versioned=False,
        ids={"text": "comment-text"},
    ),
    "planning again": Step(
        "/plans/replan",
        "/plans/replan",
        "plan",
        "/plans?sort=-number",
        lambda _world: {"max_changes": 2, "title": "Mended", "time_limit_s": 5},
        (
            Bad({"max_changes": NOT_SAID}, "max_changes", "missing"),
            Bad({"max_changes": -1}, "max_changes", "greater_than_equal"),
            Bad({"time_limit_s": 0}, "time_limit_s", "greater_than_equal"),
            Bad({"title": "x" * 201}, "title", "string_too_long"),
        ),
        (("/plans/{plan}/put-in-force", {"reason": ""}),),
        is_versioned=False,
    ),
    "asking operations": word("ask"),
    "accepting": word("accept", before=("ask",)),
    "declining": word("decline", NO_REASON, before=("ask",)),
    "insisting": word("insist", NO_REASON, before=("ask", "decline")),
    "withdrawing": word("withdraw", before=("ask",)),
    "taking an offer": word("take", before=("ask", "counter")),
    "offering": Step(
        f"{ANSWER}/counter",
        f"{ANSWER}/counter",
        "need",
        ANSWER,
        counter,
        (
            Bad({"reason": NOT_SAID}, "reason", "missing"),
            Bad({"reason": "x"}, "reason", "string_too_short"),
            Bad({"fte_pct": 0}, "fte_pct", "greater_than_equal"),
            Bad({"to_offset": 99}, "to_offset", "need_ends_after_phase", 409),
            Bad({"from_offset": 6, "to_offset": NOT_SAID}, "from_offset", "need_begins_after_phase", 409),
            Bad({"person_id": 987_654}, "person_id", "person_unknown", 409),
            Bad({"levels.0.level": 0}, "levels.0.level", "greater_than_equal"),
        ),
        ((f"{ANSWER}/ask", {"reason": ""}),),
        ids={"reason": "counter-reason"},
    ),
    "sharing": Step(
        "/scenarios/{scenario}/share",
        "/scenarios/{scenario}/shares",
        "scenario",
        "/scenarios/{scenario}",
        lambda world: {"see_roles": ["operations"], "edit_user_ids": [world["other"]]},
        (Bad({"edit_user_ids": [987_654]}, "see_user_ids", "choice_is_not_there", 409),),
        method="PUT",
    ),
}


@dataclass
class Doors:
    """Both doors for the same user, and two rows of each noun that are alike: one for each."""

    client: CheckedClient
    program: Program
    worlds: tuple[World, World]
    csrf_token: str

    def prepared(self, step: Step, world: World) -> World:
        """A world in which what comes before was done."""
        for address, said in step.before:
            path = address.format(**world)
            version = int(self.program.get(f"/{step.of}s/{world[step.of]}").json["version"])
            assert self.program.post(path, said, version=version).status_code == 200, address
        return world

    def by_form(self, step: Step, world: World, said: World) -> TestResponse:
        data = dict(typed(said, {}))
        if step.is_versioned:
            data["version"] = str(self.version(step, world))
        return self.client.post(step.page.format(**world), data={"csrf_token": self.csrf_token, "token": "t", **data})

    def by_api(self, step: Step, world: World, said: World) -> TestResponse:
        version = self.version(step, world) if step.is_versioned else None
        key = str(id(said))
        return self.program.send(step.method, step.address.format(**world), said, version=version, Idempotency_Key=key)

    def version(self, step: Step, world: World) -> int:
        return int(self.program.get(f"/{step.of}s/{world[step.of]}").json["version"])

    def told(self, step: Step, world: World) -> Any:
        answer = self.program.get(step.told.format(**world))
        assert answer.status_code == 200, answer.text
        told = answer.json["items"][0] if "page" in answer.json else answer.json
        return plain(told, OWN_HERE)


@pytest.fixture
def doors(app: Flask, session: Session, user: Callable[..., User], client_of: Callable[..., CheckedClient]) -> Doors:
    me, other = user(RoleName.ADMINISTRATOR), user(RoleName.EXECUTIVE)
    program, client = Program(app, me), client_of(as_user=me)
    plans = [ready_plan(session, me, number=number) for number in (1, 2)]
    phase = session.scalars(select(Phase).where(Phase.key == "build")).one()
    skill = session.scalars(select(Skill)).first()
    assert skill is not None
    known = {"phase": phase.id, "skill": skill.id, "other": other.id, "person": 1}
    for row, plan in zip(worlds := ({**known}, {**known}), plans, strict=True):
        row["plan"] = plan.id
    session.commit()
    asked = {"title": "Copywriter", "skills": [{"skill_id": known["skill"], "level": 3, "is_must": True, "weight": 2}]}
    for world in worlds:
        world["need"] = program.post(f"/phases/{known['phase']}/needs", asked).json["id"]
        world["scenario"] = program.post("/scenarios", {"name": "A longer notice"}).json["id"]
    return Doors(client, program, worlds, client.token("/account"))


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_the_same_comes_of_both_doors(doors: Doors, step: Step) -> None:
    mine, theirs = doors.worlds
    done = doors.by_api(step, doors.prepared(step, mine), step.good(mine))
    assert done.status_code in (200, 201), done.text
    told = doors.told(step, mine)
    form = doors.by_form(step, doors.prepared(step, theirs), step.good(theirs))
    assert form.status_code == 303, re.findall(r'-error">[^<]*', form.text)
    assert doors.told(step, theirs) == told


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_both_doors_refuse_in_the_same_words(doors: Doors, session: Session, step: Step) -> None:
    world = doors.prepared(step, doors.worlds[0])
    for language in ("en", "fr"):
        doors.program.language = language
        for row in session.scalars(select(User)):
            row.locale = language
        session.commit()
        found = [told for bad in step.bad for told in _differing(doors, step, world, bad)]
        assert found == []


def _differing(doors: Doors, step: Step, world: World, bad: Bad) -> list[str]:
    told = doors.by_api(step, world, changed(step.good(world), bad.changes))
    form = doors.by_form(step, world, changed(step.good(world), bad.changes, left_out=""))
    return list(differing(bad, told, form, step.ids.get(bad.field, bad.field)))
