"""The schema: every noun's queries and mutations, and the live events."""

import strawberry

from resolvers.access import AccessMutations, AccessQueries
from resolvers.alerts import AlertMutations, AlertQueries
from resolvers.audit import AuditQueries
from resolvers.billing import BillingMutations, BillingQueries
from resolvers.changes import ChangeSubscriptions
from resolvers.erasure import ErasureMutations
from resolvers.errors import HANDLERS
from resolvers.forecast import ForecastQueries
from resolvers.holds import HoldMutations
from resolvers.invoices import InvoiceMutations
from resolvers.nodes import NodeQueries
from resolvers.overview import OverviewQueries
from resolvers.people import PeopleQueries
from resolvers.people_changes import PeopleMutations
from resolvers.pricing import PricingMutations
from resolvers.rehearsal import RehearsalQueries
from resolvers.search import SearchQueries
from resolvers.subscriptions import WalletSubscriptions
from resolvers.usage import UsageMutations
from resolvers.verification import VerificationQueries
from resolvers.wallet_references import WalletReferenceQueries
from resolvers.wallets import WalletMutations, WalletQueries
from resolvers.webhooks import WebhookMutations, WebhookQueries
from schema.assemble import assemble


@strawberry.type
class Query(
    NodeQueries,
    SearchQueries,
    AccessQueries,
    PeopleQueries,
    WalletQueries,
    WalletReferenceQueries,
    BillingQueries,
    VerificationQueries,
    AuditQueries,
    AlertQueries,
    WebhookQueries,
    RehearsalQueries,
    ForecastQueries,
    OverviewQueries,
):
    """Queries by id answer null for what is missing and for what the caller may not see. Pages have at most 100."""


@strawberry.type
class Mutation(
    AccessMutations,
    PeopleMutations,
    WalletMutations,
    HoldMutations,
    PricingMutations,
    UsageMutations,
    BillingMutations,
    InvoiceMutations,
    ErasureMutations,
    AlertMutations,
    WebhookMutations,
):
    """What cannot be done is answered by a member of the result; all else that goes wrong is an error with a code."""


@strawberry.type
class Subscription(WalletSubscriptions, ChangeSubscriptions):
    """Over graphql-transport-ws."""


schema = assemble(Query, Mutation, Subscription, HANDLERS)
