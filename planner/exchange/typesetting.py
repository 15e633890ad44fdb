"""Sets a plan, or a report, in type: JSON on the standard input, a PDF on the standard output.

It runs as a process of its own (`python typesetting.py TIMESTAMP TEMPLATE`), so that what a large plan takes of memory
is bounded and comes back, and imports nothing of the planner's. The PDF is tagged; it is PDF/UA too, unless some text
is in letters that no font at hand can draw.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst

if sys.platform != "win32":
    import resource

NO_FONT = "could not be displayed"
MOST_BYTES = 4 * 1024**3


def typeset(paper: str, timestamp: int, template: Path) -> bytes:
    """The PDF that a template makes of JSON, which says that it was made at `timestamp`, in seconds."""
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)

    def compiled(standards: list[typst.PDFStandard]) -> bytes:
        return typst.compile(
            template.read_bytes(),
            format="pdf",
            font_paths=fonts,
            sys_inputs={"plan": paper},
            pdf_standards=standards,
            timestamp=timestamp,
        )

    try:
        return compiled(["ua-1"])
    except typst.TypstError as error:
        if NO_FONT not in error.message:
            raise
        return compiled([])


def _bound_memory() -> None:
    """Where the system can."""
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        allowed = MOST_BYTES if most == resource.RLIM_INFINITY else min(MOST_BYTES, most)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, most))


if __name__ == "__main__":
    _bound_memory()
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode(), int(sys.argv[1]), Path(sys.argv[2])))
