"""Conditions of a list, only those that were asked for: one plan for all of them at once would serve none well."""


class Matching:
    """SQL and the values of its parameters, put together condition by condition."""

    def __init__(self) -> None:
        self.sql = "true"
        self.values: list[object] = []

    def add(self, condition: str, *values: object) -> None:
        """`i.status = {}`, its values in their order; the same place may be named again as {0}."""
        places = [f"${len(self.values) + number}" for number in range(1, len(values) + 1)]
        self.sql += f" AND {condition.format(*places)}"
        self.values += values

    def add_if_given(self, condition: str, value: object) -> None:
        """Nothing where the value is None: it does not filter."""
        if value is not None:
            self.add(condition, value)
