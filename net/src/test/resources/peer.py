"""A peer made with asyncio: peer.py (client|server)-(both|abort|read) [options]. It prints what it has seen."""

import argparse
import asyncio
import hashlib
import ssl

parser = argparse.ArgumentParser()
parser.add_argument("role")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--trust")
parser.add_argument("--chain")
parser.add_argument("--key")
parser.add_argument("--size", type=int, default=4 << 20)
options = parser.parse_args()


def say(*words):
    print(*words, flush=True)


def bytes_of(size):
    block = hashlib.sha256(b"peer").digest()
    return block * (size // len(block))


async def read(reader, size):
    return hashlib.sha256(await reader.readexactly(size)).hexdigest()


async def write(writer, size):
    data = bytes_of(size)
    for start in range(0, size, 1 << 16):
        writer.write(data[start : start + (1 << 16)])
        await writer.drain()


async def both_ways(reader, writer):
    """Sends and receives so much at the same time, then ends its output and waits for the peer's end."""
    digest, _ = await asyncio.gather(read(reader, options.size), write(writer, options.size))
    say("read", digest)
    if writer.can_write_eof():
        writer.write_eof()
    try:
        say("left", len(await reader.read()))
    except OSError as e:
        say("failed", type(e).__name__)
    writer.close()


async def abort(reader, writer):
    """Breaks off in the middle, with bytes under way in both directions."""
    await reader.readexactly(1)
    writer.write(bytes_of(1 << 20))
    writer.transport.abort()
    say("aborted")


async def until_broken(reader, writer):
    """Says a byte, reads to the end, and says which kind of end it is."""
    writer.write(b"!")
    try:
        size = len(await reader.read())
        say("ended", size)
    except OSError as e:
        say("broken", type(e).__name__)
    writer.close()


TALKS = {"both": both_ways, "abort": abort, "read": until_broken}


def tls():
    if options.trust:
        return ssl.create_default_context(cafile=options.trust)
    if options.chain:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.chain, options.key)
        return context
    return None


async def main():
    kind, talk = options.role.split("-")
    if kind == "client":
        name = "localhost" if options.trust else None
        streams = await asyncio.open_connection(
            "127.0.0.1", options.port, ssl=tls(), server_hostname=name
        )
        await TALKS[talk](*streams)
        return
    done = asyncio.Event()

    async def handle(reader, writer):
        await TALKS[talk](reader, writer)
        done.set()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls())
    say("port", server.sockets[0].getsockname()[1])
    await done.wait()


asyncio.run(main())
