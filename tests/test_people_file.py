"""A file of people: whatever it holds, each line is a person or a problem, by the number that an editor shows."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Role
from domain.imports import Person, Problem, read_people
from domain.refusals import BadInput

HEADER = "phone,name,email,role,tenant,active\n"


def read(text: str) -> list[Person | Problem]:
    return list(read_people(io.StringIO(text, newline="")))


def problem(line: str) -> str:
    [found] = read(HEADER + line)
    assert isinstance(found, Problem)
    return found.what


def test_what_is_left_out_is_a_member_of_no_tenant_who_is_active() -> None:
    [asha, ravi] = read("Name , PHONE\n Asha ,+91 98765 43210\nRavi,12\n")
    assert asha == Person(2, "+91 98765 43210", "Asha", None, Role.MEMBER, None, True)
    assert (ravi.line, ravi) == (3, Person(3, "12", "Ravi", None, Role.MEMBER, None, True))


def test_all_columns_in_any_order() -> None:
    text = "active,tenant,role,email,name,phone\nFALSE,t_001,TENANT_ADMIN,a@example.com,Asha,+911\n"
    assert read(text) == [Person(2, "+911", "Asha", "a@example.com", Role.TENANT_ADMIN, "t_001", False)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(end: str) -> None:
    lines = ["", "phone,name", '+911,"two', 'lines"', "", ",", '+912,"a ""b"", c"', "+913"]
    found = read(end.join(lines))
    assert [one.line for one in found] == [3, 7, 8]
    assert [getattr(one, "name", None) for one in found] == [f"two{end}lines", 'a "b", c', None]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("+911,Asha,,BOSS,,", "role 'BOSS' is none of SUPER_ADMIN, SUPPORT, TENANT_ADMIN, MEMBER"),
        ("+911,Asha,,member,,", "role 'member' is none of SUPER_ADMIN, SUPPORT, TENANT_ADMIN, MEMBER"),
        ("+911,Asha,,TENANT_ADMIN,,", "a TENANT_ADMIN belongs to a tenant: give its id or externalId"),
        ("+911,Asha,,SUPPORT,t_001,", "a SUPPORT belongs to no tenant: leave it empty"),
        ("+911,Asha,,SUPER_ADMIN,t_001,", "a SUPER_ADMIN belongs to no tenant: leave it empty"),
        ("+911,Asha,,,,yes", "active 'yes' is neither true nor false"),
        (f"+911,Asha,,{'B' * 50},,\n", f"role '{'B' * 40}…' is none of SUPER_ADMIN, SUPPORT, TENANT_ADMIN, MEMBER"),
        (f"+911,Asha,,,{'t' * 256},", "tenant takes 0 to 255 characters; this one has 256."),
        ("+911,Asha,,,\0,", "tenant has a character that is not text"),
        ("+911,Asha", "has 2 values where the first line names 6 columns"),
        ("+911,Asha,,,,,,", "has 8 values where the first line names 6 columns"),
        ("+911,Asha,,\x1b[31m,,no", "role '\\x1b[31m' is none of"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_value(line: str, what: str) -> None:
    assert problem(line).startswith(what)


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    assert problem("+911,Asha,,BOSS,,maybe").count("; ") == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "",
            "the file is empty: its first line names the columns phone, name and, as wanted, email, role, tenant",
        ),
        ("\n\n", "the file is empty"),
        ("phone,name,age\n", "unknown: 'age': its first line names the columns phone, name"),
        ("phone\n", "missing: name: "),
        ("phone,name,\n", "unknown: ''"),
        ("+919876543210,Asha\n", "unknown: '+919876543210'; unknown: 'asha'; missing: phone; missing: name: "),
        ("phone,name,Phone\n", "twice: phone: "),
        ("phone,name,password\n+911,Asha,secret\n", "passwords are not imported"),
        ("phone;name\n+911;Asha\n", "its values are not separated by commas"),
        ("phone\tname\n", "its values are not separated by commas"),
        ('phone,name\n+911,"Asha\n+912,Ravi\n', "line 2: cannot be read as comma-separated values"),
        ('phone,name\n+911,Asha\n+912,"Ravi"s\n', "line 3: cannot be read as comma-separated values"),
        (f"phone,name\n+911,{'x' * 200_000}\n", "line 2: cannot be read as comma-separated values"),
    ],
)
def test_another_file_is_refused_with_what_is_expected(text: str, what: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert str(refused.value).startswith(what)


@given(st.text(st.sampled_from('+91Ab ,"\r\n;\té\0')))
def test_whatever_follows_the_header_is_read_or_refused(rest: str) -> None:
    text = f"phone,name\n{rest}"
    try:
        found = read(text)
    except BadInput:
        return
    numbers = [one.line for one in found]
    assert numbers == sorted(set(numbers))
    assert not numbers or 2 <= numbers[0] <= numbers[-1] <= len(text.splitlines())
