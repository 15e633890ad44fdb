"""Texts that spreadsheets, CSV readers and XML writers stumble over."""

from __future__ import annotations

import random

TRAPS = (
    "=1+1", "+33 1 23 45", "-5", "-5\n", "@cmd", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x",
    "|calc", "%x", "'", "'=1", "''", "\ufeff=1", "\u200b=1", "\xa0=1", "_x000D_", "_x005F_x0041_", "_x0041\x00",
    "a\r\nb", '"', '""', 'a"b', ",", ";",
    "\x00", "\x1f", "\x7f", "]]>", "<&>", "TRUE", "1e5", "2027-01-04", "#N/A", "é", "e\u0301", "😀", "العربية", "中文",
    "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "{=1}", "<r>&</r>", "<r><t>x</t></r>", "−5", "\\|",
)  # fmt: skip
LETTERS = "=+-@|%'\"\\,;:&<>#_x0 \t\r\n\x00\x0b\x1f\x85\u2028\ufeff＝é😀中a1"


def strange_texts(rng: random.Random, num: int) -> list[str]:
    """The traps, and texts drawn from letters that are ones."""
    drawn = ("".join(rng.choices(LETTERS, k=rng.randint(1, 12))) for _ in range(num - len(TRAPS)))
    return [*TRAPS, *drawn]
