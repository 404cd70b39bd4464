"""Manners that every program shares towards whoever connects: probes, metrics, hosts, bounded queues."""

from jcode_watcher.serving.address import Address, CannotListen, listen, parse_address
from jcode_watcher.serving.door import Door, connections_for
from jcode_watcher.serving.fanout import Fanout, Missed, Subscription
from jcode_watcher.serving.health import Health
from jcode_watcher.serving.metrics import DoorCollector, exposition
from jcode_watcher.serving.requests import OwnNames, refusal_of_request
from jcode_watcher.serving.telling import CannotShow, announce, configure_logs, show

__all__ = [
    "Address",
    "CannotListen",
    "CannotShow",
    "Door",
    "DoorCollector",
    "Fanout",
    "Health",
    "Missed",
    "OwnNames",
    "Subscription",
    "announce",
    "configure_logs",
    "connections_for",
    "exposition",
    "listen",
    "parse_address",
    "refusal_of_request",
    "show",
]
