"""Files of anybody's are read in a process of their own, which is bounded and can be ended.

A file can be small and ask for all memory, or take hours, or bring its reader down. So none is read where the pages
are made: a child reads it, within 512 MB and 10 seconds, knows no secret of the environment, and answers in JSON.
It starts in about a tenth of a second and needs no privileges. Where a system does not know how to limit the memory
of a process (Windows; macOS does not keep to it) only the deadline holds, and a file can take what memory there is.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import structlog

from planner.exchange.bounded_child import NO_MEMORY, NO_ROOM

CHILD = Path(__file__).with_name("bounded_child.py")
KEPT_OF_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take: memory, seconds (by the clock, and of a processor), bytes in and bytes out."""

    memory_bytes: int = 512 * 2**20
    limit_s: float = 10.0
    most_bytes: int = 64 * 2**20


USUAL = Bounds()


class Unread(Exception):
    """A file that could not be read within its bounds; `code` finds the sentence that says so."""

    code = "file_stops_reader"


class TooLarge(Unread):
    """More bytes went in, or would come out, than may."""

    code = "file_too_large"


class TooSlow(Unread):
    """It was not read when its time was over."""

    code = "file_takes_too_long"


class TooMuchMemory(Unread):
    """It wanted more memory than it may have."""

    code = "file_takes_too_much_memory"


class Died(Unread):
    """The process that read it ended without an answer."""


def read(target: str, *parts: bytes, bounds: Bounds | None = None) -> Any:
    """What a function makes of the bytes of a file, in a process of its own.

    Parameters
    ----------
    target
        The function as `module:name`. It takes as many `bytes` as there are `parts`, and gives what JSON can say;
        what its module imports is imported anew for each file, so it should be little.
    bounds
        What it may take; by default what is usual.

    Raises
    ------
    Unread
        One of its kinds, where it does not answer within the bounds.
    """
    bounds = bounds or USUAL
    sizes = [len(part) for part in parts]
    if sum(sizes) > bounds.most_bytes:
        raise TooLarge
    order = {
        "target": target,
        "path": sys.path,
        "sizes": sizes,
        "memory_bytes": bounds.memory_bytes,
        "limit_s": bounds.limit_s,
        "most_bytes": bounds.most_bytes,
    }
    is_late = threading.Event()
    with _child(bounds.limit_s, is_late) as child:
        _hand_over(child, json.dumps(order).encode() + b"\n", *parts)
        said = cast("IO[bytes]", child.stdout).read(bounds.most_bytes + 1)
        if len(said) > bounds.most_bytes:
            raise TooLarge
    if is_late.is_set():
        raise TooSlow
    return _answer(target, child.returncode, said)


@contextmanager
def _child(limit_s: float, is_late: threading.Event) -> Iterator[subprocess.Popen[bytes]]:
    """A child that is gone when this ends, however it ends; `is_late` is set where its time was over first."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", "-B", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in KEPT_OF_ENVIRONMENT if name in os.environ},
        start_new_session=True,
    )

    def end_late() -> None:
        is_late.set()
        _kill(child)

    watch = threading.Timer(limit_s, end_late)
    watch.daemon = True
    try:
        watch.start()
        yield child
    finally:
        watch.cancel()
        _kill(child)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            cast("IO[bytes]", pipe).close()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends a child and whatever it has started; one that ends already keeps the status that it ends with."""
    if child.returncode is not None:
        return
    if sys.platform == "win32":
        child.kill()
    else:
        with suppress(ProcessLookupError):  # somebody else has waited for it, and nobody is left
            os.killpg(child.pid, signal.SIGKILL)


def _hand_over(child: subprocess.Popen[bytes], *parts: bytes) -> None:
    """Writes all that the child needs; it says nothing before it has read it, so neither waits for the other."""
    with suppress(BrokenPipeError), cast("IO[bytes]", child.stdin) as pipe:  # where it is gone, its status says why
        for part in parts:
            pipe.write(part)


def _answer(target: str, status: int, said: bytes) -> Any:
    """What a child has said, judged by how it ended."""
    if status == NO_MEMORY:
        raise TooMuchMemory
    if status == NO_ROOM:
        raise TooLarge
    if sys.platform != "win32" and -status in (signal.SIGXCPU, signal.SIGALRM):
        raise TooSlow
    found = _document(said) if status == 0 else {}
    if "answer" in found:
        return found["answer"]
    log.error("file_reader_died", target=target, status=status, fault=found.get("fault", ""))
    raise Died


def _document(said: bytes) -> dict[str, Any]:
    """The JSON object in an answer; nothing where there is none."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
