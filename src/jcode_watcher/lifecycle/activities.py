"""Activities that go on side by side."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def first_of(*activities: Coroutine[Any, Any, object]) -> None:
    """Return, or raise, as soon as one activity has ended; the others are cancelled and over by then."""
    tasks = [asyncio.ensure_future(activity) for activity in activities]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()
