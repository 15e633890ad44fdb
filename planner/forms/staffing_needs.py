"""How a page asks for a role need."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import MoneyField, PickField
from planner.forms.staffing_projects import ChecksField, SearchField, decimal_number, whole_number
from planner.schemas.staffing_needs import NeedSaid


class TagsField(ChecksField):
    """Tags: those that are known are ticked, others are typed beside them (`<name>-more`), separated by commas."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, "tags", **kwargs)

    @property
    def more(self) -> str:
        """The tags that are asked for and nobody carries yet, as text."""
        known = {value for value, _name in g.get("offers", {}).get("tags", [])}
        return ", ".join(tag for tag in self.data or [] if tag not in known)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        if formdata:
            typed = ",".join(formdata.getlist(f"{self.name}-more")).split(",")
            ticked = formdata.getlist(self.name)
            self.data: Any = list(dict.fromkeys(tag.strip() for tag in (*ticked, *typed) if tag.strip()))


class GroupRow(RowForm):
    """Tags of which one must be held."""

    tags = TagsField(_("One of these"))


class GroupRows(Rows):
    """Groups of tags, from plain lists of lists."""

    def process(self, formdata: Any, data: Any = (), *args: Any, **kwargs: Any) -> None:
        groups = [{"tags": group} if isinstance(group, list) else group for group in data or ()]
        super().process(formdata, groups, *args, **kwargs)


class SkillRow(RowForm):
    """A skill that is asked for."""

    skill_id = SearchField(_("Skill"), "skills", _("There is no skill “%(name)s”. Choose one of the list."))
    level = whole_number(_("Level"))
    is_must = BooleanField(_("Must have"), default=True)
    weight = whole_number(_("Weight"), default=1)


class StyleRow(RowForm):
    """A band of a work style that is asked for."""

    style_id = PickField(_("Work style"), "styles")
    min = decimal_number(_("From"), default=1.0)
    max = decimal_number(_("To"), default=5.0)
    is_must = BooleanField(_("Must have"))
    weight = whole_number(_("Weight"), default=1)
    reason = StringField(_("Why the work needs it"))


class NeedForm(AskingForm):
    """A role need: who, when, what they must be able to do, how they should work."""

    schema = NeedSaid
    title = StringField(_("Role"))
    count = whole_number(_("How many"), default=1)
    fte_pct = whole_number(_("Effort"), default=100)
    from_offset = whole_number(_("From"), default=0)
    to_offset = whole_number(_("To"))
    skills = Rows(SkillRow, _("Skills"))
    styles = Rows(StyleRow, _("Work styles"))
    tags = TagsField(_("All of these"))
    any_of = GroupRows(GroupRow, _("One of these"))
    max_cost_minor = MoneyField(_("Cost ceiling"))
    is_mentoring_allowed = BooleanField(_("With a mentor, one level less will do"))
    is_hire_allowed = BooleanField(_("A new hire may take it"), default=True)

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        groups = [row["tags"] for row in said.get("any_of", []) if row["tags"]]
        return {**said, "any_of": groups}
