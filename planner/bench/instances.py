"""The problems of the bench: drawn by us, or found in a directory of published and given ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.bench.families import FAMILIES, Known

GENERATED = "generated"  # the folder of problems that were drawn elsewhere


@dataclass(frozen=True, slots=True)
class Instance:
    """One problem.

    Parameters
    ----------
    name
        What it is called; within one bench no two are called the same.
    group
        What it has in common with others, whose median counts.
    made_of
        What it is made of: the arguments of a drawing, or a family and a file; empty where `file` is the problem.
    file
        The published or given file, where there is one.
    known
        What others have found.
    """

    name: str
    group: str
    made_of: Mapping[str, object] = field(default_factory=dict)
    file: Path | None = None
    known: Known | None = None

    @property
    def family(self) -> str | None:
        """The public family that it comes from."""
        return str(self.made_of["family"]) if "family" in self.made_of else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Drawn agencies of some variants and sizes, once for each seed.

    A file `generated/VARIANT-PEOPLE-SEED.json` in the data directory takes the place of our own drawing.
    """

    variants: Sequence[str]
    people: Sequence[int]

    def instances(self, data: Path | None, seeds: Sequence[int]) -> list[Instance]:
        kinds = [(variant, people) for variant in self.variants for people in self.people]
        return [self._instance(data, variant, people, seed) for variant, people in kinds for seed in seeds]

    def _instance(self, data: Path | None, variant: str, people: int, seed: int) -> Instance:
        name, group = f"{variant}-{people}-{seed}", f"{variant}-{people}"
        file = data / GENERATED / f"{name}.json" if data is not None else None
        if file is not None and file.is_file():
            return Instance(name, group, file=file)
        return Instance(name, group, {"variant": variant, "people": people, "seed": seed})


@dataclass(frozen=True, slots=True)
class Published:
    """The instances of a public family whose names match a pattern, each of them once."""

    family: str
    pattern: str = ""

    def instances(self, data: Path | None, seeds: Sequence[int]) -> list[Instance]:
        family = FAMILIES[self.family]
        folder = data / self.family if data is not None else None
        if folder is None or not folder.is_dir():
            return []
        known = family.known(folder)
        files = sorted(path for path in folder.iterdir() if path.name.endswith(family.suffix))
        named = [(path.name.removesuffix(family.suffix), path) for path in files]
        return [
            Instance(name, self.family, {"family": self.family, "file": str(path)}, path, known.get(name))
            for name, path in named
            if re.match(self.pattern, name)
        ]


@dataclass(frozen=True, slots=True)
class Given:
    """Staffing problems in files of whoever runs the bench."""

    group: str
    files: Sequence[Path]

    def instances(self, data: Path | None, seeds: Sequence[int]) -> list[Instance]:
        return [Instance(f"given/{path.stem}", self.group, file=path) for path in self.files]


Source = Drawn | Published | Given


def given_groups(data: Path | None) -> dict[str, list[Path]]:
    """The staffing problems that stand in the data directory itself: `500-plain-1.json` belongs to `500-plain`."""
    groups: dict[str, list[Path]] = {}
    for path in sorted(data.glob("*.json")) if data is not None else ():
        groups.setdefault(re.sub(r"[-_]\d+$", "", path.stem) or path.stem, []).append(path)
    return groups
