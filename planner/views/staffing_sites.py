"""Pages of sites and exchange rates."""

from __future__ import annotations

from babel import Locale
from babel.numbers import list_currencies
from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from planner import access, db
from planner.forms.fields import offer
from planner.forms.staffing_sites import RateForm, SiteForm
from planner.models import ExchangeRate, Site, today
from planner.services.staffing import calendars, projects
from planner.services.staffing import rates as rate_verbs
from planner.services.staffing import sites as verbs
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.words.staffing_people import country_name, currency_name

pages = Blueprint("staffing_sites", __name__)


@pages.get("/sites")
@acts("site.see")
def site_list() -> Answer:
    session = db.session()
    page = verbs.page_of_sites(session, query())
    year = projects.workspace_of(session).calendar_start_on.year
    tongue = str(get_locale() or "en")[:2]
    return render_template(
        "staffing/site_list.html",
        page=page,
        year=year,
        people=verbs.people_at(session, list(page.items)),
        holidays={site.id: calendars.holidays_of(site, [year], tongue) for site in page.items},
        parts={site.id: calendars.subdivisions(site.country) for site in page.items if site.country},
        can_add=access.allowed(actor(), "site.add"),
        can_edit=access.allowed(actor(), "site.edit"),
    )


@pages.route("/sites/add", methods=["GET", "POST"])
@acts("site.add")
def site_add() -> Answer:
    form = SiteForm()
    _offer_countries(form)
    return save(
        form,
        lambda: verbs.add_site(db.session(), form.said),
        page=lambda: _page(form, None),
        then=lambda _site: url_for(".site_list"),
        told=_("The site was added."),
    )


@pages.route("/sites/<int:site_id>/edit", methods=["GET", "POST"])
@acts("site.edit", Site)
def site_edit(site: Site) -> Answer:
    form = SiteForm(obj=site)
    _offer_countries(form)
    return save(
        form,
        lambda: verbs.edit_site(db.session(), site, form.said, form.read_version),
        page=lambda: _page(form, site),
        then=lambda _site: url_for(".site_list"),
        told=_("The site was saved."),
    )


@pages.route("/sites/<int:site_id>/remove", methods=["GET", "POST"])
@acts("site.remove", Site)
def site_remove(site: Site) -> Answer:
    if request.method == "POST":
        return remove_row(site, title=site.name, then=url_for(".site_list"))
    num = verbs.people_at(db.session(), [site])[site.id]
    consequence = ngettext("%(num)s person has no site then.", "%(num)s people have no site then.", num)
    return confirm_removal(site.name, consequence, url_for(".site_list"))


@pages.get("/rates")
@acts("rate.see")
def rate_list() -> Answer:
    session = db.session()
    known = rate_verbs.rates_of(session)
    paid = rate_verbs.people_by_currency(session)
    return render_template(
        "staffing/rate_list.html",
        page=rate_verbs.page_of_rates(session, query()),
        known=known,
        paid=paid,
        missing=[code for code in paid if known.newest(code, today()) is None],
        currencies=[(code, code) for code in sorted(known.by_currency)],
        today=today(),
        can_add=access.allowed(actor(), "rate.add"),
        can_edit=access.allowed(actor(), "rate.edit"),
    )


@pages.route("/rates/add", methods=["GET", "POST"])
@acts("rate.add")
def rate_add() -> Answer:
    _offer_currencies()
    form = RateForm(data={"currency": request.args.get("currency", ""), "from_on": today()})
    return save(
        form,
        lambda: rate_verbs.add_rate(db.session(), form.said),
        page=lambda: _rate_page(form, None),
        then=lambda _rate: url_for(".rate_list"),
        told=_("The rate was added."),
    )


@pages.route("/rates/<int:rate_id>/edit", methods=["GET", "POST"])
@acts("rate.edit", ExchangeRate)
def rate_edit(rate: ExchangeRate) -> Answer:
    _offer_currencies()
    form = RateForm(obj=rate)
    return save(
        form,
        lambda: rate_verbs.edit_rate(db.session(), rate, form.said, form.read_version),
        page=lambda: _rate_page(form, rate),
        then=lambda _rate: url_for(".rate_list"),
        told=_("The rate was saved."),
    )


@pages.route("/rates/<int:rate_id>/remove", methods=["GET", "POST"])
@acts("rate.remove", ExchangeRate)
def rate_remove(rate: ExchangeRate) -> Answer:
    title = _("rate of %(currency)s", currency=rate.currency)
    if request.method == "POST":
        return remove_row(rate, title=title, then=url_for(".rate_list"))
    return confirm_removal(title, _("Costs are converted by the rate before it."), url_for(".rate_list"))


def _offer_countries(form: SiteForm) -> None:
    """Every country whose public holidays are known, and the parts of the one that is chosen."""
    named = sorted(((code, country_name(code)) for code in calendars.countries()), key=lambda pair: pair[1])
    parts = calendars.subdivisions(form.country.data or "")
    offer(countries=named, subdivisions=sorted(parts.items(), key=lambda pair: pair[1]))


def _offer_currencies() -> None:
    """Every currency in use somewhere, but the workspace's own."""
    names = Locale.parse(str(get_locale() or "en")).currencies
    own = projects.workspace_of(db.session()).currency
    used = sorted(code for code in list_currencies() if code in names and code != own)
    offer(currencies=[(code, currency_name(code)) for code in used])


def _page(form: SiteForm, site: Site | None) -> str:
    shown = Site(country=form.country.data or None, subdivision=form.subdivision.data or None)
    year = projects.workspace_of(db.session()).calendar_start_on.year
    return render_template(
        "staffing/site_edit.html",
        form=form,
        site=site,
        year=year,
        holidays=calendars.holidays_of(shown, [year], str(get_locale() or "en")[:2]),
    )


def _rate_page(form: RateForm, rate: ExchangeRate | None) -> str:
    workspace = projects.workspace_of(db.session())
    return render_template("staffing/rate_edit.html", form=form, rate=rate, workspace=workspace)
