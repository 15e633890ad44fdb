"""How a page asks for a skill."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField

from planner.forms.asking import AskingForm
from planner.forms.fields import LinesField
from planner.schemas.staffing_skills import SkillSaid


class SkillForm(AskingForm):
    """A skill of the catalogue."""

    schema = SkillSaid
    name = StringField(_("Name"))
    name_fr = StringField(_("French name"))
    category = StringField(_("Category"))
    aliases = LinesField(_("Also called"), description=_("One to a line; imports recognise them."))
