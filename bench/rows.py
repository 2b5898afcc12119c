"""P9 and P10: how fast services are loaded, and whether their counts stay true when many tick at once."""

import json
import subprocess
import sys
from collections.abc import Mapping

from bench.goals import GOALS, Result
from tests import servers


def load(environment: Mapping[str, str], services: int) -> Result:
    taken = _told("bench.product.load", environment, services, "load_copy")
    for rows, ours, copy in taken:
        print(f"load: {rows} rows in {ours:.1f} s, {rows / ours:.0f} a second; COPY alone {copy:.1f} s")
    return Result(GOALS["P9"], "postgresql", tuple(copy / ours for _rows, ours, copy in taken), f"{taken[0][0]} rows")


def race(engine: str, environment: Mapping[str, str], ticks: int) -> Result:
    """It fails, too, when fewer were acknowledged than asked for: then it proves nothing."""
    told = _told("bench.product.race", environment, ticks)
    for line in (*told["differ"], *told["broken"]):
        print(f"  {engine}: {line}")
    few = f"only {told['said']} of {ticks} ticks were acknowledged" if told["said"] < ticks else ""
    note = f"{told['said']} ticks from 8 threads, {told['refused']} refused, {len(told['broken'])} broken chains"
    return Result(GOALS["P10"], engine, (len(told["differ"]) + len(told["broken"]),), note, few)


def _told(module: str, environment: Mapping[str, str], *given: object):
    command = [sys.executable, "-m", module, *map(str, given)]
    done = subprocess.run(
        command, env=dict(environment), cwd=servers.ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])
