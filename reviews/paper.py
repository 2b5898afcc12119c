from dataclasses import dataclass


@dataclass(frozen=True)
class Digests:
    snapshot: str
    decision: str = ""
