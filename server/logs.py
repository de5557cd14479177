"""Logs: one line an event on standard error, for people on a terminal and as JSON elsewhere; libraries' too.

Tracebacks have no values of variables, and what looks like a credential is hidden: nothing should write one, but logs
are read by more people than the store.
"""

import asyncio
import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

from resolvers.noting import NOTES

Event = MutableMapping[str, Any]
MOST_FRAMES = 30
# Sessions' and API tokens; users and passwords in URLs; the rows that PostgreSQL quotes in an error's details.
_CREDENTIALS = r'tj[st]_[\w-]{16,}|(?<=://)[^/@\s"]+(?=@)'
_SECRETS = re.compile(rf"{_CREDENTIALS}|(?<=DETAIL:).*")
_SECRETS_IN_JSON = re.compile(rf'{_CREDENTIALS}|(?<=DETAIL:)(?:[^"\\]|\\[^n])*')


def configure(level: int = logging.WARNING) -> None:
    """Ours from this level on, by structlog; those of libraries from warnings on."""
    pretty = sys.stderr.isatty()
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True) if pretty else _stamp
    first: list[Processor] = [_add_request, structlog.processors.add_log_level, stamp]
    last: list[Processor] = [_console(), _hide] if pretty else [_EXCEPTIONS, _render_json]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(first, last)
    sys.excepthook = _crashed


def request_writer() -> Callable[[Event], None]:
    """What writes the line of a request (its id in it), at a fraction of another event's cost: each request has one.

    Those of one turn of the event loop go out together.
    """
    if sys.stderr.isatty():
        log = structlog.get_logger()
        return lambda event: log.info(**event)
    out, waiting = sys.stderr.buffer, list[bytes]()

    def flush() -> None:
        out.write(b"".join(waiting))
        waiting.clear()
        out.flush()

    def write(event: Event) -> None:
        event["level"] = "info"
        line = orjson.dumps(_stamp(None, "", event), option=_AS_ISO)
        if b"tj" in line:
            line = _render_json(None, "", event).encode() + b"\n"
        if not waiting:
            asyncio.get_running_loop().call_soon(flush)
        waiting.append(line)

    return write


def _configure_libraries(first: list[Processor], last: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    name = structlog.stdlib.add_logger_name
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[name, *first], processors=[clean, *last])
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # a line that cannot be made would be shown with all that it was to be made of
    # Strawberry logs every error of a field; what is ours to know of is logged where it is masked.
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)


def _console() -> Processor:
    plain = structlog.dev.plain_traceback  # the other one shows values of variables
    return structlog.dev.ConsoleRenderer(exception_formatter=plain)


_AS_ISO = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
_EXCEPTIONS = structlog.processors.ExceptionRenderer(
    ExceptionDictTransformer(show_locals=False, max_frames=MOST_FRAMES, use_rich=False)
)


def _add_request(_: object, __: str, event: Event) -> Event:
    """The id of the request that is being answered, if one is."""
    if (notes := NOTES.get()) is not None:
        event["request_id"] = notes.id
    return event


def _stamp(_: object, __: str, event: Event) -> Event:
    event["timestamp"] = datetime.now(UTC)
    return event


def _render_json(_: object, __: str, event: Event) -> str:
    text = orjson.dumps(event, default=repr, option=orjson.OPT_UTC_Z).decode()
    return _SECRETS_IN_JSON.sub("[hidden]", text) if _is_suspect(text) else text


def _hide(_: object, __: str, text: Any) -> str:
    return _SECRETS.sub("[hidden]", text)


def _is_suspect(text: str) -> bool:
    """Cheaper than the expression, and false for nearly all lines."""
    return "tjs_" in text or "tjt_" in text or "://" in text or "DETAIL:" in text


def _crashed(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        structlog.get_logger().critical("crashed", exc_info=(kind, error, traceback))
