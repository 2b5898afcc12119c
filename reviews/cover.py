"""What page one holds back so that it stays one page; what is cut there follows in full after the contents. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checklists import plaintext

Content = Mapping[str, Any]
WHY, MISTAKE = 350, 160  # characters of a rationale, of what was mistaken before
DEMAND, DEMAND_OF_MANY, FEW = 88, 60, 4  # characters of a condition or a waiver (a line), while they are few or many


def excerpts(
    decision: Content | None, content: Content, entries: Iterable[Content], waivers: Sequence[Content]
) -> dict[str, object]:
    """The reasons, waivers and conditions as page one shows them; `cut` names what is whole only later."""
    why = decision["rationale"] if decision else ""
    mistake = ((decision or {}).get("supersedes") or {}).get("mistake", "")
    demanded = list(decision["conditions"]) if decision else []
    earlier = list(content["conditions"])
    shown = {"why": _short(why, WHY), "mistake": _short(mistake, MISTAKE)}
    texts = len(demanded) + len(earlier) + 2 * len(waivers)  # a waiver has two: why, and what instead
    limit = DEMAND if texts <= FEW else DEMAND_OF_MANY
    numbers = {entry["slug"]: entry["number"] for entry in entries}
    return {
        **shown,
        "why_cut": shown["why"] != why,
        "mistake_cut": shown["mistake"] != mistake,
        "waivers": [_waiver(one, limit) for one in waivers],
        "waivers_cut": any(len(one[part]) > limit for one in waivers for part in ("reason", "measure")),
        "demanded": [
            {**_excerpt(one, limit), "about": [numbers[slug] for slug in one["requirements"]]} for one in demanded
        ],
        "earlier": [_excerpt(one, limit) for one in earlier],
        "conditions_cut": any(len(one["text"]) > limit for one in (*demanded, *earlier)),
    }


def _waiver(waiver: Content, limit: int) -> dict[str, Any]:
    """Why and what instead, each cut where it is long; `reason` and `measure` stay whole."""
    short = {f"{part}_excerpt": _short(waiver[part], limit) for part in ("reason", "measure")}
    return {**waiver, **short}


def _short(text: str, limit: int) -> str:
    """On as few lines as it needs: with lines of its own a text would push what stands below it off the page."""
    return plaintext.shortened(" ".join(text.split()), limit)


def _excerpt(condition: Content, limit: int) -> dict[str, Any]:
    return {**condition, "excerpt": _short(condition["text"], limit)}
