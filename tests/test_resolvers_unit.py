"""Every refusal is translated, the committed schema is the code's, and pages are asked for in one direction."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain import refusals
from domain.refusals import BadInput
from resolvers import paging
from resolvers.errors import TRANSLATIONS
from resolvers.root import schema
from schema.paging import Page

SDL = Path(__file__).parent.parent / "schema" / "schema.graphql"
WALLET = UUID(int=7)
MARCH = datetime(2025, 3, 1, tzinfo=UTC)


def test_every_refusal_has_a_translation() -> None:
    assert set(TRANSLATIONS) == set(refusals.Refusal.__subclasses__())


def test_the_committed_schema_is_the_codes() -> None:
    assert SDL.read_text(encoding="utf-8") == f"{schema.as_str().rstrip()}\n"


async def nothing_counted() -> int:
    return 0


@pytest.mark.parametrize(
    ("text", "read", "key"),
    [
        ("12", paging.read_number, 12),
        (WALLET.hex, paging.read_uuid, WALLET),
        ("2025-03-01 A b", paging.read_month_and_service, (date(2025, 3, 1), "A b")),
        ("2025-03-01T00:00:00+00:00 A b", paging.read_service_and_instant, ("A b", MARCH)),
        (
            f"2025-03-01T00:00:00+00:00 {WALLET.hex} 3",
            paging.read_invoice,
            (MARCH, WALLET, 3),
        ),
    ],
)
def test_a_cursor_stands_for_its_entrys_key(text: str, read: Callable[[str], Any], key: Any) -> None:
    page = paging.connection([text], paging.Slice(1, None), str, str, nothing_counted)
    assert paging.forward(Page(after=page.edges[0].cursor), read).key == key


@pytest.mark.parametrize("cursor", ["", "x", "MA", "LTE", "₹", "MTI=MTI", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="no cursor of this list"):
        paging.forward(Page(after=cursor), paging.read_number)


@pytest.mark.parametrize(
    "page", [Page(3, last=3), Page(50, after="MQ", last=3), Page(50, before="MQ"), Page(50, last=0), Page(50, last=101)]
)
def test_a_page_is_asked_for_in_one_direction(page: Page) -> None:
    with pytest.raises(BadInput):
        paging.either_way(page, paging.read_number)
