"""Refusals as members of the result unions: a few lines each, and a test that none is untranslated."""

from collections.abc import Callable
from typing import Any

from strawberry.schema.exception_handlers import ExceptionHandler

from domain import ids, refusals
from resolvers.noting import refused
from schema import refusals as shown
from schema.node import shown as shown_id
from schema.wallets import LockStatus

Translate = Callable[[Any], shown.Refusal]


class _Translator:
    """Turns one kind of raised refusal into what the mutation answers."""

    def __init__(
        self, exception_type: type[refusals.Refusal], error_type: type[shown.Refusal], translate: Translate
    ) -> None:
        self.exception_type = exception_type
        self.error_type = error_type
        self._translate = translate

    def handle(self, exception: Any, *, field: Any, info: Any) -> shown.Refusal:
        """Called by Strawberry where the field's union has the type."""
        refused(self.exception_type.__name__, _root_of(info.path))
        return self._translate(exception)


def _root_of(path: Any) -> str | int:
    """The name that the root field has in the answer."""
    while path.prev is not None:
        path = path.prev
    key: str | int = path.key
    return key


def _insufficient_funds(why: refusals.InsufficientFunds) -> shown.Refusal:
    return shown.InsufficientFunds(
        message=why.message,
        available_minor=why.available,
        required_minor=why.required,
        shortfall_minor=why.shortfall,
    )


def _wallet_locked(why: refusals.WalletLocked) -> shown.Refusal:
    wallet_id = shown_id(ids.make("wal", why.wallet_id))
    return shown.WalletLocked(message=why.message, wallet_id=wallet_id, lock=LockStatus.of(why.state))


def _idempotency_conflict(why: refusals.IdempotencyConflict) -> shown.Refusal:
    operation_id = shown_id(ids.make_operation(why.wallet_id, why.operation_id))
    return shown.IdempotencyConflict(message=why.message, operation_id=operation_id)


def _version_conflict(why: refusals.VersionConflict) -> shown.Refusal:
    return shown.VersionConflict(message=why.message, wallet_id=shown_id(ids.make("wal", why.wallet_id)))


def _period_closed(why: refusals.PeriodClosed) -> shown.Refusal:
    return shown.PeriodClosed(message=why.message, open_from=why.open_from)


def _not_possible(why: refusals.NotPossible) -> shown.Refusal:
    return shown.NotPossible(message=why.message)


def _usage_refused(why: refusals.UsageRefused) -> shown.Refusal:
    return shown.UsageRefused(message=why.message, events=[shown_event(event) for event in why.events])


def shown_event(event: refusals.RefusedEvent) -> shown.RefusedEvent:
    """As the API shows it."""
    return shown.RefusedEvent(
        index=event.index,
        key=event.key,
        tenant_id=shown_id(ids.make("ten", event.wallet_id)),
        code=event.code,
        message=event.message,
        open_from=event.open_from,
        lock=LockStatus.of(event.state) if event.state else None,
    )


TRANSLATIONS: dict[type[refusals.Refusal], tuple[type[shown.Refusal], Translate]] = {
    refusals.InsufficientFunds: (shown.InsufficientFunds, _insufficient_funds),
    refusals.WalletLocked: (shown.WalletLocked, _wallet_locked),
    refusals.IdempotencyConflict: (shown.IdempotencyConflict, _idempotency_conflict),
    refusals.VersionConflict: (shown.VersionConflict, _version_conflict),
    refusals.PeriodClosed: (shown.PeriodClosed, _period_closed),
    refusals.NotPossible: (shown.NotPossible, _not_possible),
    refusals.UsageRefused: (shown.UsageRefused, _usage_refused),
}
HANDLERS: list[ExceptionHandler[Any]] = [
    _Translator(refusal, *translation) for refusal, translation in TRANSLATIONS.items()
]
