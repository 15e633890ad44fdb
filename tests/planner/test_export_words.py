"""The words of exports, in English and French, and the reasons that they say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import agency
import build
import openpyxl
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from planner.exchange import Edition, Words, export, reasons, words
from planner.exchange.reasons import Reasons
from planner.exchange.sentences import headline, team_rule
from planner.translate.report import Labels, report
from solver.solution import Reason

FRENCH = {
    "Summary": "Synthèse",
    "Role requirements": "Besoins de rôle",
    "Person": "Personne",
    "From": "Du",
    "W%(week)02d": "S%(week)02d",
    "Plan %(number)s, version %(version)s": "Plan %(number)s, version %(version)s",
    "generated %(at)s by %(name)s": "produit le %(at)s par %(name)s",
    ("%(num)s person", "%(num)s people"): ("%(num)s personne", "%(num)s personnes"),
}


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Words]:
    """A French that has a few words, whatever the product's catalogue has."""
    catalogue = Catalog(locale="fr")
    for said, meant in FRENCH.items():
        singular_and_others = (
            [meant[0]] + [meant[1]] * (catalogue.num_plurals - 1) if isinstance(meant, tuple) else meant
        )
        catalogue.add(said, singular_and_others)
    path = tmp_path / "fr" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(words, "TRANSLATIONS", tmp_path)
    words._catalogue.cache_clear()
    yield Words("fr")
    words._catalogue.cache_clear()


def test_workbook_is_french(french: Words) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export(agency.plan(), "xlsx", "organisers", "fr").data))
    assert book.sheetnames[:2] == ["Synthèse", "Besoins de rôle"]
    assert book.worksheets[0]["B1"].value.startswith(
        "Plan 12, version 3 · produit le 18 janv. 2027, 09:41 UTC par Inès Caron"
    )
    assert [cell.value for cell in book["Staff assigned"][2]][1] == "Personne"
    assert "S01 4\xa0janv." in [cell.value for cell in book["Week by week"][2]]


def test_plural_is_french(french: Words) -> None:
    assert french.ngettext("%(num)s person", "%(num)s people", 0) == "0 personne"
    assert french.ngettext("%(num)s person", "%(num)s people", 1234) == "1\u202f234 personnes"


def test_language_without_a_catalogue_is_english_in_its_own_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "TRANSLATIONS", tmp_path)
    say = Words("de")
    assert (say.gettext("Summary"), say.number(1234.5)) == ("Summary", "1.234,5")
    assert Words("no such language").language == "en"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1,234.5", "12%", "0.4%", "€1,846,000", "Jan 4, 2027", "Jan 4, 2027, 09:41 UTC", "a, b, and c",
                "French"]),
        ("fr", ["1\u202f234,5", "12\xa0%", "0,4\xa0%", "1\u202f846\u202f000\xa0€", "4 janv. 2027",
                "4 janv. 2027, 09:41 UTC", "a, b et c", "français"]),
    ],
)  # fmt: skip
def test_values_are_written_as_the_language_writes_them(language: str, said: list[str]) -> None:
    say = Words(language)
    at = datetime(2027, 1, 4, 9, 41, tzinfo=UTC)
    values = [say.number(1234.5), say.percent(12), say.percent(0.4, 1), say.money(1846000), say.day(date(2027, 1, 4))]
    assert [*values, say.instant(at), say.list(["a", "b", "c"]), say.spoken("fr")] == said


def test_headline_of_members_says_nothing_of_money() -> None:
    plan, say = agency.plan(), Words()
    assert "€" in headline(plan, say, Edition.ORGANISERS)
    assert "€" not in headline(plan, say, Edition.MEMBERS)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (build.rule("count", of={"style": "cooperation", "min": 4}, at_least=1),
         "at least 1 person with Cooperation of 4 or more"),
        (build.rule("count", of={"kind": "contractor"}, at_most=2), "at most 2 people of the kind contractor"),
        (build.rule("count", of={"tag": "lang:fr"}, at_least=1, at_most=3),
         "at least 1 person and at most 3 people with French"),
        (build.rule("count", of={"kind": "candidate"}, at_most=0), "nobody of the kind candidate"),
        (build.rule("together", people=("lea", "noah")), 'all or none of Léa =Martin and -Noah, "N"; #panic()'),
        (build.rule("apart", people=("lea", "mei")), "at most one of Léa =Martin and Mei Tan"),
        (build.rule("mean", style="cooperation", min=3.5), "mean of Cooperation at least 3.5"),
        (build.rule("spread", style="cooperation", max=1), "spread of Cooperation at most 1"),
    ],
)  # fmt: skip
def test_team_rule_reads_as_a_person_would_say_it(rule: object, said: str) -> None:
    asked = agency.problem()
    film = asked.projects[0].phases[0]
    phase = build.phase("film", *film.seats, team_rules=(rule,))
    asked = asked.replace(projects=(build.project("verne", phase),))
    (row,) = report(asked, agency.result(asked), agency.meta()).teams[0].rules
    assert team_rule(row, Words()) == said


SAID = [
    (agency.NOBODY, "Nobody has consent at level 3; the best has 2. One person is one level short."),
    (Reason("nobody_has_skill", "", {"skill": "sql", "level": 3, "best": 0, "num_one_short": 0}), "Nobody has SQL."),
    (Reason("nobody_has_all_musts", "", {"num_per_must": {"sql 3": 2, "cooperation": 4, "lang:fr": 5, "max_cost": 6}}),
     "Nobody has all must-haves at once (SQL 3: 2, Cooperation: 4, French: 5, cost: 6)."),
    (Reason("style_outside", "", {"style": "cooperation", "min": 3.0, "max": 4.5}),
     "Nobody is known to have Cooperation from 3 to 4.5."),
    (Reason("tag_missing", "", {"tag": "site:Lyon"}), "Nobody has Lyon."),
    (Reason("any_of_missing", "", {"group": ["lang:de", "lang:fr"], "tags": ""}), "Nobody has any of German, French."),
    (Reason("too_expensive", "", {"max_cost": 900, "cheapest": 1200}),
     "Nobody costs €900 or less; the cheapest costs €1,200."),
    (Reason("all_busy", "", {"num": 2, "people": [{"person": "lea", "from": 1, "to": 4, "project": "verne"}]}),
     "2 people could, and are busy: Léa =Martin (W02–W04, Verne & <Cie>), …."),
    (Reason("not_available", "", {"num": 1, "from": 0, "to": 2}), "One person could, and has no time in W01–W02."),
    (Reason("rule_blocks", "", {"num": 3, "phase": "film", "rule_index": 1}),
     "With any of the 3 people who could, the team would break a rule: mean of Cooperation at least 4.5."),
    (Reason("project_budget", "", {"num": 1, "budget": 5000}), "It would exceed the project’s budget of €5,000."),
    (Reason("hire_limit", "", {"num": 1, "max_hires": 4}), "It would take more than the 4 hires that are allowed."),
    (Reason("not_worth", "", {"points": -1500}), "Filling it would cost the plan 1,500 points."),
    (Reason("search_stopped", "", {"points": 1500}),
     "It could be filled for 1,500 points; the search ended before it was."),
    (Reason("phase_order", "", {"num": 1, "phase": "film", "other": "film"}), "The film has to wait for The film."),
    (Reason("other", "because", {}), "because"),
    (Reason("all_busy", "another tool's words", {}), "another tool's words"),
    (Reason("tag_missing", "another tool's words", {"tag": 5}), "another tool's words"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "said"), SAID, ids=[reason.code for reason, _ in SAID])
def test_reason_says_names_and_figures(reason: Reason, said: str) -> None:
    assert Reasons(agency.plan(), Words()).sentence(reason) == said


def test_every_reason_of_the_solver_has_words() -> None:
    from solver.search.musts import UNMET
    from solver.search.reasons import SENTENCES

    codes = {*UNMET, *SENTENCES, "nobody_has_all_musts"}
    assert codes == reasons.PHRASES.keys() == reasons.LABELS.keys()


def test_labels_are_names_and_keys_where_there_is_none() -> None:
    asked = agency.problem()
    whole = report(asked, agency.result(asked), agency.meta(labels=Labels(skills={"sql": "Requêtes SQL"})))
    sheet = openpyxl.load_workbook(io.BytesIO(export(whole, "xlsx").data))["Role requirements"]
    assert [row[9].value for row in sheet.iter_rows(min_row=3, max_row=4)] == [
        "Requêtes SQL 3, seo 2 (nice to have)",
        "Requêtes SQL 3",
    ]
