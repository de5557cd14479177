"""Stories of tenants and users: each gets its wallet in the same transaction."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from iso4217 import Currency as Iso4217
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

from domain import access, ids, inputs, people
from domain.access import Role, Viewer
from domain.billing import bills_at, month_of
from domain.money import Currency
from domain.people import MOST_DAYS, MOST_DELAY_HOURS, code_stem
from domain.refusals import BadInput, NotFound, NotPossible
from models.people import Tenant, User
from services import audit, passwords
from services.core import Core
from services.database import now, write
from services.identity import new_uuid

T = TypeVar("T")

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)  # as the table checks it
_NEW_WALLET = """
INSERT INTO wallets (id, tenant_id, user_id, currency, currency_exponent, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
"""
_CODES = "SELECT code FROM tenants WHERE code = $1 OR code ~ ('^' || $1 || '[0-9]+$')"


@dataclass(frozen=True, slots=True)
class NewTenant:
    """As asked for."""

    name: str
    external_id: str | None = None
    currency: str = "INR"
    billing_zone: str = "UTC"
    grace_days: int = 0
    finalization_days: int = 0
    billing_delay_hours: int = 1


@dataclass(frozen=True, slots=True)
class NewUser:
    """As asked for. `password` None: cannot sign in."""

    phone: str
    name: str
    password: str | None
    email: str | None = None
    role: Role = Role.MEMBER
    tenant_id: UUID | None = None
    currency: str = "INR"


async def create_tenant(core: Core, viewer: Viewer, asked: NewTenant, *, dry_run: bool = False) -> people.Tenant:
    """Raises BadInput, Forbidden, NotPossible (an external id that names another tenant)."""
    access.require(viewer, "tenant:write")
    asked, currency = _checked_tenant(asked)

    async def work(connection: BaseDBAsyncClient) -> people.Tenant:
        if asked.external_id and (twin := await Tenant.get_or_none(external_id=asked.external_id, closed_at=None)):
            return _same_tenant(asked, read_tenant(twin))
        tenant = people.Tenant(
            id=new_uuid(),
            code=await _free_code(connection, code_stem(asked.name)),
            active=True,
            created_at=await now(core.clock, connection),
            **asdict(asked),
        )
        if dry_run:
            return tenant
        first = month_of(tenant.created_at, tenant.billing_zone)
        due = bills_at(first, tenant.billing_zone, tenant.billing_delay_hours)
        await Tenant.create(**asdict(tenant), bills_at=due, using_db=connection)
        await _new_wallet(connection, tenant.id, currency, tenant.created_at, tenants=True)
        subject = ids.make("ten", tenant.id)
        await audit.record(connection, core.clock, viewer, "createTenant", subject, after=asdict(asked))
        return tenant

    return await _retried(work)


async def create_user(core: Core, viewer: Viewer, asked: NewUser, *, dry_run: bool = False) -> people.User:
    """Raises BadInput, Forbidden, NotFound (the tenant), NotPossible (the phone is taken)."""
    access.require_may_give(viewer, asked.role, asked.tenant_id)
    asked, currency = _checked_user(asked)
    if asked.password is not None and viewer is not access.SYSTEM:  # the operator's own was checked with the settings
        passwords.check(asked.password)
    hashed = await passwords.hash_password(asked.password) if asked.password and not dry_run else None

    async def work(connection: BaseDBAsyncClient) -> people.User:
        if asked.tenant_id and not await Tenant.exists(id=asked.tenant_id, closed_at=None):
            raise NotFound("There is no such tenant.")
        if await User.exists(phone=asked.phone, closed_at=None):
            raise NotPossible(f"The phone {asked.phone} belongs to another user.")
        instant = await now(core.clock, connection)
        user = people.User(new_uuid(), asked.phone, asked.name, asked.email, asked.role, asked.tenant_id, True, instant)
        if dry_run:
            return user
        await User.create(**asdict(user), password_hash=hashed, using_db=connection)
        await _new_wallet(connection, user.id, currency, instant, tenants=False)
        facts = {k: v for k, v in asdict(asked).items() if k not in ("password", "tenant_id")}
        facts["tenant"] = ids.make("ten", asked.tenant_id) if asked.tenant_id else None
        await audit.record(connection, core.clock, viewer, "createUser", ids.make("usr", user.id), after=facts)
        return user

    return await _retried(work)


async def _retried(work: Callable[[BaseDBAsyncClient], Awaitable[T]]) -> T:
    """Twice: of two that raced for one name, the second now sees the first."""
    try:
        return await write(work)
    except IntegrityError:
        return await write(work)


def _checked_tenant(asked: NewTenant) -> tuple[NewTenant, Currency]:
    currency = iso_currency(asked.currency)
    checked = NewTenant(
        name=inputs.name("name", asked.name),
        external_id=_optional("externalId", asked.external_id, 1, 255),
        currency=currency.code,
        billing_zone=_zone(asked.billing_zone),
        grace_days=inputs.within("graceDays", asked.grace_days, 0, MOST_DAYS),
        finalization_days=inputs.within("finalizationDays", asked.finalization_days, 0, MOST_DAYS),
        billing_delay_hours=inputs.within("billingDelayHours", asked.billing_delay_hours, 0, MOST_DELAY_HOURS),
    )
    return checked, currency


def _checked_user(asked: NewUser) -> tuple[NewUser, Currency]:
    currency = iso_currency(asked.currency)
    if asked.role is Role.TENANT_ADMIN and asked.tenant_id is None:
        raise BadInput("A TENANT_ADMIN belongs to a tenant: give tenantId.")
    if asked.role in (Role.SUPER_ADMIN, Role.SUPPORT) and asked.tenant_id is not None:
        raise BadInput(f"A {asked.role} belongs to no tenant: leave tenantId out.")
    checked = NewUser(
        phone=e164(asked.phone),
        name=inputs.name("name", asked.name),
        password=asked.password,
        email=_optional("email", asked.email, 3, 254),
        role=asked.role,
        tenant_id=asked.tenant_id,
        currency=currency.code,
    )
    return checked, currency


def _optional(field: str, value: str | None, shortest: int, longest: int) -> str | None:
    return None if value is None else inputs.text(field, value.strip(), longest, shortest=shortest)


def iso_currency(code: str) -> Currency:
    """With its exponent by ISO 4217, which a wallet keeps from then on. Raises BadInput."""
    try:
        found = Iso4217(code)
    except ValueError:
        found = None
    if found is None or found.exponent is None:
        raise BadInput(f"{code[:8]!r} is not a currency with minor units (ISO 4217): send INR, USD, JPY, KWD …")
    return Currency(code, found.exponent)


def e164(phone: str) -> str:
    """`+919876543210`. Raises BadInput."""
    text = ""
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(phone[:40], None)
        if phonenumbers.is_possible_number(number):
            text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not _E164.fullmatch(text):  # within their city some countries dial fewer digits than any of the world
        raise BadInput("phone takes an international number with its country code, such as +919876543210.")
    return text


def _zone(key: str) -> str:
    try:
        ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"{key[:64]!r} is not an IANA time zone: send one such as Asia/Kolkata.") from None
    return key


def _same_tenant(asked: NewTenant, twin: people.Tenant) -> people.Tenant:
    if any(getattr(twin, field) != wanted for field, wanted in asdict(asked).items()):
        raise NotPossible(f"The externalId {asked.external_id} names another tenant: {twin.name}.")
    return twin


async def _free_code(connection: BaseDBAsyncClient, stem: str) -> str:
    """Under a lock on the stem, since two tenants of like names may be made at once."""
    await connection.execute_query_dict("SELECT pg_advisory_xact_lock(hashtext($1))", [f"code {stem}"])
    taken = [row["code"] for row in await connection.execute_query_dict(_CODES, [stem])]
    if stem not in taken:
        return stem
    return f"{stem}{1 + max(int(code[len(stem) :] or 1) for code in taken)}"


async def _new_wallet(
    connection: BaseDBAsyncClient, owner_id: UUID, currency: Currency, instant: datetime, *, tenants: bool
) -> None:
    values = [owner_id, owner_id if tenants else None, None if tenants else owner_id, *currency, instant]
    await connection.execute_query(_NEW_WALLET, values)


def read_tenant(row: Tenant) -> people.Tenant:
    """The domain's value of a stored tenant."""
    return people.Tenant(**{field: getattr(row, field) for field in people.Tenant.__slots__})


def read_user(row: User) -> people.User:
    """The domain's value of a stored user."""
    fields = {field: getattr(row, field) for field in people.User.__slots__}
    return people.User(**fields | {"role": Role(row.role)})
