"""The pod's own service account: its token and the authority that it trusts, as the kubelet mounts them."""

import ssl
from pathlib import Path

from jcode_watcher.agent.pods.errors import Unusable


class Account:
    """A folder with `token` and `ca.crt`, both read anew for each request, as the kubelet replaces them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority: bytes | None = None
        self._trust = ssl.create_default_context()

    @property
    def is_there(self) -> bool:
        """Whether this is a pod that may speak to the Kubernetes API."""
        return (self._folder / "token").exists()

    def token(self) -> str:
        """Give the token of this moment."""
        path = self._folder / "token"
        try:
            token = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable("token", f"{path}: {error}") from None
        if not token.isprintable() or not token:
            raise Unusable("token", f"{path}: holds no token")
        return token

    def trust(self) -> ssl.SSLContext:
        """Give whom to trust: `ca.crt`, or where there is none the machine's authorities."""
        path = self._folder / "ca.crt"
        try:
            authority = path.read_bytes() if path.exists() else None
            if authority != self._authority:
                text = authority.decode("ascii") if authority else None
                self._trust = ssl.create_default_context(cadata=text)
                self._authority = authority
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable("authority", f"{path}: {error}") from None
        return self._trust
