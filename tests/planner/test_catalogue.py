"""The reference data: complete in both languages, loaded once however often it is asked for."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Skill, WorkStyle
from planner.services import catalogue
from planner.services.staffing.skills import slug

OFF = {"stress-tolerance", "self-control", "optimism", "self-confidence"}
ELEMENTS = [*(f"1.D.1.{c}" for c in "abcdefghi"), *(f"1.D.2.{c}" for c in "abcdef")]
ELEMENTS += [*(f"1.D.3.{c}" for c in "abcd"), *(f"1.D.4.{c}" for c in "ab")]


def test_work_styles_are_the_21_of_onet(session: Session) -> None:
    catalogue.load_work_styles(session)
    styles = session.scalars(select(WorkStyle).order_by(WorkStyle.element_id)).all()
    assert [style.element_id for style in styles] == ELEMENTS
    assert [style.key for style in styles] == [slug(style.name) for style in styles]
    assert all(style.name_fr and style.meaning.endswith(".") and style.meaning_fr.endswith(".") for style in styles)


def test_work_styles_close_to_health_are_off(session: Session) -> None:
    catalogue.load_work_styles(session)
    assert set(session.scalars(select(WorkStyle.key).where(~WorkStyle.is_on))) == OFF


def test_skills_are_about_a_hundred_in_both_languages(session: Session) -> None:
    catalogue.load_skills(session)
    skills = session.scalars(select(Skill)).all()
    assert 90 <= len(skills) <= 120
    assert all(skill.name_fr and skill.aliases and skill.category for skill in skills)
    assert [skill.key for skill in skills] == [slug(skill.name) for skill in skills]
    assert {skill.category for skill in skills} == set(catalogue.categories_in_french())


def test_no_two_skills_share_a_name(session: Session) -> None:
    catalogue.load_skills(session)
    names: Counter[str] = Counter()
    for skill in session.scalars(select(Skill)):
        names.update({slug(name) for name in (skill.name, skill.name_fr, *skill.aliases)})
    assert not [name for name, number in names.items() if number > 1]


def test_loading_again_adds_nothing_and_changes_nothing(session: Session) -> None:
    catalogue.load_work_styles(session)
    catalogue.load_skills(session)
    session.scalars(select(Skill).where(Skill.key == "sql")).one().name = "SQL and databases"
    session.scalars(select(WorkStyle).where(WorkStyle.key == "optimism")).one().is_on = True
    assert not catalogue.load_work_styles(session)
    assert not catalogue.load_skills(session)
    assert session.scalar(select(Skill.name).where(Skill.key == "sql")) == "SQL and databases"
    assert session.scalar(select(WorkStyle.is_on).where(WorkStyle.key == "optimism"))


def test_loading_commits_nothing(session: Session) -> None:
    catalogue.load_skills(session)
    catalogue.load_work_styles(session)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Skill)) == 0
    assert session.scalar(select(func.count()).select_from(WorkStyle)) == 0


def test_attribution_names_onet_and_its_licence() -> None:
    assert re.search(r"O\*NET.*U\.S\. Department of Labor.*CC BY 4\.0", catalogue.ATTRIBUTION)
