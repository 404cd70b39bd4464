"""From an exec in the kernel to a WebSocket client of the lifecycle monitor."""

import json
import time
from statistics import quantiles

from websockets.sync.client import connect

from bench.tracing.exec_loop import ANY_CPU
from bench.tracing.ground import Ground
from bench.tracing.our_programs import lifecycle

EXECS = 600
PER_SECOND = 100
RECEIVE_SECONDS_MAX = 10.0


def measure(ground: Ground) -> dict[str, float]:
    with (
        lifecycle(ground.folder, ground.hostname, "--no-stdout") as monitor,
        connect(f"ws://{monitor.address}/ws", compression=None) as socket,
        ground.loop.started(
            ground.hostname, EXECS, workers=1, per_second=PER_SECOND, batch=0, cpu=ANY_CPU
        ) as loop,
    ):
        taken_ms: list[float] = []
        while len(taken_ms) < EXECS:
            text = socket.recv(timeout=RECEIVE_SECONDS_MAX)
            # The monitor's times are of the same clock.
            arrived_ns = time.monotonic_ns()
            event = json.loads(text)
            if event["type"] == "EXEC":
                taken_ms.append((arrived_ns - event["timestamp"]) / 1e6)
        loop.wait()
    cuts = quantiles(taken_ms, n=100)
    return {
        "socket_latency_ms_p50": cuts[49],
        "socket_latency_ms_p99": cuts[98],
        "socket_latency_ms_max": max(taken_ms),
    }
