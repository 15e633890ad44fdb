"""The process that reads a file of anybody's: an order on the standard input, its answer on the standard output.

It runs by its path, and bounds itself before it imports anything that reads. An order is a line of JSON, then the
bytes; the answer is JSON too, so that nothing in it is ever run.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any

NO_MEMORY, NO_ROOM = 81, 82  # exit statuses: it would take more memory than allowed, or say more
MOST_OF_FAULT = 4000

if sys.platform != "win32":
    import resource
    import signal


def main() -> None:
    """Does what the order says; each way to end that is not an answer has a status of its own."""
    out = os.dup(1)
    os.dup2(2, 1)  # what a reader prints is no answer
    order = json.loads(sys.stdin.buffer.readline())
    if sys.platform != "win32":
        bound_oneself(order["memory_bytes"], order["limit_s"])
    try:
        answer = json.dumps(answered(order)).encode()
    except MemoryError:
        os._exit(NO_MEMORY)
    if len(answer) > order["most_bytes"]:
        os._exit(NO_ROOM)
    with open(out, "wb", closefd=False) as pipe:  # it closes with the end, after which nobody waits
        pipe.write(answer)
    os._exit(0)  # what was read may be large, and nobody needs it to be taken apart


def answered(order: dict[str, Any]) -> dict[str, Any]:
    """What the target makes of the bytes; a fault of its own is told with where it happened."""
    parts = [sys.stdin.buffer.read(size) for size in order["sizes"]]
    if [len(part) for part in parts] != order["sizes"]:
        raise SystemExit("whoever asked is gone")
    sys.path[:] = order["path"]
    module, _, name = order["target"].partition(":")
    try:
        return {"answer": getattr(import_module(module), name)(*parts)}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it goes to whoever asked, and from there into the log
        return {"fault": traceback.format_exc()[-MOST_OF_FAULT:]}


if sys.platform != "win32":

    def bound_oneself(memory_bytes: int, limit_s: float) -> None:
        """Bounds memory and time of this process for good; no file of any size can be written by it."""
        whole_s = int(limit_s) + 1
        lower(resource.RLIMIT_AS, memory_bytes)
        lower(resource.RLIMIT_CPU, whole_s)
        lower(resource.RLIMIT_FSIZE, 0)
        lower(resource.RLIMIT_CORE, 0)
        signal.alarm(whole_s + 1)  # whoever asked ends this process before; unless they were ended themselves

    def lower(limit: int, most: int) -> None:
        """Lowers a limit, which takes no privileges; a system that does not know it keeps its own."""
        _, highest = resource.getrlimit(limit)
        allowed = most if highest == resource.RLIM_INFINITY else min(most, highest)
        try:
            resource.setrlimit(limit, (allowed, allowed))
        except (ValueError, OSError):
            sys.stderr.write(f"limit {limit} cannot be set\n")


if __name__ == "__main__":
    main()
