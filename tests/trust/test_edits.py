"""No edit is lost: however many edit at once, each one is saved on what its editor read, or its editor is asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import rows
from databases import on_both
from flask import Flask
from flask.testing import FlaskClient
from markup import Form, parse
from pages import CheckedClient, editing_form
from snapshots import differences, snapshot
from sqlalchemy import event, text
from sqlalchemy.orm import Session, sessionmaker
from walking import VALUES
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from planner.models import RoleName, Site, Skill, User
from planner.services.work.kinds import KINDS

A_DAY = date(2027, 3, 1).toordinal()
# The page that edits each kind of record, and a field of it that can count.
COUNTING = {
    "account.own_account": "name",
    "account.settings_edit": "name",
    "account.user_edit": "name",
    "account.webhook_edit": "note",
    "hiring_board.column_edit": "name",
    "hiring_candidates.candidate_edit": "note",
    "hiring_requisitions.requisition_edit": "title",
    "outcomes_feedback.feedback_edit": "said_by",
    "outcomes_ideas.idea_edit": "title",
    "outcomes_objectives.objective_edit": "title",
    "outcomes_experiments.experiment_edit": "name",
    "outcomes_metrics.metric_edit": "unit",
    "outcomes_metrics.point_edit": "successes",
    "outcomes_efforts.effort_edit": "note",
    "outcomes_templates.need_edit": "title",
    "outcomes_templates.rule_edit": "weight",
    "outcomes_templates.template_edit": "name",
    "outcomes_schedules.report_schedule_edit": "client",
    "planning_scenario_edits.rules_edit": "weights-fill",
    "planning_scenario_edits.subject_edit": "notice_periods",
    "planning_scenarios.scenario_edit": "name",
    "staffing_needs.need_edit": "title",
    "staffing_people.absence_edit": "to_on",
    "staffing_people.person_edit": "name",
    "staffing_projects.phase_edit": "name",
    "staffing_projects.project_edit": "client",
    "staffing_projects.rule_edit": "weight",
    "staffing_sites.rate_edit": "rate",
    "staffing_sites.site_edit": "name",
    "staffing_skills.skill_edit": "category",
    "staffing_styles.style_edit": "meaning",
    "work_boards.board_edit": "name",
    "work_boards.column_edit": "name",
    "work_iterations.iteration_edit": "name",
    "work_tasks.task_edit": "title",
    "work_talk.comment_edit": "text",
}


def approval(world: dict[str, Any]) -> dict[str, Any]:
    return {"reason": "knows the trade", "plan_number": world["plan"].number, "plan_version": world["plan"].version}


def another_task(world: dict[str, Any]) -> int:
    return int(world["other_task"].id)


def other_label(world: dict[str, Any]) -> str:
    """Another task as its field is filled in: by number and title."""
    return f"{world['other_task'].id} · {world['other_task'].title}"


# Single steps that stand on the version of what they change, too: what they say, and whether a fresh plan takes it.
STEPS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], bool]] = {
    "hiring_board.column_place": (lambda world: {"by": "-1"}, True),
    "hiring_candidates.candidate_shortlist": (lambda world: {"is_shortlisted": "true", "reason": "knows it"}, True),
    "hiring_candidates.candidate_stage": (lambda world: {"stage": "interview"}, True),
    "hiring_decisions.candidate_approve_operations": (approval, False),
    "hiring_decisions.candidate_approve_project": (approval, False),
    "hiring_decisions.candidate_undo_hire": (lambda world: {"reason": "she has changed her mind"}, False),
    "hiring_decisions.candidate_withdraw_project": (lambda world: {"reason": "there is a better one"}, False),
    "hiring_intake.intake_confirm": (lambda world: {"name": "Ann"}, True),
    "hiring_intake.intake_drop": (lambda world: {}, True),
    "hiring_requisitions.requisition_criteria": (lambda world: {"tags": "lang:fr", "change_reason": "in Lyon"}, True),
    "hiring_requisitions.requisition_sign_operations": (lambda world: {"terms_number": "1"}, False),
    "hiring_requisitions.requisition_sign_project": (lambda world: {"terms_number": "1"}, False),
    "hiring_requisitions.requisition_state": (lambda world: {"state": "closed"}, True),
    "hiring_rights.candidate_use": (lambda world: {"purpose": "talent_pool", "basis": "consent"}, True),
    "hiring_rights.candidate_withdraw": (lambda world: {"purpose": "talent_pool"}, False),
    "hiring_scorecards.scorecard_agree": (
        lambda world: {"scores-0-kind": "skill", "scores-0-key": world["skill"].key, "scores-0-score": "3"},
        False,
    ),
    "outcomes_feedback.feedback_idea": (lambda world: {}, True),
    "outcomes_feedback.feedback_state": (lambda world: {"state": "no_action", "reason": "it was said twice"}, True),
    "outcomes_ideas.idea_decide": (lambda world: {"state": "accepted", "reason": "it costs little"}, True),
    "outcomes_objectives.objective_state": (lambda world: {"state": "dropped", "reason": "the client left"}, True),
    "outcomes_criteria.proposal_decide": (
        lambda world: {"decision": "accepted", "reason": "it is plain to see"},
        True,
    ),
    "outcomes_experiments.experiment_end": (lambda world: {"ended_on": "2026-02-02"}, True),
    "outcomes_experiments.experiment_reopen": (lambda world: {}, False),
    "outcomes_template_applying.proposal_apply": (lambda world: {"items": "n1", "reason": "it is plain to see"}, False),
    "outcomes_template_uses.need_take_over": (lambda world: {}, False),
    "outcomes_template_uses.template_undo": (lambda world: {}, True),
    "outcomes_schedules.report_schedule_send": (lambda world: {}, True),
    "planning_plans.plan_accept": (lambda world: {"seats": world["seat"].key, "reason": "she is free"}, True),
    "planning_review.plan_approve": (lambda world: {"reason": "it is good"}, False),
    "planning_review.plan_ask_changes": (lambda world: {"reason": "it is not good"}, False),
    "planning_review.plan_propose": (lambda world: {"reason": "it is good"}, True),
    "planning_review.plan_put_in_force": (lambda world: {"reason": "it is good"}, False),
    "planning_review.plan_withdraw": (lambda world: {"reason": "it is not good"}, False),
    "planning_scenarios.scenario_share": (lambda world: {"see_roles": "executive"}, True),
    "planning_seats.plan_assign": (lambda world: {"person": world["person"].key, "reason": "she is free"}, False),
    "planning_seats.plan_release": (lambda world: {"reason": "she is not"}, False),
    "planning_seats.plan_move": (lambda world: {"start_idx": "1", "reason": "later"}, False),
    "planning_seats.plan_swap": (lambda world: {"other": world["seat"].key, "reason": "the other way"}, False),
    "planning_seats.plan_take_off": (lambda world: {"reason": "she is not free"}, True),
    "planning_versions.version_restore": (lambda world: {"reason": "it was better"}, False),
    "sheets_imports.import_map": (lambda world: {"columns-0": "title"}, True),
    "staffing_answers.need_accept": (lambda world: {"reason": "we have them"}, False),
    "staffing_answers.need_ask": (lambda world: {"reason": "we are few"}, True),
    "staffing_answers.need_counter": (
        lambda world: {"from_offset": "0", "to_offset": "1", "fte_pct": "50", "reason": "half of it"},
        False,
    ),
    "staffing_answers.need_decline": (lambda world: {"reason": "we have nobody"}, False),
    "staffing_answers.need_insist": (lambda world: {"reason": "we need them"}, False),
    "staffing_answers.need_take": (lambda world: {"reason": "better than nothing"}, False),
    "staffing_answers.need_withdraw": (lambda world: {"reason": "the client has left"}, False),
    "work_boards.column_place": (lambda world: {"by": "-1"}, True),
    "work_load.task_put_together": (lambda world: {"other_id": another_task(world)}, True),
    "work_load.task_set_apart": (lambda world: {"other_id": another_task(world)}, True),
    "work_tasks.task_hours": (lambda world: {"hours": "1.5"}, True),
    "work_tasks.task_link": (lambda world: {"other_id": other_label(world)}, True),
    "work_tasks.task_merge": (lambda world: {"other_id": other_label(world)}, True),
    "work_tasks.task_move": (lambda world: {"column_id": world["task_column"].board.columns[2].id}, True),
    "work_tasks.task_tick": (lambda world: {"line_id": world["task"].checklist[0].id}, True),
    "work_tasks.task_unlink": (lambda world: {"other_id": another_task(world)}, False),
    "work_talk.comment_settle": (lambda world: {"is_resolved": "true"}, True),
    "work_alerts.alert_accept": (lambda world: {"reason": "it is her choice"}, True),
    "work_alerts.alert_reopen": (lambda world: {"reason": "it is too much"}, False),
    "work_alerts.alert_snooze": (
        lambda world: {"until_on": (date.today() + timedelta(days=9)).isoformat(), "reason": "next week"},  # noqa: DTZ011
        True,
    ),
}
# Writes to a row that has a version, and that need none: they add below it, ask first and can be undone, or say why.
WITHOUT = {
    "account.user_forget_code": "takes codes off, whatever else was edited",
    "account.user_password_link": "sends a letter, changes nothing",
    "account.webhook_ping": "sends a test, changes nothing",
    "hiring_intake.requisition_application_page": "switches a page on or off, and edits nothing",
    "hiring_rights.candidate_erase": "erases all, whatever it says meanwhile",
    "hiring_rights.candidate_notice": "adds when they were told",
    "hiring_rights.candidate_request": "answers what was asked, once",
    "hiring_rights.candidate_sheet_link": "makes a link, changes nothing",
    "hiring_scorecards.candidate_scorecard": "is the rater's own card, with a version of its own",
    "hiring_scorecards.candidate_scorecard_pass": "is the rater's own, and said once",
    "outcomes_ideas.idea_vote": "is one's own vote, and edits nothing",
    "outcomes_experiments.experiment_look": "counts a look at what is collected, whatever that is by now",
    "outcomes_efforts.need_close": "writes down what the need took, once: to do so again is refused",
    "outcomes_efforts.need_reopen": "takes that back, and leaves the need as it is",
    "outcomes_template_uses.phase_keep": "adds a template, and leaves the phase as it is",
    "outcomes_template_uses.template_use": "adds below it as one step, which can be undone",
    "planning_explanations.question_ask": "asks",
    "planning_explanations.question_cancel": "stops what runs, whatever it has found since",
    "planning_inquiries.plan_declines_ask": "asks",
    "planning_inquiries.plan_opening_person": "adds somebody to plan with",
    "planning_inquiries.plan_opening_requisition": "adds a draft",
    "planning_inquiries.plan_opening_scenario": "adds a scenario",
    "planning_inquiries.plan_openings_ask": "asks",
    "planning_plans.plan_cancel": "stops what runs, whatever it has found since",
    "planning_scenario_edits.subject_leave_out": "says one thing more of the scenario, and is put back by one button",
    "planning_scenario_merging.scenario_merge": "stands on all that was compared, and not on the scenario's row alone",
    "planning_scenarios.scenario_plan": "asks",
    "planning_scenarios.scenario_take_back": "puts one thing back, whatever else was changed",
    "sheets_imports.import_choose": "is one's own draft: a choice on another look is refused with a sentence",
    "sheets_imports.import_drop": "forgets one's own draft",
    "sheets_imports.import_pick": "is one's own draft: a sheet on another look is refused with a sentence",
    "sheets_imports.import_run": "looks again at every row, and shows what has moved",
    "sheets_imports.import_undo": "looks again at every row, and leaves what has moved",
    "sheets_plans.plan_sheet_leave": "keeps what a sheet leaves with, and edits nothing",
    "staffing_needs.need_answer": "saves nothing",
    "work_boards.board_move": "each card carries its own version",
} | {
    f"work_talk.{kind.name}_follow_{step}": "says what one hears of, and edits nothing"
    for kind in KINDS if "version" in kind.model.__table__.c for step in ("begin", "end")
}  # fmt: skip


NOT_READ = ("", "0", "99999", "1.0", "-1", "½", "٢", "9" * 40)
SAME = frozenset({"version", "changed_at"})
ASIDE = frozenset({"audit_entry", "audit_head"})  # that a form was saved is written down, with no field named

every_page = pytest.mark.parametrize("endpoint", COUNTING)


@dataclass(frozen=True)
class Record:
    """A record that is edited through its page; `field` counts how often."""

    app: Flask
    path: str
    field: str
    user: User

    def editor(self) -> FlaskClient:
        """A browser of its own, logged in."""
        client = FlaskClient(self.app, self.app.response_class)
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": self.user.fs_uniquifier, "_fresh": True})
        return client

    def opened(self, editor: FlaskClient) -> Form:
        return editing_form(parse(editor.get(self.path).text))

    def sent(self, editor: FlaskClient, form: Form, number: int, **changes: str) -> TestResponse:
        """Sends a form in which the field says this number."""
        return editor.post(self.path, data={**form.values(), self.field: self.said(number), **changes})

    def said(self, number: int) -> str:
        return date.fromordinal(A_DAY + number).isoformat() if self.field.endswith("_on") else str(number)

    def number(self, form: Form) -> int:
        value = form.values()[self.field]
        return date.fromisoformat(value).toordinal() - A_DAY if self.field.endswith("_on") else int(float(value))


@pytest.fixture
def record(app: Flask, session: Session, endpoint: str) -> Record:
    """A record that says 1, and an administrator who may edit it."""
    user = rows.user(session, RoleName.ADMINISTRATOR)
    world = rows.world(session, user)
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    named = named_in(world, rule)
    record = Record(app, app.url_map.bind("localhost").build(endpoint, named), COUNTING[endpoint], user)
    first = record.editor()
    answer = record.sent(first, record.opened(first), 1)
    assert answer.status_code == 303, answer.text
    return record


def named_in(world: dict[str, Any], rule: Rule) -> dict[str, Any]:
    """What an address names, from the rows of a world."""
    of_rows = {name: world[name.removesuffix("_id")].id for name in rule.arguments if name.removesuffix("_id") in world}
    return of_rows | {name: VALUES[name](world) for name in rule.arguments - of_rows.keys()}


def test_every_page_that_edits_is_tried(app: Flask) -> None:
    """A new kind of record joins by one line in COUNTING."""
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.endswith("_edit")}
    ours = {endpoint for endpoint in pages if not endpoint.startswith("api.")}
    assert ours | {"account.own_account"} == set(COUNTING)


def test_every_write_to_a_record_stands_on_the_version_that_was_read(app: Flask) -> None:
    """Pages that edit are in COUNTING, single steps in STEPS; whatever else writes says in WITHOUT why it may."""
    writing = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    ours = {endpoint for endpoint in writing if not endpoint.startswith("api.")}
    of_versioned = {endpoint for endpoint in ours if is_versioned(app.view_functions[endpoint])}
    asked_or_added = {endpoint for endpoint in of_versioned if endpoint.endswith(("_remove", "_add"))}
    assert of_versioned - asked_or_added - COUNTING.keys() == STEPS.keys() | WITHOUT.keys()


def is_versioned(view: Any) -> bool:
    subjects = getattr(view, "access_subjects", ())
    return bool(subjects) and "version" in subjects[-1].__table__.c


@on_both
@pytest.mark.parametrize("endpoint", STEPS)
def test_step_on_another_version_than_was_read_is_refused(
    app: Flask, session: Session, client_of: Any, endpoint: str
) -> None:
    user = rows.user(session, RoleName.ADMINISTRATOR)
    world = rows.world(session, user)
    admin: CheckedClient = client_of(as_user=user)
    [rule] = {rule.rule: rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint}.values()
    path = app.url_map.bind("localhost").build(endpoint, named_in(world, rule))
    says, is_taken = STEPS[endpoint]
    step, token, before = says(world), admin.token("/"), snapshot(engine_of(app))
    for version in (*NOT_READ, None):
        said = {**step, "csrf_token": token} | ({} if version is None else {"version": version})
        assert admin.post(path, data=said).status_code == 409, version
    assert differences(before, snapshot(engine_of(app))) == {}
    if is_taken:
        assert admin.post(path, data={**step, "csrf_token": token, "version": "1"}).status_code == 303


@on_both
@every_page
def test_of_editors_who_read_the_same_one_is_first(record: Record) -> None:
    num_rounds = 3
    statuses = edit_in_rounds(record, num_editors=4, num_rounds=num_rounds)
    assert statuses == Counter({303: num_rounds, 409: num_rounds * 3})
    assert record.number(record.opened(record.editor())) == 1 + num_rounds


@pytest.mark.soak
@pytest.mark.timeout(3600)
@on_both
@every_page
def test_fifty_editors_lose_nothing_in_a_thousand_edits(record: Record) -> None:
    statuses = edit_freely(record, num_editors=50, num_edits=20)
    assert set(statuses) == {303, 409}
    assert sum(statuses.values()) == 1000
    assert record.number(record.opened(record.editor())) == 1 + statuses[303]


@pytest.mark.soak
@pytest.mark.timeout(3600)
@on_both
@every_page
def test_of_fifty_editors_who_read_the_same_one_is_first(record: Record) -> None:
    assert edit_in_rounds(record, num_editors=50, num_rounds=20) == Counter({303: 20, 409: 980})
    assert record.number(record.opened(record.editor())) == 21


@every_page
def test_version_that_was_not_read_is_refused(record: Record) -> None:
    editor = record.editor()
    form = record.opened(editor)
    before = snapshot(engine_of(record.app))
    for version in NOT_READ:
        assert record.sent(editor, form, 7, version=version).status_code == 409, version
    without = {name: value for name, value in form.values().items() if name != "version"}
    assert editor.post(record.path, data={**without, record.field: record.said(7)}).status_code == 409
    assert differences(before, snapshot(engine_of(record.app))) == {}


@every_page
def test_conflict_shows_both_values_and_what_was_typed_can_be_saved(record: Record, client_of: Any) -> None:
    mine, conflict = conflict_of(record, client_of)
    later = record.editor()
    assert record.sent(later, record.opened(later), 3).status_code == 303
    stale = answered(mine, record.path, conflict, all="yours")
    assert stale.status_code == 409, "what was typed stands on what the conflict page showed, not on what came later"
    saved = answered(mine, record.path, editing_form(parse(stale.text)), all="yours")
    assert saved.status_code == 303
    assert record.number(record.opened(mine)) == 8


@every_page
def test_conflict_leads_back_to_editing_with_what_was_typed(record: Record, client_of: Any) -> None:
    mine, conflict = conflict_of(record, client_of)
    again = answered(mine, record.path, conflict, edit_again="1")
    assert again.status_code == 200
    form = editing_form(parse(again.text))
    assert record.number(form) == 8
    assert answered(mine, record.path, form).status_code == 303
    assert record.number(record.opened(mine)) == 8


@every_page
def test_saving_a_page_unchanged_changes_nothing(record: Record) -> None:
    editor = record.editor()
    before = snapshot(engine_of(record.app), but=ASIDE)
    answer = editor.post(record.path, data=record.opened(editor).values())
    assert answer.status_code == 303, answer.text
    assert differences(before, snapshot(engine_of(record.app), but=ASIDE), but=SAME) == {}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("endpoint", ["staffing_skills.skill_edit"])
def test_edit_that_loses_the_race_in_the_database_meets_the_conflict_page(record: Record) -> None:
    """Both are past the comparison of versions when the other one commits: only the database can tell."""
    editor = record.editor()
    form = record.opened(editor)
    before_the_flush(record.app, Skill, "UPDATE skill SET version = version + 1, category = '5'")
    refused = record.sent(editor, form, 8)
    assert refused.status_code == 409
    shown = parse(refused.text)
    assert {"Then 1", "Yours 8", "Theirs 5"} == {cell.text for cell in shown.root.all("td")}
    assert answered(editor, record.path, editing_form(shown), all="yours").status_code == 303


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_name_that_was_taken_in_the_same_moment_is_refused_at_its_field(app: Flask, ops: CheckedClient) -> None:
    token = ops.token("/sites/add")
    before_the_flush(app, Site, "INSERT INTO site (name, is_sample, version) VALUES ('Lyon', false, 1)")
    refused = ops.post("/sites/add", data={"name": "Lyon", "csrf_token": token})
    assert refused.status_code == 409
    assert "Lyon" in refused.text
    assert 'aria-invalid="true"' in refused.text


def edit_in_rounds(record: Record, num_editors: int, num_rounds: int) -> Counter[int]:
    """All editors open the page, and only then all save; so in every round."""
    together = threading.Barrier(num_editors)

    def edit(editor: FlaskClient) -> int:
        form = record.opened(editor)
        together.wait()
        status = record.sent(editor, form, record.number(form) + 1).status_code
        together.wait()
        return status

    return all_at_once(record, num_editors, num_rounds, edit)


def edit_freely(record: Record, num_editors: int, num_edits: int) -> Counter[int]:
    def edit(editor: FlaskClient) -> int:
        form = record.opened(editor)
        return record.sent(editor, form, record.number(form) + 1).status_code

    return all_at_once(record, num_editors, num_edits, edit)


def all_at_once(record: Record, num_editors: int, num_edits: int, edit: Callable[[FlaskClient], int]) -> Counter[int]:
    """How the edits were answered, each editor in a thread of its own."""

    def edits(_number: int) -> list[int]:
        editor = record.editor()
        return [edit(editor) for _n in range(num_edits)]

    with ThreadPoolExecutor(num_editors) as threads:
        return Counter(status for statuses in threads.map(edits, range(num_editors)) for status in statuses)


def conflict_of(record: Record, client_of: Any) -> tuple[CheckedClient, Form]:
    """The form of the conflict page of somebody who typed 8 where somebody else had just saved 2."""
    mine: CheckedClient = client_of(as_user=record.user)
    form = record.opened(mine)
    theirs = record.editor()
    assert record.sent(theirs, record.opened(theirs), 2).status_code == 303
    refused = record.sent(mine, form, 8)
    assert refused.status_code == 409
    page = parse(refused.text)
    [row] = [row for row in page.root.all("tr") if any(row.all("td"))]
    said = [f"{side} {read(record.said(number))}" for side, number in (("Then", 1), ("Yours", 8), ("Theirs", 2))]
    assert [read(cell.text) for cell in row.all("td")] == said
    return mine, editing_form(page)


def read(text: str) -> str:
    """A value as it is shown, without what a field of decimals adds to a whole number."""
    return text.removesuffix(".0")


def answered(client: FlaskClient, path: str, form: Form, **buttons: str) -> TestResponse:
    """The answer to a form that is sent as it stands, by one of its buttons."""
    return client.post(form.action or path, data=form.values() | buttons)


def before_the_flush(app: Flask, kind: type, statement: str) -> None:
    """Lets somebody else commit a statement just before the next flush that writes a row of this kind."""
    sessions: sessionmaker[Session] = app.extensions["planner_sessions"]
    engine = engine_of(app)
    done: list[bool] = []

    def intrude(session: Session, *_rest: Any) -> None:
        if not done and any(isinstance(row, kind) for row in (*session.new, *session.dirty)):
            done.append(True)
            with engine.begin() as other:
                other.execute(text(statement))

    event.listen(sessions, "before_flush", intrude)


def engine_of(app: Flask) -> Any:
    return app.extensions["planner_engine"]
