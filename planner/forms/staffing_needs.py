"""How a page asks for a role need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

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

    @property
    def is_finished(self) -> bool:
        """Whether the skill can be looked for already."""
        return isinstance(self.skill_id.data, int) and bool(self.level.data)


class StyleRow(RowForm):
    """A band of a work style that is asked for."""

    style_id = PickField(_("Work style"), "styles")
    min = decimal_number(_("From"), default=1.0)
    max = decimal_number(_("To"), default=5.0)
    is_must = BooleanField(_("Must have"))
    weight = whole_number(_("Weight"), default=1)
    reason = StringField(_("Why the work needs it"))

    @property
    def is_finished(self) -> bool:
        """Whether the band can be looked for already."""
        return bool(str(self.style_id.data or "").isdecimal() and self.min.data and self.max.data)


class CriteriaPart(AskingForm):
    """What people must be able to do, how they should work, what they must have: of a role need, or a requisition."""

    skills = Rows(SkillRow, _("Skills"))
    styles = Rows(StyleRow, _("Work styles"))
    tags = TagsField(_("All of these"))
    any_of = GroupRows(GroupRow, _("One of these"))

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        groups = [row["tags"] for row in said.get("any_of", []) if row["tags"]]
        return {**said, "any_of": groups}


class NeedForm(CriteriaPart):
    """A role need: who, when, what they must be able to do, how they should work."""

    schema: ClassVar[type[NeedSaid]] = NeedSaid
    title = StringField(_("Role"))
    count = whole_number(_("How many"), default=1)
    fte_pct = whole_number(_("Effort"), default=100)
    from_offset = whole_number(_("From"), default=0)
    to_offset = whole_number(_("To"))
    max_cost_minor = MoneyField(_("Cost ceiling"))
    is_mentoring_allowed = BooleanField(_("With a mentor, one level less will do"))
    is_hire_allowed = BooleanField(_("A new hire may take it"), default=True)

    def changed_rows(self, args: Mapping[str, str]) -> bool:
        """As every form; and where a button took over the effort that work like it took, the form is shown with it."""
        taken = args.get("take_effort", "")
        if taken.isascii() and taken.isdecimal() and 1 <= len(taken) <= 3:
            self.fte_pct.process_data(int(taken))
            self.fte_pct.raw_data = None
            return True
        return super().changed_rows(args)

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked so far, as plain values; rows that are not finished are left out."""
        skills = [row.form for row in self.skills if row.form.is_finished]
        styles = [row.form for row in self.styles if row.form.is_finished]
        return {
            "skills": [(r.skill_id.data, r.level.data, r.is_must.data, r.weight.data or 0) for r in skills],
            "styles": [
                (int(r.style_id.data), r.min.data, r.max.data, r.is_must.data, r.weight.data or 0) for r in styles
            ],
            "tags": self.tags.data or [],
            "any_of": [row.form.tags.data for row in self.any_of if row.form.tags.data],
            "max_cost_minor": self.max_cost_minor.data,
            "is_mentoring_allowed": self.is_mentoring_allowed.data,
            "is_hire_allowed": self.is_hire_allowed.data,
        }

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """The names of the skills and work styles that the page offers, by id as text."""
        offers = g.get("offers", {})
        return {name: dict(offers.get(name, [])) for name in ("skills", "styles")}

    def window(self, duration: int) -> tuple[int, int]:
        """From where to where in a phase the need reaches, as far as that is said and makes sense."""
        begin = min(max(self.from_offset.data or 0, 0), duration - 1)
        end = min(self.to_offset.data or duration, duration)
        return begin, max(end, begin + 1)
