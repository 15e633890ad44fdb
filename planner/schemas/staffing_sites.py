"""What may be said of a site and of an exchange rate."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated

from babel.numbers import is_currency
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from planner.schemas.said import Name, Said, Seen

Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$", to_upper=True)]
Subdivision = Annotated[str, StringConstraints(max_length=20)]


is_code = lru_cache(1024)(is_currency)  # babel reads its list of them each time


def known_currency(code: str) -> str:
    """Refuses the code of a currency that does not exist; an empty one means the workspace's own."""
    if code and not is_code(code):
        raise PydanticCustomError("currency_not_known", "There is no currency with this code.")
    return code


class SiteSaid(Said):
    """An office, or remote; country and subdivision give its public holidays, empty means none."""

    name: Name
    country: Country = ""
    subdivision: Subdivision = ""


class SiteSeen(Seen):
    """A site as the API shows it."""

    id: int
    version: int
    name: str
    country: str | None
    subdivision: str | None


class RateSaid(Said):
    """What one unit of a currency is worth in the workspace's currency from a day on."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$", to_upper=True), AfterValidator(known_currency)]
    from_on: date
    rate: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]


class RateSeen(Seen):
    """An exchange rate as the API shows it."""

    id: int
    version: int
    currency: str
    from_on: date
    rate: float
