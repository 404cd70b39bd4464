"""Whether the Kubernetes API lists this node's pods, where this is a pod."""

import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jcode_watcher.agent.delivery.reasons import system_reason

TIMEOUT_SECONDS: Final = 3.0


def ask(url: str, service_account: Path, node: str) -> str | None:
    """List one pod of this node; say why that is refused, nothing where it is not, None outside a pod."""
    token, authority = service_account / "token", service_account / "ca.crt"
    if not token.exists():
        return None
    query = urlencode({"limit": 1, "fieldSelector": f"spec.nodeName={node}"})
    try:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked by the setting's pattern
            f"{url}/api/v1/pods?{query}",
            headers={"Authorization": f"Bearer {token.read_text().strip()}"},
        )
        trusted = ssl.create_default_context(cafile=str(authority) if authority.exists() else None)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=trusted):  # noqa: S310 - as above
            return ""
    except urllib.error.HTTPError as error:
        error.close()
        return f"{url} answers {error.code} {error.reason}"
    except OSError as error:
        why = getattr(error, "reason", error)
        is_of_network = isinstance(why, OSError) and why.filename is None
        return f"{url}: {system_reason(why) if is_of_network else why}"
