"""The live page: one file, whose script and style the browser runs only as they stand there."""

import base64
import hashlib
import re
from importlib import resources

PAGE = resources.files(__package__).joinpath("page.html").read_bytes()


def hashes_of(tag: str, page: bytes) -> str:
    """Give the CSP sources (hashes) of every inline element of this tag."""
    contents = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(content).digest()).decode() for content in contents]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src {hashes_of('script', PAGE)}",
        f"style-src {hashes_of('style', PAGE)}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
