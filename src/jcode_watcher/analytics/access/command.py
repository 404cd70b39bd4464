"""`jcode-watcher token`: make, list and revoke the agents' tokens, also while the service runs."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from jcode_watcher.analytics.access.control import CONTROL_FILE, open_control
from jcode_watcher.analytics.access.register import Listed, listed, minted, revoked
from jcode_watcher.analytics.errors import CannotServe
from jcode_watcher.serving import show
from jcode_watcher.settings import BadSetting, as_text
from jcode_watcher.settings.texts import NodeName


class TokenSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of `jcode-watcher token`."""

    data: Annotated[Path, Meta(description="the service's data folder")]
    action: Annotated[
        Literal["mint", "list", "revoke"],
        Meta(description="make a node's token, list all, or make a node's tokens worthless"),
    ] = "mint"
    node: Annotated[NodeName, Meta(description="the node, as the agent's --node says it")] = ""
    number: Annotated[
        int, Meta(ge=0, le=2**53, description="revoke only the token with this number; 0 for all of the node")
    ] = 0
    out: Annotated[
        str,
        Meta(min_length=1, description="new file for the token, mode 0600; without it a terminal is needed"),
    ] = ""


def run(settings: TokenSettings) -> int:
    """Do one thing to the tokens; give the exit status. BadSetting or CannotServe in one line."""
    check(settings)
    engine = control_of(settings.data)
    try:
        ACTIONS[settings.action](engine, settings)
    except DBAPIError as error:
        raise CannotServe(f"--data {settings.data}: {error.orig}; try again") from error
    finally:
        engine.dispose()
    return 0


def check(settings: TokenSettings) -> None:
    """Refuse what cannot come to anything, before anything is made."""
    needs_node = settings.action == "mint" or (settings.action == "revoke" and not settings.number)
    if needs_node and not settings.node:
        raise BadSetting(f"--node: missing; give the node whose token to {settings.action}")
    if settings.action == "mint" and not settings.out and not sys.stdout.isatty():
        raise BadSetting("--out is missing: a token is printed on a terminal only; give a new file")


def control_of(folder: Path) -> Engine:
    """Open the control data of a service; CannotServe if there is none, or it is another user's."""
    path = folder / CONTROL_FILE
    try:
        owner = path.stat().st_uid
    except OSError as error:
        raise CannotServe(
            f"--data {folder}: {error.strerror}; give the folder of a service that was started once"
        ) from None
    # Files that another user, even root, makes beside the database would lock the service out of it.
    if owner != os.geteuid():
        raise CannotServe(f"{path} belongs to uid {owner}; run this as that user")
    return open_control(path)


def mint(engine: Engine, settings: TokenSettings) -> None:
    """Make a token; print it, or where it is."""
    out = Path(settings.out) if settings.out else None
    token = minted(engine, settings.node, time.time(), out)
    show(token if out is None else f"token of node {settings.node} in {as_text(out)}")


def list_all(engine: Engine, _settings: TokenSettings) -> None:
    """Print one line a token; tabs between what it says."""
    lines = ["number\trole\tnode\tcreated\tlast seen", *map(line_of, listed(engine))]
    show("\n".join(lines))


def revoke(engine: Engine, settings: TokenSettings) -> None:
    """Make tokens worthless; BadSetting if there are none."""
    count = revoked(engine, node=settings.node, number=settings.number)
    which = f"--number {settings.number}" if settings.number else f"--node {settings.node}"
    if not count:
        raise BadSetting(f"{which}: no such token of an agent; see --action list")
    show(f"{which}: {count} revoked")


def line_of(token: Listed) -> str:
    """Give one line."""
    return "\t".join(
        [str(token.id), token.role, token.node or "-", moment(token.created), moment(token.seen)]
    )


def moment(seconds: float | None) -> str:
    """Give a time to the second, or `-`."""
    return "-" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


ACTIONS = {"mint": mint, "list": list_all, "revoke": revoke}
