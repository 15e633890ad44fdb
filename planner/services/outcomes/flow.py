"""How much work stays undone at best: the largest flow from people's time to work that they can do.

Work is sorted by what it takes (its type), people by which types they can do. Time may be split at will, so the true
remainder is never smaller. The flow is found greedily, then by augmenting paths (L. R. Ford and D. R. Fulkerson,
*Canadian Journal of Mathematics* 8, 1956); a part of the network from which nothing more is reached is left for good.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


def uncovered(demand: Mapping[T, int], supply: Mapping[frozenset[T], int]) -> dict[T, int]:
    """By type, what of the demand nobody is left for, in one division of everybody's time that covers the most."""
    return _Network(demand, supply).rest()


class _Network(Generic[T]):
    def __init__(self, demand: Mapping[T, int], supply: Mapping[frozenset[T], int]) -> None:
        self._need = {kind: num for kind, num in demand.items() if num > 0}
        self._left = {able: num for able, num in supply.items() if num > 0}
        self._able: dict[T, list[frozenset[T]]] = {
            kind: sorted((able for able in self._left if kind in able), key=len) for kind in self._need
        }
        self._flow: dict[frozenset[T], dict[T, int]] = {able: {} for able in self._left}

    def rest(self) -> dict[T, int]:
        for kind in sorted(self._need, key=lambda kind: len(self._able[kind])):
            for able in self._able[kind]:
                self._send(able, kind, min(self._need[kind], self._left[able]))
        dead: set[T] = set()
        for kind in self._need:
            while self._need[kind] and kind not in dead and self._augment(kind, dead):
                pass
        return {kind: num for kind, num in self._need.items() if num}

    def _send(self, able: frozenset[T], kind: T, num: int) -> None:
        if num:
            self._need[kind] -= num
            self._left[able] -= num
            self._flow[able][kind] = self._flow[able].get(kind, 0) + num

    def _augment(self, start: T, dead: set[T]) -> bool:
        """One path from a type to people with time left, by way of types that let go of others; False where none is."""
        came: dict[T, tuple[frozenset[T], T]] = {}
        queue, seen, tried = deque([start]), {start}, set[frozenset[T]]()
        while queue:
            kind = queue.popleft()
            for able in self._able[kind]:
                if able in tried:
                    continue
                tried.add(able)
                if self._left[able]:
                    self._shift(start, kind, able, came)
                    return True
                for other, num in self._flow[able].items():
                    if num and other not in seen and other not in dead:
                        seen.add(other)
                        came[other] = (able, kind)
                        queue.append(other)
        dead |= seen
        return False

    def _shift(self, start: T, end: T, able: frozenset[T], came: Mapping[T, tuple[frozenset[T], T]]) -> None:
        num, kind = min(self._need[start], self._left[able]), end
        while kind != start:
            via, before = came[kind]
            num, kind = min(num, self._flow[via][kind]), before
        kind, to = end, able
        self._left[able] -= num
        self._need[start] -= num
        while True:
            self._flow[to][kind] = self._flow[to].get(kind, 0) + num
            if kind == start:
                return
            via, before = came[kind]
            self._flow[via][kind] -= num
            kind, to = before, via
