"""A plan's versions and its agreement: read, compared, restored; proposed, approved, put in force; comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from planner import access, db, jobs, plan_mails
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.plans import TAG, ready, request_token
from planner.api.routes import list_parameters, listed, page_schema
from planner.models import IDENT_LARGEST, Plan, PlanVersion
from planner.schemas.planning_plans import PlanSeen, ReasonSaid
from planner.schemas.planning_versions import (
    AgreementSeen,
    DifferenceSeen,
    HoldsSeen,
    InForceSeen,
    ReplanSaid,
    RestoreSaid,
    VersionSeen,
    WholeVersionSeen,
)
from planner.services.planning import (
    agreeing,
    by_hand,
    in_force,
    queueing,
    reading,
    replanning,
    versions,
)
from planner.services.refused import Refused
from planner.words.planning_versions import BreakWords, difference_words

NUMBER = {"type": "integer", "minimum": 1}
MOST_DIGITS = len(str(IDENT_LARGEST))
WHICH = {
    "from": (NUMBER, _("The earlier version; by default the one before the later.")),
    "to": (NUMBER, _("The later version; by default the newest.")),
    "of": (NUMBER, _("The plan that the earlier version is of, by its id; by default this one.")),
}


@dataclass(frozen=True)
class Step:
    """A step of a plan's agreement at the API."""

    name: str
    action: str
    summary: Any
    verb: Callable[..., Plan]


STEPS = (
    Step("propose", "plan.propose", _("Plans: propose it as it stands"), agreeing.propose),
    Step("withdraw", "plan.propose", _("Plans: take a proposal back"), agreeing.withdraw),
    Step("ask-changes", "plan.approve", _("Plans: ask for changes"), agreeing.ask_changes),
    Step("approve", "plan.approve", _("Plans: approve it as it stands"), agreeing.approve),
    Step("put-in-force", "plan.accept", _("Plans: put an approved one in force"), plan_mails.put_in_force),
)


def init(pages: Blueprint) -> None:
    """Registers the routes of versions and agreements."""
    pages.get("/plans/in-force")(in_force_show)
    pages.get("/plans/in-force/holds")(holds_show)
    pages.post("/plans/replan")(replan)
    pages.get("/plans/<int:plan_id>/versions")(version_list)
    pages.get("/plans/<int:plan_id>/versions/<int:version_number>")(version_show)
    pages.get("/plans/<int:plan_id>/difference")(version_difference)
    pages.post("/plans/<int:plan_id>/restore")(version_restore)
    pages.get("/plans/<int:plan_id>/agreement")(agreement_show)
    for step in STEPS:
        _step(pages, step)


@operation("plan.see", tag=TAG, summary=_("Plans: the one in force"), gives=InForceSeen)
def in_force_show() -> Response:
    found = in_force.plan_in_force(db.session())
    if found is None:
        return shown(dict.fromkeys(InForceSeen.model_fields), InForceSeen)
    plan = found.plan
    told = {"plan_id": plan.id, "number": plan.number, "title": plan.title, "since": plan.in_force_since}
    return shown({**told, "version_number": found.version_number}, InForceSeen)


@operation(
    "plan.see",
    tag=TAG,
    summary=_("Plans: what of the one in force no longer holds"),
    about=_("By what is known today: who is away, gone, or lacks what is asked for."),
    gives=HoldsSeen,
    can_be_refused=True,
)
def holds_show() -> Response:
    state = replanning.state_of(db.session())
    if state is None:
        nothing = {"num_seats": 0, "num_at_least": 0, "new_seats": [], "breaks": []}
        return shown({**dict.fromkeys(HoldsSeen.model_fields), **nothing}, HoldsSeen)
    language = "fr" if str(get_locale() or "en").startswith("fr") else "en"
    words = BreakWords(reading.report_of(db.session(), state.plan, language=language))
    told = {
        "plan_id": state.plan.id,
        "number": state.plan.number,
        "version_number": state.version.number,
        "num_seats": state.num_seats,
        "num_at_least": state.num_at_least,
        "new_seats": list(state.new_seats),
        "breaks": [{**_break(one), "words": words.why(one)} for one in state.breaks],
    }
    return shown(told, HoldsSeen)


@operation(
    "plan.add",
    tag=TAG,
    summary=_("Plans: mend the one in force with few changes"),
    about=_("A plan that changes at most so many of its seats; follow its progress as that of any other."),
    takes=ReplanSaid,
    gives=PlanSeen,
    status=201,
    can_be_refused=True,
    is_key_wanted=True,
)
def replan() -> Response:
    said = asking.said(ReplanSaid)
    plan = replanning.ask(db.session(), said, by=asking.actor(), token=request_token())
    db.session().commit()
    job = queueing.job_of(db.session(), plan)
    if job is not None and not job.state.is_over:
        jobs.enqueue(job.id)
    return shown(plan, PlanSeen, 201)


@operation(
    "plan.see",
    Plan,
    tag=TAG,
    summary=_("Plans: its versions"),
    gives=page_schema(VersionSeen),
    parameters=list_parameters(("number",), {}),
)
def version_list(plan: Plan) -> Response:
    query = asking.query(("number",), ())
    return listed(versions.page_of_versions(db.session(), ready(plan), query), VersionSeen)


@operation("plan.see", Plan, tag=TAG, summary=_("Plans: a version, whole"), gives=WholeVersionSeen)
def version_show(plan: Plan, version_number: int) -> Response:
    found = _version(ready(plan), version_number)
    seen = VersionSeen.model_validate(found).model_dump()
    return shown({**seen, "standing": versions.standing_of(found)}, WholeVersionSeen)


@operation(
    "plan.see",
    Plan,
    tag=TAG,
    summary=_("Plans: what lies between two versions"),
    about=_("Of one plan, or of two: seats are matched by their keys."),
    gives=DifferenceSeen,
    parameters=WHICH,
)
def version_difference(plan: Plan) -> Response:
    session, newest = db.session(), _newest(ready(plan))
    after = _version(plan, _asked("to", newest.number))
    other = session.get(Plan, _asked("of", plan.id))
    if other is None:
        raise access.Hidden("plan")
    usual = max(1, after.number - 1) if other.id == plan.id else _newest(ready(other)).number
    before = _version(ready(other), _asked("from", usual))
    found, words = versions.between(session, before, after), difference_words(session, after, before)
    return shown({**_plain(found), **words.told(found)}, DifferenceSeen)


@operation(
    "plan.edit",
    Plan,
    tag=TAG,
    summary=_("Plans: make it what it was at a version"),
    about=_("That makes a version of its own. Agreed seats stay as they are."),
    takes=RestoreSaid,
    gives=PlanSeen,
    is_versioned=True,
    can_be_refused=True,
)
def version_restore(plan: Plan) -> Response:
    said, by, session = asking.said(RestoreSaid), asking.actor(), db.session()

    def restore(version: int) -> Plan:
        return by_hand.restore(session, plan, said.number, said.reason, version, by=by)

    return edited(ready(plan), PlanSeen, restore, said)


@operation("plan.see", Plan, tag=TAG, summary=_("Plans: how far people have agreed on it"), gives=AgreementSeen)
def agreement_show(plan: Plan) -> Response:
    return shown(_agreement(ready(plan)), AgreementSeen)


def _step(pages: Blueprint, step: Step) -> None:
    @pages.post(f"/plans/<int:plan_id>/{step.name}", endpoint=f"plan_{step.name.replace('-', '_')}")
    @operation(
        step.action,
        Plan,
        tag=TAG,
        summary=step.summary,
        about=_("In your name, about the newest version."),
        takes=ReasonSaid,
        gives=PlanSeen,
        is_versioned=True,
        can_be_refused=True,
    )
    def taking(plan: Plan) -> Response:
        said, by, session = asking.said(ReasonSaid), asking.actor(), db.session()
        return edited(ready(plan), PlanSeen, lambda version: step.verb(session, plan, said, version, by=by), said)


def _break(one: replanning.Break) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("seats", "person", "person_name", "num_at_least")}


def _plain(found: versions.Difference) -> dict[str, Any]:
    names = ("before", "after", "points_change", "cost_change", "filled_change", "hires_change", "terms_change",
             "points_elsewhere", "hires_added", "hires_dropped")  # fmt: skip
    return {name: getattr(found, name) for name in names}


def _agreement(plan: Plan) -> dict[str, Any]:
    session = db.session()
    found = agreeing.standpoint(session, plan)
    names = ("state", "latest_number", "is_in_force", "in_force_version", "in_force_since", "is_agreed_by_two")
    return {**{name: getattr(found, name) for name in names}, "steps": agreeing.steps_of(session, plan)}


def _asked(name: str, usual: int) -> int:
    """A number that the address says."""
    text = request.args.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS and 0 < int(text) <= IDENT_LARGEST):
        raise access.Hidden("version")
    return int(text)


def _version(plan: Plan, number: int) -> PlanVersion:
    try:
        return versions.version_of(db.session(), plan, number)
    except Refused as refused:
        raise access.Hidden("version") from refused


def _newest(plan: Plan) -> PlanVersion:
    newest = versions.latest(db.session(), plan)
    if newest is None:
        raise access.Hidden("version")
    return newest
