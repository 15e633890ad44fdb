"""The public families: published instances as staffing problems, and what is known of each.

A family's figure, a makespan, a head count or a score, and a plan's objective say the same in two ways.
"""

from __future__ import annotations

from planner.bench.families import hashcode, mspsp, smptsp
from planner.bench.families.family import Family, FamilyError, Known

FAMILIES: dict[str, Family] = {family.name: family for family in (mspsp.FAMILY, smptsp.FAMILY, hashcode.FAMILY)}

__all__ = ["FAMILIES", "Family", "FamilyError", "Known"]
