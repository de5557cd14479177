"""Logs: one line an event on standard error, for people on a terminal and as JSON elsewhere."""

import logging
import sys

import structlog


def configure() -> None:
    """Ours by structlog; those of libraries from warnings on."""
    pretty = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Strawberry logs every error of a field; what is ours to know of is logged where it is masked.
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)
