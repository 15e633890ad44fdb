"""Calls a web server that somebody named, and nobody else: only at addresses of the open internet unless allowed.

Every address of a name is looked at, and the one that was looked at is the one that is called: a name that leads
elsewhere a moment later leads nowhere. Redirects are answers like others; they are not followed. No proxy is asked.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from planner.services.account.webhooks.addresses import is_public
from planner.services.account.webhooks.tries import ANSWER_LONGEST, Outcome

CONNECT_S, ANSWER_S, ALTOGETHER_S = 5.0, 10.0, 15.0


def post(url: str, body: str, headers: dict[str, str], *, is_private_allowed: bool = False) -> Outcome:
    """Posts a body, and tells what came of it; never longer than some seconds."""
    parts = urlsplit(url)
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    if not is_secure and not is_private_allowed:
        return Outcome(failure="not_secure")
    port = parts.port or (443 if is_secure else 80)
    try:
        addresses = _addresses(host, port)
    except (OSError, UnicodeError):
        return Outcome(failure="name_not_known")
    if not is_private_allowed and not all(is_public(ipaddress.ip_address(one)) for one in addresses):
        return Outcome(failure="address_refused")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(host, port, addresses, is_secure=is_secure)
    try:
        return _asked(connection, path, body, headers)
    except ssl.SSLError:
        return Outcome(failure="not_trusted")
    except TimeoutError:
        return Outcome(failure="too_slow")
    except (http.client.HTTPException, ValueError):
        return Outcome(failure="too_slow" if connection.is_cut else "not_understood")
    except OSError:
        return Outcome(failure="too_slow" if connection.is_cut else "not_reached")
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were looked up before, under the name by which they were asked for."""

    def __init__(self, host: str, port: int, addresses: list[str], *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=CONNECT_S)
        self._addresses = addresses
        self._context = ssl.create_default_context() if is_secure else None
        self.is_cut = False

    def connect(self) -> None:
        """Connects to the first address that answers."""
        for n, address in enumerate(self._addresses, start=1):
            try:
                self.sock = socket.create_connection((address, self.port), timeout=CONNECT_S)
                break
            except OSError:
                if n == len(self._addresses):
                    raise
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)
        self.sock.settimeout(ANSWER_S)

    def cut(self) -> None:
        """Ends a connection whose other end takes its time, byte by byte."""
        self.is_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _asked(connection: _Pinned, path: str, body: str, headers: dict[str, str]) -> Outcome:
    timer = threading.Timer(ALTOGETHER_S, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", path, body.encode(), {**headers, "Connection": "close"})
        answer = connection.getresponse()
        text = answer.read(ANSWER_LONGEST).decode("utf-8", "replace")
        return Outcome(answer.status, text)
    finally:
        timer.cancel()


def _addresses(host: str, port: int) -> list[str]:
    """Every address of a name, each once, in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_kind, address in found))
