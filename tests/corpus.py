"""Texts that spreadsheets, CSV readers and XML writers stumble over."""

from __future__ import annotations

import random

TRAPS = (
    "=1+1", "+33 1 23 45", "-5", "-5\n", "@cmd", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x",
    "|calc", "%x", "'", "'=1", "''", "\ufeff=1", "\u200b=1", "\xa0=1", "_x000D_", "_x005F_x0041_", "_x0041\x00",
    "a\r\nb", '"', '""', 'a"b', ",", ";",
    "\x00", "\x1f", "\x7f", "]]>", "<&>", "TRUE", "1e5", "2027-01-04", "#N/A", "é", "e\u0301", "😀", "العربية", "中文",
    "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "{=1}", "<r>&</r>", "<r><t>x</t></r>", "−5", "\\|",
    "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", '=DDE("cmd";"/C calc";"x")', '=WEBSERVICE("http://x")',
    '=IMPORTXML("http://x","//a")', ";=1", ",=1", '"=1', "\u202e=1", "\u200f=1", "\u2066=1\u2069", "\u180e=1",
    "\U000e0041=1", "שלום", "مرحبا =1", "👩\u200d👧", "👍🏽", "\U0001f1eb\U0001f1f7", "http://evil.example/x",
    "javascript:alert(1)", "mailto:a@b.example", "file:///etc/passwd", "\x1b[31m", "\ud7ff\ue000", "\ufffd", "-0", "+1",
    "-1.5", "1,5", "0x1F", "00123", "9" * 400, "=" * 300, "'" * 9, "\n" * 300,
)  # fmt: skip
LONG = (
    *(first + "a" * (size - len(first)) for first in ("", "=", "😀", "\t") for size in (32_766, 32_767, 32_768)),
    "😀" * 16_383, "😀" * 16_384, "é" * 40_000, "\x00" * 33_000, "_x000D_" * 5_000, '"' * 33_000, "a\n" * 20_000,
)  # fmt: skip
LETTERS = "=+-@|%'\"\\,;:&<>#_x0 \t\r\n\x00\x0b\x1f\x85\u2028\ufeff＝é😀中a1"


def strange_texts(rng: random.Random, num: int) -> list[str]:
    """The traps, and texts drawn from letters that are ones."""
    drawn = ("".join(rng.choices(LETTERS, k=rng.randint(1, 12))) for _ in range(num - len(TRAPS)))
    return [*TRAPS, *drawn]
