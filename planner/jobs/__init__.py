"""Background work on huey: the job row is the truth, the queue carries its id.

Doors call `enqueue` after their commit; `planner worker` runs `working.work`. OR-Tools is only ever loaded in the
child that solves (`child`), never in the web process, nor in the worker.
"""

from planner.jobs.queue import Queue, enqueue

__all__ = ["Queue", "enqueue"]
