"""How a page asks for a work style's words and whether it is used."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.schemas.staffing_styles import NUM_ANCHORS, StyleSaid


def anchors_field(label: str) -> FieldList[StringField]:
    """A sentence for each score, from the lowest."""
    return FieldList(StringField(), label, min_entries=NUM_ANCHORS, max_entries=NUM_ANCHORS)


class StyleForm(AskingForm):
    """A work style."""

    schema = StyleSaid
    is_on = BooleanField(_("Offer this work style"), description=_("One that is off is offered nowhere."))
    name = StringField(_("Name"))
    name_fr = StringField(_("French name"))
    meaning = TextAreaField(_("Meaning"))
    meaning_fr = TextAreaField(_("Meaning in French"))
    anchors = anchors_field(_("Seen at work"))
    anchors_fr = anchors_field(_("Seen at work, in French"))
