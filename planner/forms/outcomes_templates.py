"""How pages ask for team templates, for what a phase's team achieved, and for a project that begins with templates."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import MomentField, PickField, offered
from planner.forms.planning_plans import ChecksField
from planner.forms.staffing_needs import NeedForm
from planner.forms.staffing_projects import ProjectForm, TeamRuleForm, whole_number
from planner.schemas.outcomes_templates import (
    BegunProjectSaid,
    ProposalChecked,
    TakingSaid,
    TemplateFacts,
    TemplateNeedEdited,
    TemplateRuleEdited,
    UsingSaid,
    WhySaid,
)
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import ProjectSaid, TeamRuleSaid


class WhyPart(AskingForm):
    """Why a template is changed, as part of what is said."""

    reason = StringField(_("Why it changes"))
    because = StringField(_("What led to it"), description=_("An idea, a proposal or an address, if there is one."))


class WhyForm(WhyPart):
    """Why a template is changed."""

    schema = WhySaid


class ProposalAppliedForm(AskingForm):
    """An accepted proposal that comes to role needs of a template."""

    schema = ProposalChecked
    items = ChecksField(_("Role needs that ask for it from now on"), choices=offered("items"), validate_choice=False)
    reason = TextAreaField(_("Why it changes"))


class TemplateForm(WhyPart):
    """What a template is called and for."""

    schema = TemplateFacts
    name = StringField(_("Name"))
    purpose = TextAreaField(_("What it is for"))
    duration = whole_number(_("Length of its phase"), default=8)


class TemplateNeedForm(NeedForm, WhyPart):
    """A role need of a template."""

    schema: ClassVar[type[NeedSaid]] = TemplateNeedEdited


class TemplateRuleForm(TeamRuleForm, WhyPart):
    """A team rule of a template, which names nobody."""

    schema: ClassVar[type[TeamRuleSaid]] = TemplateRuleEdited

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=_WithoutPeople(obj) if obj is not None else None, **kwargs)


class _WithoutPeople:
    """A rule as its form wants it, which asks for the people that it names."""

    people = ()

    def __init__(self, rule: Any) -> None:
        self._rule = rule

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rule, name)


class TakingForm(AskingForm):
    """A phase that is kept as a template."""

    schema = TakingSaid
    name = StringField(_("Name of the template"))
    purpose = TextAreaField(_("What it is for"))
    achieved = TextAreaField(
        _("What the team achieved"),
        description=_("In words; client, dates, filled seats, effort and cost are written down beside it as they are."),
    )


class UsingForm(AskingForm):
    """Adding a template to a phase."""

    schema = UsingSaid
    template_id = HiddenField()
    is_again = BooleanField(_("Add it once more: it was added to this phase already."))


class BegunPhaseRow(RowForm):
    """A phase that begins with a template."""

    template_id = PickField(_("Team template"), "templates")
    name = StringField(_("Phase"))
    duration = whole_number(_("Duration"))


class BegunProjectForm(ProjectForm):
    """A project that begins with templates."""

    schema: ClassVar[type[ProjectSaid]] = BegunProjectSaid
    starts_on = MomentField(_("Start of the first phase"))
    phases = Rows(BegunPhaseRow, _("Phases"), empty=1)
