"""Readers of files that misbehave, each in its own way; whoever asked them must survive them all."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any


def count(*parts: bytes) -> list[int]:
    """How long each part is, as a good reader would say."""
    return [len(part) for part in parts]


def surroundings(_data: bytes) -> dict[str, Any]:
    """What the environment holds, and what has been imported."""
    return {"environment": dict(os.environ), "modules": list(sys.modules)}


def sleep(*_parts: bytes) -> None:
    """Never answers, and does nothing meanwhile."""
    time.sleep(600)


def spin(*_parts: bytes) -> None:
    """Never answers, and works all the time."""
    while True:
        pass


def leave_a_child(*_parts: bytes) -> None:
    """Ends, and leaves somebody behind who holds its end of the pipe."""
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)


def take_memory(*_parts: bytes) -> int:
    """Asks for a gibibyte."""
    return len(bytearray(2**30))


def die(*_parts: bytes) -> None:
    """Is killed by the system while it reads."""
    os.kill(os.getpid(), signal.SIGKILL)


def crash(*_parts: bytes) -> None:
    """Fails as programs in C do."""
    os.kill(os.getpid(), signal.SIGSEGV)


def fail(*_parts: bytes) -> None:
    """Has a mistake in it."""
    raise LookupError("a mistake of the reader's own")


def leave(*_parts: bytes) -> None:
    """Takes itself for a program."""
    sys.exit(0)


def chatter(*_parts: bytes) -> str:
    """Says more than anybody wants to hear."""
    return "x" * (65 * 2**20)


def flood(*_parts: bytes) -> None:
    """Writes on without end, past the door through which answers go."""
    for number in range(3, 9):
        try:
            while True:
                os.write(number, b"x" * 2**20)
        except OSError:
            continue


def lie(*_parts: bytes) -> None:
    """Answers what is no answer."""
    for number in range(3, 9):
        try:
            os.write(number, b"[" * 10_000)
        except OSError:
            continue
    os._exit(0)


def print_much(*parts: bytes) -> list[int]:
    """Prints where answers are expected, and answers."""
    sys.stdout.write("{" * 100_000)
    sys.stdout.flush()
    return count(*parts)


def write_file(path: bytes) -> str:
    """Tries to leave a file behind."""
    try:
        with open(path, "wb") as file:
            file.write(b"x" * 100)
    except OSError as error:
        return type(error).__name__
    return "written"
