"""Loaded by schemathesis. `TIJORI_FUZZ_IDS`: ids of things that there are, so that what it makes up meets them."""

import json
import os
from typing import Any

import schemathesis

from tests.fuzz import mistakes, scalars

IDS: list[str] = json.loads(os.environ.get("TIJORI_FUZZ_IDS", "[]"))

for name, strategy in scalars(IDS).items():
    schemathesis.graphql.scalar(name, strategy)


@schemathesis.check
def answered(context: Any, response: Any, case: Any) -> None:
    """That it is no failure of ours."""
    found = mistakes(response.status_code, response.json())
    assert not found, found
