"""The echo server of asyncio's streams, on its own loop or on uvloop's.

Arguments: peer name. Prints its port, and ends with its standard input. With "version" as a second
argument it prints the peer's version instead.
"""

import asyncio
import os
import sys
import threading

from asyncio_peer import runner, version

BACKLOG = 4096
CHUNK = 65536


async def echo(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def answer():
    """What is asked is the heap in use, which Python does not know."""
    for _ in sys.stdin:
        print(-1, flush=True)
    os._exit(0)


async def serve():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=BACKLOG)
    threading.Thread(target=answer, daemon=True).start()
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main(peer, *args):
    run = runner(peer)
    if args:
        print(version(peer))
    else:
        run(serve())


if __name__ == "__main__":
    main(*sys.argv[1:])
