"""Plans out: spreadsheets, PDF, iCalendar and the JSON contract, made from a report alone."""

from planner.exchange.editions import Edition
from planner.exchange.exports import EDITIONS, FORMATS, Export, ExportError, Format, export
from planner.exchange.words import Words

__all__ = ["EDITIONS", "FORMATS", "Edition", "Export", "ExportError", "Format", "Words", "export"]
