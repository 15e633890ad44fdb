from __future__ import annotations

from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Removal, Skill


def test_skill_is_added_edited_removed_and_brought_back(ops: CheckedClient, session: Session) -> None:
    added = ops.send("/skills/add", {"name": "Search  ads", "aliases": "SEA\nGoogle Ads"})
    assert added.status_code == 303
    skill = session.scalars(select(Skill)).one()
    assert (skill.key, skill.name, skill.aliases) == ("search-ads", "Search ads", ["SEA", "Google Ads"])

    path = f"/skills/{skill.id}/edit"
    assert ops.send(path, {"name": "Paid search", "version": "1"}).status_code == 303
    assert ops.get("/skills?q=paid").text.count("Paid search") >= 1

    ops.send(f"/skills/{skill.id}/remove")
    session.rollback()
    assert session.scalars(select(Skill)).all() == []
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/skills")
    session.rollback()
    assert session.scalars(select(Skill)).one().name == "Paid search"


def test_stale_or_missing_version_is_refused_with_both_values(ops: CheckedClient, session: Session) -> None:
    session.add(Skill(key="seo", name="SEO"))
    session.commit()
    skill = session.scalars(select(Skill)).one()
    path = f"/skills/{skill.id}/edit"
    ops.send(path, {"name": "SEO basics", "version": "1"})
    for version in ("1", ""):
        refused = ops.send(path, {"name": "Search engine optimisation", "version": version})
        assert refused.status_code == 409
        assert "SEO basics" in refused.text
        assert "Search engine optimisation" in refused.text
    session.rollback()
    assert session.scalars(select(Skill)).one().name == "SEO basics"


def test_nearly_the_same_name_is_pointed_out(ops: CheckedClient, session: Session) -> None:
    session.add(Skill(key="email-marketing", name="Email marketing", aliases=["E-mailing"]))
    session.commit()
    assert "Email marketing" in ops.get("/skills/near-duplicates?name=e-mail marketing").text
    assert "Email marketing" not in ops.get("/skills/near-duplicates?name=Video editing").text


def test_empty_name_is_refused_at_its_field(ops: CheckedClient) -> None:
    refused = ops.send("/skills/add", {"name": "  "})
    assert refused.status_code == 422
    assert "Fill this in." in refused.text
