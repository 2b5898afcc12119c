"""The style sheet: it can be served under hashed names, and its colours can be told apart in both modes."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

LOADED = {"django_htmx/htmx-2.min.js", "django_htmx/django-htmx.js"}
CSS = settings.BASE_DIR / "static" / "css"
TONES = ["met", "block", "warn", "idle", "live"]
TEXT = [
    *[("ink", ground) for ground in ("paper", "surface", "sunken", "mark")],
    *[("ink-soft", ground) for ground in ("paper", "surface", "sunken")],
    *[("link", ground) for ground in ("paper", "surface")],
    ("brand-ink", "brand"),
    ("action-ink", "action"),
    ("action-ink", "action-hover"),
    *[(tone, ground) for tone in TONES for ground in (f"{tone}-bg", "paper", "surface")],
]
EDGES = [
    *[("line-strong", ground) for ground in ("paper", "surface")],
    *[("focus", ground) for ground in ("paper", "surface", "sunken")],
    *[(f"{tone}-edge", ground) for tone in TONES for ground in (f"{tone}-bg", "surface")],
]


def tokens() -> dict[str, dict[str, str]]:
    """The colours of each mode, dark falling back to light, as the browser resolves them."""
    light, dark = (CSS / "tokens.css").read_text().split("@media", 1)
    found = {
        mode: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
        for mode, text in (("light", light), ("dark", dark))
    }
    return {"light": found["light"], "dark": found["light"] | found["dark"]}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3, EDGES)], ids=["text", "edges"])
def test_contrast(mode, least, pairs):
    colours = tokens()[mode]
    too_low = {
        f"{one} on {other}": round(contrast(colours[one], colours[other]), 2)
        for one, other in pairs
        if contrast(colours[one], colours[other]) < least
    }
    assert too_low == {}


def test_every_layer_is_declared_and_imported():
    sheet = (CSS / "launchkit.css").read_text()
    declared = re.search(r"@layer ([\w, ]+);", sheet).group(1).split(", ")
    assert declared == ["tokens", "base", "components", "pages", "print"]
    assert re.findall(r'@import url\("(\w+)\.css"\) layer\((\w+)\)', sheet) == [(name, name) for name in declared]
    assert sorted(path.stem for path in CSS.glob("*.css")) == sorted([*declared, "launchkit"])


def test_every_colour_that_is_used_is_a_token():
    loose = {
        path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", path.read_text())
        for path in CSS.glob("*.css")
        if path.name not in ("tokens.css", "print.css")
    }
    assert {name: colours for name, colours in loose.items() if colours} == {}
    used = set(re.findall(r"var\(--([\w-]+)", "".join(path.read_text() for path in CSS.glob("*.css"))))
    defined = set(re.findall(r"--([\w-]+)\s*:", "".join(path.read_text() for path in CSS.glob("*.css"))))
    assert used <= defined


def test_static_files_can_be_served_under_hashed_names(tmp_path: Path):
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    sheet = (tmp_path / names["css/launchkit.css"]).read_text()
    imported = re.findall(r'url\("([^"]+)"\)', sheet)
    assert imported == [
        Path(names[f"css/{layer}.css"]).name for layer in ("tokens", "base", "components", "pages", "print")
    ]
    for name in ("js/launchkit.js", "img/favicon.svg", "django_htmx/htmx-2.min.js"):
        assert (tmp_path / names[name]).exists()
        assert not (tmp_path / name).exists()
    assert not [name for name in names if "htmx" in name and name not in LOADED]
