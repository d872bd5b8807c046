"""The data of the servers that bring no models of their own."""

from dataclasses import dataclass


@dataclass(slots=True)
class Customer:
    name: str
    email: str

    def __post_init__(self):
        if not 1 <= len(self.name) <= 100 or "@" not in self.email:
            raise ValueError("customer")


@dataclass(slots=True)
class Line:
    sku: str
    quantity: int
    price: float

    def __post_init__(self):
        if not self.sku or not 1 <= self.quantity <= 1000 or self.price < 0:
            raise ValueError("line")


@dataclass(slots=True)
class Order:
    id: int
    customer: Customer
    lines: list[Line]
    note: str
    express: bool

    def __post_init__(self):
        if self.id < 1 or not self.lines:
            raise ValueError("order")


def order(data):
    """Raises ValueError, KeyError or TypeError if it is no order that can be carried out."""
    return Order(
        data["id"],
        Customer(**data["customer"]),
        [Line(**line) for line in data["lines"]],
        data["note"],
        data["express"],
    )


def receipt(order):
    return {
        "id": order.id,
        "customer": order.customer.name,
        "lines": len(order.lines),
        "total": sum(line.quantity * line.price for line in order.lines),
        "express": order.express,
    }


def item(number, q):
    return {
        "id": number,
        "name": f"Item {number}",
        "tags": ["fast", "small", q],
        "price": number * 1.25,
    }
