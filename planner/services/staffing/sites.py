"""Sites: add, edit, list. A site's name is a tag that people carry and role needs ask for: it is renamed there too."""

from __future__ import annotations

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from planner.models import Person, RoleNeed, Site, TeamRule, folded
from planner.schemas.staffing_sites import SiteSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing import calendars


def add_site(session: Session, said: SiteSaid) -> Site:
    """Adds a site. Raises Refused where the name is taken, or its public holidays are not known."""
    _require_sense(session, said, None)
    site = _fill(Site(), said)
    session.add(site)
    session.flush()
    return site


def edit_site(session: Session, site: Site, said: SiteSaid, version: int | None) -> Site:
    """Edits a site. Raises Stale, and Refused like `add_site`."""
    require_version(site, version)
    _require_sense(session, said, site)
    before = site.tag
    _fill(site, said)
    if site.tag != before:
        _rename_tag(session, before, site.tag)
    session.flush()
    return site


def page_of_sites(session: Session, query: Query) -> Page[Site]:
    """The sites, as the URL asks for them."""
    return paged(
        session,
        select(Site),
        query,
        sorts={"name": folded(Site.name), "country": Site.country, "id": Site.id},
        default="name",
        search=(Site.name, Site.country, Site.subdivision),
        filters={"country": lambda found, value: found.where(Site.country == value)},
    )


def people_at(session: Session, sites: list[Site]) -> dict[int, int]:
    """How many people each site has."""
    ids = [site.id for site in sites]
    statement = select(Person.site_id, func.count()).where(Person.site_id.in_(ids)).group_by(Person.site_id)
    found = dict(session.execute(statement).all())
    return {ident: found.get(ident, 0) for ident in ids}


def all_sites(session: Session) -> list[Site]:
    """Every site, by name."""
    return list(session.scalars(select(Site).order_by(folded(Site.name))))


def _fill(site: Site, said: SiteSaid) -> Site:
    fill(site, said)
    site.country, site.subdivision = said.country or None, said.subdivision or None
    return site


def _require_sense(session: Session, said: SiteSaid, site: Site | None) -> None:
    taken = session.scalar(select(Site.id).where(Site.name == said.name))
    if taken is not None and (site is None or taken != site.id):
        raise Refused("site_is_there", field="name", name=said.name)
    if said.country and not calendars.is_known(said.country, None):
        raise Refused("country_is_not_known", field="country")
    if said.subdivision and not calendars.is_known(said.country, said.subdivision):
        raise Refused("subdivision_is_not_known", field="subdivision")


def _rename_tag(session: Session, before: str, after: str) -> None:
    """What asks for the site goes on asking for it under its new name."""
    asks_for_a_site = [cast(column, String).contains("site:") for column in (RoleNeed.tags, RoleNeed.any_of)]
    for need in session.scalars(select(RoleNeed).where(or_(*asks_for_a_site))):
        tags = [after if tag == before else tag for tag in need.tags]
        any_of = [[after if tag == before else tag for tag in group] for group in need.any_of]
        if (tags, any_of) != (need.tags, need.any_of):
            need.tags, need.any_of = tags, any_of
    for rule in session.scalars(select(TeamRule).where(TeamRule.tag == before)):
        rule.tag = after
