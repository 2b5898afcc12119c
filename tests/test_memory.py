"""A web server puts what it has loaded out of the collector's sight."""

import os
import subprocess
import sys
from pathlib import Path

from launchkit import memory
from tests import servers

ASKED = "import gc, launchkit.wsgi; print(gc.get_freeze_count(), gc.get_threshold()[0])"


def test_what_a_web_server_loads_is_looked_through_no_more(tmp_path: Path):
    environment = os.environ | {"LAUNCHKIT_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"}
    told = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=servers.ROOT, env=environment, capture_output=True, text=True, check=True
    )
    frozen, young = map(int, told.stdout.split())
    assert frozen > 50_000
    assert young == memory.YOUNG
