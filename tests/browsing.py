"""Debian's Chromium for tests, the product that it is shown, and what it must never meet on a page."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request
from werkzeug.serving import make_server

from planner.models import User

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DESKTOP, PHONE = {"width": 1440, "height": 1000}, {"width": 320, "height": 700}
PATIENCE_MS = 30_000
START_S = 60
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def launch(playwright: Playwright) -> Browser:
    assert CHROMIUM is not None
    return playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)


class Product:
    """The product as users start it: `python -m planner --demo` with its worker, in a directory of its own."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "PLANNER_DATA_DIR": str(folder), "PLANNER_SOLVER_WORKERS": "2"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "planner", "--demo", "--port", "0"],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.link = self._printed_link()
        address = urlsplit(self.link)
        self.base = f"http://{address.netloc}"
        self._environment["PLANNER_PORT"] = str(address.port)

    def say(self, *command: str) -> str:
        """What a command beside it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "planner", *command],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=START_S,
            check=True,
        )
        return done.stdout.strip()

    def stop(self) -> None:
        """Ctrl-C; it must end by itself."""
        self._process.send_signal(signal.SIGINT)
        try:
            assert self._process.wait(START_S) == 0
        finally:
            self._end()

    def _printed_link(self) -> str:
        assert self._process.stdout is not None
        late = threading.Timer(START_S, self._process.kill)
        late.start()
        try:
            link = next((line.strip() for line in self._process.stdout if line.startswith("http")), None)
        finally:
            late.cancel()
        if link is None:
            self._end()
            raise AssertionError("it printed no address")
        return link

    def _end(self) -> None:
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which an application of this process answers meanwhile."""
    server = make_server("127.0.0.1", 0, partial(_whole, app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _whole(app: Flask, environ: Any, start_response: Any) -> list[bytes]:
    """An answer that is read to its end: werkzeug's server leaves a file open where the browser goes away meanwhile."""
    answer = app(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()  # type: ignore[attr-defined]


def log_in(context: BrowserContext, app: Flask, base: str, user: User) -> None:
    """Gives the browser the cookie that a login of this moment gives."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert serializer is not None
    value = serializer.dumps({"_user_id": user.fs_uniquifier, "_fresh": True, "fs_paa": time.time()})
    context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": base}])


def is_well_made(page: Page, watch: Watch) -> None:
    """Nothing that axe finds on a page that is there, nothing too wide, no complaint."""
    page.wait_for_load_state()
    broken = Axe().run(page).response["violations"]
    assert [f"{page.url} {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in broken] == []
    assert watch.faults() == []


class Watch:
    """What a page does that no page may: complains, breaks its policy, asks another host, is wider than its window."""

    def __init__(self, page: Page, base: str) -> None:
        self._page, self._base = page, base
        self._found: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._found.append(f"error: {error}"))
        page.on("request", self._on_request)
        page.on(
            "response",
            lambda answer: self._found.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )

    def faults(self) -> list[str]:
        """What was seen since the last time, and how much too wide the page is now."""
        found, self._found = self._found, []
        too_wide = self._page.evaluate(OVERFLOW)
        return [*found, f"{too_wide} px wider than the window"] if too_wide > 0 else found

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._found.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._base, "data:", "blob:")):
            self._found.append(f"asks {request.url}")
