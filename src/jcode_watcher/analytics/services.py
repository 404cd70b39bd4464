"""What the endpoints of one running service share."""

from typing import NamedTuple

from starlette.requests import HTTPConnection

from jcode_watcher.analytics.access import Access
from jcode_watcher.analytics.ingest.admission import Admission
from jcode_watcher.analytics.ingest.committer import Committer
from jcode_watcher.analytics.ingest.reception import Reception
from jcode_watcher.analytics.live.feed import Feed
from jcode_watcher.analytics.metrics import Metrics
from jcode_watcher.analytics.store import Store
from jcode_watcher.serving import Health


class Services(NamedTuple):
    """The parts, each made once at start."""

    access: Access
    admission: Admission
    batch_bodies: Reception
    committer: Committer
    feed: Feed
    health: Health
    live_clients_max: int
    metrics: Metrics
    sign_in_bodies: Reception
    store: Store


def services_of(request: HTTPConnection) -> Services:
    """Give the parts to an endpoint."""
    services: Services = request.app.state.services
    return services
