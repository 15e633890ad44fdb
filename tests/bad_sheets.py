"""Spreadsheets made by hand, part by part: small, and bad in one way each."""

from __future__ import annotations

import io
import struct
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
DATE = 's="1"'  # the style of a cell that shows a date


def parts_of(cells: str, *, strings: tuple[str, ...] = (), is_1904: bool = False, declares: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet, whose rows are given as they stand in it."""
    properties = '<workbookPr date1904="1"/>' if is_1904 else "<workbookPr/>"
    shared = "".join(f"<si><t xml:space='preserve'>{text}</t></si>" for text in strings)
    targets = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"))
    links = "".join(
        f'<Relationship Id="rId{num}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for num, (kind, target) in enumerate(targets, 1)
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>'
        '<sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{RELS}">{links}</Relationships>',
        "xl/styles.xml": HEAD + STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'{HEAD}{declares}<worksheet xmlns="{MAIN}">'
        f"<sheetData>{cells}</sheetData></worksheet>",
    }


def packed(parts: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def xlsx(cells: str, **how: object) -> bytes:
    return packed(dict(parts_of(cells, **how)))  # type: ignore[arg-type]


def row(*cells: str, num: int = 1) -> str:
    """A row of cells, each given as `A1:attributes:content`."""
    return f'<row r="{num}">' + "".join(_cell(*cell.split("|")) for cell in cells) + "</row>"


def _cell(place: str, attributes: str, content: str) -> str:
    return f'<c r="{place}" {attributes}>{content}</c>'


def huge_cell(num_bytes: int = 2**30) -> bytes:
    """One cell of a gibibyte in a file of a megabyte: its part is packed as it is made, never held."""
    parts = parts_of("@")
    before, after = parts.pop("xl/worksheets/sheet1.xml").split("@")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'{before}<row r="1"><c r="A1" t="str"><v>'.encode())
            chunk = b"a" * 2**20
            for _ in range(num_bytes // len(chunk)):
                part.write(chunk)
            part.write(f"</v></c></row>{after}".encode())
    return data.getvalue()


def lying_about_its_size(data: bytes, name: str, said: int) -> bytes:
    """The same file with another size said for one part, in its list and where the part stands."""
    out = bytearray(data)
    for signature, at_size, at_name, at_length in ((b"PK\x01\x02", 24, 46, 28), (b"PK\x03\x04", 22, 30, 26)):
        at = out.find(signature)
        while at >= 0:
            length = struct.unpack_from("<H", out, at + at_length)[0]
            if out[at + at_name : at + at_name + length] == name.encode():
                struct.pack_into("<I", out, at + at_size, said)
            at = out.find(signature, at + 4)
    return bytes(out)


def ods(table: str, *, declares: str = "", manifest: str = "") -> bytes:
    """An OpenDocument sheet with one table."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f"{HEAD}{declares}<office:document-content {names} "
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="People">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    listed = manifest or f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    return packed(
        {
            "mimetype": mime,
            "content.xml": content,
            "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
            f'manifest:1.0">{listed}</manifest:manifest>',
        }
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file, as old Excel files and locked ones are, of whole sectors."""
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    bodies = {name: data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0") for name, data in streams.items()}
    starts, table, num = {}, [fat_mark], 1
    num_entries = 1 + len(bodies)
    folder_sectors = -(-num_entries // 4)
    table += [num + one + 1 for one in range(folder_sectors - 1)] + [end]
    folder_at, num = num, num + folder_sectors
    for name, body in bodies.items():
        count = len(body) // 512
        starts[name] = num
        table += [num + one + 1 for one in range(count - 1)] + [end]
        num += count
    assert len(table) <= 128, "one sector of the table is enough for a test"
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<III", head, 44, 1, folder_at, 0)
    struct.pack_into("<IIIII", head, 56, 4096, end, 0, end, 0)
    struct.pack_into("<109I", head, 76, 0, *[free] * 108)
    entries = _entry("Root Entry", 5, end, 0, child=1 if bodies else free)
    names = list(bodies)
    for one, name in enumerate(names, 1):
        right = one + 1 if one < len(names) else free
        entries += _entry(name, 2, starts[name], len(bodies[name]), right=right)
    entries = entries.ljust(folder_sectors * 512, b"\0")
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return bytes(head) + fat + entries + b"".join(bodies.values())


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    coded = (name + "\0").encode("utf-16-le")
    entry = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, right, child) + b"\0" * 36
    return entry + struct.pack("<IQ", start, size)


def xls(*records: tuple[int, bytes], is_1904: bool = False, locked: bool = False) -> bytes:
    """An old workbook of one sheet with these records of cells."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    bof = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)
    lock = record(0x2F, struct.pack("<HHH", 0, 1, 1)) if locked else b""
    formats = record(0xE0, struct.pack("<HHHH", 0, 0, 0, 0).ljust(20, b"\0"))
    formats += record(0xE0, struct.pack("<HHHH", 0, 14, 0, 0).ljust(20, b"\0"))
    base = record(0x22, struct.pack("<H", int(is_1904)))
    name = b"\x06\x00People"
    size = len(record(0x809, bof) + lock + base + formats) + 4 + 6 + len(name) + 4
    book = (
        record(0x809, bof) + lock + base + formats + record(0x85, struct.pack("<IBB", size, 0, 0) + name) + record(0x0A)
    )
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    sheet += b"".join(record(kind, body) for kind, body in records) + record(0x0A)
    return compound({"Workbook": book + sheet})


def number(row_num: int, col: int, value: float, style: int = 0) -> tuple[int, bytes]:
    return 0x203, struct.pack("<HHHd", row_num, col, style, value)


def text(row_num: int, col: int, value: str) -> tuple[int, bytes]:
    coded = value.encode("utf-16-le")
    return 0x204, struct.pack("<HHHHB", row_num, col, 0, len(value), 1) + coded


def error(row_num: int, col: int, code: int) -> tuple[int, bytes]:
    return 0x205, struct.pack("<HHHBB", row_num, col, 0, code, 1)
