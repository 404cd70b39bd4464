"""The spool: one SQLite file on the node. What is in it cannot be lost; what is delivered leaves it."""

from jcode_watcher.agent.spool.damage import Damage, set_aside_damaged
from jcode_watcher.agent.spool.database import cannot_keep, connect, lock_state, transaction
from jcode_watcher.agent.spool.due import Due, forget_due
from jcode_watcher.agent.spool.files import KnownFiles
from jcode_watcher.agent.spool.level import Level
from jcode_watcher.agent.spool.outbox import Outbox
from jcode_watcher.agent.spool.reserve import Reserve
from jcode_watcher.agent.spool.rings import Rings
from jcode_watcher.agent.spool.spool import Spool
from jcode_watcher.agent.spool.spooled import Spooled
from jcode_watcher.agent.spool.starts import Start, begin

__all__ = [
    "Damage",
    "Due",
    "KnownFiles",
    "Level",
    "Outbox",
    "Reserve",
    "Rings",
    "Spool",
    "Spooled",
    "Start",
    "begin",
    "cannot_keep",
    "connect",
    "forget_due",
    "lock_state",
    "set_aside_damaged",
    "transaction",
]
