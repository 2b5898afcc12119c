"""The protocol: turns of product and floor alternate in rounds, so that whatever disturbs one disturbs the other.

15 warm-ups, then 60 rounds in which every operation of every player is called in turn; three repeats. A ratio is that
of the medians of one repeat.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

WARM_UPS, ROUNDS, REPEATS = 15, 60, 3
Times = dict[tuple[str, str], float]  # median seconds by player and turn


@dataclass(frozen=True)
class Protocol:
    warm_ups: int = WARM_UPS
    rounds: int = ROUNDS
    repeats: int = REPEATS


class Player:
    """The other end of `bench.play`."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "bench.play", name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=dict(environment), text=True, **pipes)

    def ask(self, do: str, **more: Any) -> Any:
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        if not (line := self.process.stdout.readline()):
            raise RuntimeError(f"A player ended with {self.process.wait()}; its traceback stands above.")
        return json.loads(line)

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *failure: object) -> None:
        self.process.stdin.close()
        self.process.wait(30)


def play(players: Mapping[str, Player], turns: list[tuple[str, str]], protocol: Protocol) -> list[Times]:
    """The medians of each repeat."""
    for _ in range(protocol.warm_ups):
        for player, turn in turns:
            players[player].ask("take", turn=turn)
    return [_repeat(players, turns, protocol.rounds) for _ in range(protocol.repeats)]


def _repeat(players: Mapping[str, Player], turns: list[tuple[str, str]], rounds: int) -> Times:
    times: dict[tuple[str, str], list[float]] = {one: [] for one in turns}
    for _ in range(rounds):
        for player, turn in turns:
            times[player, turn].append(players[player].ask("take", turn=turn))
    return {one: median(taken) for one, taken in times.items()}


def ratios(repeats: list[Times], one: tuple[str, str], other: tuple[str, str]) -> tuple[float, ...]:
    return tuple(times[one] / times[other] for times in repeats)
