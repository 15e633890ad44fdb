"""A workbook in which text stays the text that it is."""

from __future__ import annotations

import re

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9a-fA-F]{4}[_\x00-\x08\x0b-\x1f])")


class PlainWorkbook(Workbook):
    """XlsxWriter writes a text that begins with `<r>` and ends with `</r>` as it stands, for XML of its own, and
    leaves it open whether some texts are escapes of Excel's or only look like them; here neither happens.
    """

    def _get_packager(self) -> Packager:
        return _Packager()


class _Packager(Packager):
    def _write_shared_strings_file(self) -> None:
        strings = _Strings()
        strings.string_table = self.workbook.str_table
        strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))  # noqa: SLF001 - as the parent does
        strings._assemble_xml_file()  # noqa: SLF001


class _Strings(SharedStrings):
    def _write_si(self, string: str) -> None:
        self._xml_si_element(escaped(string), [("xml:space", "preserve")])


def escaped(text: str) -> str:
    """A text as Excel writes it: `_x000D_` for a control character, and `_x005F_` where text looks like that."""
    text = LOOKS_ESCAPED.sub("_x005F_", text)
    return CONTROL.sub(lambda match: f"_x{ord(match.group()):04X}_", text)
