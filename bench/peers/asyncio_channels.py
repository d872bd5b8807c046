"""The channel programs of asyncio: its queues. A queue of one place stands for a rendezvous, which
asyncio does not have; several queues are waited for with `asyncio.wait`.
"""

import asyncio

UNLIMITED = 0
RENDEZVOUS = 1


def check(expected, actual):
    if expected != actual:
        raise AssertionError(f"expected {expected}, got {actual}")


def sum_below(n):
    return n * (n - 1) // 2


def sum_of_items(n):
    return n // 128 * sum_below(128) + sum_below(n % 128)


async def send_all(queue, items):
    put = queue.put
    for i in range(items):
        await put(i & 127)


async def sum_of(queue, items):
    get = queue.get
    total = 0
    for _ in range(items):
        total += await get()
    return total


async def round_trips(times, capacity):
    there, back = asyncio.Queue(capacity), asyncio.Queue(capacity)

    async def echo():
        for _ in range(times):
            await back.put(await there.get())

    echoing = asyncio.create_task(echo())
    total = 0
    for i in range(times):
        await there.put(i & 127)
        total += await back.get()
    await echoing
    check(sum_of_items(times), total)


async def stream(items, capacity, pairs):
    queue = asyncio.Queue(capacity)
    share = items // pairs
    senders = [asyncio.create_task(send_all(queue, share)) for _ in range(pairs)]
    sums = await asyncio.gather(*(sum_of(queue, share) for _ in range(pairs)))
    await asyncio.gather(*senders)
    check(pairs * sum_of_items(share), sum(sums))


async def chain(tasks, batches, values):
    async def add_one(left, right):
        for _ in range(batches * values):
            await right.put(await left.get() + 1)

    first = last = asyncio.Queue(RENDEZVOUS)
    linked = []
    for _ in range(tasks):
        right = asyncio.Queue(RENDEZVOUS)
        linked.append(asyncio.create_task(add_one(last, right)))
        last = right
    for _ in range(batches):
        await send_all(first, values)
        check(sum_of_items(values) + tasks * values, await sum_of(last, values))
    await asyncio.gather(*linked)


async def chains(count, tasks):
    for _ in range(count):
        await chain(tasks, 1, 1)


async def select(items, channels, capacity):
    queues = [asyncio.Queue(capacity) for _ in range(channels)]
    share = items // channels
    senders = [asyncio.create_task(send_all(queue, share)) for queue in queues]
    gets = {asyncio.create_task(queue.get()): queue for queue in queues}
    left = share * channels
    total = 0
    while left > 0:
        done, _ = await asyncio.wait(gets, return_when=asyncio.FIRST_COMPLETED)
        for get in done:
            queue = gets.pop(get)
            total += get.result()
            left -= 1
            gets[asyncio.create_task(queue.get())] = queue
    for get in gets:
        get.cancel()
    await asyncio.gather(*senders)
    check(channels * sum_of_items(share), total)


PROGRAMS = {
    "trip-rendezvous": lambda ops: round_trips(ops, RENDEZVOUS),
    "trip-16": lambda ops: round_trips(ops, 16),
    "trip-100": lambda ops: round_trips(ops, 100),
    "stream-rendezvous": lambda ops: stream(ops, RENDEZVOUS, 1),
    "stream-16": lambda ops: stream(ops, 16, 1),
    "stream-100": lambda ops: stream(ops, 100, 1),
    "stream-unlimited": lambda ops: stream(ops, UNLIMITED, 1),
    "stream-16-four": lambda ops: stream(ops, 16, 4),
    "chain-10k": lambda ops: chains(ops // 10_000, 10_000),
    "chain-1k": lambda ops: chain(1000, ops // 100_000, 100),
    "select-2": lambda ops: select(ops, 2, RENDEZVOUS),
    "select-10": lambda ops: select(ops, 10, RENDEZVOUS),
    "select-2-16": lambda ops: select(ops, 2, 16),
    "select-10-16": lambda ops: select(ops, 10, 16),
}
