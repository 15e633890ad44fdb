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
MANAGERS: Row = {ADMIN: ANY, PM: ANY, OPS: ANY}
OPERATIONS: Row = {ADMIN: ANY, OPS: ANY}
DREAMERS: Row = {**MANAGERS, EXEC: ANY}
SHARED: Row = dict.fromkeys(STAFF, OWN)  # a scenario is one's own where it is shared with one
SENIORS: Row = {ADMIN: ANY, PM: ANY, OPS: ANY, EXEC: ANY}
OF_SENIORS: Row = dict.fromkeys(SENIORS, OWN)
PROJECT_SIDE: Row = {ADMIN: ANY, PM: OWN, EXEC: ANY}  # an executive stands in for a PM who is away
EVERYBODY: Row = dict.fromkeys(RoleName, ANY)
ADMINISTRATORS: Row = {ADMIN: ANY}
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
    "project.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "project.remove": {ADMIN: ANY, PM: OWN},
    "project.comment": STAFF,
    "need.see": STAFF,
    "need.add": MANAGERS,
    "need.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "need.remove": {ADMIN: ANY, PM: OWN},
    "need.ask": PROJECT_SIDE,
    "need.answer": OPERATIONS,
    "need.comment": STAFF,
    "person.see": {**STAFF, MEMBER: OWN},
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
    "candidate.identify": {ADMIN: ANY, OPS: ANY, COMPLIANCE: ANY},
    "candidate.approve_project": PROJECT_SIDE,
    "candidate.approve_operations": OPERATIONS,
    "candidate.comment": STAFF,
    "intake.see": OPERATIONS,
    "intake.add": OPERATIONS,
    "intake.edit": OPERATIONS,
    "attachment.see": STAFF,
    "attachment.remove": OPERATIONS,
    "notice.see": STAFF,
    "notice.add": {ADMIN: ANY, OPS: ANY, COMPLIANCE: ANY},
    "rights.see": {ADMIN: ANY, OPS: ANY, COMPLIANCE: ANY},
    "rights.edit": OPERATIONS,
    "rights.export": {ADMIN: ANY, OPS: ANY, COMPLIANCE: ANY},
    "rights.erase": {ADMIN: ANY, OPS: ANY, COMPLIANCE: ANY},
    "impact.see": {COMPLIANCE: ANY},
    "funnel.see": STAFF,
    "scorecard.see": STAFF,
    "scorecard.add": {**MANAGERS, EXEC: ANY},
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
    "plan.accept": {ADMIN: ANY, PM: ANY, OPS: ANY, EXEC: ANY},
    "plan.propose": MANAGERS,
    "plan.approve": {ADMIN: ANY, PM: ANY, OPS: ANY, EXEC: ANY},
    "plan.comment": STAFF,
    "plan.see_readers": MANAGERS,
    "plan.remove": OPERATIONS,
    "plan.export": STAFF,
    "plan.exchange": STAFF,  # a sheet that leaves to come back: what it leaves with is kept
    "plan.export_members": EVERYBODY,
    "inquiry.see": STAFF,
    "inquiry.add": MANAGERS,
    "scenario.see": SHARED,
    "scenario.add": DREAMERS,
    "scenario.edit": dict.fromkeys(DREAMERS, OWN),
    "scenario.share": dict.fromkeys(DREAMERS, OWN),
    "scenario.remove": dict.fromkeys(DREAMERS, OWN),
    "scenario.plan": dict.fromkeys(MANAGERS, OWN),
    "scenario.merge": dict.fromkeys(MANAGERS, OWN),
    "own_schedule.see": EVERYBODY,
    # work
    "forecast.see": SENIORS,
    "own_forecast.see": EVERYBODY,
    "alert.see": SENIORS,
    "alert.comment": SENIORS,
    "alert.decide": MANAGERS,
    # outcomes
    "team_report.see": SENIORS,
    "department_report.see": {ADMIN: ANY, OPS: ANY, EXEC: ANY},
    "report_schedule.see": OF_SENIORS,
    "report_schedule.add": SENIORS,
    "report_schedule.edit": OF_SENIORS,
    "report_schedule.send": OF_SENIORS,
    "report_schedule.remove": OF_SENIORS,
    "workspace.see": STAFF,
    "workspace.edit": OPERATIONS,
    "workspace.load": OPERATIONS,
    "workspace.download": MANAGERS,
    "removal.see": MANAGERS,
    "removal.restore": MANAGERS,
    # lists by sheet, across the corridors: what may be imported is each kind's own right
    "import.see": {ADMIN: OWN, PM: OWN, OPS: OWN},
    "import.add": MANAGERS,
    "import.edit": {ADMIN: OWN, PM: OWN, OPS: OWN},
    "list.download": STAFF,
    "person.import": OPERATIONS,
    "skill.import": OPERATIONS,
    "project.import": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "need.import": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "candidate.import": OPERATIONS,
    # work
    "board.see": {**STAFF, MEMBER: OWN},
    "board.add": MANAGERS,
    "board.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "board.remove": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "task.see": {**STAFF, MEMBER: OWN},
    "task.add": {**MANAGERS, MEMBER: OWN},
    "task.comment": {**STAFF, MEMBER: OWN},
    "task.edit": {ADMIN: ANY, PM: OWN, OPS: ANY, MEMBER: OWN},
    "task.merge": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "task.remove": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "alike.see": MANAGERS,
    "own_work.see": EVERYBODY,
    "load.see": STAFF,
    # work: a comment is seen by whoever may see what it is about
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
    "feedback.add": DREAMERS,
    "feedback.comment": STAFF,
    "feedback.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "feedback.remove": OPERATIONS,  # nobody whose project is spoken of takes it away
    "feedback.import": MANAGERS,
    "client_link.see": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "client_link.add": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "client_link.end": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "idea.see": EVERYBODY,
    "idea.add": EVERYBODY,
    "idea.comment": EVERYBODY,
    "idea.edit": {**dict.fromkeys(RoleName, OWN), ADMIN: ANY, OPS: ANY},
    "idea.remove": {**dict.fromkeys(RoleName, OWN), ADMIN: ANY, OPS: ANY},
    "idea.vote": EVERYBODY,
    "idea.decide": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "metric.see": STAFF,
    "metric.add": MANAGERS,
    "metric.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "metric.remove": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "metric.import": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "experiment.see": STAFF,
    "experiment.add": MANAGERS,
    "experiment.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "experiment.look": STAFF,
    "experiment.remove": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "proposal.see": STAFF,
    "proposal.add": DREAMERS,
    "proposal.decide": {ADMIN: ANY, OPS: ANY, EXEC: ANY},
    "effort.see": STAFF,
    "effort.add": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "effort.edit": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "effort.remove": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "effort.close": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "effort.import": {ADMIN: ANY, PM: OWN, OPS: ANY},
    "effort.import_finished": OPERATIONS,
    "estimate.see": STAFF,
    "estimate.answer": MANAGERS,
    "estimate.download": STAFF,
    "template.see": STAFF,
    "template.add": MANAGERS,
    "template.edit": MANAGERS,
    "template.remove": MANAGERS,
    "template.undo": {ADMIN: ANY, PM: OWN, OPS: ANY},
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
