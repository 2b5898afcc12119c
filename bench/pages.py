"""P1 to P5: ticks, pages and lists, in process, against the floor; and how many queries they ask."""

from collections.abc import Mapping

from bench.goals import GOALS, QUERIES, Result
from bench.rounds import Player, Protocol, Times, play, ratios

OTHER_LISTS = ("far", "sorted", "searched", "narrowed")  # by the product with all services alone
TURNS = [
    (player, turn)
    for turn in ("read", "tick", "page60", "page120", "list")
    for player in ("product", "small", "floor")
    if not (turn == "read" and player != "floor") and not (player == "small" and turn != "list")
] + [("product", turn) for turn in OTHER_LISTS]
ALIKE = {  # asks as many queries as that one; `narrowed` is judged by the tallies that the clock has overtaken, too
    "page120": ("product", "page60"),
    "list": ("small", "list"),
    "far": ("product", "list"),
    "sorted": ("product", "list"),
    "searched": ("product", "list"),
}
PRODUCT, FLOOR, SMALL = "product", "floor", "small"


def measure(engine: str, environments: Mapping[str, Mapping[str, str]], protocol: Protocol) -> list[Result]:
    """`environments` are those of the three players: the product, the same with 100 services, and the floor."""
    with (
        Player("product", environments[PRODUCT]) as product,
        Player("product", environments[SMALL]) as small,
        Player("floor", environments[FLOOR]) as floor,
    ):
        players = {PRODUCT: product, SMALL: small, FLOOR: floor}
        for player, turn in TURNS:
            players[player].ask("take", turn=turn)  # what a process loads once is loaded then
        checks = {(player, turn): players[player].ask("check", turn=turn) for player, turn in TURNS}
        counted = {one: len(check["queries"]) for one, check in checks.items()}
        repeats = play(players, TURNS, protocol)
    tell(engine, repeats, counted, checks)
    return results(engine, repeats, counted)


def results(engine: str, repeats: list[Times], counted: Mapping[tuple[str, str], int]) -> list[Result]:
    pairs = {
        "P1": ((PRODUCT, "tick"), (FLOOR, "tick")),
        "P2": ((PRODUCT, "page60"), (FLOOR, "page60")),
        "P3": ((PRODUCT, "page120"), (PRODUCT, "page60")),
        "P4": ((PRODUCT, "list"), (SMALL, "list")),
        "P5": ((PRODUCT, "list"), (FLOOR, "list")),
    }
    pairs |= {f"P5-{turn}": ((PRODUCT, turn), (PRODUCT, "list")) for turn in OTHER_LISTS}
    return [
        Result(GOALS[name], engine, ratios(repeats, one, other), f"{counted[one]} queries", too_many(one, counted))
        for name, (one, other) in pairs.items()
    ]


def too_many(turn: tuple[str, str], counted: Mapping[tuple[str, str], int]) -> str:
    """Where more is asked than may be, or where the number grows with what is on the page: that, in words."""
    most = QUERIES.get(turn[1]) or counted[ALIKE[turn[1]]]
    return f"at most {most} are allowed" if counted[turn] > most else ""


def tell(engine: str, repeats: list[Times], counted: Mapping, checks: Mapping) -> None:
    print(f"\n{engine}, in process: median ms of each repeat, queries, kilobytes")
    for one in TURNS:
        times = "  ".join(f"{times[one] * 1000:7.1f}" for times in repeats)
        print(f"  {one[0]:<8}{one[1]:<9}{times}   {counted[one]:>2}   {checks[one]['bytes'] / 1000:6.0f}")
