"""How many decimals a currency has, where sums come with its code alone."""

from collections.abc import Iterable
from decimal import Decimal

from dashboard.client import Api
from dashboard.format import Currency, Manner
from dashboard.shapes.lists import nodes


class Currencies(dict[str, Currency]):
    """By code. Any wallet of a currency knows its decimals; each currency is asked for once."""

    async def learn(self, codes: Iterable[str], api: Api) -> None:
        """Finds out about these. May raise ApiError."""
        for code in sorted({*codes} - {*self}):
            for wallet in nodes((await api.send("CurrencyDecimals", currency=code))["wallets"]):
                self[code] = Currency(code, wallet["currencyExponent"])

    def money(self, minor: str, code: str, manner: Manner) -> str:
        """An exact sum; of a currency of which no wallet is left, in its smallest units, said so."""
        if (currency := self.get(code)) is not None:
            return manner.money(int(Decimal(minor)), currency)
        return f"{manner.quantity(minor)} of the smallest unit of {code}"
