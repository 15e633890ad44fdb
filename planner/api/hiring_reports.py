"""The API's reports on hiring: the funnel, and adverse impact for the compliance officer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_babel import lazy_gettext as _

from planner import db
from planner.api.answers import told
from planner.api.operations import operation
from planner.models import Requisition
from planner.schemas.hiring_reports import FunnelSeen, ImpactSeen
from planner.services.hiring import compliance, funnel

TAG = _("Hiring reports")


def init(pages: Blueprint) -> None:
    """Registers the routes of reports."""
    pages.get("/funnel")(funnel_show)
    pages.get("/impact")(impact_show)
    pages.get("/requisitions/<int:requisition_id>/impact")(requisition_impact)


@operation("funnel.see", tag=TAG, summary=_("Funnel: days, stages, sources, offers, approvers"), gives=FunnelSeen)
def funnel_show() -> Response:
    return jsonify(told(funnel.funnel(db.session()), FunnelSeen))


@operation("impact.see", tag=TAG, summary=_("Adverse impact of all requisitions together"), gives=ImpactSeen)
def impact_show() -> Response:
    return _impact(None)


@operation("impact.see", Requisition, tag=TAG, summary=_("Adverse impact of one requisition"), gives=ImpactSeen)
def requisition_impact(requisition: Requisition) -> Response:
    return _impact(requisition)


def _impact(requisition: Requisition | None) -> Response:
    return jsonify(told({"questions": compliance.report(db.session(), requisition)}, ImpactSeen))
