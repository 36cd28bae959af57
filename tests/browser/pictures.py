"""The pictures of all screens on one page, to be looked at: var/shots/index.html."""

from __future__ import annotations

from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "shots"
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;background:#f5f6fa;color:#1b2134}"
    "h2{margin:2rem 0 .5rem}.row{display:flex;gap:1rem;overflow-x:auto;align-items:flex-start}"
    "figure{margin:0;flex:none}img{height:26rem;border:1px solid #e2e5ee;border-radius:8px}figcaption{color:#555d71}"
)


def album() -> list[str]:
    """Writes the page; the names of the screens on it."""
    screens: dict[str, list[Path]] = {}
    for file in sorted(SHOTS.glob("*.png")):
        name = file.stem.split("-en-")[0].split("-zh-")[0]
        screens.setdefault(name, []).append(file)
    parts = [
        f"<h2>{escape(name)}</h2><div class=row>{''.join(map(_figure, files))}</div>" for name, files in screens.items()
    ]
    page = f"<!doctype html><meta charset=utf-8><title>Festoon, every screen</title><style>{STYLE}</style>"
    (SHOTS / "index.html").write_text(page + "<h1>Festoon, every screen</h1>" + "".join(parts), encoding="utf-8")
    return list(screens)


def _figure(file: Path) -> str:
    name = escape(file.name)
    return f'<figure><a href="{name}"><img src="{name}" alt="{name}" loading="lazy"></a><figcaption>{name}</figcaption></figure>'
