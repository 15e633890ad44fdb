"""How pages ask about candidates' rights."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.staffing_people import day
from planner.forms.staffing_projects import whole_number
from planner.models import AskedFor, LegalBasis, Purpose
from planner.schemas.hiring_rights import (
    AnsweredSaid,
    AskedSaid,
    ErasedSaid,
    NoticeSaid,
    RetentionSaid,
    UseSaid,
    WithdrawnSaid,
)

PURPOSES = (
    (Purpose.RECRUITMENT, _("this recruitment")),
    (Purpose.TALENT_POOL, _("being kept in mind for later")),
)
BASES = (
    (LegalBasis.CONTRACT, _("steps before a contract, at their request")),
    (LegalBasis.CONSENT, _("consent")),
    (LegalBasis.LEGITIMATE_INTEREST, _("legitimate interest")),
)


class NoticeForm(AskingForm):
    """The next version of the notice."""

    schema = NoticeSaid
    text = TextAreaField(_("Notice"), description=_("Who uses which data for what, how long, and whom to ask."))
    text_fr = TextAreaField(_("Notice in French"))


class UseForm(AskingForm):
    """A basis of use."""

    schema = UseSaid
    purpose = WordsField(_("Purpose"), PURPOSES)
    basis = WordsField(_("Legal basis"), BASES)


class WithdrawnForm(AskingForm):
    """A purpose that ends."""

    schema = WithdrawnSaid
    purpose = WordsField(_("Purpose"), PURPOSES)
    reason = StringField(_("What they said"))


class AskedForm(AskingForm):
    """What a candidate asks for."""

    schema = AskedSaid
    kind = WordsField(
        _("What you ask for"),
        ((AskedFor.CORRECTION, _("correct something")), (AskedFor.OBJECTION, _("object to how this was decided"))),
    )
    text = TextAreaField(_("What, and why"))


class AnsweredForm(AskingForm):
    """What a person answers."""

    schema = AnsweredSaid
    answer = TextAreaField(_("Answer"))


class ErasedForm(AskingForm):
    """Why somebody's data is erased."""

    schema = ErasedSaid
    reason = StringField(_("Why"))


class RetentionForm(AskingForm):
    """A retention rule."""

    schema = RetentionSaid
    country = PickField(_("Country"), "countries", blank=_("where no other rule holds"))
    from_on = day(_("From"))
    months = whole_number(_("Months"), default=6)
    source = StringField(_("Where it comes from"))
