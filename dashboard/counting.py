"""How many of what."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 tenant`, `1,200 tenants`; `many` where an s alone does not make it."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
