"""Every page, in Chromium: nothing that axe finds, nothing too wide, nothing from elsewhere, no complaint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import rows
import walking
from agencies import Agency
from axe_playwright_python.sync_playwright import Axe
from browsing import DESKTOP, PHONE, Watch
from playwright.sync_api import Page
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from planner import login
from planner.jobs.solving import writing
from planner.models import (
    Absence,
    ActualEffort,
    Alert,
    AskedFor,
    Attachment,
    Candidate,
    Comment,
    CriterionProposal,
    DataRequest,
    ExchangeRate,
    Experiment,
    Feedback,
    Idea,
    ImportDraft,
    Inquiry,
    InquiryKind,
    Intake,
    IntakeKind,
    Iteration,
    Metric,
    MetricPoint,
    Notification,
    NotificationKind,
    Objective,
    Person,
    PersonKind,
    Phase,
    PipelineColumn,
    Plan,
    PlanState,
    Project,
    ReportKind,
    ReportSchedule,
    Requisition,
    RoleName,
    RoleNeed,
    Scenario,
    Seat,
    SheetReturn,
    Site,
    Skill,
    Task,
    TaskBoard,
    TaskColumn,
    TeamRule,
    TeamTemplate,
    User,
    UserRole,
    Way,
    Webhook,
    WorkStyle,
    today,
)
from planner.schemas.hiring_intake import IntakeSaid
from planner.schemas.hiring_rights import NoticeSaid
from planner.schemas.outcomes_feedback import ClientLinkSaid
from planner.schemas.planning_scenarios import ScenarioBegun
from planner.services.hiring import applications, intake, notices, sheets
from planner.services.outcomes import client_links
from planner.services.planning import scenarios
from planner.services.planning.reading import question_of, solution_of
from planner.services.sheets import plan_sheets
from planner.services.work import alerts

pytestmark = pytest.mark.browser

PARTS = 4  # of the walk, so that none takes minutes
NO_PAGES = {
    "account.mail_file": "is a file",
    "account_audit.audit_export": "is a file",
    "hiring_board.board_move": "leads to the board, whose page has its form",
    "hiring_board.column_place": "leads to the columns, whose page has its form",
    "hiring_candidates.candidate_shortlist": "leads to the candidate, whose page has its form",
    "hiring_candidates.candidate_stage": "leads to the candidate, whose page has its form",
    "hiring_decisions.candidate_approve_operations": "leads to the decision, whose page has its form",
    "hiring_decisions.candidate_approve_project": "leads to the decision, whose page has its form",
    "hiring_decisions.candidate_undo_hire": "leads to the decision, whose page has its form",
    "hiring_decisions.candidate_withdraw_project": "leads to the decision, whose page has its form",
    "hiring_funnel.funnel_download": "is a file",
    "hiring_intake.attachment_download": "is a file",
    "hiring_intake.intake_drop": "leads to the draft, whose page has its form",
    "hiring_intake.requisition_application_page": "leads to the requisition, whose page has its form",
    "hiring_requisitions.requisition_sign_operations": "leads to the requisition, whose page has its form",
    "hiring_requisitions.requisition_sign_project": "leads to the requisition, whose page has its form",
    "hiring_requisitions.requisition_state": "leads to the requisition, whose page has its form",
    "hiring_rights.candidate_export": "is a file",
    "hiring_rights.candidate_request": "leads to the candidate's rights, whose page has its form",
    "hiring_rights.candidate_use": "leads to the candidate's rights, whose page has its form",
    "hiring_rights.candidate_withdraw": "leads to the candidate's rights, whose page has its form",
    "hiring_scorecards.candidate_scorecard_pass": "leads to the scorecards",
    "hiring_scorecards.scorecard_agree": "leads to the scorecards, whose page has its form",
    "outcomes_board.voice_move": "leads to the board, whose page has its form",
    "outcomes_feedback.feedback_download": "is a file",
    "outcomes_feedback.feedback_idea": "leads to the feedback, whose page has its button",
    "outcomes_feedback.feedback_state": "leads to the feedback, whose page has its form",
    "outcomes_ideas.idea_decide": "leads to the idea, whose page has its form",
    "outcomes_ideas.idea_download": "is a file",
    "outcomes_ideas.outcome_add": "leads to the idea, whose page has its form",
    "outcomes_objectives.objective_state": "leads to the objective, whose page has its form",
    "outcomes_objectives.reading_add": "leads to the objective, whose page has its form",
    "home.administrator_add": "leads on once there is an administrator",
    "home.company_choose": "leads on once there is a company",
    "home.health": "is JSON",
    "home.link_follow": "leads on",
    "outcomes_criteria.proposal_add": "leads to the report, whose page has its form",
    "outcomes_criteria.proposal_decide": "leads to the proposal, whose page has its form",
    "outcomes_criteria.report_download": "is a file",
    "outcomes_experiments.experiment_download": "is a file",
    "outcomes_experiments.experiment_end": "leads to the experiment, whose page has its form",
    "outcomes_experiments.experiment_reopen": "leads to the experiment, whose page has its form",
    "outcomes_metrics.metric_download": "is a file",
    "outcomes_estimates.estimate_download": "is a file",
    "outcomes_reports.department_file": "is a file",
    "outcomes_reports.team_file": "is a file",
    "planning_explanations.question_progress": "is a fragment of the page of the question",
    "planning_exports.plan_export": "is a file",
    "planning_inquiries.plan_declines_progress": "is a fragment of the page of the question",
    "planning_inquiries.plan_openings_progress": "is a fragment of the page of the question",
    "planning_plans.plan_progress": "is a fragment of the page of a plan that is made",
    "planning_problem.problem_download": "is a file",
    "planning_replan.plan_holds": "is a fragment of the page of the plan in force",
    "planning_replan.plan_replanned": "leads to the plan, unless it mends another: test_agreement opens it then",
    "planning_versions.version_difference_file": "is a file",
    "security.mf_recovery": "leads on without a login that waits for its second half",
    "security.tf_select": "leads on without a login that waits for its second half",
    "security.two_factor_rescue": "leads on without a login that waits for its second half",
    "security.two_factor_token_validation": "leads on without a login that waits for its second half",
    "sheets_imports.import_undo": "leads to the import, unless it was run: test_imports opens it then",
    "sheets_lists.import_annotated": "is a file",
    "sheets_lists.list_download": "is a file",
    "sheets_lists.template_download": "is a file",
    "staffing_needs.need_answer": "is a fragment of the form of a role need",
    "staffing_skills.skill_near_duplicates": "is a fragment of the form of a skill",
    "static": "is a file",
    "work_boards.board_move": "leads to the board, whose page has its form",
    "work_boards.column_place": "leads to the columns, whose page has its form",
    "work_load.task_put_together": "leads to those that are alike, whose page has its form",
    "work_load.task_set_apart": "leads to those that are alike, whose page has its form",
    "work_tasks.task_download": "is a file",
    "work_tasks.task_hours": "leads to the task, whose page has its form",
    "work_tasks.task_link": "leads to the task, whose page has its form",
    "work_tasks.task_move": "leads to the task, whose page has its form",
    "work_tasks.task_tick": "leads to the task, whose page has its form",
    "work_tasks.task_unlink": "leads to the task, whose page has its form",
    "work_notifications.notification_count": "is a fragment of every page",
    "work_notifications.notification_open": "leads on",
    "work_forecast.forecast_file": "is a file",
}
OF_NOBODY = (
    "hiring_intake.application_add",
    "hiring_intake.application_sent",
    "hiring_sheets.sheet_show",
    "outcomes_client.client_show",
    "outcomes_client.client_thanks",
    "security.forgot_password",
    "security.login",
    "security.reset_password",
)
OF_COMPLIANCE = ("hiring_privacy.impact_show",)
QUERIES: dict[str, list[dict[str, str]]] = {
    "staffing_projects.rule_add": [{}, {"rule": "count", "of": "style"}, {"rule": "together"}, {"rule": "mean"}],
    "planning_plans.plan_people": [{}, {"view": "table"}],
    "planning_scenario_edits.subject_add": [{}],
    "planning_scenario_merging.scenario_compare": [{}, {"of": "0"}],
}
ROWS: dict[str, Select[Any]] = {
    "absence": select(Absence),
    "alert": select(Alert),
    "candidate": select(Candidate).where(Candidate.requisition_id.is_not(None)),
    "column": select(PipelineColumn),
    "comment": select(Comment),
    "feedback": select(Feedback),
    "idea": select(Idea),
    "import": select(ImportDraft),
    "inquiry": select(Inquiry).where(Inquiry.kind == InquiryKind.PRICES),
    "intake": select(Intake),
    "notification": select(Notification),
    "experiment": select(Experiment),
    "metric": select(Metric),
    "point": select(MetricPoint),
    "proposal": select(CriterionProposal),
    "need": select(RoleNeed).where(RoleNeed.skills.any(), RoleNeed.styles.any()),
    "objective": select(Objective).where(Objective.project_id.is_not(None)),
    "person": select(Person).where(Person.kind == PersonKind.EMPLOYEE),
    "phase": select(Phase).where(Phase.latest_on > Phase.earliest_on),
    "plan": select(Plan).where(Plan.state == PlanState.READY),
    "project": select(Project),
    "effort": select(ActualEffort),
    "template": select(TeamTemplate).where(TeamTemplate.key == "t-campaign"),
    "rate": select(ExchangeRate),
    "report_schedule": select(ReportSchedule),
    "requisition": select(Requisition),
    "rule": select(TeamRule),
    "sheet_return": select(SheetReturn),
    "scenario": select(Scenario),
    "site": select(Site),
    "skill": select(Skill),
    "style": select(WorkStyle),
    "user": select(User),
    "task": select(Task).where(Task.checklist.any()),
    "board": select(TaskBoard).where(TaskBoard.phase_id.is_not(None)),
    "task_column": select(TaskColumn),
    "iteration": select(Iteration),
    "webhook": select(Webhook),
}


@pytest.fixture(scope="module")
def client_paths(agency: Agency) -> list[str]:
    """The page behind a client's link, and the thanks after it."""
    with writing(agency.engine) as session:
        project, by = session.scalars(ROWS["project"]).first(), session.scalars(ROWS["user"]).first()
        assert project is not None
        assert by is not None
        said = ClientLinkSaid(until=today() + timedelta(days=7), is_single_use=True)
        text = client_links.make_link(session, project, said, by=by)[1]
    return [f"/say/{text}", "/say/thanks"]


@pytest.fixture(scope="module")
def waiting_plan(agency: Agency) -> int:
    """A plan that is still to be made."""
    return agency.ask()


@pytest.fixture(scope="module")
def sheet_return(agency: Agency) -> int:
    """A plan's sheet that came back with a change, and is not taken yet."""
    with writing(agency.engine) as session:
        plan, by = session.scalars(ROWS["plan"]).first(), session.scalars(ROWS["user"]).first()
        assert plan is not None
        assert by is not None
        leaf = plan_sheets.leave(session, plan, "csv", by=by, language="en", secret="s" * 40)
        holder = next(iter(solution_of(plan).holders.values()))
        name = question_of(plan).person_of[holder].name
        book, found = plan_sheets.read(leaf.data.replace(name.encode(), b"Nobody Known", 1), leaf.filename)
        return plan_sheets.come_back(session, plan, book, found, name=leaf.filename, by=by).id


@pytest.fixture(scope="module")
def scenario(agency: Agency) -> int:
    """A scenario of the administrator's, in which somebody costs less and nobody else comes."""
    by_id = agency.user(RoleName.ADMINISTRATOR).id
    with writing(agency.engine) as session:
        by, person = session.get_one(User, by_id), session.scalars(ROWS["person"]).first()
        assert person is not None
        fewer = {"kind": "workspace", "fields": {"limits": {"max_hires": 0}}}
        cheaper = {"kind": "person", "id": person.id, "fields": {"cost_minor": 100, "notice_periods": 3}}
        said = ScenarioBegun.model_validate({"name": "Without a hire", "changes": [fewer, cheaper]})
        made = scenarios.begin(session, said, by=by)
        session.flush()
        person.notice_periods = 1
        return made.id


@pytest.fixture(scope="module")
def beside_the_sample(agency: Agency) -> None:
    """What the sample company has none of: a webhook, a comment, a sheet to import, a question about the plan."""
    by_id = agency.user(RoleName.ADMINISTRATOR).id
    with writing(agency.engine) as session:
        by, plan = session.get_one(User, by_id), session.scalars(ROWS["plan"]).first()
        assert plan is not None
        comment = Comment(plan_id=plan.id, version_number=1, text="Is she back?", by_id=by.id, by_name=by.name)
        hook = Webhook(url="https://example.com/hook", events=["skill.added"], secret="s" * 40)
        proposal = rows.proposal(session.scalars(ROWS["style"]).first())
        monthly = ReportSchedule(user_id=by.id, report=ReportKind.TEAM, every="month", month_day=31)
        session.add_all([comment, hook, _told(plan, by), rows.import_draft(by), proposal, monthly])
        alerts.look(session)
        rows.inquire(session, plan, plan.allocations[0].seat_key)
        need, day = session.scalars(ROWS["need"]).first(), date(2026, 9, 7)
        assert need is not None
        session.add(ActualEffort(need_id=need.id, from_on=day, to_on=day, hours=6.5, note="A first draft"))


def _told(plan: Plan, by: User) -> Notification:
    """That somebody is told of a decision on a plan."""
    said = {"kind": NotificationKind.DECISION, "way": Way.PAGE, "detail": {"step": "plan_proposed"}}
    return Notification(user_id=by.id, plan_id=plan.id, by_name="Ann", **said)


@pytest.fixture(scope="module")
def hiring_paths(agency: Agency) -> list[str]:
    """A draft that waits and a candidate's rights in use; the pages that whoever has their link may see."""
    with writing(agency.engine) as session:
        by = session.scalars(select(User).join(User.granted).where(UserRole.role == RoleName.OPERATIONS)).first()
        candidate, requisition = (
            session.scalars(ROWS["candidate"]).first(),
            session.scalars(ROWS["requisition"]).first(),
        )
        assert by is not None
        assert candidate is not None
        assert requisition is not None
        notices.publish(session, NoticeSaid(text="We use what you send us for this job only, for six months."), by=by)
        applications.switch(session, requisition, is_on=True)
        draft = {"name": "Zoé", "email": "zoe@example.com", "skills": ["SQL"], "text": "I know SQL", "left_out": []}
        intake.keep(session, IntakeSaid(), IntakeKind.CV, draft, data=b"%PDF", file_name="zoe.pdf", by=by)
        session.add(Attachment(candidate_id=candidate.id, name="cv.pdf", text="Ten years of it.", data=b"%PDF"))
        session.add(DataRequest(candidate_id=candidate.id, kind=AskedFor.CORRECTION, text="It is spelt otherwise."))
        sheet, apply = sheets.make_link(session, candidate, by=by), f"/apply/{requisition.apply_token}"
    return [f"/sheet/{sheet}", apply, f"{apply}/sent"]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("look", "size", "language"), [("light", DESKTOP, "en"), ("dark", PHONE, "fr")], ids=["desktop", "phone"]
)
def test_every_page_is_well_made(
    look: str,
    size: dict[str, int],
    language: str,
    part: int,
    agency: Agency,
    open_page: Callable[..., Page],
    waiting_plan: int,
    scenario: int,
    hiring_paths: list[str],
    client_paths: list[str],
    sheet_return: int,
    beside_the_sample: None,
) -> None:
    """As light as a desktop's; as dark and narrow as a telephone's, in the language of the longer words."""
    agency.speak(language)
    faults: list[str] = []
    of_users = [*paths_of_users(agency), f"/plans/{waiting_plan}"]
    of_nobody = [*paths_of_nobody(agency), *hiring_paths, *client_paths]
    for role, paths in (
        (None, of_nobody),
        (RoleName.COMPLIANCE, ["/privacy/impact"]),
        (RoleName.ADMINISTRATOR, of_users),
    ):
        page = open_page(role, color_scheme=look, viewport=size, locale=language)
        watch = Watch(page, agency.base)
        for path in paths[part::PARTS]:
            faults += [f"{path}: {fault}" for fault in faults_of(page, watch, agency.base, path)]
    assert not faults, "\n".join(["", *faults])


def faults_of(page: Page, watch: Watch, base: str, path: str) -> list[str]:
    answer = page.goto(base + path)
    assert answer is not None
    if answer.status != 200 or urlsplit(page.url).path != urlsplit(path).path:
        return [f"{answer.status} {page.url}: no page, say so in NO_PAGES if that is meant"]
    broken = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in broken for node in rule["nodes"][:3]] + watch.faults()


def paths_of_users(agency: Agency) -> list[str]:
    """A page of each kind for somebody who is logged in and may do everything."""
    with Session(agency.engine) as session:
        world = {name: session.scalars(wanted).first() for name, wanted in ROWS.items()}
        world["seat"] = session.scalars(select(Seat).where(Seat.key == world["plan"].allocations[0].seat_key)).one()
        missing = [name for name, row in world.items() if row is None]
        assert not missing, f"the sample company lacks {missing}"
        return [
            walking.path_of(rule, world) + (f"?{urlencode(query)}" if query else "")
            for rule in rules(agency)
            if rule.endpoint not in (*OF_NOBODY, *OF_COMPLIANCE)
            for query in QUERIES.get(rule.endpoint, [{}])
        ]


def paths_of_nobody(agency: Agency) -> list[str]:
    """The pages before a login, one of them behind a link by which a password is set."""
    with agency.app.test_request_context(base_url=agency.base):
        link = login.password_link(agency.user(RoleName.OPERATIONS))
    return ["/login", "/reset", urlsplit(link).path]


def rules(agency: Agency) -> list[Rule]:
    """The rules that answer a browser's GET with a page."""
    return [
        rule
        for rule in sorted(agency.app.url_map.iter_rules(), key=str)
        if "GET" in (rule.methods or ()) and not walking.is_api(rule) and rule.endpoint not in NO_PAGES
    ]


def test_what_is_no_page_is_still_there(agency: Agency) -> None:
    endpoints = {rule.endpoint for rule in agency.app.url_map.iter_rules()}
    assert {*NO_PAGES, *OF_NOBODY, *OF_COMPLIANCE, *QUERIES} <= endpoints
