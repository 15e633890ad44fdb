"""Exports are inert: text stays text, numbers stay numbers, nothing runs or leads out, other programs open them."""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import agency
import build
import openpyxl
import pypdf
import pytest
from corpus import LONG, strange_texts
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from python_calamine import CalamineWorkbook, load_workbook

from planner.exchange import export
from planner.exchange.csv_zip import escape, unescape
from planner.exchange.workbook import cell_text
from planner.translate.report import PlanReport, report

MANY = 10_000
TITLE = 3  # the column of a seat's title, in the workbook and in roles.csv
TEXTS = (*strange_texts(random.Random(2), MANY), *LONG)
ALIVE = frozenset(
    (
        "/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData",
        "/Named", "/Rendition", "/EmbeddedFiles", "/EmbeddedFile", "/RichMedia", "/AcroForm", "/XFA", "/Movie", "/3D",
    )
)  # fmt: skip
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice's soffice")
needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs Debian's poppler-utils")


@cache
def titled(*texts: str) -> PlanReport:
    """A plan with a seat for each text, which is its title."""
    asked = agency.titled(list(texts))
    return report(asked, agency.result(asked, {}), agency.meta())


def everywhere(text: str) -> PlanReport:
    """A plan that says a text wherever somebody can write one."""
    people = (build.person("p", name=text, tags=(f"site:{text}", text)), build.candidate("c", name=text))
    seats = (build.seat("s", title=text), build.seat("t", title=text), build.seat("u", title=text))
    asked = build.problem(
        *people, projects=(build.project("j", build.phase(text or "f", *seats), name=text),), name=text
    )
    said = agency.meta(title=text, generated_by=text, labels=agency.LABELS)
    return report(asked, agency.result(asked, {"s": "p", "t": "c"}), said)


def tables_of(plan: PlanReport) -> dict[str, list[list[str]]]:
    """The rows of every CSV file, as they stand there."""
    archive = zipfile.ZipFile(io.BytesIO(export(plan, "csv").data))
    return {
        name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
        for name in archive.namelist()
        if name.endswith(".csv")
    }


# -- exactly what was written


def test_ten_thousand_texts_come_back_from_a_workbook() -> None:
    """Exactly, but for the two letters that XML has no way to say, and what is longer than a cell."""
    sheet = load_workbook(io.BytesIO(export(titled(*TEXTS), "xlsx").data)).get_sheet_by_name("Role requirements")
    found = [row[TITLE] for row in sheet.to_python()[2:]]
    assert found == [cell_text(text) for text in TEXTS]
    assert sum(text != one for text, one in zip(TEXTS, found, strict=True)) < len(LONG)


def test_ten_thousand_texts_come_back_from_csv() -> None:
    """Exactly, by the rule that stands in about.json: one apostrophe comes off the front."""
    assert csv.field_size_limit() > max(map(len, TEXTS))
    found = [row[TITLE] for row in tables_of(titled(*TEXTS))["roles.csv"][1:]]
    assert [unescape(text) for text in found] == list(TEXTS)
    assert {text[:1] for text in found} & set("=+-@\t\r") == set()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "=cmd|' /C calc'!A0", "'=", "＝", "\u200b="])
def test_what_might_be_a_formula_has_an_apostrophe_before_it(start: str) -> None:
    assert escape(f"{start}1") == f"'{start}1"


# -- a workbook


def test_no_text_is_a_formula_or_leads_out_of_a_workbook() -> None:
    for text in ("=1+1", '=HYPERLINK("http://x")', "http://evil.example/x", "=cmd|' /C calc'!A0", "<f>1</f>"):
        data = export(everywhere(text), "xlsx").data
        assert text in {cell.value for cell in cells_of(data)}
        assert {cell.data_type for cell in cells_of(data) if isinstance(cell.value, str)} == {"s"}
        assert {cell.hyperlink for cell in cells_of(data)} == {None}
        parts = zipfile.ZipFile(io.BytesIO(data))
        for name in parts.namelist():
            assert not re.search(rb"<f[ >/]|<ddeLink|TargetMode|<hyperlink", parts.read(name)), (text, name)
            assert not re.search(r"externalLink|vbaProject|embeddings|activeX|connections|macrosheet", name), name


def cells_of(data: bytes) -> Iterator[Any]:
    """Every cell of a workbook that says something."""
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        yield from (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_numbers_stay_numbers_beside_texts_that_look_like_some() -> None:
    plan = everywhere("-5")
    types = {type(cell.value) for cell in cells_of(export(plan, "xlsx").data) if str(cell.value) == "-5"}
    assert types == {str}
    data = export(agency.plan(), "xlsx").data
    below = [cell for cell in cells_of(data) if cell.data_type == "n" and not cell.is_date and cell.value < 0]
    assert below
    in_csv = {cell for rows in tables_of(agency.plan()).values() for row in rows for cell in row}
    assert {str(cell.value) for cell in below} <= in_csv


# -- a PDF


@pytest.mark.parametrize("edition", ["organisers", "members"])
@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "http://evil.example/x", '#link("http://x")', '#eval("1")', "$x$ *a* _b_ @c <d>"]
)
def test_nothing_in_a_pdf_runs_or_leads_out(text: str, edition: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(export(everywhere(text), "pdf", edition).data))
    said = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "".join(text.split()) in said
    assert set(names_in(reader)) & ALIVE == set()


def names_in(reader: pypdf.PdfReader) -> Iterator[str]:
    """Every name in a PDF: the keys of its dictionaries, and the words of its own."""
    waiting: list[Any] = [reader.trailer, *(reader.get_object(n) for n in range(1, int(reader.trailer["/Size"])))]
    while waiting:
        value = waiting.pop()
        if isinstance(value, NameObject):
            yield str(value)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def test_walk_through_a_pdf_finds_what_is_alive() -> None:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(100, 100)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    page[NameObject("/Annots")] = ArrayObject([DictionaryObject({NameObject("/URI"): TextStringObject("http://x")})])
    data = io.BytesIO()
    writer.write(data)
    assert set(names_in(pypdf.PdfReader(data))) & ALIVE == {"/OpenAction", "/JavaScript", "/JS", "/URI"}


# -- other programs


@needs_poppler
def test_poppler_reads_and_draws_every_page(tmp_path: Path) -> None:
    plan = everywhere("Léa =Martin")
    path = tmp_path / "plan.pdf"
    path.write_bytes(export(plan, "pdf").data)
    about = told("pdfinfo", path)
    for line in ("JavaScript: no", "Form: none", "Encrypted: no", "Tagged: yes"):
        assert re.search(line.replace(" ", r"\s+"), about), about
    assert "Léa =Martin" in told("pdftotext", path, "-")
    told("pdftoppm", "-png", "-r", "40", path, tmp_path / "page")
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) == len(pypdf.PdfReader(path).pages)
    assert min(page.stat().st_size for page in pages) > 1000  # an empty page of this size takes some 400 bytes


@needs_office
def test_libreoffice_opens_a_workbook_and_finds_only_text(tmp_path: Path) -> None:
    """It has one kind of line end; and it writes what looks like an escape as one, so that is not asked of it."""
    texts = [text for text in TEXTS[:400] if "_x" not in text]
    book = opened(tmp_path, "plan.xlsx", export(titled(*texts), "xlsx").data)
    assert num_formulas(book) == 0
    found = [in_lines(row[TITLE]) for row in sheet_of(book, "Role requirements")[2:]]
    assert found == [in_lines(cell_text(text)) for text in texts]


@needs_office
def test_libreoffice_opens_csv_and_finds_no_formula(tmp_path: Path) -> None:
    live = opened(tmp_path, "live.csv", b"a,b\r\n=1+1,-5\r\n")
    assert num_formulas(live) == 1, "it takes no text for a formula, so the test shows nothing"
    files = zipfile.ZipFile(io.BytesIO(export(titled(*TEXTS[:400]), "csv").data))
    book = opened(tmp_path, "roles.csv", files.read("roles.csv"))
    assert num_formulas(book) == 0
    assert len(sheet_of(book, "roles")) == 401
    summary = zipfile.ZipFile(io.BytesIO(export(agency.plan(), "csv").data)).read("summary.csv")
    numbers = [cell for row in sheet_of(opened(tmp_path, "summary.csv", summary), "summary") for cell in row]
    assert any(isinstance(cell, float) and cell < 0 for cell in numbers)


def in_lines(text: str) -> str:
    """A text with one kind of line end."""
    return re.sub(r"[\r\n]+", "\n", text)


def opened(folder: Path, name: str, data: bytes) -> Path:
    """A file opened by LibreOffice, and saved again as a workbook."""
    (folder / name).write_bytes(data)
    as_csv = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if name.endswith(".csv") else []
    profile, out = f"-env:UserInstallation={(folder / 'profile').as_uri()}", folder / "opened"
    told("soffice", "--headless", profile, *as_csv, "--convert-to", "xlsx", "--outdir", out, folder / name)
    return (out / name).with_suffix(".xlsx")


def num_formulas(book: Path) -> int:
    """How many cells of a workbook are formulas."""
    parts = zipfile.ZipFile(book)
    return sum(len(re.findall(rb"<f[ >]", parts.read(name))) for name in parts.namelist() if "worksheets/" in name)


def sheet_of(book: Path, name: str) -> list[list[Any]]:
    """The rows of a sheet as another program reads them."""
    return CalamineWorkbook.from_path(book).get_sheet_by_name(name).to_python()


def told(*command: object) -> str:
    """What a program says; one that fails fails the test."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
