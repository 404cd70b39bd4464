"""The sinks."""

from typing import Final

from jcode_watcher.agent.sinks.service import ServiceSink

SINKS: Final = {"service": ServiceSink}
