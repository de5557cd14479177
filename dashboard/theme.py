"""The look in one place: one palette in two lights, and the files of ours that the browser loads.

Rules of layout are in static/tijori.css; they know colours only by the names given here.
"""

from hashlib import sha256
from pathlib import Path

from nicegui import app, ui

STATIC = Path(__file__).parent / "static"

LIGHT = {
    "canvas": "#f5f6f4",
    "surface": "#ffffff",
    "raised": "#fafbf9",
    "hover": "#f3f5f2",
    "line": "#e3e6e1",
    "line-strong": "#c9cec7",
    "ink": "#141917",
    "ink-2": "#4a534f",
    "ink-3": "#666f6a",
    "accent": "#0b6b50",
    "accent-hover": "#095a43",
    "accent-ink": "#ffffff",
    "accent-soft": "#e4f2ec",
    "positive": "#0b6b50",
    "positive-soft": "#e4f2ec",
    "danger": "#b3261e",
    "danger-soft": "#fdeeec",
    "danger-line": "#f2c6c1",
    "warn": "#845000",
    "warn-soft": "#fdf3df",
    "warn-line": "#ecd3a0",
    "info": "#1c559f",
    "info-soft": "#e8f0fb",
    "brass": "#b98a2f",
    "flash": "#fbf0cf",
    "focus": "#2f7de1",
    "shadow": "0 1px 2px rgb(20 25 23 / 5%)",
    "shadow-high": "0 24px 64px rgb(20 25 23 / 18%), 0 2px 8px rgb(20 25 23 / 8%)",
}
DARK = {
    "canvas": "#0d1110",
    "surface": "#141918",
    "raised": "#191f1d",
    "hover": "#1b2220",
    "line": "#252d2a",
    "line-strong": "#3b4642",
    "ink": "#e9eeeb",
    "ink-2": "#aab5b0",
    "ink-3": "#8b9792",
    "accent": "#4cc79b",
    "accent-hover": "#63d5ac",
    "accent-ink": "#06251a",
    "accent-soft": "#12302a",
    "positive": "#5fd3a8",
    "positive-soft": "#12302a",
    "danger": "#ff8f85",
    "danger-soft": "#331a18",
    "danger-line": "#5a2d29",
    "warn": "#f0bf70",
    "warn-soft": "#2f240f",
    "warn-line": "#56421a",
    "info": "#8fbcf7",
    "info-soft": "#152740",
    "brass": "#d9ae5a",
    "flash": "#302a12",
    "focus": "#6aa8ff",
    "shadow": "0 1px 2px rgb(0 0 0 / 40%)",
    "shadow-high": "0 24px 64px rgb(0 0 0 / 60%), 0 2px 8px rgb(0 0 0 / 40%)",
}


def digest(folder: Path) -> str:
    """A short name for the contents of a folder, so that browsers may keep its files for ever."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


ASSETS = f"/assets/{digest(STATIC)}"
# What all pages share first, then what some of them add.
STYLES = sorted((path.name for path in STATIC.glob("*.css")), key=lambda name: (name != "tijori.css", name))


def install() -> None:
    """Serves our static files and puts the palette, the style sheet and the script into every page's head."""
    app.config.quasar_config["loadingBar"]["aria-label"] = "Loading"
    app.add_static_files(ASSETS, STATIC, max_cache_age=31_536_000)
    ui.add_head_html(
        f'<style>{palette_css()}</style>{"".join(map(sheet, STYLES))}<script src="{ASSETS}/tijori.js"></script>',
        shared=True,
    )


def sheet(name: str) -> str:
    """The link to a style sheet."""
    return f'<link rel="stylesheet" href="{ASSETS}/{name}">'


def palette_css() -> str:
    """The palette as custom properties; tijori.js names the light on the root element before anything is drawn."""
    return f':root{{{properties(LIGHT)}}}:root[data-theme="dark"]{{color-scheme:dark;{properties(DARK)}}}'


def properties(palette: dict[str, str]) -> str:
    """Colours as CSS custom properties."""
    return "".join(f"--{name}:{value};" for name, value in palette.items())
