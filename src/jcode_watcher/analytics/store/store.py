"""The store: opened once, written by one thread, read by several."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import TypeVar

from jcode_watcher.analytics.errors import CannotServe, StoreFailed, TooMany
from jcode_watcher.analytics.store.connection import Connection
from jcode_watcher.analytics.store.disk import Disk
from jcode_watcher.analytics.store.writer import Writer

T = TypeVar("T")

TABLES = ("events", "known_ids", "contents")
QUERIES_WAITING_MAX = 256
"""Queries that wait for a reader; one more gets 429."""


class Store:
    """The embedded engine at one folder. One process has one store, once."""

    def __init__(self, folder: Path, readers: int, disk_free_bytes_min: int) -> None:
        """Open or create it; CannotServe says why not."""
        if "?" in str(folder):
            raise CannotServe(f"{folder}: the store's folder may not have a question mark in its name")
        if os.fsencode(folder).decode(errors="replace") != str(folder):
            raise CannotServe(f"{folder}: the store's folder must have a name in UTF-8")
        self._folder = folder
        self._threads = threading.local()
        self._connections: list[Connection] = []
        self._readers = ThreadPoolExecutor(readers, "reader", initializer=self._connect)
        self._waiting = 0
        try:
            connection = self._opened()
            for table in TABLES:
                connection.run(schema_of(table))
            self.writer = Writer(connection, Disk(folder, disk_free_bytes_min))
            self.writer.catch_up()
        except StoreFailed as error:
            raise CannotServe(f"{folder}: the store does not open: {error}") from error

    async def read(self, question: Callable[[Connection], T]) -> T:
        """Ask in a reader's thread. StoreFailed from the engine; TooMany if too many questions wait."""
        if self._waiting >= QUERIES_WAITING_MAX:
            raise TooMany(f"{self._waiting} queries wait, no more are taken; ask again", 1)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._readers, lambda: question(self._threads.connection))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End all sessions; the writer must have ended."""
        self._readers.shutdown(cancel_futures=True)
        for connection in self._connections:
            connection.close()

    def _connect(self) -> None:
        self._threads.connection = self._opened()

    def _opened(self) -> Connection:
        connection = Connection(self._folder)
        self._connections.append(connection)
        return connection


def schema_of(table: str) -> str:
    """Give the statement that creates a table where it is missing."""
    return resources.files(__package__).joinpath("schema", f"{table}.sql").read_text(encoding="utf-8")
