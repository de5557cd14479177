"""/users/create and /users/{id}/edit: who somebody is, what they may do, and a password."""

from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.client import ApiError
from dashboard.components.banner import Banner
from dashboard.components.buttons import link
from dashboard.components.crumbs import crumbs
from dashboard.components.text import Text, box
from dashboard.components.user_fields import UserFields
from dashboard.page import Page, WholePage, shown
from dashboard.people import MEANINGS, ROLES, changes, home, may_edit
from dashboard.session import Desk, Visit
from dashboard.shapes.users import User
from dashboard.words import UNANSWERED

MANAGERS = ("SUPER_ADMIN", "TENANT_ADMIN")
UNSURE = f"{UNANSWERED} Press the button again to find out."


def register(desk: Desk) -> None:
    """Makes the pages known."""

    @ui.page("/users/create", title="Create user · Tijori")
    async def create(request: Request, tenant: str = "") -> Response | None:
        def make(visit: Visit, banner: Banner) -> CreateUserPage:
            return CreateUserPage(visit, banner, tenant)

        return await shown(desk, request, active="/users", make=make, roles=MANAGERS)

    @ui.page("/users/{user_id}/edit", title="Edit user · Tijori")
    async def edit(request: Request, user_id: str) -> Response | None:
        def make(visit: Visit, banner: Banner) -> EditUserPage:
            return EditUserPage(visit, banner, user_id)

        return await shown(desk, request, active="/users", make=make, roles=MANAGERS)


class UserForm(Page):
    """Fields, what would happen by a dry run, one button, and what went wrong."""

    document: str
    verb: str

    def form(self, viewer_fields: UserFields) -> None:
        """Built inside a card, around the fields."""
        self.fields = viewer_fields
        self.busy = False
        self.asked = 0
        self.preview = box("t-preview").props("aria-live=polite")
        self.problem = Text("", "t-callout t-callout--danger", tag="p").props("role=alert")
        self.problem.set_visibility(False)
        with box("t-actions t-form__foot"):
            with box("t-btn t-btn--primary", "button").props("type=button").on("click", self.confirm) as self.button:
                Text(self.verb)
            link("Cancel", self.back())
        self.allow(False)
        self.hint()

    def back(self) -> str:
        """Where one came from."""
        return "/users"

    def given(self, *, dry_run: bool) -> dict[str, object] | None:
        """The document's variables; None while something is missing."""
        raise NotImplementedError

    def outlook(self, user: User) -> list[str]:
        """What would be."""
        raise NotImplementedError

    def hint(self) -> None:
        """Nothing to say yet."""
        self.tell_ahead(["What will happen is shown here before it is done."], "t-preview__hint")

    async def ask(self) -> None:
        """Asks what would be; an answer that was overtaken is dropped."""
        self.asked += 1
        question = self.asked
        self.allow(False)
        self.say(None)
        if (given := self.given(dry_run=True)) is None:
            self.hint()
            return
        result = await self.send(given)
        if question == self.asked and result is not None:
            self.tell_ahead(self.outlook(result["user"]), "t-preview__line")
            self.allow(True)

    async def confirm(self) -> None:
        """Does it, once, and goes on to the user's page."""
        if self.busy or (given := self.given(dry_run=False)) is None:
            return
        self.busy = True
        self.allow(False)
        result = await self.send(given, for_real=True)
        if result is not None:
            ui.navigate.to(f"/users/{result['user']['id']}")
            return
        self.busy = False
        self.allow(True)

    async def send(self, given: dict[str, object], *, for_real: bool = False) -> dict[str, Any] | None:
        """The result; None, with words, where it was refused."""
        try:
            result: dict[str, Any] = (await self.visit.api.send(self.document, **given))["result"]
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            self.say(UNSURE if for_real and error.code == "UNAVAILABLE" else str(error))
            return None
        if result["__typename"] != "UserPayload":
            self.say(str(result["message"]))
            return None
        return result

    def allow(self, ready: bool) -> None:
        """Whether the button may be pressed."""
        self.button.props["disabled"] = not ready or self.busy
        self.button.update()

    def say(self, problem: str | None) -> None:
        """Shows what is wrong; None hides it."""
        self.problem.show(problem or "")
        self.problem.set_visibility(problem is not None)

    def tell_ahead(self, lines: list[str], classes: str) -> None:
        """Draws what would be."""
        self.preview.clear()
        with self.preview:
            for line in lines:
                Text(line, classes, tag="p")


class CreateUserPage(UserForm):
    """A new user, and with them a wallet."""

    document = "CreateUser"
    verb = "Create user"

    def __init__(self, visit: Visit, banner: Banner, tenant_id: str) -> None:
        super().__init__(visit, banner)
        self.tenant_id = tenant_id
        crumbs(("Users", "/users"), here="Create user")
        Text("Create user", "t-h1", tag="h1")
        with box("t-card t-form"):
            self.form(UserFields(visit, self.ask, None))

    async def begin(self) -> None:
        """A tenant that the address names is chosen beforehand."""
        await super().begin()
        if self.tenant_id:
            await self.fields.choose_tenant(self.tenant_id)

    def given(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once there are a phone, a name and a good password."""
        typed = self.fields.typed()
        if typed is None or not typed.get("password"):
            return None
        return {"input": {**typed, "dryRun": dry_run}}

    def outlook(self, user: User) -> list[str]:
        """Who they will be."""
        where = f" of {home(user)}" if user["tenant"] else ""
        return [
            f"{user['name']} signs in with {user['phone']} as {ROLES[user['role']].lower()}{where}.",
            MEANINGS[user["role"]],
            "A wallet with a balance of 0 is made with them.",
        ]


class EditUserPage(UserForm, WholePage):
    """Another phone, name, role, tenant or password."""

    document = "UpdateUser"
    verb = "Save changes"

    def __init__(self, visit: Visit, banner: Banner, user_id: str) -> None:
        super().__init__(visit, banner)
        self.user_id = user_id
        self.user: User | None = None

    async def refresh(self) -> None:
        """Asked for once: what is being typed stays."""
        if self.user is not None:
            return
        user: User | None = (await self.visit.api.send("UserReport", id=self.user_id))["user"]
        if user is None or not may_edit(self.visit.viewer, user):
            self.say_missing("user", "All users", "/users")
            return
        self.user = user
        self.body.clear()
        with self.body:
            crumbs(("Users", "/users"), (user["name"], self.back()), here="Edit")
            Text(f"Edit {user['name']}", "t-h1", tag="h1")
            with box("t-card t-form"):
                self.form(UserFields(self.visit, self.ask, user))

    def back(self) -> str:
        """The user's page."""
        return f"/users/{self.user_id}"

    def given(self, *, dry_run: bool) -> dict[str, object] | None:
        """What was changed; None while nothing is."""
        typed = self.fields.typed()
        return {"id": self.user_id, "input": typed, "dryRun": dry_run} if typed else None

    def outlook(self, user: User) -> list[str]:
        """What will be different."""
        assert self.user is not None
        said = changes(self.user, user)
        if self.fields.password.value:
            said.append("Signs in with the new password from now on.")
        ends = self.fields.password.value or user["role"] != self.user["role"] or home(user) != home(self.user)
        return [*said, "They are signed out everywhere within seconds."] if ends else said
