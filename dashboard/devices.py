"""What somebody has signed in with, in words, from what it calls itself."""

import re

# The first that fits: most browsers name others too, to be served as those are.
PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex Browser"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
TOOL = re.compile(r"([A-Za-z][\w .-]{0,30}?)/v?\d")
LONGEST = 40


def device(user_agent: str) -> str:
    """`Chrome on Windows`, `Safari on an iPhone`, `curl`; what is unknown by its own words."""
    said = user_agent.strip()
    program = next((name for mark, name in PROGRAMS if mark in said), None)
    system = next((name for mark, name in SYSTEMS if mark in said), None)
    if program and system and said.startswith("Mozilla/"):
        return f"{program} on {system}"
    if said.startswith("Mozilla/"):
        return f"{program or 'A browser'}{f' on {system}' if system else ''}"
    tool = TOOL.match(said)
    return tool[1] if tool else said[:LONGEST] or "Something that does not say what it is"
