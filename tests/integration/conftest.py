"""What several installations begin with is made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration import installation


@pytest.fixture(scope="session")
def prepared() -> Iterator[Path]:
    with installation.prepared() as folder:
        yield folder
