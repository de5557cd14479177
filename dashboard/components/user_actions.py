"""Suspending, deleting, vehicles, and a wallet for whom an import left without one."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.components.action import Action
from dashboard.components.fields import text_field
from dashboard.components.text import Text
from dashboard.session import Visit
from dashboard.shapes.users import User, Vehicle

Then = Callable[[], Awaitable[None]]


class UserAction(Action):
    """About one user; `then` shows the page anew."""

    success = "UserPayload"

    def __init__(self, visit: Visit, user: User, then: Then) -> None:
        self.user = user
        self.then = then
        super().__init__(visit)

    async def done(self, result: dict[str, Any]) -> None:
        """The page shows it."""
        await self.then()


class Suspend(UserAction):
    """Ends their sessions and tokens, and nothing else."""

    title = "Suspend this user"
    verb = "Suspend"
    document = "UpdateUser"
    is_dangerous = True

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Not active any more."""
        return {"id": self.user["id"], "input": {"active": False}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What ends, and what does not."""
        self.line(f"{self.user['name']} is signed out everywhere within seconds and cannot sign in again.", "strong")
        self.line("API tokens that they made stop working. Their wallet, and what they did, stay as they are.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.user['name']} is suspended."


class Activate(UserAction):
    """Lets them sign in again."""

    title = "Let this user sign in again"
    verb = "Activate"
    document = "UpdateUser"

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Active again."""
        return {"id": self.user["id"], "input": {"active": True}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """With what."""
        self.line(f"{self.user['name']} can sign in with {self.user['phone']} and their password again.", "strong")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.user['name']} can sign in again."


class DeleteUser(UserAction):
    """Closes the account; the API refuses while the wallet holds or owes money."""

    title = "Delete this user"
    verb = "Delete"
    document = "DeleteUser"
    is_dangerous = True

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Which one."""
        return {"id": self.user["id"], "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What stays."""
        self.line(f"{self.user['name']} cannot sign in any more, and their wallet is closed. For good.", "strong")
        self.line(f"Their history stays. {self.user['phone']} becomes free for somebody else.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.user['name']} is deleted."


class AddVehicle(UserAction):
    """One more."""

    title = "Add a vehicle"
    verb = "Add"
    document = "AddVehicle"

    def fields(self) -> None:
        """What is on the plate, and what they call it."""
        self.registration = text_field("Registration", self.ask, props="maxlength=40 autofocus")
        self.name = text_field("Name (optional)", self.ask, props="maxlength=100")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once there is a registration."""
        registration = (self.registration.value or "").strip()
        if not registration:
            return None
        name = (self.name.value or "").strip()
        return {"userId": self.user["id"], "registration": registration, "name": name, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """As it will be kept: in capitals."""
        known = {vehicle["id"] for vehicle in self.user.get("vehicles", [])}
        new = [one for one in result["user"]["vehicles"] if one["id"] not in known] if result else []
        for vehicle in new:
            self.line(f"{self.user['name']} drives {vehicle['registration']} from now on.", "strong")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return "The vehicle is added."


class RemoveVehicle(UserAction):
    """One less."""

    title = "Remove this vehicle"
    verb = "Remove"
    document = "RemoveVehicle"
    is_dangerous = True

    def __init__(self, visit: Visit, user: User, vehicle: Vehicle, then: Then) -> None:
        self.vehicle = vehicle
        super().__init__(visit, user, then)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Which one."""
        return {"id": self.vehicle["id"], "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Which one."""
        self.line(f"{self.vehicle['registration']} is no longer {self.user['name']}'s. The audit remembers it.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.vehicle['registration']} is removed."


class CreateWallet(UserAction):
    """For whom an import left without one."""

    title = "Create their wallet"
    verb = "Create wallet"
    document = "CreateWallet"
    success = "WalletPayload"

    def fields(self) -> None:
        """In which currency."""
        Text(self.user["name"], "t-sub", tag="p")
        self.currency = text_field("Currency", self.ask, value="INR", props="maxlength=3")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once there is a currency."""
        code = (self.currency.value or "").strip().upper()
        return {"userId": self.user["id"], "currency": code, "dryRun": dry_run} if len(code) == 3 else None

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What it is."""
        self.line(f"A wallet in {(self.currency.value or '').strip().upper()} with a balance of 0.", "strong")
        self.line("Its currency never changes.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.user['name']} has a wallet now."
