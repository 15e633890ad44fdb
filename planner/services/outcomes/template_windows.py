"""How a window within a template's phase lies in a phase of another length: in proportion, whole, never beyond it."""

from __future__ import annotations

from planner.schemas.staffing_needs import NeedSaid


def scaled(need: NeedSaid, duration: int, wanted: int) -> NeedSaid:
    """A role need of a phase of `duration` periods as one of `wanted` periods asks for it; to the end stays to the end.

    Both ends are rounded alike, so that windows that met still meet; each keeps at least one period.
    """
    if duration == wanted:
        return need
    begin = min(_moved(need.from_offset, duration, wanted), wanted - 1)
    if need.to_offset is None:
        return need.model_copy(update={"from_offset": begin})
    end = min(max(_moved(need.to_offset, duration, wanted), begin + 1), wanted)
    return need.model_copy(update={"from_offset": begin, "to_offset": end})


def _moved(offset: int, duration: int, wanted: int) -> int:
    """An offset in proportion, to the nearest period, halves upwards."""
    return (2 * offset * wanted + duration) // (2 * duration)
