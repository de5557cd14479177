"""How long a session lasts, and how long one waits after tries that failed."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

SESSION_DAYS = 7
"""After its sign-in a session ends, however much it is used."""
IDLE_HOURS = 24
"""So long without a request ends it too."""
KEPT_DAYS = 30
"""A session that has expired is deleted after so long."""
MOST_SESSIONS = 50
"""Of one user: a further one ends the oldest."""
FORGOTTEN_AFTER = timedelta(hours=24)
"""Without a further try, what failed counts no more."""
KNOWN_FOR = timedelta(days=90)
"""Since a sign-in, the address that it came from is one of that phone's own."""


@dataclass(frozen=True, slots=True)
class Patience:
    """So many tries may fail one after another; each further one doubles the wait, from a second up to `most`."""

    free: int
    most: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """Until the next try, once so many have failed."""
        excess = failures - self.free
        if excess < 0:
            return timedelta(0)
        return min(self.most, timedelta(seconds=1 << min(excess, 20)))


WITH_A_PHONE = Patience(3, timedelta(minutes=15))
"""From one address, with one phone."""
OF_AN_OWNER = Patience(3, timedelta(minutes=1))
"""The same from an address from which that phone has signed in: its owner's, or one that others share with them."""
FROM_AN_ADDRESS = Patience(20, timedelta(minutes=15))
"""With whatever phones."""
OF_A_PHONE = Patience(10, timedelta(minutes=1))
"""From whatever addresses that are not its own: many who guess at once keep its owner waiting no longer."""
OF_REGISTRATIONS = Patience(10, timedelta(minutes=15))
"""From one address; those that succeeded count too."""

OF_TAKEN_PHONES = Patience(20, timedelta(minutes=15))
"""By one who manages the users of a tenant, with phones that others have: it tells whose phones are known."""


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 all of a /64, which is one customer's."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False))
