"""The reference data that comes with the product: O*NET's work styles, and marketing and project skills."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Skill, WorkStyle

FOLDER = Path(__file__).parents[1] / "sample"
ATTRIBUTION = "O*NET, U.S. Department of Labor, Employment and Training Administration (CC BY 4.0)"


def load_work_styles(session: Session) -> list[WorkStyle]:
    """Adds O*NET's work styles that are not there yet; one that is there stays as it is."""
    present = set(session.scalars(select(WorkStyle.key)))
    new = [WorkStyle(**row) for row in read("work_styles")["style"] if row["key"] not in present]
    session.add_all(new)
    session.flush()
    return new


def load_skills(session: Session, *, is_sample: bool = False) -> list[Skill]:
    """Adds the catalogue's skills that are not there yet; one that is there stays as it is."""
    present = set(session.scalars(select(Skill.key)))
    new = [
        Skill(**row, category=category["name"], is_sample=is_sample)
        for category in read("skills")["category"]
        for row in category["skills"]
        if row["key"] not in present
    ]
    session.add_all(new)
    session.flush()
    return new


@cache
def categories_in_french() -> dict[str, str]:
    """The catalogue's categories: the name that the rows carry, and the French one."""
    return {category["name"]: category["name_fr"] for category in read("skills")["category"]}


def read(name: str) -> dict[str, Any]:
    """One of the data files that come with the product."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
