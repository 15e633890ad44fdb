"""Criteria in disguise: what is warned of, and what passes."""

from __future__ import annotations

import pytest

from planner.services.staffing.criteria import Disguise, disguises, doubts

DOUBTFUL = [
    ("Lives in Montreuil", "residence"),
    ("Postcode 75011 or close", "residence"),
    ("Habite à Lyon", "residence"),
    ("Candidats du code postal 69007", "residence"),
    ("Must live near the office", "residence"),
    ("Young and dynamic team player", "age"),
    ("Digital native", "age"),
    ("Recent graduate", "age"),
    ("Under 35", "age"),
    ("At most 5 years of experience", "age"),
    ("Jeune diplômé", "age"),
    ("Équipe jeune", "age"),
    ("Moins de 30 ans", "age"),
    ("Between 25 and 35 years old", "age"),
    ("Native speaker of English", "origin"),
    ("Native French", "origin"),
    ("French mother tongue", "origin"),
    ("Anglophone natif", "origin"),
    ("Langue maternelle : français", "origin"),
    ("Speaks without accent", "origin"),
    ("EU citizens only", "origin"),
    ("Nationalité française", "origin"),
    ("Catholic values", "belief"),
    ("Non syndiqué", "belief"),
    ("A strong woman for the front desk", "sex"),
    ("Experienced salesman", "sex"),
    ("Hôtesse d’accueil", "sex"),
    ("Homme de préférence", "sex"),
    ("Without small children", "family"),
    ("Célibataire, mobile", "family"),
    ("Not planning a pregnancy", "family"),
    ("In good health", "health"),
    ("Physically fit", "health"),
    ("Résistance au stress", "health"),
    ("Rarely sick", "health"),
    ("Sans handicap", "health"),
    ("From a top university", "school"),
    ("Diplômé d’une grande école", "school"),
    ("HEC or ESSEC", "school"),
    ("Good-looking", "looks"),
    ("Send a recent photo", "looks"),
    ("Culture fit", "likeness"),
    ("Fits in with our team", "likeness"),
    ("Bon état d’esprit", "likeness"),
    ("SEO rockstar", "likeness"),
]

SOUND = [
    "SEO audit of sites with more than 50000 pages",
    "French at C1, spoken and written",
    "Speaks English fluently with clients",
    "Native advertising on publishers’ sites",
    "React Native for the members’ app",
    "Writes for young readers",
    "Campaigns for women’s fashion",
    "Knows how Gen Z uses short video",
    "At least three years of paid search",
    "Works from the Lyon office two days a week",
    "Accessibility for people with disabilities",
    "Replaces a colleague on maternity leave",
    "Health sector campaigns under its advertising code",
    "Degree in statistics or the same learned at work",
    "Budgets over 500 000 euros",
    "Photo editing",
    "Single sign-on for client portals",
    "Plans the launch with top schools as clients’ partners",
    "Rédige en français pour le grand public",
    "Trois ans d’expérience au moins en référencement",
    "Présentation de résultats devant un comité de direction",
]


def test_there_are_sixty_criteria_and_more():
    assert len(DOUBTFUL) + len(SOUND) >= 60


@pytest.mark.parametrize(("text", "kind"), DOUBTFUL)
def test_doubtful_criterion_is_warned_of(text, kind):
    assert kind in {one.kind for one in disguises([text])}


@pytest.mark.parametrize("text", SOUND)
def test_sound_criterion_passes(text):
    assert disguises([text]) == []


def test_what_was_found_is_shown_as_it_was_typed():
    assert disguises(["Habite à Lyon"]) == [Disguise("residence", "Habite à")]


@pytest.mark.parametrize(("reason", "kinds"), [
    ("is better", ["reason"]),
    ("The data arrives late and the brief is open until the launch.", []),
    ("Fits in with our team of friends", ["likeness"]),
    ("", []),
])  # fmt: skip
def test_reason_for_a_work_style_is_read_as_closely(reason, kinds):
    assert [one.kind for one in doubts([], [reason])] == kinds
