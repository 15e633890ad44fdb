"""How pages ask what takes solving again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from planner.forms.asking import AskingForm
from planner.forms.fields import MoneyField
from planner.forms.staffing_projects import whole_number
from planner.schemas.planning_inquiries import DeclinesSaid, OpeningsSaid


class OpeningsForm(AskingForm):
    """Which profiles to hire."""

    schema = OpeningsSaid
    max_hires = whole_number(_("Hires at most, candidates included"))
    hire_budget_minor = MoneyField(_("Money for hiring"))
    hire_cost_minor = MoneyField(_("Cost of one hire"))
    earliest_periods = whole_number(_("Could begin after"), default=8)
    fte_pct = whole_number(_("Effort"), default=100)
    time_limit_s = whole_number(_("Time to search"), default=30)


class DeclinesForm(AskingForm):
    """What becomes of the plan after a no."""

    schema = DeclinesSaid
    time_limit_s = whole_number(_("Time to search"), default=30)
