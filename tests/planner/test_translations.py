"""The French catalogue says all that the product says, and its compiled form is what was written."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "planner" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
TEACHING = "run .ci/texts as README says, and write the French that it names"


def said() -> Iterator[tuple[str, str | None]]:
    """Every text of the product, by its singular, with the context that tells it from others like it."""
    for folder in ("planner", "solver", "templates"):
        for _file, _line, message, _comments, context in extract_from_dir(
            str(ROOT / folder), METHODS, keywords=KEYWORDS
        ):
            yield message[0] if isinstance(message, tuple) else message, context


@pytest.fixture(scope="module")
def french() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_every_text_has_its_french(french: Catalog) -> None:
    found = {(text, context): french.get(text, context) for text, context in said() if text}
    missing = sorted(text for (text, _context), message in found.items() if not (message and all(texts(message))))
    assert missing == [], TEACHING


def test_nothing_is_fuzzy(french: Catalog) -> None:
    assert [message.id for message in french if message.id and message.fuzzy] == []


def test_french_fills_in_what_the_english_does(french: Catalog) -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)\w|%%", text))

    wrong = []
    for message in french:
        if message.id and all(texts(message)):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            allowed = set().union(*(names(text) for text in ids))
            wrong += [message.id for text in texts(message) if not names(text) <= allowed]
            wrong += [message.id] if names(texts(message)[-1]) != names(ids[-1]) else []
    assert wrong == []


def test_compiled_catalogue_is_the_written_one(french: Catalog) -> None:
    written = io.BytesIO()
    write_mo(written, french)
    written.seek(0)
    with FRENCH.with_suffix(".mo").open("rb") as file:
        compiled = Translations(file)
    texts_of = [{k: v for k, v in vars(one)["_catalog"].items() if k} for one in (compiled, Translations(written))]
    assert texts_of[0] == texts_of[1], "run .ci/texts"
