"""How a page asks for a requisition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.forms.fields import MomentField, MoneyField, PickField, WordsField
from planner.forms.staffing_needs import CriteriaPart
from planner.forms.staffing_projects import whole_number
from planner.models import RequisitionState
from planner.schemas.hiring_requisitions import CriteriaSaid, GapSaid, RequisitionSaid, SignatureSaid, StateSaid

STATES = (
    (RequisitionState.DRAFT, _("draft")),
    (RequisitionState.OPEN, _("open")),
    (RequisitionState.FILLED, _("filled")),
    (RequisitionState.CLOSED, _("closed")),
)


class RequisitionForm(AskingForm):
    """The authority to hire for seats."""

    schema = RequisitionSaid
    title = StringField(_("Role"))
    need_id = PickField(
        _("Role need"), "needs", blank=_("none"), description=_("Its criteria are carried over to the requisition.")
    )
    num_seats = whole_number(_("Seats"), default=1)
    fte_pct = whole_number(_("Effort"), default=100)
    starts_on = MomentField(_("From"))
    ends_on = MomentField(_("Until, this day not included"))
    site_id = PickField(_("Site"), "sites", blank=_("any site"))
    max_cost_minor = MoneyField(_("Cost ceiling"))
    reason = TextAreaField(_("Why we hire"))
    is_anonymous = BooleanField(
        _("Anonymous review"),
        description=_("Until an offer, reviewers see neither names nor addresses, notes, sources or files."),
    )


class StateForm(AskingForm):
    """How far a requisition has come from now on."""

    schema = StateSaid
    state = WordsField(_("State"), STATES)


class CriteriaForm(CriteriaPart):
    """What a requisition asks of whoever is hired."""

    schema = CriteriaSaid
    change_reason = TextAreaField(_("Why they change"), description=_("Whoever signs the criteria reads it."))


class SignatureForm(AskingForm):
    """Which number of the terms somebody signs."""

    schema = SignatureSaid
    terms_number = HiddenField()


class GapForm(AskingForm):
    """The gap of a plan from which a requisition is born."""

    schema = GapSaid
    plan_id = HiddenField()
    seat_key = HiddenField()
