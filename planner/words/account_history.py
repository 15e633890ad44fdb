"""Histories in words: "Anna Berg changed cost and site", what tables and fields are called, through which door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from planner.models import AuditAction, Door
from planner.words.pages import PAGE_OF
from planner.words.staffing import listed

if TYPE_CHECKING:
    from planner.models import AuditEntry
    from planner.services.account.audit.history import Line, Thing

MOST_NAMED = 5
# a table -> what one row of it is called, and what several of them are as part of something else
NOUNS: dict[str, tuple[Any, Any]] = {
    "adopted_criterion": (lazy_gettext("criterion that outcomes suggest"), lazy_gettext("what outcomes suggest")),
    "criterion_proposal": (lazy_gettext("proposal of a criterion"), lazy_gettext("proposals of criteria")),
    "experiment": (lazy_gettext("experiment"), lazy_gettext("experiments")),
    "experiment_arm": (lazy_gettext("arm of an experiment"), lazy_gettext("what its arms collected")),
    "experiment_look": (lazy_gettext("look at a result"), lazy_gettext("looks at the result")),
    "measured_from": (
        lazy_gettext("source of an objective’s readings"),
        lazy_gettext("sources of objectives’ readings"),
    ),
    "metric": (lazy_gettext("metric"), lazy_gettext("metrics")),
    "metric_point": (lazy_gettext("measurement"), lazy_gettext("measurements")),
    "actual_effort": (lazy_gettext("entry of effort"), lazy_gettext("entries of effort")),
    "absence": (lazy_gettext("absence"), lazy_gettext("absences")),
    "agreed_rating": (lazy_gettext("agreed rating"), lazy_gettext("agreed ratings")),
    "agreement": (lazy_gettext("agreement on a plan"), lazy_gettext("agreement")),
    "allocation": (lazy_gettext("allocation"), lazy_gettext("who holds which seat")),
    "alert_step": (lazy_gettext("decision on an alert"), lazy_gettext("decisions on alerts")),
    "api_token": (lazy_gettext("API token"), lazy_gettext("API tokens")),
    "attachment": (lazy_gettext("file"), lazy_gettext("files")),
    "ban": (lazy_gettext("ban from a seat"), lazy_gettext("bans from seats")),
    "booking": (lazy_gettext("booking"), lazy_gettext("bookings")),
    "candidate": (lazy_gettext("candidate"), lazy_gettext("the application")),
    "candidate_event": (lazy_gettext("event of a candidate"), lazy_gettext("stage")),
    "capacity_span": (lazy_gettext("working time"), lazy_gettext("working time")),
    "comment": (lazy_gettext("comment"), lazy_gettext("comments")),
    "client_link": (lazy_gettext("link for a client"), lazy_gettext("links for clients")),
    "data_request": (lazy_gettext("data request"), lazy_gettext("data requests")),
    "decision": (lazy_gettext("decision"), lazy_gettext("decisions")),
    "erasure": (lazy_gettext("erasure"), lazy_gettext("erasures")),
    "exchange_rate": (lazy_gettext("exchange rate"), lazy_gettext("exchange rates")),
    "feedback": (lazy_gettext("feedback"), lazy_gettext("feedback")),
    "finished_work": (lazy_gettext("finished work"), lazy_gettext("finished work")),
    "from_template": (lazy_gettext("origin in a template"), lazy_gettext("origins in templates")),
    "hire_approval": (lazy_gettext("hire approval"), lazy_gettext("hire approvals")),
    "hire_decision": (lazy_gettext("hire decision"), lazy_gettext("hire decisions")),
    "idea": (lazy_gettext("idea"), lazy_gettext("ideas")),
    "idea_outcome": (lazy_gettext("outcome of an idea"), lazy_gettext("what became of it")),
    "idea_vote": (lazy_gettext("vote for an idea"), lazy_gettext("votes")),
    "inquiry": (lazy_gettext("question about a plan"), lazy_gettext("questions")),
    "intake": (lazy_gettext("incoming application"), lazy_gettext("incoming applications")),
    "iteration": (lazy_gettext("iteration"), lazy_gettext("iterations")),
    "need_answer": (lazy_gettext("answer to a role need"), lazy_gettext("answer of operations")),
    "need_skill": (lazy_gettext("skill asked for"), lazy_gettext("skills asked for")),
    "need_step": (lazy_gettext("step of an answer to a role need"), lazy_gettext("steps of the answer")),
    "need_style": (lazy_gettext("work style asked for"), lazy_gettext("work styles asked for")),
    "notice": (lazy_gettext("notice on data"), lazy_gettext("notices on data")),
    "notice_shown": (lazy_gettext("notice that was shown"), lazy_gettext("notices that were shown")),
    "mention": (lazy_gettext("name in a comment"), lazy_gettext("names in comments")),
    "notification_choice": (lazy_gettext("choice of notifications"), lazy_gettext("choices of notifications")),
    "objective": (lazy_gettext("objective"), lazy_gettext("objectives")),
    "objective_link": (lazy_gettext("what serves an objective"), lazy_gettext("what serves it")),
    "objective_reading": (lazy_gettext("reading of an objective"), lazy_gettext("readings")),
    "past_allocation": (lazy_gettext("past allocation"), lazy_gettext("past allocations")),
    "person": (lazy_gettext("person"), lazy_gettext("the person")),
    "person_skill": (lazy_gettext("skill of a person"), lazy_gettext("skills")),
    "person_style": (lazy_gettext("work style of a person"), lazy_gettext("work styles")),
    "phase": (lazy_gettext("phase"), lazy_gettext("phases")),
    "phase_order": (lazy_gettext("order of phases"), lazy_gettext("order of phases")),
    "phase_start": (lazy_gettext("start of a phase"), lazy_gettext("starts of phases")),
    "pipeline_column": (lazy_gettext("column of the pipeline"), lazy_gettext("columns of the pipeline")),
    "plan": (lazy_gettext("plan"), lazy_gettext("plans")),
    "plan_comment": (lazy_gettext("comment on a plan"), lazy_gettext("comments")),
    "plan_step": (lazy_gettext("step of an agreement"), lazy_gettext("steps of the agreement")),
    "plan_version": (lazy_gettext("version of a plan"), lazy_gettext("versions")),
    "project": (lazy_gettext("project"), lazy_gettext("projects")),
    "rating": (lazy_gettext("rating"), lazy_gettext("ratings")),
    "removal": (lazy_gettext("removal"), lazy_gettext("removals")),
    "report_schedule": (lazy_gettext("report by e-mail"), lazy_gettext("reports by e-mail")),
    "requisition": (lazy_gettext("requisition"), lazy_gettext("requisitions")),
    "retention_rule": (lazy_gettext("retention rule"), lazy_gettext("retention rules")),
    "role_likeness": (lazy_gettext("answer about two titles"), lazy_gettext("answers about titles")),
    "role_need": (lazy_gettext("role need"), lazy_gettext("role needs")),
    "scenario": (lazy_gettext("scenario"), lazy_gettext("scenarios")),
    "scenario_change": (lazy_gettext("change in a scenario"), lazy_gettext("changes in the scenario")),
    "scenario_share": (lazy_gettext("share of a scenario"), lazy_gettext("shares")),
    "scenario_subject": (lazy_gettext("subject of a scenario"), lazy_gettext("what the scenario is about")),
    "scorecard": (lazy_gettext("scorecard"), lazy_gettext("scorecards")),
    "seat": (lazy_gettext("seat"), lazy_gettext("seats")),
    "sheet_link": (lazy_gettext("link to a sheet"), lazy_gettext("links to the sheet")),
    "signature": (lazy_gettext("signature"), lazy_gettext("signatures")),
    "site": (lazy_gettext("site"), lazy_gettext("sites")),
    "skill": (lazy_gettext("skill"), lazy_gettext("skills")),
    "task": (lazy_gettext("task"), lazy_gettext("tasks")),
    "task_board": (lazy_gettext("task board"), lazy_gettext("task boards")),
    "task_column": (lazy_gettext("column of a task board"), lazy_gettext("columns")),
    "task_line": (lazy_gettext("line of a checklist"), lazy_gettext("checklist")),
    "task_move": (lazy_gettext("move of a task"), lazy_gettext("moves")),
    "task_pair": (lazy_gettext("what was said of two tasks"), lazy_gettext("links to other tasks")),
    "team_template": (lazy_gettext("team template"), lazy_gettext("team templates")),
    "template_fact": (lazy_gettext("outcome of a team"), lazy_gettext("outcomes of teams")),
    "template_use": (lazy_gettext("use of a template"), lazy_gettext("uses of templates")),
    "template_version": (lazy_gettext("version of a template"), lazy_gettext("versions of the template")),
    "team_rule": (lazy_gettext("team rule"), lazy_gettext("team rules")),
    "team_rule_person": (lazy_gettext("person in a team rule"), lazy_gettext("people in team rules")),
    "terms": (lazy_gettext("terms"), lazy_gettext("terms")),
    "use_of_data": (lazy_gettext("use of data"), lazy_gettext("use of data")),
    "user": (lazy_gettext("user"), lazy_gettext("users")),
    "user_role": (lazy_gettext("role of a user"), lazy_gettext("roles")),
    "webhook": (lazy_gettext("webhook"), lazy_gettext("webhooks")),
    "wish": (lazy_gettext("wish"), lazy_gettext("wishes")),
    "work_style": (lazy_gettext("work style"), lazy_gettext("work styles")),
    "workspace": (lazy_gettext("settings"), lazy_gettext("settings")),
}
FIELDS: dict[str, Any] = {
    "actual_periods": lazy_gettext("actual effort"),
    "ended_on": lazy_gettext("end"),
    "from_on": lazy_gettext("beginning"),
    "hours": lazy_gettext("hours"),
    "planned_periods": lazy_gettext("planned effort"),
    "purpose": lazy_gettext("purpose"),
    "role": lazy_gettext("role"),
    "acceptance_pct": lazy_gettext("chance of acceptance"),
    "active": lazy_gettext("may log in"),
    "actual_h": lazy_gettext("hours spent"),
    "aliases": lazy_gettext("other names"),
    "any_of": lazy_gettext("one of these tags"),
    "applied_on": lazy_gettext("day of the application"),
    "apply_token": lazy_gettext("application page"),
    "answer": lazy_gettext("answer"),
    "bound": lazy_gettext("bound"),
    "budget_minor": lazy_gettext("budget"),
    "calendar_start_on": lazy_gettext("start of the calendar"),
    "category": lazy_gettext("category"),
    "client": lazy_gettext("client"),
    "column_id": lazy_gettext("column"),
    "by_on": lazy_gettext("last day"),
    "cost": lazy_gettext("cost"),
    "cost_currency": lazy_gettext("currency"),
    "cost_minor": lazy_gettext("cost"),
    "count": lazy_gettext("number of seats"),
    "country": lazy_gettext("country"),
    "currency": lazy_gettext("currency"),
    "decision_id": lazy_gettext("hire decision"),
    "digest_hour": lazy_gettext("hour of the digest"),
    "due_on": lazy_gettext("due date"),
    "edited_at": lazy_gettext("text"),
    "duration": lazy_gettext("duration"),
    "earliest_on": lazy_gettext("earliest start"),
    "email": lazy_gettext("e-mail address"),
    "ends_on": lazy_gettext("end"),
    "done_on": lazy_gettext("being done"),
    "estimate_h": lazy_gettext("estimate"),
    "events": lazy_gettext("events"),
    "failure": lazy_gettext("outcome"),
    "failure_code": lazy_gettext("outcome"),
    "failure_values": lazy_gettext("outcome"),
    "from_value": lazy_gettext("beginning"),
    "from_offset": lazy_gettext("beginning"),
    "fte_pct": lazy_gettext("effort"),
    "hire_cost_minor": lazy_gettext("cost of hiring"),
    "in_force_since": lazy_gettext("being in force"),
    "goal": lazy_gettext("goal"),
    "is_active": lazy_gettext("on or off"),
    "is_all_or_nothing": lazy_gettext("all or nothing"),
    "is_anonymous": lazy_gettext("anonymous review"),
    "is_hire_allowed": lazy_gettext("hires allowed"),
    "is_mentoring_allowed": lazy_gettext("mentoring allowed"),
    "is_on": lazy_gettext("on or off"),
    "is_shortlisted": lazy_gettext("shortlist"),
    "iteration_id": lazy_gettext("iteration"),
    "iteration_since_on": lazy_gettext("iteration"),
    "kind": lazy_gettext("kind"),
    "languages": lazy_gettext("languages"),
    "late_penalty": lazy_gettext("penalty for lateness"),
    "latest_on": lazy_gettext("latest start"),
    "level_max": lazy_gettext("highest level"),
    "limits": lazy_gettext("limits"),
    "locale": lazy_gettext("language"),
    "max_cost_minor": lazy_gettext("cost ceiling"),
    "measure": lazy_gettext("measure"),
    "measure_kind": lazy_gettext("measure"),
    "meaning": lazy_gettext("meaning"),
    "meaning_fr": lazy_gettext("meaning"),
    "merged_into_id": lazy_gettext("being merged"),
    "name": lazy_gettext("name"),
    "name_fr": lazy_gettext("name"),
    "need_id": lazy_gettext("role need"),
    "next_step": lazy_gettext("next step"),
    "note": lazy_gettext("note"),
    "notice_periods": lazy_gettext("notice period"),
    "num_filled": lazy_gettext("figures"),
    "num_hires": lazy_gettext("figures"),
    "num_people": lazy_gettext("figures"),
    "num_periods": lazy_gettext("length of the calendar"),
    "num_seats": lazy_gettext("number of seats"),
    "objective": lazy_gettext("objective"),
    "opened_by_id": lazy_gettext("who opened it"),
    "owner_id": lazy_gettext("owner"),
    "password": lazy_gettext("password"),
    "period": lazy_gettext("period"),
    "person_id": lazy_gettext("person"),
    "pm_id": lazy_gettext("project manager"),
    "position": lazy_gettext("position"),
    "preset": lazy_gettext("aim"),
    "priority": lazy_gettext("priority"),
    "question": lazy_gettext("question"),
    "rank": lazy_gettext("place"),
    "ramp_up_pct": lazy_gettext("ramp-up"),
    "ramp_up_periods": lazy_gettext("ramp-up"),
    "rate": lazy_gettext("rate"),
    "reason": lazy_gettext("reason"),
    "request": lazy_gettext("question"),
    "requisition_id": lazy_gettext("requisition"),
    "resolved_at": lazy_gettext("being settled"),
    "resolved_by_name": lazy_gettext("being settled"),
    "restored_at": lazy_gettext("being back"),
    "revoked_at": lazy_gettext("being revoked"),
    "reward": lazy_gettext("reward"),
    "said_by": lazy_gettext("who said it"),
    "said_on": lazy_gettext("day"),
    "seat_key": lazy_gettext("seat"),
    "seconds": lazy_gettext("figures"),
    "sentiment": lazy_gettext("how they felt"),
    "set_up_at": lazy_gettext("first day"),
    "site_id": lazy_gettext("site"),
    "source": lazy_gettext("source"),
    "stage": lazy_gettext("stage"),
    "stage_since_on": lazy_gettext("stage"),
    "starts_on": lazy_gettext("start"),
    "state": lazy_gettext("state"),
    "state_at": lazy_gettext("state"),
    "state_by": lazy_gettext("state"),
    "state_reason": lazy_gettext("reason"),
    "status": lazy_gettext("state"),
    "subdivision": lazy_gettext("region"),
    "target_value": lazy_gettext("target"),
    "tags": lazy_gettext("tags"),
    "text": lazy_gettext("text"),
    "theme": lazy_gettext("colours"),
    "time_zone": lazy_gettext("time zone"),
    "title": lazy_gettext("title"),
    "to_offset": lazy_gettext("end"),
    "trace": lazy_gettext("figures"),
    "url": lazy_gettext("address"),
    "wip_limit": lazy_gettext("limit"),
    "ways": lazy_gettext("ways of being told"),
    "weights": lazy_gettext("points"),
}


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    app.jinja_env.filters.update(
        change_sentence=change_sentence,
        noun_in_words=noun_in_words,
        fields_in_words=fields_in_words,
        door_in_words=door_in_words,
        who_in_words=who_in_words,
        entry_in_words=entry_in_words,
        entry_href=entry_href,
        webhook_failure_in_words=webhook_failure_in_words,
    )


def change_sentence(line: Line) -> str:
    """What somebody did to a record at once."""
    who = line.who or who_in_words(line)
    if line.is_restored:
        return _("%(who)s brought this back", who=who)
    if line.own is AuditAction.ADD:
        return _("%(who)s added this", who=who)
    if line.own is AuditAction.REMOVE:
        return _("%(who)s removed this", who=who)
    return _("%(who)s changed %(what)s", who=who, what=_named([*_things(line)]))


def who_in_words(line: Line | AuditEntry) -> str:
    """Who acted where there is no name: a program, a visitor, or somebody who was a user once."""
    if line.user_id is not None:
        return _("Somebody who is gone")
    return {
        Door.PAGE: _("A visitor"),
        Door.API: _("Another program"),
        Door.JOB: _("The planner itself"),
        Door.CLI: _("The operator"),
    }[line.door]


def door_in_words(door: Door) -> str:
    """Through which door a change came in."""
    return {
        Door.PAGE: _("page"),
        Door.API: _("API"),
        Door.JOB: _("background job"),
        Door.CLI: _("command line"),
    }[door]


def noun_in_words(noun: str) -> str:
    """What a row of a table is called; a table that has no word yet by its own name."""
    return str(NOUNS[noun][0]) if noun in NOUNS else noun.replace("_", " ")


def fields_in_words(fields: list[str] | tuple[str, ...]) -> str:
    """The names of fields, each once."""
    return listed([*dict.fromkeys(_field(name) for name in fields)])


def entry_in_words(entry: AuditEntry) -> str:
    """What an entry says: "person 17 changed", "412 × skill of a person added"."""
    said: dict[str, Any] = {"noun": noun_in_words(entry.noun), "num": entry.num, "number": entry.row_id}
    if entry.row_id is not None and entry.row_id == entry.row_last:
        return {
            AuditAction.ADD: _("%(noun)s %(number)s added", **said),
            AuditAction.EDIT: _("%(noun)s %(number)s changed", **said),
            AuditAction.REMOVE: _("%(noun)s %(number)s removed", **said),
        }[entry.action]
    return {
        AuditAction.ADD: _("%(num)s × %(noun)s added", **said),
        AuditAction.EDIT: _("%(num)s × %(noun)s changed", **said),
        AuditAction.REMOVE: _("%(num)s × %(noun)s removed", **said),
    }[entry.action]


def entry_href(entry: AuditEntry) -> str:
    """The page of the record that an entry is about; none where it is gone or has no page."""
    if entry.noun not in PAGE_OF or entry.row_id is None or entry.row_id != entry.row_last:
        return ""
    endpoint, name = PAGE_OF[entry.noun]
    values: dict[str, Any] = {name: entry.row_id}
    return url_for(endpoint, **values)


def webhook_failure_in_words(failure: str) -> str:
    """Why nobody took an event."""
    return {
        "address_refused": _("The name leads to an address of this network, which is not called."),
        "name_not_known": _("There is no server of this name."),
        "not_reached": _("The server could not be reached."),
        "not_secure": _("The address does not begin with https://."),
        "not_trusted": _("The server’s certificate is not trusted."),
        "not_understood": _("The answer was not understood."),
        "switched_off": _("The webhook was switched off."),
        "too_slow": _("The server took too long."),
    }.get(failure, failure)


def _things(line: Line) -> list[str]:
    """The fields of the record itself, then what hangs on it, each once."""
    own = [_field(name) for thing in line.things if _is_own(line, thing) for name in thing.fields]
    others = [_several(thing.noun) for thing in line.things if not _is_own(line, thing)]
    return [*dict.fromkeys([*own, *others])]


def _is_own(line: Line, thing: Thing) -> bool:
    return thing.noun == line.noun or (thing.noun == "person" and line.noun == "candidate")


def _several(noun: str) -> str:
    return str(NOUNS[noun][1]) if noun in NOUNS else noun.replace("_", " ")


def _field(name: str) -> str:
    return str(FIELDS[name]) if name in FIELDS else name.removesuffix("_id").replace("_", " ")


def _named(things: list[str]) -> str:
    more = len(things) - MOST_NAMED
    if more > 1:
        rest = ngettext("%(num)s more", "%(num)s more", more)
        return listed([*things[:MOST_NAMED], rest])
    return listed(things) or _("something")
