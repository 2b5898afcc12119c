"""A small playbook to break: a whole file of one stage, as data and as text."""

from copy import deepcopy
from typing import Any

import yaml

WHOLE: dict[str, Any] = {
    "playbook": {"slug": "small", "name": {"en": "Small", "lt": "Mažas"}, "publisher": "Ministry"},
    "edition": 1,
    "language": "en",
    "licence": "CC0-1.0",
    "summary": "Only what a test needs.",
    "threshold": 70,
    "answer_age_months": 12,
    "roles": [
        {"slug": "owner", "title": "Owner", "responsible_for": "Everything", "source": "A"},
        {"slug": "tester", "title": "Tester", "responsible_for": "Tests", "source": "A"},
    ],
    "stages": [
        {
            "slug": "build",
            "title": "Build",
            "purpose": "Make it",
            "entry": "An idea",
            "gate": "Release",
            "gate_question": "Does it work?",
            "roles": ["owner"],
            "source": "A",
            "rules": [
                {
                    "slug": "works",
                    "number": "R1",
                    "title": "It works",
                    "guidance": "People reach the end.",
                    "required": True,
                    "role": "owner",
                    "source": "A-R1",
                    "origin": "source",
                }
            ],
            "items": [
                {"slug": "try-it", "number": "C1", "title": "Try it", "required": True, "role": "tester", "source": "A"}
            ],
            "deliverables": [
                {
                    "slug": "handbook",
                    "number": "D1",
                    "title": "Handbook",
                    "guidance": "How it works.",
                    "required": False,
                    "role": "owner",
                    "source": "A",
                    "sections": ["Purpose", {"en": "Steps", "lt": "Žingsniai"}],
                }
            ],
            "questions": [
                {
                    "slug": "how-well",
                    "number": "Q1",
                    "about": "works",
                    "title": "How well?",
                    "good_evidence": "Figures.",
                    "required": True,
                    "role": "tester",
                    "source": "A",
                }
            ],
            "criteria": [
                {"slug": "exit-rules", "title": "All rules", "source": "A", "computed": {"rule": "rules_met"}},
                {
                    "slug": "exit-papers",
                    "title": "Papers",
                    "source": "A",
                    "computed": {"rule": "approved", "slugs": ["handbook"]},
                },
                {"slug": "exit-hand", "title": "Looked at", "source": "A"},
            ],
            "resources": [
                {"title": "Guide", "address": "https://example.org/guide", "source": "A"},
                {"title": "Book", "source": "A"},
            ],
        }
    ],
}


def data() -> dict[str, Any]:
    return deepcopy(WHOLE)


def text(content: object = WHOLE) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
