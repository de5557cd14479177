"""/users/{id}: the report of one user: role, permissions, vehicles, wallet and what moved last."""

from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components.banner import Banner
from dashboard.components.buttons import action, link
from dashboard.components.crumbs import crumbs
from dashboard.components.frame import initials
from dashboard.components.menu import Entry, Menu
from dashboard.components.text import Text, box
from dashboard.components.user_actions import Activate, AddVehicle, CreateWallet, DeleteUser, RemoveVehicle, Suspend
from dashboard.components.user_cards import Facts, LastTransactions, OwnWallet, Permissions, Vehicles, account_facts
from dashboard.nav import STAFF
from dashboard.page import WholePage, shown
from dashboard.people import may_edit, status
from dashboard.session import Desk, Visit
from dashboard.shapes.users import User

WITHOUT = "They have no wallet yet: an import left them without one."
NOTHING_MOVED = "Nothing has moved yet."
UNSEEN = "Only they, and those who see all tenants, see their own wallet."


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/users/{user_id}", title="User · Tijori")
    async def user(request: Request, user_id: str) -> Response | None:
        def make(visit: Visit, banner: Banner) -> UserPage:
            return UserPage(visit, banner, user_id)

        return await shown(desk, request, active="/users", make=make, roles=STAFF)


class UserPage(WholePage):
    """Built once the user is known; shown anew after each change of them or of their wallet."""

    kinds = ("USERS", "TENANTS")

    def __init__(self, visit: Visit, banner: Banner, user_id: str) -> None:
        super().__init__(visit, banner)
        self.user_id = user_id
        self.user: User | None = None
        self.report: Report | None = None

    async def refresh(self) -> None:
        """The report, anew."""
        user: User | None = (await self.visit.api.send("UserReport", id=self.user_id))["user"]
        if user is None:
            self.report = None
            self.say_missing("user", "All users", "/users")
            return
        self.user = user
        if self.report is None:
            self.body.clear()
            with self.body:
                ui.page_title(f"{user['name']} · Tijori")
                self.report = Report(self, user)
            if user["wallet"]:
                wallet_id = user["wallet"]["id"]
                self.follow("WalletsChanged", lambda: {"ids": [wallet_id]}, self.wallet_moved)
        self.report.show(user)

    async def wallet_moved(self, _: dict[str, Any]) -> None:
        """Its balance, lock or log has changed, or the feed is live."""
        self.painter.request()

    def known(self) -> User:
        """As last answered."""
        assert self.user is not None
        return self.user

    async def remove_vehicle(self, vehicle_id: str) -> None:
        """Asks first."""
        vehicle = next(one for one in self.known().get("vehicles", []) if one["id"] == vehicle_id)
        with self.body:
            await RemoveVehicle(self.visit, self.known(), vehicle, self.refreshed).ask()

    async def open(self, kind: type[Suspend | Activate | DeleteUser | CreateWallet | AddVehicle]) -> None:
        """Opens a dialog about this user."""
        with self.body:
            await kind(self.visit, self.known(), self.refreshed).ask()


class Report:
    """The cards."""

    def __init__(self, page: UserPage, user: User) -> None:
        self.page = page
        self.visit = page.visit
        viewer = page.visit.viewer
        self.may_edit = may_edit(viewer, user)
        self.may_make_wallet = page.visit.is_super_admin and not user["closedAt"]
        sees_wallet = page.visit.sees_all or (viewer is not None and viewer["id"] == user["id"])
        self.head(user)
        with box("t-columns"):
            with box("t-stack"):
                self.account = Facts("Account")
                self.last = LastTransactions(NOTHING_MOVED if sees_wallet else UNSEEN)
                self.permissions = Permissions()
            with box("t-stack"):
                create = (lambda: page.open(CreateWallet)) if self.may_make_wallet else None
                self.wallet = OwnWallet(page.visit, WITHOUT if sees_wallet else UNSEEN, create)
                self.vehicles = Vehicles(self.may_edit, page.remove_vehicle)

    def head(self, user: User) -> None:
        """Who it is, and what can be done."""
        crumbs(("Users", "/users"), here=user["name"])
        with box("t-title"):
            Text(initials(user["name"]), "t-avatar t-avatar--large").props("aria-hidden=true")
            with box("t-title__words"):
                self.name = Text(user["name"], "t-h1", tag="h1")
                with box("t-sub t-identity", "p"):
                    self.phone = Text(user["phone"])
                    self.badge = Text("", "t-badge")
            if self.may_edit:
                with box("t-actions t-actions--few"):
                    link("Edit", f"/users/{user['id']}/edit", "edit").classes("t-btn--primary")
                    action("Add vehicle", "plus", lambda: self.page.open(AddVehicle))
                    self.menu = Menu("More", [])

    def show(self, user: User) -> None:
        """Puts in what was answered."""
        viewer = self.visit.viewer
        self.name.show(user["name"])
        self.phone.show(user["phone"])
        badge = status(user)
        self.badge.show(badge["text"])
        self.badge.classes(replace=f"t-badge t-badge--{badge['tone']}")
        facts, links = account_facts(user, self.visit.manner, viewer["role"] if viewer else "MEMBER")
        self.account.show(facts, links=links)
        self.permissions.show(user.get("permissions", []))
        self.wallet.show(user["wallet"])
        self.vehicles.fill(user.get("vehicles", []))
        self.last.fill(user["wallet"], self.visit.manner)
        if self.may_edit:
            turn = (
                Entry("Suspend", "lock", lambda: self.page.open(Suspend))
                if user["active"]
                else Entry("Activate", "unlock", lambda: self.page.open(Activate))
            )
            self.menu.show([turn, Entry("Delete", "trash", lambda: self.page.open(DeleteUser), danger=True)])
