"""What the store holds, in numbers."""

import msgspec

from jcode_watcher.analytics.store.connection import Connection


class AgentSeen(msgspec.Struct, frozen=True):
    """The events of one start of an agent: the highest `seq`, and how many there are."""

    agent: str
    last_seq: int
    events: int


AGENTS = msgspec.json.Decoder(AgentSeen)
SEEN = """
SELECT agent, max(seq) AS last_seq, count() AS events FROM events GROUP BY agent ORDER BY max(time)
"""


def agents_seen(connection: Connection) -> list[AgentSeen]:
    """Give every start of every agent, the one that was active last at the end."""
    return connection.rows(SEEN, AGENTS)
