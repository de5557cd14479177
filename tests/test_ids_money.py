"""Ids show their kind and are read back only as it; money is whole, quantities and prices are exact."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ids, inputs
from domain.billing import month_text
from domain.money import MOST_MINOR, Currency, add, divide_half_up, multiply, round_to_minor
from domain.people import code_stem, invoice_number
from domain.refusals import BadInput
from domain.wallets import months_remaining
from services.identity import new_uuid
from tests.world import at

UUID_1 = UUID("01970000-0000-7000-8000-00000000000a")
HEX = UUID_1.hex
KINDS: list[ids.Kind] = ["wal", "ten", "usr", "veh", "tok", "ses", "prc", "run", "aud", "alr", "alt"]
NUMBERED: list[ids.NumberedKind] = ["txn", "hld", "inv"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_is_read_back_as_its_kind_and_no_other(kind: ids.Kind) -> None:
    made = ids.make(kind, UUID_1)
    assert made == f"{kind}_{HEX}"
    assert [other for other in KINDS if ids.read(other, made) == UUID_1] == [kind]
    assert [ids.read_numbered(other, made) for other in NUMBERED] == [None, None, None]
    assert ids.kind_of(made) == kind


@pytest.mark.parametrize("kind", NUMBERED)
def test_what_belongs_to_a_wallet_is_named_by_the_wallet_and_its_number(kind: ids.NumberedKind) -> None:
    made = ids.make_numbered(kind, UUID_1, 12)
    assert made == f"{kind}_{HEX}_12"
    assert [other for other in NUMBERED if ids.read_numbered(other, made) == (UUID_1, 12)] == [kind]
    assert ids.read_operation(made) is None


def test_an_operation_is_named_by_its_wallet_and_itself() -> None:
    other = uuid4()
    made = ids.make_operation(UUID_1, other)
    assert made == f"opr_{HEX}_{other.hex}"
    assert ids.read_operation(made) == (UUID_1, other)
    assert ids.read_operation(ids.make_dry(made)) is None


@pytest.mark.parametrize(
    "text",
    ["", "wal", "wal_", HEX, f"wal-{HEX}", f"WAL_{HEX}", f"wal_{HEX.upper()}", f"wal_{UUID_1}", f"wal_{HEX[1:]}",
     f"wal_{HEX}0", f" wal_{HEX}", f"wal_{HEX}\n", f"wal_{HEX}_1", f"wal__{HEX}", f"dry_wal_{HEX}", f"wal_{'٣' * 32}"],
)  # fmt: skip
def test_what_is_not_quite_an_id_names_nothing(text: str) -> None:
    assert ids.read("wal", text) is None


@pytest.mark.parametrize("number", ["", "0", "01", "-1", "+1", "1.0", "1e3", "٣", "²", " 1", "1_0", "9" * 19])
def test_what_is_not_quite_a_number_in_a_wallet_names_nothing(number: str) -> None:
    assert ids.read_numbered("txn", f"txn_{HEX}_{number}") is None


@given(st.text(max_size=80))
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    for kind in KINDS:
        ids.read(kind, text)
        ids.read(kind, f"{kind}_{text}")
    ids.read_numbered("txn", f"txn_{HEX}_{text}")
    ids.read_operation(f"opr_{HEX}_{text}")


def test_new_ids_are_version_7_and_grow() -> None:
    made = [new_uuid() for _ in range(1_000)]
    assert {uuid.version for uuid in made} == {7}
    assert sorted(set(made)) == made


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("-2.5", -3), ("0.4999999999999", 0), ("-0.4999999999999", 0),
     ("0", 0), ("9007199254740990.5", MOST_MINOR), (f"{10**40}.5", 10**40 + 1)],
)  # fmt: skip
def test_a_charge_is_rounded_half_away_from_zero(amount: str, rounded: int) -> None:
    assert round_to_minor(Decimal(amount)) == rounded


def test_the_longest_quantity_times_the_longest_price_is_exact() -> None:
    quantity, price = Decimal("999999999999999.999999"), Decimal("999999999999999.999999999999")
    exact = 999999999999999999999 * 999999999999999999999999999
    assert multiply(quantity, price).as_tuple().digits == tuple(int(digit) for digit in str(exact))
    assert multiply(quantity, price).as_tuple().exponent == -18


def test_a_sum_is_exact_however_far_apart_its_parts_are() -> None:
    assert add([Decimal("1e15"), Decimal("0.000000000001"), Decimal("-1e15")]) == Decimal("0.000000000001")
    assert add([]) == 0


@pytest.mark.parametrize(
    ("numerator", "denominator", "mean"),
    [(0, 3, 0), (1, 2, 1), (1, 3, 0), (2, 3, 1), (5, 2, 3), (4_800_000, 3, 1_600_000), (3 * MOST_MINOR, 3, MOST_MINOR)],
)
def test_a_mean_is_whole_minor_units_half_up(numerator: int, denominator: int, mean: int) -> None:
    assert divide_half_up(numerator, denominator) == mean


@pytest.mark.parametrize(
    ("currency", "minor", "shown"),
    [(Currency("INR", 2), 123_450, "INR 1,234.50"), (Currency("INR", 2), -5, "INR -0.05"),
     (Currency("JPY", 0), 1_234, "JPY 1,234"), (Currency("KWD", 3), 1, "KWD 0.001"),
     (Currency("INR", 2), MOST_MINOR, "INR 90,071,992,547,409.91")],
)  # fmt: skip
def test_an_amount_is_shown_with_its_currency_and_all_its_decimals(currency: Currency, minor: int, shown: str) -> None:
    assert currency.format(minor) == shown


@pytest.mark.parametrize("amount", [0, -1, MOST_MINOR + 1, -MOST_MINOR])
def test_an_amount_of_nothing_below_nothing_or_beyond_2_53_is_refused(amount: int) -> None:
    with pytest.raises(BadInput):
        inputs.amount(amount)


def test_the_smallest_and_the_largest_amount_are_taken_and_set_takes_zero() -> None:
    assert [inputs.amount(amount) for amount in (1, MOST_MINOR)] == [1, MOST_MINOR]
    assert inputs.amount(0, zero=True) == 0


@pytest.mark.parametrize("key", ["", "k" * 256, "a\0b", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    with pytest.raises(BadInput):
        inputs.key(key)
    assert inputs.key("k" * 255) == "k" * 255


@pytest.mark.parametrize(
    ("available", "charge", "months"),
    [(4_800_000, 1_600_000, 3.0), (4_799_999, 1_600_000, 2.9), (1, 1_600_000, 0.0), (0, 1, 0.0), (5, 0, None),
     (159_999, 1_600_000, 0.0), (160_000, 1_600_000, 0.1), (MOST_MINOR, 1, float(MOST_MINOR))],
)  # fmt: skip
def test_months_remaining_are_rounded_down_to_one_decimal(available: int, charge: int, months: float | None) -> None:
    assert months_remaining(available, charge) == months


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Mohan Sai Publications", "MSP"), ("Press", "PRE"), ("Jo", "JO"), ("a-b c", "ABC"), ("Ä Ö", "AO"),
     ("one two three four five", "OTTF"), ("३ 4", "T"), ("प्रेस", "T"), ("T2 Mobile", "TM")],
)  # fmt: skip
def test_invoice_numbers_begin_with_a_tenants_initials(name: str, stem: str) -> None:
    assert code_stem(name) == stem


def test_invoice_numbers_grow_beyond_four_digits_and_months_have_two() -> None:
    assert [invoice_number("MSP", count) for count in (1, 9_999, 10_000)] == ["MSP-0001", "MSP-9999", "MSP-10000"]
    assert month_text(at("2025-03-01").date()) == "2025-03"
