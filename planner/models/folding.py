"""Text as it is searched and sorted: É beside e, whatever the database and its locale think of accents."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

ACCENTS = "[\u0300-\u036f]"


class folded(FunctionElement[str]):  # noqa: N801 -- it stands in statements as func.lower does
    """A column's text in lower case and without accents, the same in every database."""

    type = Text()
    inherit_cache = True


def fold(text: str) -> str:
    """A text in lower case and without accents."""
    return text.lower() if text.isascii() else re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text)).lower()


def fold_of_sqlite(value: Any) -> str | None:
    """`fold` as SQLite calls it, on whatever a column holds."""
    return None if value is None else fold(str(value))


@compiles(folded)
def _by_our_own_function(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    return f"planner_fold({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _by_what_postgresql_brings(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    text = f"normalize(({compiler.process(element.clauses, **options)})::text, NFKD)"
    return f"lower(regexp_replace({text}, '{ACCENTS}', '', 'g'))"
