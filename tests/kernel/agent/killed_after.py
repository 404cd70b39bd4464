"""Runs an agent that dies by SIGKILL once a function of its has returned so many times.

killed_after.py MODULE FUNCTION TIMES arguments of jcode-watcher…
"""

import functools
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from typing import Any

from jcode_watcher.__main__ import main


def dying(function: Callable[..., Any], times: int) -> Callable[..., Any]:
    calls = iter(range(1, times + 1))

    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        answer = function(*arguments, **named)
        if next(calls, times) == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return called


module, path, times = sys.argv[1:4]
owner_path, _, name = path.rpartition(".")
owner = attrgetter(owner_path)(import_module(module)) if owner_path else import_module(module)
setattr(owner, name, dying(getattr(owner, name), int(times)))
sys.argv[1:4] = []
sys.exit(main())
