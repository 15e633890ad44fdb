"""What a reader makes of a résumé: the draft of a profile, and what it left out and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

MOST_TEXT = 200_000  # letters of a text that are looked at
MOST_LEFT_OUT = 200


@dataclass
class Draft:
    """What was read. `skills` and `languages` are as they were written; no level of a skill is guessed.

    `fault` is a code where nothing could be read. `left_out` are (place, why): "protected", "unknown", "not_text".
    """

    name: str = ""
    email: str = ""
    headline: str = ""
    languages: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    text: str = ""
    left_out: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""

    def leave_out(self, place: str, why: str) -> None:
        """Notes what was there and is not taken."""
        if len(self.left_out) < MOST_LEFT_OUT:
            self.left_out.append((place, why))

    def as_json(self) -> dict[str, Any]:
        """The draft as JSON has it, every text trimmed."""
        said = asdict(self)
        return {
            **{name: value.strip() if isinstance(value, str) else value for name, value in said.items()},
            "skills": list(dict.fromkeys(skill.strip() for skill in self.skills if skill.strip())),
            "languages": list(dict.fromkeys(language.strip() for language in self.languages if language.strip())),
        }
