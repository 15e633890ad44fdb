"""`planner run`: one command from nothing to a page in the browser, and everything stopped again on Ctrl-C."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from planner.config import MEBIBYTE, BadSettings, Settings, from_environment

if TYPE_CHECKING:
    from flask import Flask

BAD_START = 2
PORTS_TRIED = 20
THREADS = 8
GARBAGE_THRESHOLD = (50_000, 20, 100)


@click.command("run")
@click.option("--host", help="Where to listen; 0.0.0.0 for every address of this machine. [PLANNER_HOST, 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes any that is free. [PLANNER_PORT, 8000]")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where data are kept. [PLANNER_DATA_DIR, instance]",
)
@click.option("--demo", is_flag=True, help="Load the sample company, and print a link that logs in as its PM, once.")
def run_command(host: str | None, port: int | None, data_dir: Path | None, *, demo: bool) -> None:
    """Run the product: the web server and its background worker, until Ctrl-C."""
    is_port_chosen = port is not None or bool(os.environ.get("PLANNER_PORT"))
    with contextlib.closing(_listen(_settings(host, port, data_dir), is_port_chosen=is_port_chosen)) as listening:
        os.environ["PLANNER_PORT"] = str(listening.getsockname()[1])
        _run(_settings(), listening, is_demo=demo)


def _run(settings: Settings, listening: socket.socket, *, is_demo: bool) -> None:
    from planner import create_app, logs, migrating

    logs.set_up(settings)
    app = create_app(settings)
    migrating.upgrade(app.extensions["planner_engine"])
    path = _demo_path(app) if is_demo else "/"
    _say_where(settings, path, is_demo=is_demo)
    _prepare(app)
    _serve_beside_worker(SERVERS[settings.server], app, settings, listening)


def _settings(host: str | None = None, port: int | None = None, data_dir: Path | None = None) -> Settings:
    """The environment's settings, after what the command line says; the worker inherits them."""
    said = {"PLANNER_HOST": host, "PLANNER_PORT": port, "PLANNER_DATA_DIR": data_dir}
    os.environ.update({name: str(value) for name, value in said.items() if value is not None})
    try:
        return from_environment()
    except BadSettings as error:
        _refuse(str(error))


def _listen(settings: Settings, *, is_port_chosen: bool) -> socket.socket:
    """A socket on the port that was chosen, or on the first one after the usual that is free."""
    last = settings.port if is_port_chosen else settings.port + PORTS_TRIED - 1
    for port in range(settings.port, last + 1):
        try:
            bound = _bound(settings.host, port)
        except OSError as error:
            if port == last:
                _refuse(
                    f"Port {settings.port} at {settings.host} cannot be used ({error.strerror}); say another by --port."
                )
            continue
        if port != settings.port:
            click.echo(f"Port {settings.port} is taken; using {port} instead.")
        return bound
    raise AssertionError("a range of ports is never empty")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(1024)
    except OSError:
        bound.close()
        raise
    return bound


def _demo_path(app: Flask) -> str:
    """The path of a link that logs in as the sample's PM; loads the sample where there is nothing yet."""
    from planner.db import fresh_session
    from planner.services.account.demo import start_demo
    from planner.services.refused import Refused

    try:
        with fresh_session(app) as session:
            text = start_demo(session)
            session.commit()
    except Refused:
        _refuse("--demo wants a data directory without a company of your own; say another by --data-dir.")
    return f"/enter/{text}"


def _say_where(settings: Settings, path: str, *, is_demo: bool) -> None:
    """What an operator must know, and one address."""
    click.echo(f"Data are kept in {settings.data_dir}")
    if is_demo:
        click.echo("This link logs in as a project manager of the sample company, once, within 12 hours:")
    click.echo(f"{settings.base_url}{path}")
    click.echo("Ctrl-C stops.")


def _serve_beside_worker(serve: Callable[..., None], app: Flask, settings: Settings, listening: socket.socket) -> None:
    """Serves until a signal comes; the worker is stopped whatever ends the serving."""
    from planner.cli.child import Child

    signal.signal(signal.SIGTERM, _stop)
    worker, owner = Child(), os.getpid()
    worker.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            serve(app, settings, listening)
    finally:
        if os.getpid() == owner:  # gunicorn's processes are forks of this one, and end through here too
            worker.stop()


def _prepare(app: Flask) -> None:
    """Spares the first reader the wait for what pages are made of; the server need not wait for it."""
    # A plan of thousands of seats is as many live objects, and the usual collector walks over all of them several times
    # while the next hundred thousand are made: half of the time of such a page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLD)
    threading.Thread(target=_keep_ready, args=(app,), name="keep-ready", daemon=True).start()


def _keep_ready(app: Flask) -> None:
    from planner.db import fresh_session
    from planner.services.planning.reading import keep_ready

    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with fresh_session(app) as session:
        keep_ready(session)


def _serve_waitress(app: Flask, settings: Settings, listening: socket.socket) -> None:
    from waitress.server import create_server

    server = create_server(
        app,
        sockets=[listening],
        threads=THREADS,
        ident=None,
        max_request_body_size=settings.upload_limit + MEBIBYTE,
        clear_untrusted_proxy_headers=not settings.num_proxies,
    )
    server.run()


def _serve_gunicorn(app: Flask, settings: Settings, listening: socket.socket) -> None:
    """Several processes of several threads, each with an application and a pool of connections of its own."""
    try:
        from gunicorn.app.base import BaseApplication
    except ImportError:
        _refuse("PLANNER_SERVER=gunicorn wants gunicorn: pip install 'planner[server]'")

    class Served(BaseApplication):
        def load_config(self) -> None:
            options = {
                "bind": f"fd://{listening.detach()}",  # gunicorn closes it
                "workers": 2,
                "threads": THREADS,
                "worker_class": "gthread",
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from planner import create_app

            own = create_app(settings)
            _prepare(own)
            return own

    app.extensions["planner_engine"].dispose()
    Served().run()


SERVERS: dict[str, Callable[..., None]] = {"waitress": _serve_waitress, "gunicorn": _serve_gunicorn}


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(BAD_START)
