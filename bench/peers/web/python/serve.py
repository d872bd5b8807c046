"""uvicorn, one worker, on uvloop and httptools.

Arguments: what runs on it, uvicorn (bare ASGI), starlette or fastapi. Prints its port, and ends with
its standard input. With "version" as a second argument it prints the versions instead.
"""

import importlib
import os
import platform
import socket
import sys
import threading
from importlib.metadata import version

import uvicorn

APPS = {"uvicorn": "raw", "starlette": "starlette_app", "fastapi": "fastapi_app"}
STACKS = {"uvicorn": [], "starlette": ["starlette"], "fastapi": ["fastapi", "pydantic"]}
BASE = ["uvicorn", "uvloop", "httptools", "websockets"]
BACKLOG = 4096


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        threading.Thread(target=wait_for_end, daemon=True).start()
        print(sockets[0].getsockname()[1], flush=True)


def wait_for_end():
    for _ in sys.stdin:
        pass
    os._exit(0)


def versions(name):
    packages = ", ".join(f"{package} {version(package)}" for package in STACKS[name] + BASE)
    return f"{packages}, Python {platform.python_version()}"


def main(name, *args):
    app = importlib.import_module(APPS[name]).app
    if args:
        print(versions(name))
        return
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="websockets",
        access_log=False,
        log_level="error",
        backlog=BACKLOG,
    )
    Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
