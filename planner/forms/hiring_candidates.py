"""How a page asks for a candidate: the fields of a person, and where they stand in the process."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.staffing_people import PersonPartForm, day
from planner.models import Candidate, Stage
from planner.schemas.hiring_candidates import ApprovalSaid, CandidateSaid, ShortlistSaid, StageSaid, UndoSaid

STAGES = (
    (Stage.NEW, _("new")),
    (Stage.SCREENING, _("screening")),
    (Stage.INTERVIEW, _("interview")),
    (Stage.OFFER, _("offer")),
    (Stage.HIRED, _("hired")),
    (Stage.DECLINED, _("declined")),
    (Stage.WITHDRAWN, _("withdrawn")),
)
OWN_FIELDS = ("requisition_id", "stage", "applied_on", "source", "note", "next_step", "version")


class _Both:
    """A candidate's two rows as one: what stands on the candidate, else on the person."""

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._candidate if name in OWN_FIELDS else self._candidate.person, name)


class CandidateForm(PersonPartForm):
    """A person considered for a requisition."""

    schema = CandidateSaid
    requisition_id = PickField(_("For requisition"), "requisitions", blank=_("none yet"))
    stage = WordsField(_("Stage"), STAGES)
    applied_on = day(_("Applied on"))
    source = StringField(_("Found through"))
    next_step = StringField(_("Next step"), description=_("What happens next, and by when. It stands on the card."))
    note = TextAreaField(_("Note"), description=_("Only what matters for the work. Candidates may ask to read it."))

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=_Both(obj) if isinstance(obj, Candidate) else obj, **kwargs)


class StageForm(AskingForm):
    """Where a candidate stands from now on."""

    schema = StageSaid
    stage = WordsField(_("Stage"), STAGES)
    column_id = HiddenField()
    reason = TextAreaField(_("Reason"), description=_("Declining wants one; the candidate may ask to read it."))


class ShortlistForm(AskingForm):
    """Whether a candidate is on the shortlist, and why."""

    schema = ShortlistSaid
    is_shortlisted = HiddenField()
    reason = StringField(_("Reason"), id="shortlist-reason")  # stands on one page with the reason of a move


class ApprovalForm(AskingForm):
    """One of the two approvals of a hire, of the suggestion that the page shows."""

    schema = ApprovalSaid
    plan_number = HiddenField()
    plan_version = HiddenField()
    reason = TextAreaField(_("Why"))


class UndoForm(AskingForm):
    """Why an approval, or a hire, is taken back."""

    schema = UndoSaid
    reason = StringField(_("Reason"), id="undo-reason")  # stands on one page with the reason of an approval
