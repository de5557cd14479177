"""What an entry of the audit says: who did what to what, and which values it changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.audit_values import NOTHING, NUMBERED, field_words, rank, value_words
from dashboard.devices import device
from dashboard.format import Currency, Manner, month_name
from dashboard.lines import actor_name
from dashboard.places import place
from dashboard.shapes.audit import AuditEntry, Facts, Known

ACTIONS = {
    "signIn": "signed in",
    "signOut": "signed out",
    "endSession": "ended a session",
    "endOtherSessions": "ended all other sessions",
    "changePassword": "changed their password",
    "createApiToken": "made the API token",
    "revokeApiToken": "revoked the API token",
    "createTenant": "created the tenant",
    "updateTenant": "changed the tenant",
    "deleteTenant": "deleted the tenant",
    "createUser": "created the user",
    "register": "registered",
    "updateUser": "changed the user",
    "deleteUser": "deleted the user",
    "addVehicle": "added a vehicle to",
    "removeVehicle": "removed a vehicle from",
    "createWallet": "made a wallet for",
    "importUsers": "imported users from",
    "setPrice": "set the price",
    "cancelPrice": "cancelled the price",
    "runBilling": "ran billing for",
    "eraseDescription": "erased a description of",
    "createAlertRule": "made the alert rule",
    "updateAlertRule": "changed the alert rule",
    "deleteAlertRule": "deleted the alert rule",
    "createWebhookEndpoint": "made the webhook endpoint",
    "updateWebhookEndpoint": "changed the webhook endpoint",
    "deleteWebhookEndpoint": "deleted the webhook endpoint",
    "disableWebhookEndpoint": "switched off the webhook endpoint",
    "rotateWebhookSecret": "made a new secret for the webhook endpoint",
    "testWebhookEndpoint": "sent a test to the webhook endpoint",
    "redeliverWebhook": "sent again the webhook delivery",
}
"""With what they were done to after them."""
SAID = {"ses_": ("userAgent", "address"), "prc_": ("tenant", "service"), "run_": ("month",)}
"""What the sentence says already, by the kind of what it is about."""
OWN = ("ses",)
"""What only its owner can look at: it is not named."""


@dataclass(frozen=True)
class Difference:
    """A value that was changed; "" where there was none before, or is none after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Names:
    """What the things in the entries are called, for one viewer."""

    known: Mapping[str, Known]
    manner: Manner

    def who(self, entry: AuditEntry) -> str:
        """Who did it."""
        actor = self.known.get(entry["actor"])
        return actor["name"] if actor else actor_name(entry["actor"], {})

    def what(self, entry: AuditEntry) -> str:
        """What was done, in words that what it was done to follows."""
        if entry["action"] == "signIn" and (given := entry["after"]):
            return f"signed in with {device(given['userAgent'])} at {given['address']}"
        return ACTIONS.get(entry["action"], entry["action"])

    def subject(self, entry: AuditEntry) -> str:
        """What it was done to; "" where saying so adds nothing."""
        subject_id, facts = entry["subjectId"], {**(entry["before"] or {}), **(entry["after"] or {})}
        if subject_id == entry["actor"] or subject_id.startswith(OWN):
            return ""
        if (found := self.known.get(subject_id)) is not None and found["name"]:
            return found["name"]
        if "month" in facts:
            return month_name(facts["month"])
        return self.called(facts) or short(subject_id)

    def called(self, facts: Facts) -> str:
        """Something that is gone, by what is left of it in the entry."""
        tenant = self.known.get(str(facts.get("tenant")))
        if "service" in facts and tenant:
            return f"{facts['service']}, {tenant['name']}"
        return str(next((facts[field] for field in ("name", "file", "url") if facts.get(field)), ""))

    def href(self, entry: AuditEntry) -> str | None:
        """Where what it was done to is shown."""
        tenant = (entry["after"] or entry["before"] or {}).get("tenant")
        if entry["subjectId"].startswith("prc_") and tenant:
            return f"/pricing?tenant={tenant}"
        return place(entry["subjectId"]) if self.subject(entry) else None

    def differences(self, entry: AuditEntry) -> list[Difference]:
        """The values that were changed and no others; what matters most comes first."""
        before, after = entry["before"] or {}, entry["after"] or {}
        named = sorted((name for name in {**before, **after} if before.get(name) != after.get(name)), key=rank)
        currency = self.currency(entry)
        told = (
            Difference(field_words(name), *self.pair(name, before, after, currency))
            for name in named
            if name not in SAID.get(entry["subjectId"][:4], ())
        )
        return [one for one in told if one.before != one.after]

    def pair(self, name: str, before: Facts, after: Facts, currency: Currency | None) -> tuple[str, str]:
        """A value before and after. Of what is new or gone there is one; of what changed there are both."""
        both = before and after
        old, new = (value_words(name, side.get(name), currency, self) for side in (before, after))
        if both:
            return old, new
        # Of what is new, or gone, what is nothing or zero says nothing.
        idle = (NOTHING, value_words(name, 0, currency, self)) if name.endswith(NUMBERED) else (NOTHING,)
        return "" if old in idle else old, "" if new in idle else new

    def name(self, thing_id: str) -> str:
        """Something that a value names by its id."""
        found = self.known.get(thing_id)
        return found["name"] if found and found["name"] else short(thing_id)

    def currency(self, entry: AuditEntry) -> Currency | None:
        """Of the amounts in it: that of the tenant, or of the wallet, that it is about."""
        for facts in (entry["after"] or {}, entry["before"] or {}):
            if (tenant := self.known.get(str(facts.get("tenant")))) is not None:
                return tenant["currency"]
        found = self.known.get(entry["subjectId"])
        return found["currency"] if found else None


def short(thing_id: str) -> str:
    """An id that nothing better is known for: usr_0197c2f4…"""
    return thing_id if len(thing_id) <= 12 else f"{thing_id[:12]}…"


def mentioned(entries: list[AuditEntry]) -> list[str]:
    """The ids of all things that these entries name, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        texts = [entry["actor"], entry["subjectId"], *_ids(entry["before"]), *_ids(entry["after"])]
        found |= dict.fromkeys(text for text in texts if "_" in text)
    return list(found)


def _ids(facts: Facts | None) -> list[str]:
    return [str(value) for name, value in (facts or {}).items() if name == "tenant" and value]
