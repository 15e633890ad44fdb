"""One job from its claim to its end: taken from the row, worked on under watch, given back where it came to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from planner.jobs.messages import Question, Task
from planner.jobs.watching import Ending, Watch, question_of, task_of
from planner.models import Door, Inquiry, JobState, Plan
from planner.services.account.audit import capture
from planner.services.planning import answering, inquiries, running
from planner.services.planning.answering import Work
from planner.services.planning.causes import Cause, cause
from planner.services.planning.running import Claim
from planner.translate import Untranslatable

MOST_TRIES, RETRY_S = 5, 1.0
log = structlog.get_logger(__name__)


class Solving:
    """Takes jobs to their end, one at a time in each thread that calls `run`.

    Parameters
    ----------
    workers
        Threads of each search.
    again
        Called with the id of a job that waits for another attempt.
    stopping
        Set where the worker is asked to stop: a running job is then handed back, as if it had not been taken.
    """

    def __init__(self, engine: Engine, *, workers: int, again: Callable[[int], None], stopping: Event) -> None:
        self._engine, self._workers, self._again, self._stopping = engine, workers, again, stopping

    def run(self, job_id: int) -> None:
        """Works on a job, if it is still to be had."""
        held = self._claim(job_id) if not self._stopping.is_set() else None
        if held is None:
            return
        log.info("job_taken", job=job_id, attempt=held.attempt)
        try:
            self._work_on(held)
        except Exception as error:
            log.exception("attempt_came_to_nothing", job=job_id, attempt=held.attempt)
            self._give_back(held, cause("error", error=f"{type(error).__name__}: {error}"))

    def _claim(self, job_id: int) -> Claim | None:
        with writing(self._engine) as session:
            return running.claim(session, job_id)

    def _work_on(self, held: Claim) -> None:
        if held.inquiry_id is not None:
            self._inquire(held, held.inquiry_id)
            return
        work = self._work_of(held)
        if work is None:
            return
        watch = self._watched(held, task_of(work, self._workers))
        if watch is not None:
            self._keep(held, work, watch)

    def _watched(self, held: Claim, task: Task | Question) -> Watch | None:
        """Has a child do its task; None where no answer came of it, and the job is somebody's again."""
        watch = Watch(task, beat=lambda progress: self._beat(held, progress))
        ending = watch.run(self._stopping)
        log.info("job_left", job=held.job_id, ending=str(ending))
        if ending is Ending.DIED:
            self._give_back(held, watch.reason)
        elif ending is Ending.STOPPED:
            self._hand_back(held)
        return watch if ending is Ending.ANSWERED else None

    def _inquire(self, held: Claim, inquiry_id: int) -> None:
        """Answers a question about a plan; one that did not answer in time has failed."""
        with writing(self._engine) as session:
            asked = inquiries.asked_of(session.get_one(Inquiry, inquiry_id))
        watch = self._watched(held, question_of(asked, self._workers))
        if watch is not None:
            self._patiently(lambda session: inquiries.store(session, held, inquiry_id, watch.told))

    def _keep(self, held: Claim, work: Work, watch: Watch) -> None:
        """Stores an answer; one that counts on somebody who has withdrawn since is asked for anew."""
        if self._patiently(lambda session: answering.begin_anew(session, held, work.problem)):
            self._again(held.job_id)
            return
        verdict = answering.judge(work.problem, watch.result, watch.trace, is_stopped=watch.is_asked_to_stop)
        self._patiently(lambda session: answering.store(session, held, verdict))

    def _work_of(self, held: Claim) -> Work | None:
        """What there is to do; where no question can be made, the job has failed."""
        with writing(self._engine) as session:
            try:
                return answering.work_of(session, session.get_one(Plan, held.plan_id))
            except Untranslatable as error:
                failure = cause("no_question", reason=cause(error.code, **error.params))
                if running.finish(session, held, JobState.FAILED, failure):
                    running.fail_plan(session, held.plan_id, failure)
                return None

    def _beat(self, held: Claim, progress: dict[str, object]) -> bool | None:
        """A beat that a busy database does not take is left out: the next one is due in a moment."""
        try:
            with writing(self._engine) as session:
                return running.beat(session, held, progress)
        except OperationalError:
            log.warning("beat_left_out", job=held.job_id, exc_info=True)
            return False

    def _give_back(self, held: Claim, reason: Cause) -> None:
        if self._patiently(lambda session: running.give_back(session, held, reason)):
            self._again(held.job_id)

    def _hand_back(self, held: Claim) -> None:
        if self._patiently(lambda session: running.hand_back(session, held)):
            self._again(held.job_id)

    def _patiently(self, write: Callable[[Session], bool]) -> bool:
        """Writes what must not get lost, again and again where the database is busy or restarts."""
        for left in reversed(range(MOST_TRIES)):
            try:
                with writing(self._engine) as session:
                    return write(session)
            except OperationalError:
                if not left:
                    raise
                log.warning("write_waits", tries_left=left, exc_info=True)
                self._stopping.wait(RETRY_S)
        raise AssertionError("it is tried at least once")


@contextmanager
def writing(engine: Engine, door: Door = Door.JOB) -> Iterator[Session]:
    """A session that holds SQLite's write lock from its start, and commits at its end."""
    with Session(engine, expire_on_commit=False) as session:
        capture.act(session, door)
        session.connection(execution_options={"planner_writes": True})
        yield session
        session.commit()
