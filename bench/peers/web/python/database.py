"""asyncpg's pool over the server that the environment names, as libpq would have it."""

import os
import random

try:
    import asyncpg
except ImportError:
    asyncpg = None

CONNECTIONS = 16
ROWS = 10_000
QUERY = "SELECT id, name, price FROM product WHERE id = $1"

pool = None


async def open_pool():
    """Opens the pool, if there is something to open it to."""
    global pool
    if asyncpg and "PGHOST" in os.environ:
        pool = await asyncpg.create_pool(min_size=CONNECTIONS, max_size=CONNECTIONS, ssl=False)


async def close_pool():
    if pool:
        await pool.close()


async def product():
    """A row picked at random; None if there is no database."""
    if pool is None:
        return None
    async with pool.acquire() as connection:
        return dict(await connection.fetchrow(QUERY, random.randint(1, ROWS)))
