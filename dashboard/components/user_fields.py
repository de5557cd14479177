"""The fields of a user: phone, name, e-mail, role, tenant, password, and of a new one the wallet's currency."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.fields import choice_field, text_field
from dashboard.components.strength import StrengthMeter
from dashboard.components.tenant_picker import TenantPicker
from dashboard.components.text import Text, box
from dashboard.people import roles_to_give
from dashboard.session import Visit
from dashboard.shapes.users import User

NOBODY = ""


class UserFields:
    """Empty for somebody new; else what the user is, to be changed."""

    def __init__(self, visit: Visit, heard: Callable[[], Awaitable[None]], user: User | None) -> None:
        self.visit = visit
        self.heard = heard
        self.user = user
        self.tenant_id = user["tenant"]["id"] if user and user["tenant"] else self.own_tenant()
        with box("t-form__fields"):
            self.phone = text_field("Phone", heard, value=user["phone"] if user else "")
            self.phone.props('type=tel maxlength=40 placeholder="+91 98765 43210"')
            self.name = text_field("Name", heard, value=user["name"] if user else "", props="maxlength=200")
            mail = (user["email"] or "") if user else ""
            self.email = text_field("E-mail (optional)", heard, value=mail, props="type=email maxlength=254")
            if user is None:
                self.currency = text_field("Currency of their wallet", heard, value="INR", props="maxlength=3")
            roles = roles_to_give(visit.viewer)
            self.role = choice_field("Role", roles, heard, value=user["role"] if user else "MEMBER")
            self.role.classes("t-form__whole")
            self.tenant()
            self.secret()

    def own_tenant(self) -> str:
        """A tenant's administrator makes members of that tenant and of no other."""
        viewer = self.visit.viewer
        return viewer["tenant"]["id"] if viewer and viewer["role"] == "TENANT_ADMIN" and viewer["tenant"] else NOBODY

    @property
    def picks_tenant(self) -> bool:
        """Only a SUPER_ADMIN moves users between tenants."""
        return self.visit.is_super_admin

    def tenant(self) -> None:
        """Which tenant they belong to, and a way to another or to none."""
        if not self.picks_tenant:
            return
        with box("t-form__tenant"):
            with box("t-form__line"):
                self.belongs = Text("", "t-sub", tag="p")
                with box("t-link", "button").props("type=button").on("click", self.leave) as self.none:
                    Text("No tenant")
            self.picker = TenantPicker("Tenant: search by name", self.visit, self.picked)
        at_first = self.user["tenant"]["name"] if self.user and self.user["tenant"] else None
        self.tell_tenant(at_first)

    async def choose_tenant(self, tenant_id: str) -> None:
        """Chooses one by its id, if the viewer sees it."""
        if not self.picks_tenant:
            return
        try:
            found = (await self.visit.api.send("TenantInBrief", id=tenant_id))["tenant"]
        except ApiError as error:
            self.picker.fail(error)
            return
        if found is not None:
            self.tenant_id = found["id"]
            self.tell_tenant(found["name"])

    async def picked(self) -> None:
        """Another tenant was found."""
        if self.picker.picked is not None:
            self.tenant_id = self.picker.picked["id"]
            self.tell_tenant(self.picker.picked["name"])
            await self.heard()

    async def leave(self) -> None:
        """No tenant."""
        self.tenant_id = NOBODY
        self.tell_tenant(None)
        await self.heard()

    def tell_tenant(self, name: str | None) -> None:
        """Which one is chosen."""
        self.belongs.show(f"Belongs to {name}." if name else "Belongs to no tenant: a person of their own.")
        self.none.set_visibility(name is not None)

    def secret(self) -> None:
        """A password, judged as it is typed."""
        words = "New password (empty: stays as it is)" if self.user else "Password"
        self.password: ui.input = text_field(
            words, self.judge, props="type=password autocomplete=new-password maxlength=1024"
        )
        self.password.classes("t-form__whole")
        self.meter = StrengthMeter()
        self.good_password = self.user is not None

    async def judge(self) -> None:
        """What the API thinks of the password; an answer that was overtaken is dropped."""
        typed = self.password.value or ""
        self.good_password = not typed and self.user is not None
        judged = None
        if typed:
            try:
                judged = (await self.visit.api.send("PasswordStrength", password=typed))["passwordStrength"]
            except ApiError:
                judged = None
            if typed != self.password.value:
                return
            self.good_password = judged is not None and judged["problem"] is None
        self.meter.show(judged)
        await self.heard()

    def typed(self) -> dict[str, object] | None:
        """For a new user all of it, for another what differs; None while it is not whole."""
        given: dict[str, object] = {
            "phone": (self.phone.value or "").strip(),
            "name": (self.name.value or "").strip(),
            "email": (self.email.value or "").strip() or None,
            "role": self.role.value,
            "tenantId": self.tenant_id or None,
        }
        if not given["phone"] or not given["name"] or not self.good_password:
            return None
        if self.password.value:
            given["password"] = self.password.value
        if self.user is None:
            return {**given, "currency": (self.currency.value or "").strip().upper()}
        return {name: value for name, value in given.items() if value != self.before(name)}

    def before(self, name: str) -> object:
        """What the user is now."""
        assert self.user is not None
        if name == "tenantId":
            return self.user["tenant"]["id"] if self.user["tenant"] else None
        return self.user.get(name)
