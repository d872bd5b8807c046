"""The process of the Python peers: asyncio, on its own loop or on uvloop's.

Arguments: peer name, workload, operations, warm-up in milliseconds, rounds, patience of the
sleepers in milliseconds. With the peer name alone it prints the peer's version. Every round is a
line: workload, peer, nanoseconds an operation, CPU nanoseconds, bytes, separated by tabs.
"""

import asyncio
import gc
import os
import platform
import sys
import threading
import time

import asyncio_channels
from asyncio_channels import check, sum_below


async def switching(tasks, times):
    async def give_way():
        sleep = asyncio.sleep
        for _ in range(times):
            await sleep(0)

    await asyncio.gather(*(give_way() for _ in range(tasks)))


async def ping_pong(times):
    loop = asyncio.get_running_loop()
    waiting = [None, None]

    async def play(me):
        other = 1 - me
        for i in range(me, times, 2):
            if waiting[other] is not None:
                waiting[other].set_result(None)
                waiting[other] = None
            if i + 1 < times:
                waiting[me] = loop.create_future()
                await waiting[me]
        if waiting[other] is not None:
            waiting[other].set_result(None)

    await asyncio.gather(play(0), play(1))


async def value_of(value):
    return value


async def spawn_await(times):
    create_task = asyncio.get_running_loop().create_task
    total = 0
    for i in range(times):
        total += await create_task(value_of(i))
    check(sum_below(times), total)


async def gather(times, children):
    async def child(value):
        await asyncio.sleep(0)
        return value

    for _ in range(times):
        results = await asyncio.gather(*(child(i) for i in range(children)))
        check(sum_below(children), sum(results))


async def with_timeout(times):
    for _ in range(times):
        async with asyncio.timeout(10):
            await asyncio.sleep(0)


async def with_wait_for(times):
    for _ in range(times):
        await asyncio.wait_for(asyncio.sleep(0), 10)


timer_churn = with_timeout if hasattr(asyncio, "timeout") else with_wait_for


async def from_another_thread(client):
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def run():
        try:
            client(loop)
        except BaseException as failure:
            loop.call_soon_threadsafe(done.set_exception, failure)
        else:
            loop.call_soon_threadsafe(done.set_result, None)

    thread = threading.Thread(target=run)
    thread.start()
    await done
    thread.join()


def cross_round_trip(times):
    def client(loop):
        submit = asyncio.run_coroutine_threadsafe
        total = 0
        for i in range(times):
            total += submit(value_of(i), loop).result()
        check(sum_below(times), total)

    return from_another_thread(client)


def cross_pipelined(times):
    def client(loop):
        submit = asyncio.run_coroutine_threadsafe
        futures = [submit(value_of(i), loop) for i in range(times)]
        check(sum_below(times), sum(future.result() for future in futures))

    return from_another_thread(client)


def resident():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def sleep_all(count, patience, report):
    gc.collect()
    before = resident()
    started, started_cpu = time.perf_counter_ns(), time.process_time_ns()
    loop = asyncio.get_running_loop()
    wake_at = loop.time() + patience
    wake_ns = started + int(patience * 1e9)
    arrived = 0

    async def sleeper():
        nonlocal arrived
        arrived += 1
        await asyncio.sleep(wake_at - loop.time())

    tasks = [loop.create_task(sleeper()) for _ in range(count)]
    while arrived < count:
        await asyncio.sleep(0)
    wall, cpu = time.perf_counter_ns() - started, time.process_time_ns() - started_cpu
    gc.collect()
    size = (resident() - before) / count
    if loop.time() > wake_at:
        print("woke-early", flush=True)
        os._exit(0)
    report("start", wall, cpu, size)
    waking_cpu = time.process_time_ns()
    for task in tasks:
        await task
    report("wake", time.perf_counter_ns() - wake_ns, time.process_time_ns() - waking_cpu)


PROGRAMS = {
    "switch-2": lambda ops: switching(2, ops // 2),
    "switch-1000": lambda ops: switching(1000, ops // 1000),
    "ping-pong": ping_pong,
    "spawn-await": spawn_await,
    "gather-10k": lambda ops: gather(ops // 10_000, 10_000),
    "timer-churn": timer_churn,
    "cross-round-trip": cross_round_trip,
    "cross-pipelined": cross_pipelined,
    **asyncio_channels.PROGRAMS,
}


def line(row, peer, ops, wall, cpu, size=None):
    fields = [row, peer, f"{wall / ops:.2f}", f"{cpu / ops:.2f}"]
    if size is not None:
        fields.append(f"{size:.1f}")
    print("\t".join(fields), flush=True)


def runner(peer):
    if peer != "uvloop":
        return asyncio.run
    import uvloop

    uvloop.install()
    return asyncio.run


def version(peer):
    python = f"Python {platform.python_version()}"
    if peer != "uvloop":
        return python
    import uvloop

    return f"uvloop {uvloop.__version__}, {python}"


def measure(run, peer, workload, ops, warm_up, rounds):
    program = PROGRAMS[workload]
    begin = time.perf_counter()
    while True:
        run(program(ops))
        if time.perf_counter() - begin >= warm_up:
            break
    for _ in range(rounds):
        gc.collect()
        started, started_cpu = time.perf_counter_ns(), time.process_time_ns()
        run(program(ops))
        wall, cpu = time.perf_counter_ns() - started, time.process_time_ns() - started_cpu
        line(workload, peer, ops, wall, cpu)


def main(peer, *args):
    run = runner(peer)
    if not args:
        print(version(peer))
        return
    workload, ops, warm_up, rounds, patience = args[0], *map(int, args[1:])
    if workload == "sleep-1m":

        def report(phase, wall, cpu, size=None):
            line(f"{workload}.{phase}", peer, ops, wall, cpu, size)

        run(sleep_all(ops, patience / 1000, report))
    else:
        measure(run, peer, workload, ops, warm_up / 1000, rounds)


if __name__ == "__main__":
    main(*sys.argv[1:])
