"""The product as an operator starts it: a real process with its worker, in a directory of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from click.testing import CliRunner

from planner.cli import main

PATIENCE_S = 60
STOP_S = 8  # less than after which the worker is killed
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts child processes in /proc")


def environment(folder: Path, **changes: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    return {**plain, "PLANNER_DATA_DIR": str(folder), "PYTHONWARNINGS": "default", **changes}


class Running:
    """A started product: what it printed, its address, its worker."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed: list[str] = []
        assert process.stdout
        for line in process.stdout:
            self.printed.append(line.strip())
            if "Ctrl-C" in line:
                break
        self.urls = [line for line in self.printed if line.startswith("http")]

    @property
    def url(self) -> str:
        assert len(self.urls) == 1, self.printed
        return self.urls[0]

    def worker(self) -> int:
        """The worker's pid, once there is one."""
        found = wait_for(lambda: children_of(self.process.pid))
        return found[0]


@contextmanager
def started(folder: Path, *args: str, **env: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "planner", *args]
    with subprocess.Popen(
        command, env=environment(folder, **env), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield Running(process)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(PATIENCE_S)


def children_of(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for some in found for child in some]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for(look: Callable[[], Any]) -> Any:
    """Looks until there is something to see."""
    until = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
    return found


def browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def page(url: str, with_: OpenerDirector | None = None) -> str:
    with (with_ or browser()).open(url, timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize(("server", "num_processes"), [("waitress", 1), ("gunicorn", 3)])
def test_one_command_migrates_serves_and_stops_with_its_worker(tmp_path: Path, server: str, num_processes: int) -> None:
    with started(tmp_path, "--port", "0", PLANNER_SERVER=server) as running:
        assert str(tmp_path) in running.printed[0]
        assert "Welcome" in page(running.url)
        assert page(f"{running.url}health").strip() == '{"status":"ok"}'
        processes = children_of(running.process.pid)
        assert len(processes) == num_processes
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(STOP_S) == 0
        wait_for(lambda: not any(is_alive(pid) for pid in processes))
    with closing(sqlite3.connect(tmp_path / "planner.db")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT count(*) FROM user").fetchone() == (0,)


def test_worker_is_started_again_and_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with started(tmp_path, "run", "--port", "0") as running:
        first = running.worker()
        os.kill(first, signal.SIGKILL)
        second = wait_for(lambda: [pid for pid in children_of(running.process.pid) if pid != first and is_alive(pid)])
        running.process.kill()
        running.process.wait(PATIENCE_S)
        wait_for(lambda: not is_alive(second[0]))
    assert len(second) == 1, "one worker takes the place of the one that was killed"


def test_demo_prints_a_link_that_logs_in_as_the_samples_manager_once(tmp_path: Path) -> None:
    with started(tmp_path, "--demo", "--port", "0") as running:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/enter/[\w-]{43}", running.url)
        ours = browser()
        assert "Inès Caron" in page(running.url, ours)
        assert "Inès Caron" in page(running.url, ours)  # whoever is in already may follow it again
        with pytest.raises(OSError, match="404"):
            page(running.url)
        secret = running.url.rpartition("/")[2]
    assert secret.encode() not in (tmp_path / "planner.db").read_bytes()


def test_taken_port_that_was_chosen_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "planner", "--port", port],
            env=environment(tmp_path), capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


def test_taken_usual_port_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from planner.cli import running
    from planner.config import from_environment

    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        env = {"PLANNER_DATA_DIR": str(tmp_path), "PLANNER_PORT": str(port)}
        with closing(running._listen(from_environment(env), is_port_chosen=False)) as bound:
            assert port < bound.getsockname()[1] < port + running.PORTS_TRIED


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Runs a command on a data directory of its own."""
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))

    def run(*args: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, list(args))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


def test_production_without_a_secret_key_does_not_start(
    operator: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_ENV", "production")
    code, said = operator("run")
    assert code == 2
    assert "PLANNER_SECRET_KEY" in said


def test_operator_adds_a_user_who_sets_a_password(operator: Callable[..., tuple[int, str]]) -> None:
    code, said = operator("user", "add", "Ada@corp.local", "--name", "Ada", "--role", "administrator")
    assert code == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/reset/\S+", said.strip())
    assert operator("user", "password-link", "ada@corp.local")[1].startswith("http://127.0.0.1:8000/reset/")


@pytest.mark.parametrize(
    "args",
    [
        ("add", "ada@corp.local", "--name", "Ada", "--role", "administrator"),
        ("add", "no-address", "--name", "Ada", "--role", "member"),
        ("role", "ada@corp.local", "member"),
        ("role", "nobody@corp.local", "member"),
        ("password-link", "nobody@corp.local"),
    ],
)
def test_operator_is_refused_in_a_sentence(operator: Callable[..., tuple[int, str]], args: tuple[str, ...]) -> None:
    operator("user", "add", "ada@corp.local", "--name", "Ada", "--role", "administrator")
    code, said = operator("user", *args)
    assert code == 2
    assert len(said.strip().splitlines()) == 1


def test_operator_changes_roles(operator: Callable[..., tuple[int, str]]) -> None:
    operator("user", "add", "ada@corp.local", "--name", "Ada", "--role", "administrator")
    operator("user", "add", "bo@corp.local", "--name", "Bo", "--role", "member")
    assert operator("user", "role", "bo@corp.local", "operations", "executive") == (
        0,
        "bo@corp.local: executive, operations\n",
    )


def test_database_is_checked_and_brought_up(operator: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    assert operator("db", "check")[0] == 1
    assert operator("db", "upgrade")[0] == 0
    assert operator("db", "check")[0] == 0
    with closing(sqlite3.connect(tmp_path / "planner.db")) as database:
        database.execute("INSERT INTO user_role (user_id, role) VALUES (42, 'member')")
        database.commit()
    code, said = operator("db", "check")
    assert code == 1
    assert "user_role" in said


def test_demo_wants_a_directory_without_a_company_of_its_own(operator: Callable[..., tuple[int, str]]) -> None:
    operator("user", "add", "ada@corp.local", "--name", "Ada", "--role", "administrator")
    code, said = operator("run", "--demo", "--port", "0")
    assert code == 2
    assert "--data-dir" in said
