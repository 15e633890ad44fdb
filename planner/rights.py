"""Who may do what: one table, and the corridor of each noun for tokens. How it is applied: access.py.

A right reaches ANY subject of its kind, or only one's OWN: what one manages, or is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from planner.models import RoleName

ADMIN, PM, OPS = RoleName.ADMINISTRATOR, RoleName.PROJECT_MANAGER, RoleName.OPERATIONS
EXEC, MEMBER, COMPLIANCE = RoleName.EXECUTIVE, RoleName.MEMBER, RoleName.COMPLIANCE


class Reach(Enum):
    """How far a right goes."""

    OWN = "own"
    ANY = "any"


ANY, OWN = Reach.ANY, Reach.OWN
Row = Mapping[RoleName, Reach]
STAFF: Row = {ADMIN: ANY, PM: ANY, OPS: ANY, EXEC: ANY, COMPLIANCE: ANY}
WITH_MEMBERS: Row = {**STAFF, MEMBER: OWN}
MANAGERS: Row = {ADMIN: ANY, PM: ANY, OPS: ANY}
MANAGING: Row = {ADMIN: ANY, PM: OWN, OPS: ANY}  # whoever manages the project, and operations
OF_MANAGERS: Row = dict.fromkeys(MANAGERS, OWN)
OPERATIONS: Row = {ADMIN: ANY, OPS: ANY}
SENIORS: Row = {**MANAGERS, EXEC: ANY}
SHARED: Row = dict.fromkeys(STAFF, OWN)  # a scenario is one's own where it is shared with one
OF_SENIORS: Row = dict.fromkeys(SENIORS, OWN)
PROJECT_SIDE: Row = {ADMIN: ANY, PM: OWN, EXEC: ANY}  # an executive stands in for a PM who is away
EVERYBODY: Row = dict.fromkeys(RoleName, ANY)
ADMINISTRATORS: Row = {ADMIN: ANY}
KEEPING: Row = {**OPERATIONS, COMPLIANCE: ANY}  # of what candidates let be kept of them
AUDITORS: Row = {ADMIN: ANY, COMPLIANCE: ANY}

# action -> who may, and how far. "<noun>.see" decides between 404 and 403 for every other action on the noun.
RULES: Mapping[str, Row] = {
    "home.see": EVERYBODY,
    "own_account.see": EVERYBODY,
    "own_account.edit": EVERYBODY,
    "presence.note": EVERYBODY,
    # staffing
    "project.see": STAFF,
    "project.add": MANAGERS,
    "project.edit": MANAGING,
    "project.remove": {ADMIN: ANY, PM: OWN},
    "project.comment": STAFF,
    "need.see": STAFF,
    "need.add": MANAGERS,
    "need.edit": MANAGING,
    "need.remove": {ADMIN: ANY, PM: OWN},
    "need.ask": PROJECT_SIDE,
    "need.answer": OPERATIONS,
    "need.comment": STAFF,
    "person.see": WITH_MEMBERS,
    "person.add": OPERATIONS,
    "person.edit": OPERATIONS,
    "person.remove": OPERATIONS,
    "skill.see": EVERYBODY,
    "skill.add": MANAGERS,
    "skill.edit": OPERATIONS,
    "skill.remove": OPERATIONS,
    "style.see": EVERYBODY,
    "style.edit": ADMINISTRATORS,
    "style.comment": EVERYBODY,
    "site.see": STAFF,
    "site.add": OPERATIONS,
    "site.edit": OPERATIONS,
    "site.remove": OPERATIONS,
    "rate.see": STAFF,
    "rate.add": OPERATIONS,
    "rate.edit": OPERATIONS,
    "rate.remove": OPERATIONS,
    # lists by sheet, across the corridors: what may be imported is each kind's own right
    "import.see": OF_MANAGERS,
    "import.add": MANAGERS,
    "import.edit": OF_MANAGERS,
    "list.download": STAFF,
    "person.import": OPERATIONS,
    "skill.import": OPERATIONS,
    "project.import": MANAGING,
    "need.import": MANAGING,
    "candidate.import": OPERATIONS,
    # hiring
    "requisition.see": STAFF,
    "requisition.add": MANAGERS,
    "requisition.edit": MANAGERS,
    "requisition.remove": OPERATIONS,
    "requisition.sign_project": PROJECT_SIDE,
    "requisition.sign_operations": OPERATIONS,
    "requisition.comment": STAFF,
    "candidate.see": STAFF,
    "candidate.add": OPERATIONS,
    "candidate.edit": OPERATIONS,
    "candidate.remove": OPERATIONS,
    "candidate.identify": KEEPING,
    "candidate.approve_project": PROJECT_SIDE,
    "candidate.approve_operations": OPERATIONS,
    "candidate.comment": STAFF,
    "intake.see": OPERATIONS,
    "intake.add": OPERATIONS,
    "intake.edit": OPERATIONS,
    "attachment.see": STAFF,
    "attachment.remove": OPERATIONS,
    "notice.see": STAFF,
    "notice.add": KEEPING,
    "rights.see": KEEPING,
    "rights.edit": OPERATIONS,
    "rights.export": KEEPING,
    "rights.erase": KEEPING,
    "impact.see": {COMPLIANCE: ANY},
    "funnel.see": STAFF,
    "scorecard.see": STAFF,
    "scorecard.add": SENIORS,
    "scorecard.agree": MANAGERS,
    "column.see": STAFF,
    "column.add": OPERATIONS,
    "column.edit": OPERATIONS,
    "column.remove": OPERATIONS,
    "chain.see": STAFF,
    # planning
    "plan.see": STAFF,
    "plan.add": MANAGERS,
    "plan.edit": MANAGERS,
    "plan.accept": SENIORS,
    "plan.propose": MANAGERS,
    "plan.approve": SENIORS,
    "plan.comment": STAFF,
    "plan.see_readers": MANAGERS,
    "plan.remove": OPERATIONS,
    "plan.export": STAFF,
    "plan.exchange": STAFF,  # a sheet that leaves to come back: what it leaves with is kept
    "plan.export_members": EVERYBODY,
    "inquiry.see": STAFF,
    "inquiry.add": MANAGERS,
    "scenario.see": SHARED,
    "scenario.add": SENIORS,
    "scenario.edit": OF_SENIORS,
    "scenario.share": OF_SENIORS,
    "scenario.remove": OF_SENIORS,
    "scenario.plan": dict.fromkeys(MANAGERS, OWN),
    "scenario.merge": dict.fromkeys(MANAGERS, OWN),
    "own_schedule.see": EVERYBODY,
    "workspace.see": STAFF,
    "workspace.edit": OPERATIONS,
    "workspace.load": OPERATIONS,
    "workspace.download": MANAGERS,
    "removal.see": MANAGERS,
    "removal.restore": MANAGERS,
    # work
    "board.see": WITH_MEMBERS,
    "board.add": MANAGERS,
    "board.edit": MANAGING,
    "board.remove": MANAGING,
    "task.see": WITH_MEMBERS,
    "task.add": {**MANAGERS, MEMBER: OWN},
    "task.comment": WITH_MEMBERS,
    "task.edit": {ADMIN: ANY, PM: OWN, OPS: ANY, MEMBER: OWN},
    "task.merge": MANAGING,
    "task.remove": MANAGING,
    "alike.see": MANAGERS,
    "own_work.see": EVERYBODY,
    "load.see": STAFF,
    "forecast.see": SENIORS,
    "own_forecast.see": EVERYBODY,
    "alert.see": SENIORS,
    "alert.comment": SENIORS,
    "alert.decide": MANAGERS,
    # a comment is seen by whoever may see what it is about
    "comment.see": EVERYBODY,
    "comment.edit": dict.fromkeys(RoleName, OWN),
    "comment.settle": {**dict.fromkeys(RoleName, OWN), **MANAGERS},
    "comment.remove": {**dict.fromkeys(RoleName, OWN), **MANAGERS},
    "notification.see": dict.fromkeys(RoleName, OWN),
    "notification.mark": dict.fromkeys(RoleName, OWN),
    "notification.choose": EVERYBODY,
    # outcomes
    "objective.see": STAFF,
    "objective.add": {ADMIN: ANY, PM: OWN},
    "objective.add_department": OPERATIONS,
    "objective.comment": STAFF,
    "objective.edit": {ADMIN: ANY, PM: OWN, OPS: OWN},  # the department's are operations' own
    "objective.remove": {ADMIN: ANY, PM: OWN, OPS: OWN},
    "feedback.see": STAFF,
    "feedback.add": SENIORS,
    "feedback.comment": STAFF,
    "feedback.edit": MANAGING,
    "feedback.remove": OPERATIONS,  # nobody whose project is spoken of takes it away
    "feedback.import": MANAGERS,
    "client_link.see": MANAGING,
    "client_link.add": MANAGING,
    "client_link.end": MANAGING,
    "idea.see": EVERYBODY,
    "idea.add": EVERYBODY,
    "idea.comment": EVERYBODY,
    "idea.edit": {**dict.fromkeys(RoleName, OWN), ADMIN: ANY, OPS: ANY},
    "idea.remove": {**dict.fromkeys(RoleName, OWN), ADMIN: ANY, OPS: ANY},
    "idea.vote": EVERYBODY,
    "idea.decide": MANAGING,
    "metric.see": STAFF,
    "metric.add": MANAGERS,
    "metric.edit": MANAGING,
    "metric.remove": MANAGING,
    "metric.import": MANAGING,
    "experiment.see": STAFF,
    "experiment.add": MANAGERS,
    "experiment.edit": MANAGING,
    "experiment.look": STAFF,
    "experiment.remove": MANAGING,
    "proposal.see": STAFF,
    "proposal.add": SENIORS,
    "proposal.decide": {ADMIN: ANY, OPS: ANY, EXEC: ANY},
    "effort.see": STAFF,
    "effort.add": MANAGING,
    "effort.edit": MANAGING,
    "effort.remove": MANAGING,
    "effort.close": MANAGING,
    "effort.import": MANAGING,
    "effort.import_finished": OPERATIONS,
    "estimate.see": STAFF,
    "estimate.answer": MANAGERS,
    "estimate.download": STAFF,
    "template.see": STAFF,
    "template.add": MANAGERS,
    "template.edit": MANAGERS,
    "template.remove": MANAGERS,
    "template.undo": MANAGING,
    "team_report.see": SENIORS,
    "department_report.see": {ADMIN: ANY, OPS: ANY, EXEC: ANY},
    "report_schedule.see": OF_SENIORS,
    "report_schedule.add": SENIORS,
    "report_schedule.edit": OF_SENIORS,
    "report_schedule.send": OF_SENIORS,
    "report_schedule.remove": OF_SENIORS,
    # account
    "workspace.set_up": ADMINISTRATORS,
    "user.see": ADMINISTRATORS,
    "user.add": ADMINISTRATORS,
    "user.edit": ADMINISTRATORS,
    "user.remove": ADMINISTRATORS,
    "token.see": {ADMIN: ANY, PM: OWN, OPS: OWN, EXEC: OWN, COMPLIANCE: OWN},
    "token.add": STAFF,
    "token.remove": {ADMIN: ANY, PM: OWN, OPS: OWN, EXEC: OWN, COMPLIANCE: OWN},
    "job.see": STAFF,
    "job.cancel": MANAGERS,
    "mail.see": ADMINISTRATORS,
    "audit.see": AUDITORS,
    "audit.export": AUDITORS,
    "webhook.see": ADMINISTRATORS,
    "webhook.add": ADMINISTRATORS,
    "webhook.edit": ADMINISTRATORS,
    "webhook.remove": ADMINISTRATORS,
    "sample.remove": ADMINISTRATORS,
}

# the corridor of each noun: a token needs its scope "<corridor>:read" or "<corridor>:write"
CORRIDOR_OF: Mapping[str, str] = {
    **dict.fromkeys(("project", "need", "person", "skill", "style", "site", "rate", "import", "list"), "staffing"),
    **dict.fromkeys(("requisition", "candidate", "scorecard", "column", "chain", "intake"), "hiring"),
    **dict.fromkeys(("attachment", "notice", "rights", "impact", "funnel"), "hiring"),
    **dict.fromkeys(("plan", "inquiry", "scenario", "own_schedule", "job", "workspace", "removal"), "planning"),
    **dict.fromkeys(("board", "task", "alike", "own_work", "load", "comment", "notification"), "work"),
    **dict.fromkeys(("forecast", "own_forecast", "alert"), "work"),
    **dict.fromkeys(("objective", "feedback", "client_link", "idea", "metric", "experiment", "proposal"), "outcomes"),
    **dict.fromkeys(("effort", "estimate", "template"), "outcomes"),
    **dict.fromkeys(("team_report", "department_report", "report_schedule"), "outcomes"),
    **dict.fromkeys(("home", "own_account", "user", "token", "mail", "sample"), "account"),
    **dict.fromkeys(("audit", "webhook", "presence"), "account"),
}
READING = frozenset({"see", "see_readers", "export", "export_members", "download"})
