"""What page one holds back so that it stays one page; what is cut there follows in full after the contents. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from checklists import plaintext

Content = Mapping[str, Any]
WHY = 350  # characters of a rationale
DEMAND, DEMAND_OF_MANY, FEW = 110, 60, 4  # characters of one condition, while they are few and when they are many


def excerpts(decision: Content | None, content: Content, entries: Iterable[Content]) -> dict[str, object]:
    """The reasons and the conditions as page one shows them; `cut` names what is whole only later."""
    why = decision["rationale"] if decision else ""
    demanded = list(decision["conditions"]) if decision else []
    earlier = list(content["conditions"])
    limit = DEMAND if len(demanded) + len(earlier) <= FEW else DEMAND_OF_MANY
    numbers = {entry["slug"]: entry["number"] for entry in entries}
    return {
        "why": plaintext.shortened(why, WHY),
        "why_cut": len(why) > WHY,
        "demanded": [
            {**_excerpt(one, limit), "about": [numbers[slug] for slug in one["requirements"]]} for one in demanded
        ],
        "earlier": [_excerpt(one, limit) for one in earlier],
        "conditions_cut": any(len(one["text"]) > limit for one in (*demanded, *earlier)),
    }


def _excerpt(condition: Content, limit: int) -> dict[str, Any]:
    return {**condition, "excerpt": plaintext.shortened(" ".join(condition["text"].split()), limit)}
