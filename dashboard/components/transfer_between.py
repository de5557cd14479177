"""A transfer by hand of which both sides are picked: from whom, then to whom of the same currency."""

from dashboard.components.action import Action
from dashboard.components.text import box
from dashboard.components.transfer_dialog import Transfer
from dashboard.components.wallet_picker import WalletPicker
from dashboard.session import Visit
from dashboard.shapes.wallets import Wallet, currency_of


class TransferBetween(Transfer):
    """What it is asked with the money's own wallet known follows once that is picked."""

    def __init__(self, visit: Visit) -> None:
        self.wallet = self.source_wallet
        Action.__init__(self, visit)  # no wallet yet, hence no currency

    def fields(self) -> None:
        """From whom; the rest when that is known."""
        self.source = WalletPicker("From: name, phone or wallet id", self.visit, None, self.sourced)
        self.source.field.props("autofocus")
        self.rest = box("t-dialog__rest")

    def source_wallet(self) -> Wallet:
        """The wallet that the money leaves."""
        assert self.source.picked is not None
        return self.source.picked

    async def sourced(self) -> None:
        """Another wallet, another currency: what was typed for the one before is gone."""
        self.rest.clear()
        if self.source.picked is not None:
            self.currency = currency_of(self.source.picked)
            with self.rest:
                self.target()
        await self.ask()

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None until both are picked."""
        return super().variables(dry_run=dry_run) if self.source.picked is not None else None
