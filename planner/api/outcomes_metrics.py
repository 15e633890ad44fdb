"""The API's outcomes: metrics and what was measured, experiments and their results, criteria and proposals."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from planner import db
from planner.api import asking
from planner.api.answers import shown, told, with_version
from planner.api.operations import edited, operation
from planner.api.routes import Resource, Rights
from planner.models import CriterionProposal, Experiment, Metric, MetricPoint
from planner.schemas.outcomes_criteria import (
    DecisionSaid,
    LineSeen,
    OutcomeSeen,
    ProposalSeen,
    ProposalsMade,
    ReportAsked,
    ReportLookedAt,
    ReportSeen,
)
from planner.schemas.outcomes_experiments import ComparedSeen, EndSaid, ExperimentSaid, ExperimentSeen, ResultSeen
from planner.schemas.outcomes_metrics import MetricSaid, MetricSeen, PointSaid, PointSeen
from planner.services.outcomes import criteria, experiments, metrics, proposals
from planner.services.outcomes.criteria import Line
from planner.services.outcomes.experiments import Compared
from planner.services.refused import Refused
from planner.words.outcomes_metrics import compared_sentence, criterion_name, outcome_name

EXPERIMENTS, CRITERIA = _("Experiments"), _("Criteria and outcomes")
TEXT = {"type": "string", "maxLength": 200}


def _named(_session: Session, row: Any) -> tuple[Any, str]:
    return row, row.name


def _point(_session: Session, point: MetricPoint) -> tuple[MetricPoint, str]:
    return point, f"{point.metric.name} {point.measured_on.isoformat()}"


MEASURED = (
    Resource(
        "metrics",
        _("Metrics"),
        Metric,
        Rights.of("metric"),
        MetricSeen,
        MetricSaid,
        page=lambda session, query, _user: metrics.page_of_metrics(session, query),
        sorts=("name", "project", "id"),
        filters={
            "project_id": _("Only those of a project."),
            "subject": _("Only those that count this."),
            "kind": _("Only those of a kind."),
        },
        add=metrics.add_metric,
        edit=metrics.edit_metric,
        removes=_named,
    ),
    Resource(
        "points",
        _("Measurements"),
        MetricPoint,
        Rights("metric.see", "metric.edit", "metric.edit", "metric.edit"),
        PointSeen,
        PointSaid,
        page=lambda session, query, _user: metrics.page_of_points(session, query),
        sorts=("day", "id"),
        filters={"metric_id": _("Only those of a metric.")},
        add=metrics.add_point,
        edit=metrics.edit_point,
        removes=_point,
        parent=("metrics", Metric),
    ),
    Resource(
        "experiments",
        EXPERIMENTS,
        Experiment,
        Rights.of("experiment"),
        ExperimentSeen,
        ExperimentSaid,
        page=lambda session, query, _user: experiments.page_of_experiments(session, query),
        sorts=("name", "project", "start", "end", "id"),
        filters={"project_id": _("Only those of a project."), "state": _("running or ended.")},
        add=experiments.add_experiment,
        edit=experiments.edit_experiment,
        removes=_named,
    ),
    Resource(
        "proposals",
        _("Proposals"),
        CriterionProposal,
        Rights("proposal.see", "proposal.add", "proposal.decide", "proposal.decide"),
        ProposalSeen,
        page=lambda session, query, _user: proposals.page_of_proposals(session, query),
        sorts=("state", "outcome", "made", "id"),
        filters={"state": _("open, accepted or declined.")},
    ),
)


def init(pages: Blueprint) -> None:
    """Registers the routes of outcomes that are no plain resource."""
    experiment = "/experiments/<int:experiment_id>"
    pages.get(f"{experiment}/result")(experiment_result)
    pages.post(f"{experiment}/look")(experiment_look)
    pages.post(f"{experiment}/end")(experiment_end)
    pages.post(f"{experiment}/reopen")(experiment_reopen)
    pages.get("/criteria-and-outcomes")(report_show)
    pages.post("/criteria-and-outcomes/proposals")(proposal_add)
    pages.post("/proposals/<int:proposal_id>/decide")(proposal_decide)


@operation(
    "experiment.see",
    Experiment,
    tag=EXPERIMENTS,
    summary=_("Experiments: what one shows"),
    about=_("Once all that was planned is in, or it has ended; before that somebody must look, which is counted."),
    gives=ResultSeen,
    can_be_refused=True,
)
def experiment_result(experiment: Experiment) -> Response:
    if not experiments.is_open(experiment):
        raise Refused("result_is_not_due")
    return _result(experiment)


@operation(
    "experiment.look",
    Experiment,
    tag=EXPERIMENTS,
    summary=_("Experiments: look at a result before it is due"),
    about=_("It is counted, and raises the chance of a false alarm: the result says by how much."),
    gives=ResultSeen,
)
def experiment_look(experiment: Experiment) -> Response:
    experiments.look(db.session(), experiment, by=asking.actor())
    db.session().commit()
    return _result(experiment)


@operation(
    "experiment.edit",
    Experiment,
    tag=EXPERIMENTS,
    summary=_("Experiments: end one"),
    takes=EndSaid,
    gives=ExperimentSeen,
    is_versioned=True,
    can_be_refused=True,
)
def experiment_end(experiment: Experiment) -> Response:
    said, session = asking.said(EndSaid), db.session()
    return edited(
        experiment,
        ExperimentSeen,
        lambda version: experiments.end_experiment(session, experiment, said.ended_on, version),
        said,
    )


@operation(
    "experiment.edit",
    Experiment,
    tag=EXPERIMENTS,
    summary=_("Experiments: let one go on that had ended"),
    gives=ExperimentSeen,
    is_versioned=True,
    can_be_refused=True,
)
def experiment_reopen(experiment: Experiment) -> Response:
    session, by = db.session(), asking.actor()
    return edited(
        experiment, ExperimentSeen, lambda version: experiments.reopen_experiment(session, experiment, version, by=by)
    )


@operation(
    "proposal.see",
    tag=CRITERIA,
    summary=_("Criteria and outcomes: what went with a good outcome"),
    about=_("Over all teams together; nothing of single teams or people."),
    gives=ReportSeen,
    parameters={
        "outcome": (TEXT, _("The key of an outcome; without one that which most teams have.")),
        "role": (TEXT, _("Only of those whose role is called so.")),
    },
)
def report_show() -> Response:
    args = asking.asked(ReportLookedAt)
    found = criteria.report(db.session(), args.outcome, args.role)
    seen = {
        "outcomes": [
            OutcomeSeen(key=key, name=outcome_name(key, name), num_teams=n) for key, name, n in found.outcomes
        ],
        "outcome": found.outcome,
        "role": found.role,
        "num_teams": found.num_teams,
        "num_needed": found.num_needed,
        "is_silent": found.is_silent,
        "lines": [_line(line) for line in found.lines],
    }
    return with_version(jsonify(told(seen, ReportSeen)), None)


@operation(
    "proposal.add",
    tag=CRITERIA,
    summary=_("Criteria and outcomes: propose what was found"),
    about=_("What was proposed on the same evidence before is not proposed again, whatever became of it."),
    takes=ReportAsked,
    gives=ProposalsMade,
    status=201,
    can_be_refused=True,
)
def proposal_add() -> Response:
    said, session = asking.said(ReportAsked), db.session()
    made = proposals.make_proposals(session, said.outcome, said.role, by=asking.actor())
    session.commit()
    return shown({"items": made}, ProposalsMade, 201)


@operation(
    "proposal.decide",
    CriterionProposal,
    tag=_("Proposals"),
    summary=_("Proposals: accept or decline one"),
    about=_("An accepted one is offered to role needs, and changes nothing by itself."),
    takes=DecisionSaid,
    gives=ProposalSeen,
    is_versioned=True,
    can_be_refused=True,
)
def proposal_decide(proposal: CriterionProposal) -> Response:
    said, session, by = asking.said(DecisionSaid), db.session(), asking.actor()
    return edited(
        proposal, ProposalSeen, lambda version: proposals.decide(session, proposal, said, version, by=by), said
    )


def _result(experiment: Experiment) -> Response:
    found = experiments.result(experiment)
    seen = {
        "is_final": found.is_final,
        "num_looks": found.num_looks,
        "false_alarm": found.false_alarm,
        "compared": [_compared(experiment, one) for one in found.compared],
    }
    return with_version(jsonify(told(seen, ResultSeen)), None)


def _compared(experiment: Experiment, one: Compared) -> ComparedSeen:
    found, always = one.difference, one.always or (None, None)
    return ComparedSeen(
        arm=one.arm.name,
        verdict=one.verdict,
        difference=found.value if found else None,
        relative=found.relative if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        p=one.p,
        p_alone=found.p if found else None,
        method=found.method if found else None,
        power=one.power,
        num_needed=one.num_needed,
        always_low=always[0],
        always_high=always[1],
        sentence=compared_sentence(experiment, one),
    )


def _line(line: Line) -> LineSeen:
    seen = line.association
    return LineSeen(
        criterion=line.key,
        name=criterion_name(line),
        num=seen.num if seen else 0,
        num_people=line.num_people,
        rho=seen.rho if seen else None,
        low=seen.low if seen else None,
        high=seen.high if seen else None,
        p=seen.p if seen else None,
        is_found=line.is_found,
    )
