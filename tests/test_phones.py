"""Every phone that the stories take the store takes too, and in one form."""

import re

import phonenumbers
import pytest

from domain.refusals import BadInput
from services.people_input import e164

STORED = re.compile(r"\+[1-9][0-9]{6,14}")


@pytest.mark.parametrize(
    "phone",
    [
        "+919876543210",
        " +91 98765 43210 ",
        "+91-98765-43210",
        "+91 (98765) 43210",
        "+91.98765.43210",
        "+91\u00a098765–43210",
    ],
)
def test_one_number_has_one_form(phone: str) -> None:
    assert e164(phone) == "+919876543210"


@pytest.mark.parametrize("phone", ["", "12", "9876543210", "+", "+91", "+43011", "+999123456789", "9.19877E+11", "x"])
def test_what_is_no_international_number_is_refused(phone: str) -> None:
    with pytest.raises(BadInput):
        e164(phone)


@pytest.mark.parametrize(
    "phone",
    [
        "+919876543210x",
        "+919876543210 x5",
        "+919876543210 ext. 5",
        "+919876543210;ext=5",
        "+919876543210#5",
        "+1 800 FLOWERS",
        "+91 98765 4321O",
        "tel:+919876543210",
        "call +919876543210",
        "+919876543210\n",
        "++919876543210",
        "+919876543210, +919876543211",
        "+919876543210" + " " * 40 + "x",
        "+9198765\u200b43210",
    ],
)
def test_what_is_more_than_a_number_is_no_number_of_anybody(phone: str) -> None:
    with pytest.raises(BadInput, match="phone takes an international number"):
        e164(phone)


def test_what_is_taken_of_any_country_fits_the_table() -> None:
    taken = []
    for country in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        for length in range(1, 16):
            try:
                taken.append(e164(f"+{country}{'2' * length}"))
            except BadInput:
                continue
    assert len(taken) > 200
    assert [phone for phone in taken if not STORED.fullmatch(phone)] == []
