"""A server for many visitors at once: each open page holds a connection, so each connection has a thread."""

from __future__ import annotations

import errno
import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from inspector import __version__


class _Handler(WSGIRequestHandler):
    """Keeps connections open between requests, and logs nothing: this is a tool on somebody's screen."""

    protocol_version = "HTTP/1.1"
    timeout = 75
    server_version = f"inspector/{__version__}"
    sys_version = ""
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def log_error(self, format: str, *args: object) -> None:
        pass

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        pass


class AddressInUse(Exception):
    """Something else listens there already."""


def server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server that is bound and ready; `serve_forever` answers until it is interrupted. Port 0 takes a free one.
    Raises `AddressInUse`."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(f"port {port} on {host} is in use: choose another with --port") from None
        raise AddressInUse(f"cannot listen on {host}, port {port}: {error.strerror or error}") from None
    return make_server(host, port, app, threaded=True, request_handler=_Handler)
