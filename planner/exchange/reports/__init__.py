"""Reports as files: one document of sentences, tables and drawings, written as a workbook, a PDF or CSV."""

from planner.exchange.reports.files import REPORT_FORMATS, ReportFormat, report_file
from planner.exchange.reports.shape import Bars, Document, Heat, HeatCell, HeatRow, Section, column

__all__ = [
    "REPORT_FORMATS",
    "Bars",
    "Document",
    "Heat",
    "HeatCell",
    "HeatRow",
    "ReportFormat",
    "Section",
    "column",
    "report_file",
]
