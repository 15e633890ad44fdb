"""A CV as PDF, DOCX or plain text: its text, and what of a profile can be seen in it without guessing."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from planner.exchange.resumes.draft import MOST_TEXT, Draft

MOST_PAGES = 60
MOST_UNPACKED = 60 * 2**20  # bytes of a DOCX, unpacked
MOST_PARTS = 3000
EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
NAME_LONGEST = 5  # words
HEADINGS = ("curriculum", "vitae", "cv", "resume", "résumé", "profile", "profil", "contact")


def read_cv(data: bytes) -> dict[str, Any]:
    """The draft in a CV; what kind of file it is shows in its first bytes, whatever it is called."""
    draft = Draft()
    if data.startswith(b"%PDF"):
        _read(draft, _text_of_pdf, data)
    elif data.startswith(b"PK"):
        _read(draft, _text_of_docx, data)
    else:
        _read(draft, _text_of_text, data)
    return draft.as_json()


class Unreadable(Exception):
    """A file of which nothing can be taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _read(draft: Draft, text_of: Any, data: bytes) -> None:
    try:
        text = text_of(data)
    except Unreadable as error:
        draft.fault = error.code
        return
    text = re.sub(r"[ \t]+", " ", text.replace("\x00", ""))[:MOST_TEXT].strip()
    if not text:
        draft.fault = "cv_has_no_text"
        return
    draft.text = text
    found = EMAIL.search(text)
    draft.email = found[0] if found else ""
    draft.name = _name_in(text)


def _name_in(text: str) -> str:
    """The first line that looks like a name: a few words, no digits, no heading. It is only a proposal."""
    for line in text.splitlines()[:10]:
        words = line.strip().split()
        is_plain = all(word.replace("-", "").replace("'", "").replace("’", "").isalpha() for word in words)
        if 2 <= len(words) <= NAME_LONGEST and is_plain and words[0].lower() not in HEADINGS:
            return " ".join(words)
    return ""


def _text_of_pdf(data: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 -- each file's child loads what reads it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("cv_is_encrypted")
        return "\n".join(page.extract_text() for page in list(reader.pages)[:MOST_PAGES])
    except (PyPdfError, ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        raise Unreadable("cv_is_damaged") from error


def _text_of_docx(data: bytes) -> str:
    from docx import Document  # noqa: PLC0415
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415

    _require_small(data)
    try:
        document = Document(BytesIO(data))
        lines = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [" ".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                lines.append(block.text)
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Unreadable("cv_is_damaged") from error
    return "\n".join(lines)


def _require_small(data: bytes) -> None:
    """Looks at what a ZIP says that it unpacks to, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable("cv_is_damaged") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("cv_unpacks_too_large")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("cv_is_encrypted")
    if not any(part.filename == "word/document.xml" for part in parts):
        raise Unreadable("cv_is_no_document")


def _text_of_text(data: bytes) -> str:
    """A pasted text, or a text file; what is no text is no CV."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(not c.isprintable() and not c.isspace() for c in text[:2000]) <= len(text[:2000]) // 50:
            return text
    raise Unreadable("cv_is_no_document")
