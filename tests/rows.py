"""One row of every kind that a URL can name, hanging together: the smallest world in which every page has a subject."""

from __future__ import annotations

import itertools
import json
import uuid
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import build
from sqlalchemy.orm import Session

from planner.exchange.sheets import plan_seats
from planner.models import (
    Absence,
    ActualEffort,
    Alert,
    AlertKind,
    Allocation,
    ApiToken,
    AskedFor,
    Attachment,
    Candidate,
    ClientLink,
    ColumnMeaning,
    Comment,
    CountKind,
    CriterionProposal,
    DataRequest,
    ExchangeRate,
    Experiment,
    ExperimentArm,
    ExperimentKind,
    Feedback,
    FeedbackSource,
    FinishedWork,
    FromTemplate,
    Idea,
    ImportDraft,
    Inquiry,
    InquiryKind,
    Intake,
    IntakeKind,
    Iteration,
    Job,
    JobState,
    MailFile,
    Metric,
    MetricKind,
    MetricPoint,
    MetricSubject,
    Notification,
    NotificationKind,
    Objective,
    ObjectiveReading,
    OutgoingMail,
    Person,
    PersonKind,
    Phase,
    PhaseStart,
    PipelineColumn,
    Plan,
    PlanState,
    Project,
    Removal,
    ReportKind,
    ReportSchedule,
    Requisition,
    RequisitionState,
    RoleName,
    RoleNeed,
    RuleKind,
    Scenario,
    Seat,
    SheetReturn,
    Site,
    Skill,
    Stage,
    Task,
    TaskBoard,
    TaskColumn,
    TaskLine,
    TeamRule,
    TeamTemplate,
    TemplateUse,
    TemplateVersion,
    User,
    UserRole,
    VersionKind,
    Way,
    Webhook,
    WebhookDelivery,
    Workspace,
    WorkStyle,
    chain_of_need,
    now,
    today,
)
from planner.schemas.planning_plans import PlanSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services.account.hashing import digest
from planner.services.planning import versions
from planner.services.planning.reading import frozen
from planner.services.sheets import findings
from solver import problem, solution
from solver.check import score
from solver.solution import Result, Solution, Status

_DAYS = itertools.count()
EVIDENCE = {
    "num_teams": 24, "num_people": 40, "num_criteria": 12, "rho": 0.61, "low": 0.25, "high": 0.82, "p": 0.012,
    "error_rate": 0.05, "num_deals": 9999,
}  # fmt: skip
_SOME_DAY = datetime(2030, 1, 7, 7, tzinfo=UTC)
MIDNIGHT = datetime(2027, 1, 4)  # noqa: DTZ001 -- a wall-clock moment, as the models keep them


# what is somebody's own: a project that they manage and all below it, themselves, what they wrote
OWNED = (
    Project, Phase, RoleNeed, TeamRule, ActualEffort, TemplateUse, Person, Absence, Candidate, Requisition, ImportDraft,
    Scenario, TaskBoard, TaskColumn, Iteration, Task, Comment, Notification, Objective, ObjectiveReading, Feedback,
    Idea, ClientLink, Metric, MetricPoint, Experiment, ReportSchedule,
)  # fmt: skip


def world(session: Session, owner: User | None = None) -> dict[str, Any]:
    """Rows by the name that a URL gives their id, without its "_id"; those that can be owned are `owner`'s."""
    mark = uuid.uuid4().hex[:10]
    rows: dict[str, Any] = {}
    rows["skill"] = Skill(key=f"k{mark}", name=f"Skill {mark}")
    rows["style"] = WorkStyle(key=f"w{mark}", name=f"Style {mark}")
    rows["site"] = Site(name=f"Site {mark}", country="FR")
    rows["rate"] = ExchangeRate(currency="CHF", from_on=date(1900, 1, 1) + timedelta(next(_DAYS)), rate=1.5)
    rows["user"] = user(session, RoleName.MEMBER)
    rows["scenario"] = Scenario(name=f"Scenario {mark}", owner_id=owner.id if owner else None)
    rows.update(_staffing(mark, owner))
    session.add_all(rows.values())
    session.flush()
    rows.update(_hiring(session, mark, rows, owner))
    rows.update(_planning(session, mark, rows))
    rows.update(_work(session, mark, rows))
    rows.update(_voices(mark, rows, owner))
    rows.update(_measured(mark, rows))
    rows.update(_outcomes(session, mark, rows))
    rows["token"] = token(session, owner or rows["user"])[0]
    rows.update(_talk(rows, owner))
    rows["mail"] = OutgoingMail(recipient=f"{mark}@example.com", subject="Hello", body="A link")
    packed = zlib.compress(json.dumps({"rows": [], "detached": []}).encode())
    rows["webhook"] = Webhook(url="https://example.com/hook", events=["skill.added"], secret=mark)
    session.add(rows["webhook"])
    session.flush()
    rows["webhook_delivery"] = WebhookDelivery(webhook_id=rows["webhook"].id, event="ping", body="{}")
    rows["import"] = import_draft(owner or rows["user"])
    rows["mail_file"] = MailFile(mail=rows["mail"], name="report.pdf", media_type="application/pdf", data=b"%PDF")
    rows["report_schedule"] = ReportSchedule(
        user_id=(owner or rows["user"]).id, report=ReportKind.TEAM, client="1", weekday=0, next_at=_SOME_DAY
    )
    rows["alert"] = _alert(rows["person"])
    rows["removal"] = Removal(subject="skill", title=mark, rows=packed)
    session.add_all(rows.values())
    session.flush()
    if owner is not None:
        owner.person_id = rows["person"].id
    session.commit()
    return rows


def _alert(person: Person) -> Alert:
    """Somebody who has more to do than time in one week."""
    facts = {"num_periods": 1, "first_idx": 1, "last_idx": 2, "worst_idx": 1, "worst_pct": 120}
    return Alert(kind=AlertKind.OVERLOAD, person_id=person.id, num=20, facts=facts)


def user(session: Session, *roles: RoleName) -> User:
    """Somebody who can log in as this."""
    mark = uuid.uuid4().hex
    someone = User(
        name=f"User {mark[:6]}",
        email=f"{mark[:12]}@example.com",
        fs_uniquifier=mark,
        granted=[UserRole(role=role) for role in roles],
    )
    session.add(someone)
    session.flush()
    return someone


def empty_phase(project: Project, duration: int) -> Phase:
    """A phase that begins with the calendar, and for which nobody is asked yet."""
    return Phase(
        key="f-empty", project=project, name="Launch", duration=duration, earliest_on=MIDNIGHT, latest_on=MIDNIGHT
    )


def import_draft(owner: User) -> ImportDraft:
    """A sheet of one role need, on its way in."""
    found = findings.Findings([])
    sheet = {"name": "", "header": ["Role", "Number"], "rows": [[2, ["Writer", 2]]]}
    cells = findings.packed({"file": "", "sheets": [sheet], "at": 0})
    return ImportDraft(
        user_id=owner.id, kind="needs", mapping=["title", "count"], cells=cells, findings=found.packed(),
        counts=found.counts,
    )  # fmt: skip


def token(session: Session, owner: User, *scopes: str, **changes: Any) -> tuple[ApiToken, str]:
    """A token of somebody's, and its text."""
    text = uuid.uuid4().hex
    said = {"expires_at": datetime.now(UTC) + timedelta(days=1)} | changes
    row = ApiToken(user_id=owner.id, name="t", token_hash=digest(text), prefix=text[:6], scopes=list(scopes), **said)
    session.add(row)
    session.flush()
    return row, text


def workspace(session: Session) -> Workspace:
    """The workspace's one row."""
    row = session.get(Workspace, 1) or Workspace(id=1, name="Test", calendar_start_on=today(), set_up_at=now())
    session.add(row)
    session.flush()
    return row


def _staffing(mark: str, owner: User | None) -> dict[str, Any]:
    project = Project(key=f"j{mark}", name=f"Project {mark}", pm_id=owner.id if owner else None)
    phase = Phase(key=f"f{mark}", name="Build", duration=4, earliest_on=MIDNIGHT, latest_on=MIDNIGHT, project=project)
    need = RoleNeed(title="Writer", phase=phase)
    person = Person(key=f"p{mark}", name=f"Person {mark}", kind=PersonKind.EMPLOYEE)
    return {
        "project": project,
        "phase": phase,
        "need": need,
        "seat": Seat(key=f"s{mark}.1", need=need),
        "rule": TeamRule(phase=phase, rule=RuleKind.COUNT, of=CountKind.KIND, kind=PersonKind.EMPLOYEE, at_least=1),
        "person": person,
        "absence": Absence(person=person, from_on=date(2027, 2, 1), to_on=date(2027, 2, 5)),
    }


def _hiring(session: Session, mark: str, rows: dict[str, Any], owner: User | None) -> dict[str, Any]:
    number = uuid.uuid4().int % 10**8
    hire = Person(key=f"c{mark}", name=f"Candidate {mark}", kind=PersonKind.CANDIDATE)
    need_id = rows["need"].id
    requisition = Requisition(
        number=number, title="Writer", state=RequisitionState.DRAFT, need_id=need_id, chain=chain_of_need(need_id)
    )
    session.add_all([hire, requisition])
    session.flush()
    candidate = Candidate(person_id=hire.id, requisition_id=requisition.id)
    return {
        "requisition": requisition,
        "candidate": candidate,
        "column": PipelineColumn(stage=Stage.INTERVIEW, name=f"Column {mark}", position=next(_DAYS) + 100),
        "intake": Intake(kind=IntakeKind.TEXT, requisition_id=requisition.id, draft={"text": "A text", "skills": []}),
        "attachment": Attachment(candidate=candidate, name=f"{mark}.txt", data=b"A text"),
        "request": DataRequest(candidate=candidate, kind=AskedFor.CORRECTION, text="My name is spelt otherwise."),
    }


def _talk(rows: dict[str, Any], owner: User | None) -> dict[str, Any]:
    """Something said where everybody may read it, and somebody who is told of it."""
    style_id, by_id = rows["style"].id, owner.id if owner is not None else 0
    told = {"kind": NotificationKind.DECISION, "way": Way.PAGE, "detail": {"step": "need_asked"}}
    return {
        "comment": Comment(style_id=style_id, text="Why?", by_id=by_id, by_name="Ann"),
        "notification": Notification(user_id=(owner or rows["user"]).id, style_id=style_id, by_name="Ann", **told),
    }


def _voices(mark: str, rows: dict[str, Any], owner: User | None) -> dict[str, Any]:
    """An objective with a reading, what a client said, an idea, and a link for a client."""
    day = date(2026, 9, 1)
    objective = Objective(
        title=f"Objective {mark}", measure="bookings", from_value=0, target_value=10, from_on=day,
        by_on=date(2027, 9, 1), project_id=rows["project"].id,
    )  # fmt: skip
    by_id = owner.id if owner else None
    return {
        "objective": objective,
        "objective_reading": ObjectiveReading(objective=objective, value=3, read_on=day, by_name="Ann"),
        "feedback": Feedback(
            text="It came in time.", sentiment=4, source=FeedbackSource.MEETING, said_on=day,
            project_id=rows["project"].id, by_id=by_id,
        ),
        "idea": Idea(title=f"Idea {mark}", project_id=rows["project"].id, by_id=by_id, by_name="Ann"),
        "client_link": ClientLink(
            link_hash=mark, project_id=rows["project"].id, is_single_use=False, expires_at=now() + timedelta(days=9)
        ),
    }  # fmt: skip


def _measured(mark: str, rows: dict[str, Any]) -> dict[str, Any]:
    """A metric of one day, an experiment that runs, and what a report proposed."""
    metric = Metric(project=rows["project"], name=f"Metric {mark}", subject=MetricSubject.OPENS, kind=MetricKind.SHARE)
    experiment = Experiment(
        project=rows["project"],
        name=f"Experiment {mark}",
        measure="orders",
        kind=ExperimentKind.SHARE,
        starts_on=date(2026, 1, 5),
        planned_num=100,
        arms=[ExperimentArm(position=n, name=name, num=50, successes=5 + n) for n, name in enumerate(("A", "B"))],
    )
    return {
        "metric": metric,
        "point": MetricPoint(metric=metric, measured_on=date(2026, 1, 5), trials=100, successes=20),
        "experiment": experiment,
        "proposal": proposal(rows["style"]),
    }


def proposal(style: Any) -> CriterionProposal:
    """What a report proposed of a work style, and nobody has decided."""
    return CriterionProposal(
        outcome_key="metric:share:up:opens", outcome="Opens", style_id=style.id, min=3.5, max=5.0, evidence=EVIDENCE,
        digest=uuid.uuid4().hex, made_by="Ann",
    )  # fmt: skip


def _outcomes(session: Session, mark: str, rows: dict[str, Any]) -> dict[str, Any]:
    """Work that was done for the need, work that is over, and a template of a need and a rule, used on the phase."""
    day = date(2026, 9, 7)
    effort = ActualEffort(need_id=rows["need"].id, from_on=day, to_on=day + timedelta(4), hours=20)
    finished = FinishedWork(role="Writer", kind="campaign", planned_periods=2, actual_periods=3, ended_on=day)
    rule = {"rule": "count", "of": "skill", "skill_id": rows["skill"].id, "level": 2, "at_least": 1}
    version = TemplateVersion(
        number=1, duration=4, needs=[{"item": "n1", "said": NeedSaid(title="Writer").model_dump(mode="json")}],
        rules=[{"item": "r2", "said": TeamRuleSaid.model_validate(rule).model_dump(mode="json")}],
    )  # fmt: skip
    template = TeamTemplate(key=f"t{mark}", name=f"Template {mark}", num_items=2, versions=[version])
    session.add_all([effort, finished, template])
    session.flush()
    use = TemplateUse(template_version_id=version.id, phase_id=rows["phase"].id)
    use.origins = [FromTemplate(template_version_id=version.id, need_id=rows["need"].id, item="n1", made_version=1)]
    return {"effort": effort, "finished": finished, "template": template, "template_use": use}


def _planning(session: Session, mark: str, rows: dict[str, Any]) -> dict[str, Any]:
    """A plan with one seat, filled and not yet agreed, and the job that made it."""
    seat, person = rows["seat"].key, rows["person"].key
    phase = build.phase(rows["phase"].key, build.seat(seat))
    question = build.problem(build.person(person), projects=(build.project(rows["project"].key, phase),))
    filled = Solution({}, {seat: person})
    points = score(question, filled).objective
    result = Result(question.name, Status.OPTIMAL, filled, points, points, 0.1, {}, (), ())
    plan = Plan(
        number=uuid.uuid4().int % 10**8,
        title=f"Plan {mark}",
        request_token=mark,
        state=PlanState.READY,
        starts_on=question.calendar.start,
        num_periods=question.calendar.periods,
        request=PlanSaid(title="Plan", starts_on=MIDNIGHT, num_periods=10).model_dump(mode="json"),
        question=frozen(problem.to_document(question)),
        answer=frozen(solution.to_document(question, result)),
        status=Status.OPTIMAL,
        objective=points,
        bound=points,
        num_seats=1,
        num_filled=1,
        num_people=1,
        allocations=[Allocation(seat_key=seat, person_key=person)],
        phase_starts=[PhaseStart(phase_key=rows["phase"].key, start_idx=0)],
    )
    session.add(plan)
    session.flush()
    inquiry = inquire(session, plan, seat)
    versions.keep(session, plan, by=None, kind=VersionKind.ANSWER)
    taken = plan_seats.Taken("", (), {})
    came = SheetReturn(plan_id=plan.id, document=frozen({**plan_seats.packed(taken), "file_notes": []}))
    job = Job(plan_id=plan.id, state=JobState.DONE)
    return {"plan": plan, "inquiry": inquiry, "job": job, "sheet_return": came}


def _work(session: Session, mark: str, rows: dict[str, Any]) -> dict[str, Any]:
    """A board of the project with a column for each meaning, and a task of the person's that is being done."""
    columns = [TaskColumn(name=f"{one.title()} {mark}", meaning=one, position=n) for n, one in enumerate(ColumnMeaning)]
    board = TaskBoard(name=f"Board {mark}", project_id=rows["project"].id, columns=columns)
    session.add(board)
    session.flush()
    iteration = Iteration(board_id=board.id, name="First", starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 17))
    whose = {"owner_id": rows["person"].id, "board_id": board.id, "column_id": columns[1].id}
    task = Task(title=f"Task {mark}", rank=1024, due_on=date(2027, 1, 15), estimate_h=8.0, **whose)
    other = Task(title=f"Other {mark}", rank=2048, **whose)
    task.checklist.append(TaskLine(text="Look at it"))
    return {"board": board, "task_column": columns[1], "iteration": iteration, "task": task, "other_task": other}


def inquire(session: Session, plan: Plan, seat: str) -> Inquiry:
    """Questions about a plan, answered: one profile would be worth five points, nobody would say no, no rule costs."""
    profile = {
        "skills": {}, "styles": {}, "tags": [], "cost": 10, "hire_cost": 20, "worth": 5, "seats": [seat],
        "num_filled": 0, "first": 0, "fte": 100, "is_chosen": True, "num_chosen": 1,
    }  # fmt: skip
    told: dict[InquiryKind, dict[str, Any]] = {
        InquiryKind.OPENINGS: {"given": 1, "reassigned": 1, "together": 6, "bound": None, "openings": [profile]},
        InquiryKind.DECLINES: {"objective": 1, "declines": []},
        InquiryKind.PRICES: {"best": 1, "bound": 1, "prices": []},
    }
    for kind, answer in told.items():
        whole = {"kind": kind, "seat": None, "person": None, "differ": 3, "time_limit_s": 10}
        asked = whole if kind is InquiryKind.PRICES else {}
        inquiry = Inquiry(plan_id=plan.id, plan_version=1, kind=kind, asked=asked, answer=frozen(answer))
        session.add(inquiry)
        session.flush()
        session.add(Job(plan_id=plan.id, inquiry_id=inquiry.id, state=JobState.DONE))
    return inquiry
