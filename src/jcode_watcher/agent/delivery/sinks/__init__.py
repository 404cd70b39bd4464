"""The sinks."""

from typing import Final

from jcode_watcher.agent.delivery.sinks.service import ServiceSink

SINKS: Final = {"service": ServiceSink}
