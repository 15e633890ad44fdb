"""The same improvement elsewhere: bundles of parts for an executor's processes, here or on other machines.

A bundle names the question by a token. Who does not know it says so, and is sent the bundle again with the question
itself; so a large problem travels once to each process, and a new process can join at any time.
"""

from __future__ import annotations

import uuid
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import partial
from typing import NamedTuple

import numpy as np

from solver.eligible import eligibility_of
from solver.model import Guide, Plan
from solver.model.guide import Ints
from solver.problem import Problem
from solver.search.improve import Change, Improver, change_between, offer_changes
from solver.search.incumbent import Incumbent
from solver.search.neighbourhoods import Views
from solver.search.options import Clock, Options, StopFlag
from solver.search.valuing import valuer_of

BUNDLE_S = 0.25  # long enough to be worth its way there and back, short enough for the plan not to move on
SHORTEST_S = 0.8  # with so little time left, nothing is sent any more
POLL_S = 0.02
MOST_KNOWN = 2


class Question(NamedTuple):
    """What bundles are about: the problem in its canonical order, which of its pairs are left (None is all) and
    worth a look, and the guide to its better plans.
    """

    problem: Problem
    kept: Ints | None
    pairs: Ints
    guide: Guide | None


class Bundle(NamedTuple):
    """A plan to improve for a while; everything in it can be sent to another process."""

    token: str
    held: tuple[int, ...]
    starts: tuple[tuple[int, int], ...]
    seed: int
    seconds: float
    question: Question | None = None


class _Desk:
    """What a process knows of one question; how it improves is learnt from bundle to bundle."""

    def __init__(self, question: Question) -> None:
        able = eligibility_of(question.problem)
        self.able = able if question.kept is None else able.only(question.kept)
        self.views = Views(self.able, question.pairs, question.guide)
        self._valuer = valuer_of(self.able)
        self.improver: Improver | None = None

    def improve(self, bundle: Bundle) -> list[Change]:
        options = Options(workers=1, seed=bundle.seed)
        incumbent = Incumbent(self.able, Clock(options, StopFlag(), None), 0.0, None, valuer=self._valuer)
        incumbent.trust(plan_of_rows(len(self.able), bundle.held, bundle.starts))
        if self.improver is None:
            self.improver = Improver(incumbent, self.views, options, 0)
        self.improver.move_to(incumbent)
        changes = []
        while incumbent.clock.seconds < bundle.seconds and incumbent.plan is not None:
            before = incumbent.plan
            if self.improver.step(before):
                changes.append(change_between(before, incumbent.plan))
        return changes


_desks: dict[str, _Desk] = {}  # of this process, the latest last


def improve_bundle(bundle: Bundle) -> list[Change] | None:
    """Improves a plan part by part, wherever this runs; None where the question is not known here."""
    if bundle.token not in _desks:
        if bundle.question is None:
            return None
        while len(_desks) >= MOST_KNOWN:
            del _desks[next(iter(_desks))]
        _desks[bundle.token] = _Desk(bundle.question)
    return _desks[bundle.token].improve(bundle)


class BundleImprover:
    """Improves by sending bundles to an executor; one that breaks costs the bundle, and then its work is done here."""

    def __init__(self, here: Improver, executor: Executor) -> None:
        self._here, self._executor, self._incumbent = here, executor, here.incumbent
        here_now = self._incumbent
        self._question = Question(here_now.able.problem, here_now.kept, here.views.pairs, here.views.guide)
        self._token = uuid.uuid4().hex
        self._is_broken = False

    def step(self, plan: Plan) -> bool:
        """Sends one bundle; whether a better plan came back."""
        if self._is_broken or self._incumbent.clock.left_s < SHORTEST_S:
            return self._here.step(plan)
        self._here.num_rounds += 1
        bundle = Bundle(self._token, *rows_of(plan), self._here.seed + self._here.num_rounds, BUNDLE_S)
        try:
            changes = self._answer(bundle)
        except (BrokenExecutor, CancelledError):
            self._is_broken = True
            return False
        return bool(changes) and offer_changes(self._incumbent, plan, changes)

    def _answer(self, bundle: Bundle) -> list[Change]:
        found = self._wait(self._executor.submit(improve_bundle, bundle))
        if found is None and not self._incumbent.clock.is_over:
            found = self._wait(self._executor.submit(improve_bundle, bundle._replace(question=self._question)))
        return found or []

    def _wait(self, future: Future[list[Change] | None]) -> list[Change] | None:
        """What came back; nothing where the clock is over first."""
        result = partial(future.result, timeout=POLL_S)
        while not self._incumbent.clock.is_over:
            try:
                return result()
            except TimeoutError:
                continue
        future.cancel()
        return None


def rows_of(plan: Plan) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    return tuple(np.flatnonzero(plan.held).tolist()), tuple(sorted(plan.starts.items()))


def plan_of_rows(num_pairs: int, held: tuple[int, ...], starts: tuple[tuple[int, int], ...]) -> Plan:
    mask = np.zeros(num_pairs, dtype=np.bool_)
    mask[list(held)] = True
    return Plan(mask, dict(starts))
