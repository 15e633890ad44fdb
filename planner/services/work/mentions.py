"""Naming somebody in a comment: "@Full Name". Only users who may see what the comment is about can be named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import User, folded
from planner.services.refused import Refused
from planner.services.work.kinds import may_see

MOST_NAMED = 50  # in one comment
AT = r"(?<![\w@.])@"  # an e-mail address names nobody


def users(session: Session) -> list[User]:
    """Everybody who may log in, by name."""
    return list(session.scalars(select(User).where(User.active).order_by(folded(User.name), User.id)))


def can_be_named(session: Session, row: Any) -> list[tuple[User, str]]:
    """Who may be named where a record is talked about, each with the text that names them."""
    everybody = users(session)
    labels = labels_of(everybody)
    return [(user, labels[user.id]) for user in everybody if may_see(user, row)]


def labels_of(everybody: Iterable[User]) -> dict[int, str]:
    """What names each user: their name, and of namesakes the address with it."""
    everybody = list(everybody)
    times = Counter(_plain(user.name) for user in everybody)
    return {user.id: user.name if times[_plain(user.name)] == 1 else full_label(user) for user in everybody}


def full_label(user: User) -> str:
    """A name that is nobody else's."""
    return f"{user.name} ({user.email})"


def named(session: Session, text: str, row: Any) -> list[User]:
    """Whom a text names, each once. Raises Refused where one of them may not see the record, or several are meant."""
    if "@" not in text:
        return []
    found: dict[int, User] = {}
    ways = ways_to_say(users(session))
    for match in name_pattern(ways).finditer(text):
        user = _meant(ways[_plain(match[1])], match[1], row)
        found[user.id] = user
    if len(found) > MOST_NAMED:
        raise Refused("too_many_are_named", field="text", most=MOST_NAMED)
    return list(found.values())


def by_label(session: Session, label: str, row: Any) -> User:
    """The user whom a field names, as it is chosen from the list. Raises Refused as `named` does, and for nobody."""
    said = label.strip().removeprefix("@").strip()
    meant = ways_to_say(users(session)).get(_plain(said))
    if not meant:
        raise Refused("nobody_is_called_so", field="mention", name=said)
    return _meant(meant, said, row, field="mention")


def ways_to_say(everybody: Iterable[User]) -> Mapping[str, Sequence[User]]:
    """Every text by which somebody can be named, and whom it may mean."""
    ways: dict[str, list[User]] = {}
    for user in everybody:
        ways.setdefault(_plain(user.name), []).append(user)
        ways.setdefault(_plain(full_label(user)), []).append(user)
    return ways


def _meant(several: Sequence[User], said: str, row: Any, field: str = "text") -> User:
    """The one who is meant: of namesakes the only one who may see the record."""
    seeing = [user for user in several if may_see(user, row)]
    if not seeing:
        raise Refused("mention_may_not_see", field=field, name=said)
    if len(seeing) > 1:
        raise Refused("mention_is_of_several", field=field, name=said)
    return seeing[0]


def name_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Finds @ and one of these names, the longest that stands there, in whatever letters and blanks."""
    longest_first = sorted(set(names), key=len, reverse=True)
    said = "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in longest_first if name.split())
    return re.compile(rf"{AT}({said or '(?!)'})(?!\w)", re.IGNORECASE)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
