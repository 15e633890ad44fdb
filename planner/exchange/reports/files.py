"""A report in a format: the whole of it as a workbook or a PDF, one of its tables as CSV."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module

from planner.exchange.csv_zip import table_csv
from planner.exchange.exports import Export, ExportError, slug
from planner.exchange.reports.shape import Document
from planner.exchange.words import N_


class ReportFormat(StrEnum):
    """What a report can be taken away as."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


REPORT_FORMATS = tuple(str(one) for one in ReportFormat)
_MEDIA = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.CSV: "text/csv",
}
_WRITERS = {ReportFormat.PDF: "pdf", ReportFormat.XLSX: "workbook"}  # imported when first asked for


def report_file(document: Document, format: ReportFormat | str, section: str = "") -> Export:  # noqa: A002
    """A report as a file; CSV is of one section's table.

    Raises
    ------
    ExportError
        Where the report has no such table.
    """
    kind = ReportFormat(format)
    name = f"{slug(document.title)}-{document.made_at.date().isoformat()}"
    if kind is ReportFormat.CSV:
        found = next((one for one in document.sections if one.key == section and one.table is not None), None)
        if found is None or found.table is None:
            raise ExportError(N_("This report has no such table."))
        return Export(f"{name}-{slug(section)}.csv", _MEDIA[kind], table_csv(found.table))
    data: bytes = import_module(f"planner.exchange.reports.{_WRITERS[kind]}").write(document)
    return Export(f"{name}.{kind}", _MEDIA[kind], data)
