"""The process that reads files of anybody's: what it answers, what it may not take, and that nothing of it is left."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import structlog.testing

from planner.exchange import bounded, bounded_child
from planner.exchange.bounded import Bounds, Died, TooLarge, TooMuchMemory, TooSlow, read

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
BRIEF = Bounds(limit_s=1.0)
PATIENCE_S = 10.0


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The children of a test; none of them, and nobody of their groups, is there when it ends."""
    children: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    yield children
    for child in children:
        assert child.returncode is not None, "nobody has waited for it: it is a zombie"
        vanishes(child.pid)


def test_it_gives_what_the_reader_finds(started: list[subprocess.Popen[bytes]]) -> None:
    assert read("odd_readers:count", b"", b"ab", b"\0\n" * 10**6) == [0, 2, 2 * 10**6]
    assert len(started) == 1


def test_it_knows_no_secret_and_brings_little_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_SECRET_KEY", "s" * 40)
    found = read("odd_readers:surroundings", b"")
    assert set(found["environment"]) <= {*bounded.KEPT_OF_ENVIRONMENT, "LC_CTYPE"}
    assert not {"sqlalchemy", "flask", "structlog", "planner"} & set(found["modules"])


@pytest.mark.seconds
@pytest.mark.parametrize(
    ("reader", "failure"),
    [
        ("sleep", TooSlow),
        ("spin", TooSlow),
        ("leave_a_child", TooSlow),
        ("take_memory", TooMuchMemory),
        ("chatter", TooLarge),
        ("flood", TooLarge),
        ("die", Died),
        ("crash", Died),
        ("fail", Died),
        ("leave", Died),
        ("lie", Died),
        ("is_not_there", Died),
    ],
)
def test_each_way_to_fail_has_its_name(reader: str, failure: type[Exception]) -> None:
    began = time.monotonic()
    with pytest.raises(failure):
        read(f"odd_readers:{reader}", b"x" * 10**5, bounds=BRIEF if failure is TooSlow else None)
    assert time.monotonic() - began < PATIENCE_S
    assert read("odd_readers:count", b"abc") == [3]


def test_reader_that_dies_before_it_has_read_is_no_broken_pipe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dead = tmp_path / "dead.py"
    dead.write_text("raise SystemExit(3)")
    monkeypatch.setattr(bounded, "CHILD", dead)
    with pytest.raises(Died):
        read("odd_readers:count", b"x" * 10**7)


def test_mistake_of_a_reader_is_told_to_the_operator() -> None:
    with structlog.testing.capture_logs() as told, pytest.raises(Died):
        read("odd_readers:fail", b"")
    assert [one["event"] for one in told] == ["file_reader_died"]
    assert "a mistake of the reader's own" in told[0]["fault"]


def test_what_a_reader_prints_is_no_answer() -> None:
    assert read("odd_readers:print_much", b"abc") == [3]


def test_no_file_can_be_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "left"
    assert read("odd_readers:write_file", str(path).encode()) == "OSError"
    assert path.read_bytes() == b""


def test_file_larger_than_may_be_read_starts_nobody(started: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(TooLarge):
        read("odd_readers:count", b"ab", b"cd", bounds=Bounds(most_bytes=3))
    assert started == []


def test_many_threads_read_at_once() -> None:
    def length(number: int) -> int:
        return int(read("odd_readers:count", b"x" * number)[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(length, range(16))) == list(range(16))


@pytest.mark.seconds
def test_it_starts_in_a_moment() -> None:
    seconds = []
    for _n in range(5):
        began = time.perf_counter()
        read("planner.services.planning.documents:problem_said", b"{}")
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.4  # 0.08 on a quiet machine


def test_it_ends_by_itself_when_whoever_asked_is_killed() -> None:
    """Only its own alarm can end it then: it sleeps, so it neither reads a closed pipe nor uses its processor time."""
    code = (
        "import sys\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from planner.exchange import bounded\n"
        "hand_over = bounded._hand_over\n"
        "def told(child, *parts):\n"
        "    hand_over(child, *parts)\n"
        "    print(child.pid, flush=True)\n"
        "bounded._hand_over = told\n"
        "bounded.read('odd_readers:sleep', b'', bounds=bounded.Bounds(limit_s=1.5))\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    with asking.stdout as said:
        child = int(said.readline())
        assert alive_in(child) == [child]
        asking.kill()
    asking.wait()
    vanishes(child)


def vanishes(group: int) -> None:
    """Holds where nobody of a group of processes is alive, or will be in a moment."""
    until = time.monotonic() + PATIENCE_S
    while alive_in(group):
        assert time.monotonic() < until, f"{alive_in(group)} go on, and nobody waits for them"
        time.sleep(0.05)


def alive_in(group: int) -> list[int]:
    """The processes of a group; a dead one that is only not buried yet is none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ends while we look
            state, _parent, of_group = path.read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state not in "ZX":
                found.append(int(path.parent.name))
    return found


def test_limit_that_a_system_refuses_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_limit: int, _pair: tuple[int, int]) -> None:
        raise ValueError("not here")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    bounded_child.lower(resource.RLIMIT_AS, 2**30)
    assert "cannot be set" in capsys.readouterr().err


def test_limit_is_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _limit: (10, 20))
    monkeypatch.setattr(resource, "setrlimit", lambda _limit, pair: asked.append(pair))
    bounded_child.lower(resource.RLIMIT_CPU, 30)
    bounded_child.lower(resource.RLIMIT_CPU, 15)
    assert asked == [(20, 20), (15, 15)]


def test_processor_time_ends_it_too() -> None:
    """Where the clock is generous, what a reader may compute is not."""
    with pytest.raises(TooSlow):
        bounded._answer("x:y", -signal.SIGXCPU, b"")
