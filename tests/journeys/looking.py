"""A screen is looked at with axe: every rule of WCAG 2.2 AA, on the page as it is now, and nothing of it twice.

What axe says follows from what a page is built of and how it is coloured. What was looked at before in this process,
on whatever page, is not looked at again: a screen of sixty entries takes as long as everything else in its story.
"""

import re

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"preload": False, "resultTypes": ["violations", "incomplete"], "runOnly": WCAG_22_AA}
# Contrast takes two thirds of a look, text by text. It follows from the colours and the size of a text and from what
# lies beneath it: each combination is looked at once, on whatever page it comes first.
AXE = Axe(f"""{AXE_SCRIPT};
axe.configure({{ rules: [{{ id: "color-contrast", selector: ":not([data-contrast=known])" }}] }})""")
CONTRASTS = r"""known => {
  const seen = new Set(known), beneath = new Map([[null, ""]]), found = [];
  const below = (one) => {
    if (!beneath.has(one)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(one);
      const own = `${backgroundColor} ${backgroundImage} ${opacity}/`;
      beneath.set(one, (own === "rgba(0, 0, 0, 0) none 1/" ? "" : own) + below(one.parentElement));
    }
    return beneath.get(one);
  };
  const texts = [...document.querySelectorAll("body *")].filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 1 && height > 1 && [...one.childNodes].some((part) => part.nodeType === 3 && /\S/.test(part.data));
  });
  for (const one of texts) {
    const { color, fontSize, fontWeight, textShadow, position, visibility } = getComputedStyle(one);
    const off = Boolean(one.closest(":disabled, [aria-disabled=true]") ?? one.closest("label")?.control?.disabled);
    const combination = [color, fontSize, fontWeight, textShadow, position, visibility, off, below(one)].join("|");
    one.dataset.contrast = seen.has(combination) ? "known" : found.push(combination) - 1;
    seen.add(combination);
  }
  return found;
}"""
# What axe says of an entry or a row follows from its tags, classes, roles and states and from those around it: of those
# that are alike in these at one width, one is looked at, and the others stand aside meanwhile, for a screen of sixty
# takes as long as everything else in its story. What is left out here says who, what and where; that no name is given
# twice, and each that is used is given, is looked at on the whole page. Of a list
# the first two always stay, for what they are to each other.
REPEATED = r"""() => [...document.querySelectorAll("li, tr")].map((one) => {
  const around = [];
  for (let up = one.parentElement; up; up = up.parentElement) around.push(`${up.localName}.${up.className}`);
  const now = one.contains(document.activeElement) || one.matches(":target") || one.querySelector("dialog[open]");
  return [Boolean(now) || !one.previousElementSibling?.previousElementSibling, [
    ...around, ...[...one.querySelectorAll("input")].map((input) => input.checked), one.outerHTML
      .replace(/ (id|for|name|value|href|action|datetime|hx-[a-z-]+|aria-[a-z]+by)="[^"]*"/g, "")
      .replace(/>[^<]*[^<\s][^<]*/g, ">x")].join(" ")];
})"""
STAND_ASIDE = """alike => {
  window.aside = [...document.querySelectorAll("li, tr")].filter((_, place) => alike[place]).map((one) => {
    const place = document.createComment("");
    one.replaceWith(place);
    return [place, one, window.scrollY];
  });
}"""
COME_BACK = """() => {
  const [, , height] = window.aside[0] ?? [];
  for (const [place, one] of window.aside.reverse()) place.replaceWith(one);
  if (height !== undefined) window.scrollTo({ top: height, behavior: "instant" });
  for (const one of document.querySelectorAll("[data-contrast]")) delete one.dataset.contrast;
}"""
NAMES = """() => {
  const given = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const used = ["for", "aria-labelledby", "aria-describedby"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].flatMap((one) => one.getAttribute(name).split(" ")));
  const twice = given.filter((name, place) => given.indexOf(name) !== place);
  return [...twice, ...used.filter((name) => !given.includes(name))];
}"""
PLACE = re.compile(r'data-contrast="(\d+)"')
looked_at: set[tuple[int, str]] = set()
contrasts: list[str] = []


def violations(page: Page) -> list[object]:
    """What is wrong: names given twice or not at all, and axe's rules, each with some of what breaks it."""
    if names := page.evaluate(NAMES):
        return names
    rows = _send_aside(page)
    found = page.evaluate(CONTRASTS, contrasts)
    told = AXE.run(page, options=OPTIONS).response
    page.evaluate(COME_BACK)
    if not told["violations"]:
        looked_at.update(rows)
        contrasts.extend(one for place, one in enumerate(found) if place not in _undecided(told))
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in told["violations"]]


def _undecided(told: dict) -> set[int]:
    """Which contrasts axe could not tell, as where something lies above a text: asked again where they come next."""
    nodes = [node["html"] for one in told["incomplete"] for node in one["nodes"] if one["id"] == "color-contrast"]
    return {int(place) for html in nodes for place in PLACE.findall(html)}


def _send_aside(page: Page) -> set[tuple[int, str]]:
    """What is alike to something that was looked at, or comes before it here; gives all there was."""
    width = page.viewport_size["width"]
    known, aside = set(looked_at), []
    for stays, row in page.evaluate(REPEATED):
        aside.append((width, row) in known and not stays)
        known.add((width, row))
    page.evaluate(STAND_ASIDE, aside)
    return known
