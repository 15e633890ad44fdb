"""The sentences for what was not understood or cannot be done, by code, the same at both doors and in both languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from planner.services.refused import Refused

SCHEMA = {
    "missing": lazy_gettext("Fill this in."),
    "string_too_short": lazy_gettext("Write at least %(min_length)s characters."),
    "string_too_long": lazy_gettext("Write at most %(max_length)s characters."),
    "string_type": lazy_gettext("Write a text."),
    "string_pattern_mismatch": lazy_gettext("This is not in the form that is expected."),
    "int_type": lazy_gettext("Enter a whole number."),
    "int_parsing": lazy_gettext("Enter a whole number."),
    "int_from_float": lazy_gettext("Enter a whole number."),
    "int_parsing_size": lazy_gettext("This number is too large."),
    "float_type": lazy_gettext("Enter a number."),
    "float_parsing": lazy_gettext("Enter a number."),
    "finite_number": lazy_gettext("Enter a number."),
    "decimal_parsing": lazy_gettext("Enter a number."),
    "bool_parsing": lazy_gettext("Answer yes or no."),
    "bool_type": lazy_gettext("Answer yes or no."),
    "greater_than_equal": lazy_gettext("Enter %(ge)s or more."),
    "greater_than": lazy_gettext("Enter more than %(gt)s."),
    "less_than_equal": lazy_gettext("Enter %(le)s or less."),
    "less_than": lazy_gettext("Enter less than %(lt)s."),
    "enum": lazy_gettext("Choose one of the list."),
    "literal_error": lazy_gettext("Choose one of the list."),
    "date_parsing": lazy_gettext("Enter a date."),
    "date_type": lazy_gettext("Enter a date."),
    "date_from_datetime_parsing": lazy_gettext("Enter a date."),
    "date_from_datetime_inexact": lazy_gettext("Enter a date without a time."),
    "datetime_parsing": lazy_gettext("Enter a date."),
    "datetime_from_date_parsing": lazy_gettext("Enter a date."),
    "datetime_type": lazy_gettext("Enter a date."),
    "list_type": lazy_gettext("Give a list."),
    "dict_type": lazy_gettext("Give an object."),
    "model_type": lazy_gettext("Give an object."),
    "model_attributes_type": lazy_gettext("Give an object."),
    "too_long": lazy_gettext("Give at most %(max_length)s."),
    "too_short": lazy_gettext("Give at least %(min_length)s."),
    "extra_forbidden": lazy_gettext("This is not known here."),
    "email": lazy_gettext("This is not an e-mail address."),
    "invisible_characters": lazy_gettext("The text holds invisible control characters."),
    "moment_with_zone": lazy_gettext("Give the local date and time, without a time zone."),
}

REFUSALS = {
    "already_has_users": lazy_gettext("Somebody else became the first administrator. Ask them to add you."),
    "already_restored": lazy_gettext("“%(title)s” is already back."),
    "already_set_up": lazy_gettext("This was set up already."),
    "cannot_restore": lazy_gettext("“%(title)s” cannot come back: something has taken its place since."),
    "email_is_taken": lazy_gettext("There is a user with the address %(email)s already."),
    "last_administrator": lazy_gettext("%(name)s is the only administrator. Make somebody else one first."),
    "level_is_in_use": lazy_gettext("Level %(level)s is in use; the highest level cannot be below it."),
    "period_is_in_use": lazy_gettext("There are phases counted in this period already; it cannot change any more."),
    "person_is_gone": lazy_gettext("This person is not there any more."),
    "sample_wants_empty_workspace": lazy_gettext(
        "The sample company can be loaded only where there are no projects and no people yet."
    ),
    "skill_is_there": lazy_gettext("There is a skill “%(name)s” already."),
    "still_in_use": lazy_gettext("“%(title)s” is still in use and was not removed."),
}


def schema_sentence(code: str, context: dict[str, Any]) -> str:
    """What to say about a value that was not understood. Raises KeyError on a code that has no words yet."""
    return str(SCHEMA[code]) % {k: v for k, v in context.items() if k != "error"}


def refusal_sentence(refused: Refused) -> str:
    """What to say where the world does not allow what was asked."""
    return str(REFUSALS[refused.code]) % refused.params


STALE = lazy_gettext("Somebody else changed this while you were editing. Nothing was saved yet.")
