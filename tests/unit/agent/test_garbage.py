"""The garbage collector does not stop the agent for longer the more files it knows."""

import subprocess
import sys

PROGRAM = """
import gc
from jcode_watcher.agent.garbage import spare_survivors
spare_survivors()
spare_survivors()
known = [[] for _ in range(100_000)]
gc.collect()
print(gc.get_freeze_count() >= len(known), len(gc.get_objects()) < 1000)
cycle = []
cycle.append(cycle)
del cycle
print(gc.collect() >= 1)
"""


def test_what_survived_a_full_collection_is_not_looked_at_by_the_next_and_new_garbage_is_freed() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True", "True"]
