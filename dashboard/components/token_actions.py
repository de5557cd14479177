"""Making a token for a program, and revoking it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dashboard.components.action import Action
from dashboard.components.fields import choice_field, instant_of, moment_field, text_field
from dashboard.components.permission_picker import PermissionPicker
from dashboard.components.tenant_picker import TenantPicker
from dashboard.components.text import Text
from dashboard.components.token_once import first_request
from dashboard.permissions import in_words, is_reading, summary
from dashboard.session import Visit
from dashboard.shapes.access import ApiToken, TokenTenant

Show = Callable[[str, str, str], None]
BINDINGS = {"all": "All tenants", "one": "One tenant"}
EXPIRIES = {"90": "In 90 days", "30": "In 30 days", "365": "In a year", "day": "On a day of my choice", "": "Never"}


class CreateToken(Action):
    """`grantable`: what may be in it; `own`: the tenant to which it is bound where there is no choice; `now`: when it
    is made, for those that end after so many days; `show`: takes its name, the token and a first request."""

    title = "New API token"
    verb = "Make the token"
    document = "CreateApiToken"
    success = "ApiTokenPayload"
    has_dry_run = False
    makes_another = True

    def __init__(self, visit: Visit, grantable: list[str], own: TokenTenant | None, now: datetime, show: Show) -> None:
        self.show = show
        self.grantable = grantable
        self.now = now.replace(microsecond=0)
        self.own = own
        super().__init__(visit)

    def fields(self) -> None:
        """Name, tenant, permissions, expiry."""
        self.name = text_field("Name, such as the program's", self.ask, props="maxlength=200")
        if self.own is None:
            self.binding = choice_field("Sees", BINDINGS, self.bind, value="one")
            self.tenant = TenantPicker("Tenant: search by name", self.visit, self.ask)
        else:
            Text(f"It sees {self.own['name']} and nothing else.", "t-sub", tag="p")
        self.permissions = PermissionPicker(self.grantable, self.ask)
        self.expiry = choice_field("Expires", EXPIRIES, self.expire)
        self.day = moment_field("Expires at", self.ask)
        self.day.set_visibility(False)

    async def bind(self) -> None:
        """To one tenant, which is asked for, or to none."""
        self.tenant.set_visibility(self.binding.value == "one")
        await self.ask()

    async def expire(self) -> None:
        """After so long, or on a day that is asked for."""
        self.day.set_visibility(self.expiry.value == "day")
        await self.ask()

    def bound_to(self) -> TokenTenant | None:
        """The tenant; None for all, or while none is picked."""
        if self.own is not None:
            return self.own
        picked = self.tenant.picked if self.binding.value == "one" else None
        return {"id": picked["id"], "name": picked["name"]} if picked else None

    def expires_at(self) -> str | None:
        """The instant; None for never."""
        if self.expiry.value == "day":
            return instant_of(self.day.value, self.visit.manner)
        days = int(self.expiry.value or 0)
        return (self.now + timedelta(days=days)).isoformat() if days else None

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once there is a name, a tenant where one is wanted, a permission, and a day where one is wanted."""
        bound, expires_at = self.bound_to(), self.expires_at()
        lacks_tenant = bound is None and self.own is None and self.binding.value == "one"
        lacks_day = expires_at is None and self.expiry.value == "day"
        name, permissions = (self.name.value or "").strip(), self.permissions.chosen()
        if not name or not permissions or lacks_tenant or lacks_day:
            return None
        tenant_id = bound["id"] if bound else None
        return {
            "input": {"name": name, "tenantId": tenant_id, "permissions": permissions, "expiresAt": expires_at},
        }

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What whoever holds it may do, where, and for how long."""
        bound, expires_at, chosen = self.bound_to(), self.expires_at(), self.permissions.chosen()
        where = f"of {bound['name']} alone" if bound else "of all tenants"
        self.line(f"Whoever holds it sees things {where}. {summary(chosen)}.", "strong")
        if changes := [in_words(one) for one in chosen if not is_reading(one)]:
            self.line(f"It changes things: {', '.join(changes).lower()}.", "warn")
        manner = self.visit.manner
        self.line(f"It ends {manner.moment(expires_at)}." if expires_at else "It works until it is revoked.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done; the token is shown beside it."""
        return f"“{(self.name.value or '').strip()}” is made."

    async def done(self, result: dict[str, Any]) -> None:
        """The token is shown, this once."""
        bound = self.bound_to()
        body = first_request(self.permissions.chosen(), bound["id"] if bound else None)
        self.show((self.name.value or "").strip(), result["token"], body)


class RevokeToken(Action):
    """Ends a token, saying what stops."""

    title = "Revoke this token"
    verb = "Revoke"
    document = "RevokeApiToken"
    success = ""
    has_dry_run = False
    is_dangerous = True

    def __init__(self, visit: Visit, token: ApiToken) -> None:
        self.token = token
        super().__init__(visit)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Which one."""
        return {"id": self.token["id"]}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What stops, and whether anything relies on it."""
        token, manner = self.token, self.visit.manner
        self.line(f"“{token['name']}” ({token['prefix']}…) is refused within seconds, for good.", "strong")
        if token["lastUsedAt"]:
            self.line(f"It was last used {manner.moment(token['lastUsedAt'])}: that program stops working.", "warn")
        else:
            self.line("No use of it has been noted, which takes half a minute.")
        where = token["tenant"]["name"] if token["tenant"] else "all tenants"
        stops = ", ".join(in_words(one).lower() for one in token["permissions"])
        self.line(f"What stops, of {where}: {stops}.")
        self.line("It stays in the list, as revoked.")

    def announce(self, result: dict[str, Any]) -> str:
        """Which one."""
        return f"“{self.token['name']}” is revoked."
