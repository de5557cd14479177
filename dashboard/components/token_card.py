"""Tokens for programs: those that there are, and making and revoking them."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.data_table import Act, Badge, Cell, Column, Detail, Row
from dashboard.components.listing import Listing
from dashboard.components.text import Text, box
from dashboard.components.token_actions import CreateToken, RevokeToken
from dashboard.components.token_once import show_once
from dashboard.format import Manner, at
from dashboard.permissions import in_words, summary
from dashboard.session import Visit
from dashboard.shapes.access import ApiToken, TokenTenant

COLUMNS: tuple[Column, ...] = (
    {"name": "name", "label": "Token", "wide": True},
    {"name": "state", "label": "State"},
    {"name": "may", "label": "May do"},
    {"name": "tenant", "label": "Sees"},
    {"name": "made", "label": "Made"},
    {"name": "expires", "label": "Expires"},
    {"name": "used", "label": "Last used"},
    {"name": "acts", "label": "Actions", "align": "right"},
)
WORKS = "Works"


class TokenCard:
    """Pages through the tokens that the viewer sees; makes them where the API says that the viewer may."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.grantable: list[str] = []
        self.now: datetime | None = None
        with box("t-card", "section").props('aria-label="API tokens"'):
            with box("t-card__head"):
                Text("API tokens", "t-h2", tag="h2")
                with box("t-btn t-btn--small t-btn--primary", "button").props("type=button") as make:
                    Text("New token")
                make.on("click", self.create)
                make.set_visibility(False)
            self.make = make
            self.listing: Listing[ApiToken] = Listing(
                "tokens", COLUMNS, ask=self.ask, row=self.row, empty=self.empty, expire=visit.expire, act=self.act
            )
            self.dialogs = box("")

    async def load(self) -> None:
        """Asks for the page that is shown, and for what may be granted."""
        if self.listing.table is None:
            await self.learn()
        self.now = await self.visit.now()
        await self.listing.load()

    async def learn(self) -> None:
        """What the viewer may put into a token; without an answer there is no button."""
        try:
            own = self.own()
            answer = await self.visit.api.send("GrantablePermissions", tenantId=own["id"] if own else None)
        except ApiError:
            return
        self.grantable = answer["grantablePermissions"]
        self.make.set_visibility(bool(self.grantable))

    def own(self) -> TokenTenant | None:
        """The tenant of somebody who sees one."""
        tenant = self.visit.viewer["tenant"] if self.visit.viewer else None
        return {"id": tenant["id"], "name": tenant["name"]} if tenant else None

    async def ask(self, first: int, after: str | None) -> dict[str, Any]:
        """A page of a list that the API pages by the last one's id; one more tells whether it goes on."""
        tokens = (await self.visit.api.send("ApiTokens", first=first + 1, after=after))["apiTokens"]
        shown = tokens[:first]
        return {
            "edges": [{"node": token} for token in shown],
            "pageInfo": {"hasNextPage": len(tokens) > first, "endCursor": shown[-1]["id"] if shown else None},
            "totalCount": len(tokens) if after is None and len(tokens) <= first else None,
        }

    def row(self, token: ApiToken) -> Row:
        """What is said of one; what it may do unfolds."""
        details: list[Detail] = [{"text": in_words(one), "sub": one, "figure": ""} for one in token["permissions"]]
        return {"id": token["id"], "cells": self.cells(token), "details": details}

    def empty(self) -> None:
        """What tokens are for."""
        states.empty("No tokens yet", "A program of yours asks the API with a token. Give it no more than it needs.")

    def cells(self, token: ApiToken) -> dict[str, Cell]:
        """With a button where it works, and where the viewer makes such."""
        badge = state(token, self.visit.manner, self.now)
        revoke: Act = {"name": "revoke", "words": "Revoke", "label": f"Revoke {token['name']}"}
        told = cells(token, self.visit.manner)
        told["state"] = {"text": "", "badges": [badge]}
        may_revoke = badge["text"] == WORKS and set(token["permissions"]) <= set(self.grantable)
        told["acts"] = {"text": "", "acts": [revoke]} if may_revoke else {"text": ""}
        return told

    async def create(self) -> None:
        """Opens the dialog."""
        now = await self.visit.now()
        if now is not None:
            with self.dialogs:
                CreateToken(self.visit, self.grantable, self.own(), now, self.show_once)

    def show_once(self, name: str, token: str, body: str) -> None:
        """In a dialog of its own: the one in which it was made is gone."""
        with self.dialogs:
            show_once(name, token, body)

    async def act(self, token_id: str, _: str) -> None:
        """One of them is to be revoked. When it was last used is asked for anew: uses are told to nobody."""
        with suppress(ApiError):  # it is shown as it was, and revoking it says why it cannot be
            await self.listing.load()
        token = next((one for one in self.listing.items if one["id"] == token_id), None)
        if token is not None:
            with self.dialogs:
                await RevokeToken(self.visit, token).ask()


def cells(token: ApiToken, manner: Manner) -> dict[str, Cell]:
    """What is said of one."""
    return {
        "name": {"text": token["name"], "sub": f"{token['prefix']}…"},
        "may": {"text": summary(token["permissions"])},
        "tenant": {"text": token["tenant"]["name"] if token["tenant"] else "All tenants"},
        "made": {"text": manner.day(token["createdAt"])},
        "expires": {"text": manner.day(token["expiresAt"]) if token["expiresAt"] else "Never"},
        "used": {"text": manner.moment(token["lastUsedAt"]) if token["lastUsedAt"] else "Never"},
    }


def state(token: ApiToken, manner: Manner, now: datetime | None) -> Badge:
    """Whether it works, and since when it does not."""
    if token["revokedAt"]:
        return {"text": f"Revoked {manner.day(token['revokedAt'])}", "tone": "muted"}
    if token["expiresAt"] and now is not None and at(token["expiresAt"]) <= now:
        return {"text": "Expired", "tone": "muted"}
    return {"text": WORKS, "tone": "positive"}
