"""Sentences for why something about objectives, feedback and ideas cannot be done, by code."""

from __future__ import annotations

from flask_babel import lazy_gettext

VOICE_REFUSALS = {
    "card_is_gone": lazy_gettext("One of these cards is not there any more. Nothing was moved."),
    "client_link_is_ended": lazy_gettext("This link was ended by whoever sent it. Ask them for another one."),
    "client_link_is_full": lazy_gettext(
        "This link was used very often, and takes no more answers. Ask for another one."
    ),
    "client_link_is_over": lazy_gettext("The last day of this link is over. Ask whoever sent it for another one."),
    "client_link_is_used": lazy_gettext(
        "This link was used already: it is good for one answer, and that answer has arrived. To say more, ask for "
        "another link."
    ),
    "client_words_stay": lazy_gettext("A client wrote this themselves: it stays as they wrote it."),
    "count_is_negative": lazy_gettext("What is counted is never below zero."),
    "idea_is_decided": lazy_gettext("%(name)s has decided on this idea: it stays as it was decided on."),
    "metric_is_a_share": lazy_gettext("%(name)s is a share: the values of this objective are percent."),
    "no_idea_yet": lazy_gettext("No idea came out of this yet. Make it an idea first."),
    "objective_is_closed": lazy_gettext("This objective is closed. Open it again to enter a reading."),
    "objective_is_measured": lazy_gettext(
        "This objective is measured from elsewhere: nobody enters its readings. To enter them, edit where they come "
        "from."
    ),
    "only_clients_use_links": lazy_gettext(
        "Only what a client sends by a link comes from a link. Choose another source."
    ),
    "phase_is_elsewhere": lazy_gettext("This phase is none of that project’s."),
    "readings_are_negative": lazy_gettext("There are readings below zero, and what is counted has none."),
    "seat_is_elsewhere": lazy_gettext("This seat is none of that project’s or phase’s."),
}
