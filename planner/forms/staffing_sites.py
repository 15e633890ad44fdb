"""How a page asks for a site and for an exchange rate."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField

from planner.forms.asking import AskingForm
from planner.forms.fields import NumberField, PickField
from planner.forms.staffing_people import day
from planner.schemas.staffing_sites import RateSaid, SiteSaid


class SiteForm(AskingForm):
    """An office, or remote."""

    schema = SiteSaid
    name = StringField(_("Name"))
    country = PickField(
        _("Country"),
        "countries",
        blank=_("none: no public holidays"),
        description=_("Its public holidays are taken off the capacity of everybody at this site."),
    )
    subdivision = PickField(_("Part of the country"), "subdivisions", blank=_("the whole country"))


class RateForm(AskingForm):
    """What one unit of a currency is worth from a day on."""

    schema = RateSaid
    currency = PickField(_("Currency"), "currencies")
    from_on = day(_("From"), description=_("It holds until a newer rate begins."))
    rate = NumberField(_("Worth of one unit"))
