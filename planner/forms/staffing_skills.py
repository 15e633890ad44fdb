"""How a page asks for a skill."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField

from planner.forms.asking import AskingForm
from planner.schemas.staffing_skills import SkillSaid


class LinesField(TextAreaField):
    """A list of short texts, one to a line."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: Any = [line.strip() for line in (valuelist[0] if valuelist else "").splitlines() if line.strip()]


class SkillForm(AskingForm):
    """A skill of the catalogue."""

    schema = SkillSaid
    name = StringField(_("Name"))
    name_fr = StringField(_("French name"))
    category = StringField(_("Category"))
    aliases = LinesField(_("Also called"), description=_("One to a line; imports recognise them."))
