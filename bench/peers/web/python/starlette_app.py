"""Starlette."""

import asyncio

import database
import orders
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect


async def hello(request):
    return PlainTextResponse("Hello, World!")


async def item(request):
    return JSONResponse(orders.item(request.path_params["id"], request.query_params.get("q", "")))


async def receipt(request):
    try:
        order = orders.order(await request.json())
    except (KeyError, TypeError, ValueError) as e:
        raise HTTPException(400) from e
    return JSONResponse(orders.receipt(order))


async def upload(request):
    length = 0
    async for part in request.stream():
        length += len(part)
    return PlainTextResponse(str(length))


async def product(request):
    row = await database.product()
    if row is None:
        raise HTTPException(501)
    return JSONResponse(row)


async def stall(request):
    await asyncio.sleep(int(request.query_params["ms"]) / 1000)
    return PlainTextResponse("Hello, World!")


async def echo(socket):
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        pass


app = Starlette(
    routes=[
        Route("/plaintext", hello),
        Route("/json/{id:int}", item),
        Route("/json", receipt, methods=["POST"]),
        Route("/upload", upload, methods=["POST"]),
        Route("/db", product),
        Route("/stall", stall),
        WebSocketRoute("/ws", echo),
    ],
    on_startup=[database.open_pool],
    on_shutdown=[database.close_pool],
)
