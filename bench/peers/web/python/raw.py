"""Bare ASGI: what a framework would do, by hand."""

import asyncio
import json
from urllib.parse import parse_qs

import database
import orders

TEXT = [(b"content-type", b"text/plain; charset=utf-8")]
JSON = [(b"content-type", b"application/json")]


async def answer(send, body, headers, status=200):
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, (b"content-length", b"%d" % len(body))],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def parts(receive):
    """The pieces of the request's body."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
        yield message.get("body", b"")


def dumps(value):
    return json.dumps(value, separators=(",", ":")).encode()


def parameter(scope, name):
    values = parse_qs(scope["query_string"].decode()).get(name)
    return values[0] if values else ""


async def hello(scope, receive, send):
    await answer(send, b"Hello, World!", TEXT)


async def item(scope, receive, send):
    try:
        number = int(scope["path"][len("/json/") :])
    except ValueError:
        await answer(send, b"", TEXT, 400)
        return
    await answer(send, dumps(orders.item(number, parameter(scope, "q"))), JSON)


async def receipt(scope, receive, send):
    body = b"".join([part async for part in parts(receive)])
    try:
        order = orders.order(json.loads(body))
    except (KeyError, TypeError, ValueError):
        await answer(send, b"", TEXT, 400)
        return
    await answer(send, dumps(orders.receipt(order)), JSON)


async def upload(scope, receive, send):
    length = 0
    async for part in parts(receive):
        length += len(part)
    await answer(send, b"%d" % length, TEXT)


async def product(scope, receive, send):
    row = await database.product()
    if row is None:
        await answer(send, b"", TEXT, 501)
    else:
        await answer(send, dumps(row), JSON)


async def stall(scope, receive, send):
    await asyncio.sleep(int(parameter(scope, "ms")) / 1000)
    await hello(scope, receive, send)


async def nothing(scope, receive, send):
    await answer(send, b"", TEXT, 404)


ROUTES = {
    ("GET", "/plaintext"): hello,
    ("POST", "/json"): receipt,
    ("POST", "/upload"): upload,
    ("GET", "/db"): product,
    ("GET", "/stall"): stall,
}


async def echo(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


async def lifespan(receive, send):
    await receive()
    await database.open_pool()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await database.close_pool()
    await send({"type": "lifespan.shutdown.complete"})


async def app(scope, receive, send):
    kind = scope["type"]
    if kind == "http":
        path = scope["path"]
        if path.startswith("/json/"):
            await item(scope, receive, send)
        else:
            route = ROUTES.get((scope["method"], path), nothing)
            await route(scope, receive, send)
    elif kind == "websocket":
        await echo(receive, send)
    else:
        await lifespan(receive, send)
