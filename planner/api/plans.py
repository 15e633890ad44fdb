"""Plans: asking for one, following it, reading it whole, exporting it, and deciding about what it proposes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from planner import access, db, jobs, plan_mails
from planner.api import asking, once
from planner.api.answers import Failed, Fault, shown, with_version
from planner.api.operations import edited, operation
from planner.api.routes import Resource, Rights
from planner.exchange import EDITIONS, FORMATS, ExportError, export
from planner.models import Plan, PlanState, Scenario
from planner.schemas.planning_files import PlanFileSaid
from planner.schemas.planning_plans import AcceptSaid, PlanSaid, PlanSeen, ProgressSeen, ReasonSaid, ScheduleSeen
from planner.schemas.said import SOMETHING
from planner.services.account.hashing import digest
from planner.services.planning import deciding, files, plans, queueing, reading
from planner.wording import schema_sentence

TAG = _("Plans")
LANGUAGES = ("en", "fr")
MEDIA = (
    "application/json",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "text/calendar",
)
TEXT = {"type": "string"}
PLANS = Resource(
    "plans",
    TAG,
    Plan,
    Rights.of("plan"),
    PlanSeen,
    page=lambda session, query, _user: plans.page_of_plans(session, query),
    sorts=("number", "title", "cost", "made"),
    filters={"state": _("Only those in a state.")},
    removes=lambda _session, plan: (
        plan,
        gettext("Plan %(number)s, %(title)s", number=plan.number, title=plan.title),
    ),
)


def init(pages: Blueprint) -> None:
    """Registers the routes of plans that other nouns do not have."""
    pages.post("/plans")(plan_add)
    pages.post("/plans/document")(plan_file_open)
    pages.get("/plans/<int:plan_id>/progress")(plan_progress)
    pages.get("/plans/<int:plan_id>/document")(plan_document)
    pages.get("/plans/<int:plan_id>/problem")(plan_problem)
    pages.get("/plans/<int:plan_id>/export")(plan_export)
    pages.post("/plans/<int:plan_id>/cancel")(plan_cancel)
    pages.post("/plans/<int:plan_id>/accept")(plan_accept)
    pages.post("/plans/<int:plan_id>/release/<path:seat_key>")(plan_release)
    pages.get("/schedule")(schedule)


@operation(
    "plan.add",
    tag=TAG,
    summary=_("Plans: ask for one"),
    about=_("It is made in the background: follow its progress. The same key gives the same plan, and asks once."),
    takes=PlanSaid,
    gives=PlanSeen,
    status=201,
    can_be_refused=True,
    is_key_wanted=True,
)
def plan_add() -> Response:
    return plan_asked(None)


def plan_asked(scenario: Scenario | None) -> Response:
    """Asks for a plan of what is there, or of a scenario; its job goes to the queue once it is committed."""
    said, token = asking.said(PlanSaid), request_token()
    plan = plans.request_plan(db.session(), said, by=asking.actor(), token=token, scenario=scenario)
    is_other = plan.scenario_id != (scenario.id if scenario is not None else None)
    if is_other or plan.request != said.model_dump(mode="json"):
        raise Failed("key_used_before")
    db.session().commit()
    job = queueing.job_of(db.session(), plan)
    if job is not None and not job.state.is_over:
        jobs.enqueue(job.id)
    answer = shown(plan, PlanSeen, 201)
    answer.headers["Location"] = url_for("api.plans_show", plan_id=plan.id)
    return answer


@operation(
    "plan.add",
    tag=TAG,
    summary=_("Plans: bring in one that was made elsewhere"),
    about=_("It answers the workspace as it is now, and is checked by the rulebook."),
    contract_taken="staffing-plan/1",
    gives=PlanSeen,
    status=201,
    can_be_refused=True,
    parameters={"title": ({**TEXT, "maxLength": 200, "pattern": SOMETHING}, _("The title of the plan."))},
    needed=("title",),
)
def plan_file_open() -> Response:
    said, problem = asking.asked(PlanFileSaid), files.workspace_problem(db.session())
    db.let_go()
    result = files.read_plan(problem, asking.body(None))
    plan = files.keep_plan(db.session(), problem, result, title=said.title, by=asking.actor())
    db.session().commit()
    return shown(plan, PlanSeen, 201)


@operation("plan.see", Plan, tag=TAG, summary=_("Plans: how far the search has come"), gives=ProgressSeen)
def plan_progress(plan: Plan) -> Response:
    job = queueing.job_of(db.session(), plan)
    progress: dict[str, Any] = dict(job.progress) if job is not None else {}
    found = {
        "state": plan.state,
        "job_state": job.state if job is not None else None,
        "place": queueing.place_in_queue(db.session(), job) if job is not None and not job.state.is_over else 0,
        "seconds": progress.get("seconds", plan.seconds or 0),
        "time_limit_s": plan.request.get("time_limit_s", 0),
        "is_cancel_asked": job is not None and job.is_cancel_asked,
        "trace": progress.get("trace") or plan.trace,
    }
    return shown(found, ProgressSeen)


@operation(
    "plan.see",
    Plan,
    tag=TAG,
    summary=_("Plans: the plan as it stands"),
    contract_given="staffing-plan/1",
)
def plan_document(plan: Plan) -> Response:
    return with_version(jsonify(reading.document_of(ready(plan))), plan)


@operation(
    "plan.see",
    Plan,
    tag=TAG,
    summary=_("Plans: the question that it answers"),
    contract_given="staffing-problem/1",
)
def plan_problem(plan: Plan) -> Response:
    if plan.question is None:
        raise access.Hidden("plan")
    return with_version(jsonify(reading.thawed(plan.question)), plan)


@operation(
    "plan.export",
    Plan,
    tag=TAG,
    summary=_("Plans: a file of it"),
    media=MEDIA,
    parameters={
        "format": ({**TEXT, "enum": list(FORMATS), "default": "xlsx"}, _("The kind of file.")),
        "edition": ({**TEXT, "enum": list(EDITIONS), "default": "members"}, _("With scores and costs, or without.")),
        "language": ({**TEXT, "enum": list(LANGUAGES)}, _("Its language; else that of Accept-Language.")),
        "person": (TEXT, _("A calendar of one person, by their key.")),
        "project": (TEXT, _("A calendar of one project, by its key.")),
    },
)
def plan_export(plan: Plan) -> Response:
    report = reading.report_of(db.session(), ready(plan), by=asking.actor(), language=_language())
    kind, edition = _chosen("format", FORMATS, "xlsx"), _chosen("edition", EDITIONS, "members")
    access.require(asking.actor(), "plan.export" if edition == "organisers" else "plan.export_members", plan)
    whose = {name: request.args.get(name) or None for name in ("person", "project")}
    try:
        file = export(report, kind, edition, _language(), **whose)
    except ExportError as error:
        message = gettext(error.sentence) % error.params
        raise Failed("not_valid", errors=[Fault(field="", code="cannot_be_exported", message=message)]) from error
    answer = Response(file.data, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return with_version(answer, plan)


@operation(
    "job.cancel",
    Plan,
    tag=TAG,
    summary=_("Plans: stop the search"),
    about=_("The best plan so far is kept."),
    gives=PlanSeen,
)
def plan_cancel(plan: Plan) -> Response:
    queueing.ask_to_stop(db.session(), plan)
    db.session().commit()
    return shown(plan, PlanSeen)


@operation(
    "plan.accept",
    Plan,
    tag=TAG,
    summary=_("Plans: agree seats"),
    about=_("Their people become agreed, in your name: the next plan keeps them."),
    takes=AcceptSaid,
    gives=PlanSeen,
    is_versioned=True,
    can_be_refused=True,
)
def plan_accept(plan: Plan) -> Response:
    said = asking.said(AcceptSaid)
    by, session = asking.actor(), db.session()
    return edited(ready(plan), PlanSeen, lambda version: plan_mails.accept(session, plan, said, version, by=by), said)


@operation(
    "plan.accept",
    Plan,
    tag=TAG,
    summary=_("Plans: release an agreed seat"),
    takes=ReasonSaid,
    gives=PlanSeen,
    is_versioned=True,
    can_be_refused=True,
)
def plan_release(plan: Plan, seat_key: str) -> Response:
    said = asking.said(ReasonSaid)
    by, session = asking.actor(), db.session()

    def release(version: int) -> Plan:
        return deciding.release(session, plan, seat_key, said, version, by=by)

    return edited(ready(plan), PlanSeen, release, said)


@operation("own_schedule.see", tag=TAG, summary=_("Plans: the seats that you are agreed on"), gives=ScheduleSeen)
def schedule() -> Response:
    lines = plans.own_bookings(db.session(), asking.actor())
    return shown({"items": lines}, ScheduleSeen)


def ready(plan: Plan) -> Plan:
    """A plan that can be shown. Raises Hidden for one that cannot: a failed plan is shown to nobody."""
    if plan.state is not PlanState.READY:
        raise access.Hidden("plan")
    return plan


def request_token() -> str:
    """What names this request: the caller's own key, which nobody else's can be."""
    key = once.key()
    if key is None:
        raise Failed("key_missing", most=once.MOST_KEY)
    return digest(f"{asking.actor().id} {key}")


def _chosen(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of the words that an argument of the address may be. Raises Failed."""
    value = request.args.get(name, default)
    if value not in allowed:
        code = "literal_error"
        raise Failed("not_valid", errors=[Fault(field=name, code=code, message=schema_sentence(code, {}))])
    return value


def _language() -> str:
    return _chosen("language", LANGUAGES, str(get_locale() or "en")[:2])
