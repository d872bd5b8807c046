"""FastAPI, with models for what comes in and what goes out."""

import asyncio

import database
from fastapi import FastAPI, HTTPException, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field


class Item(BaseModel):
    id: int
    name: str
    tags: list[str]
    price: float


class Customer(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    email: str = Field(regex="^[^@]+@[^@]+$")


class Line(BaseModel):
    sku: str = Field(min_length=1)
    quantity: int = Field(ge=1, le=1000)
    price: float = Field(ge=0)


class Order(BaseModel):
    id: int = Field(ge=1)
    customer: Customer
    lines: list[Line] = Field(min_items=1)
    note: str
    express: bool


class Receipt(BaseModel):
    id: int
    customer: str
    lines: int
    total: float
    express: bool


class Product(BaseModel):
    id: int
    name: str
    price: float


app = FastAPI(on_startup=[database.open_pool], on_shutdown=[database.close_pool])


@app.get("/plaintext", response_class=PlainTextResponse)
async def hello():
    return "Hello, World!"


@app.get("/json/{id}", response_model=Item)
async def item(id: int, q: str = ""):
    return Item(id=id, name=f"Item {id}", tags=["fast", "small", q], price=id * 1.25)


@app.post("/json", response_model=Receipt)
async def receipt(order: Order):
    return Receipt(
        id=order.id,
        customer=order.customer.name,
        lines=len(order.lines),
        total=sum(line.quantity * line.price for line in order.lines),
        express=order.express,
    )


@app.post("/upload", response_class=PlainTextResponse)
async def upload(request: Request):
    length = 0
    async for part in request.stream():
        length += len(part)
    return str(length)


@app.get("/db", response_model=Product)
async def product():
    row = await database.product()
    if row is None:
        raise HTTPException(501)
    return row


@app.get("/stall", response_class=PlainTextResponse)
async def stall(ms: int):
    await asyncio.sleep(ms / 1000)
    return "Hello, World!"


@app.websocket("/ws")
async def echo(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        pass
