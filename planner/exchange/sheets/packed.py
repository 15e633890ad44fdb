"""Packed files (XLSX, ODS): what is in them and how large it is, before anything takes them apart."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from planner.exchange.sheets.limits import MOST_PARTS, MOST_RATIO, MOST_UNPACKED, SMALL_PART, Unreadable

IS_ENCRYPTED = 1  # flag of a part
XML_ENDINGS = (".xml", ".rels")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Package:
    """The parts of a packed file; making one refuses what is too large, locked, or named to lead out of it."""

    def __init__(self, data: bytes) -> None:
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
            self.parts = self.archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Unreadable("sheet_is_damaged") from error
        self.names = {part.filename for part in self.parts}
        self._require_small()
        if any(_leads_out(part.orig_filename) for part in self.parts):
            raise Unreadable("sheet_has_odd_names")
        if any(part.flag_bits & IS_ENCRYPTED for part in self.parts):
            raise Unreadable("sheet_is_encrypted")
        if len(self.names) != len(self.parts):
            raise Unreadable("sheet_is_damaged")
        self.texts = {part.filename: self._text(part) for part in self.parts if part.filename.endswith(XML_ENDINGS)}

    def _require_small(self) -> None:
        if len(self.parts) > MOST_PARTS:
            raise Unreadable("sheet_has_too_many_parts", most=MOST_PARTS)
        for part in self.parts:
            is_dense = part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1)
            if is_dense or part.file_size > MOST_UNPACKED:
                raise Unreadable("sheet_unpacks_too_large", most=MOST_UNPACKED // 2**20)
        if sum(part.file_size for part in self.parts) > MOST_UNPACKED:
            raise Unreadable("sheet_unpacks_too_large", most=MOST_UNPACKED // 2**20)

    def _text(self, part: zipfile.ZipInfo) -> bytes:
        """A part in XML, unpacked: exactly as large as was said, with no entities of its own."""
        try:
            text = self.archive.read(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
            raise Unreadable("sheet_is_damaged") from error
        if text.startswith(WIDE):
            raise Unreadable("sheet_is_damaged")
        if DECLARES.search(text):
            raise Unreadable("sheet_has_entities")
        return text


def _leads_out(name: str) -> bool:
    """Whether a part is named to land outside of the folder that it is unpacked to."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":" or "\0" in plain
