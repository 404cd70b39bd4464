"""Logs: JSON lines on stderr, as stdout belongs to whoever started the agent."""

import sys

import structlog


def configure_logs() -> None:
    """Send every log line to stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
