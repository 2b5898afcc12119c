"""The production files say the same thing: docker-compose.yml, Dockerfile, .env.example and the settings.

There is no Docker here; `tests/integration/test_production.py` runs the same commands as processes.
"""

import re
import shlex

import pytest
import yaml

from tests.servers import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PARTS = ("web", "worker", "mail", "beat", "migrate")
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
READ = re.compile(r"""(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)\"""")


def variables_read() -> set[str]:
    sources = [path for path in (ROOT / "launchkit").rglob("*.py") if "migrations" not in path.parts]
    return {name for path in sources for name in READ.findall(path.read_text())} - {"DJANGO_SETTINGS_MODULE", "PATH"}


def variables_explained() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE))


def test_the_parts_and_their_servers():
    assert sorted(SERVICES) == ["beat", "database", "mail", "migrate", "redis", "web", "worker"]


def test_every_setting_is_explained_and_nothing_else():
    assert variables_explained() == variables_read() | {"POSTGRES_PASSWORD"}


def test_each_variable_follows_a_sentence():
    blocks = [block.splitlines() for block in EXAMPLE.split("\n\n")]
    bare = [block for block in blocks if re.match(r"#?[A-Z_]+=", block[0])]
    assert bare == []


def test_no_variable_comes_twice():
    names = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE)
    assert sorted(set(names)) == sorted(names)


def test_the_example_holds_no_secret():
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))
    assert {values[name] for name in ("SECRET_KEY", "LAUNCHKIT_TRAIL_KEY", "POSTGRES_PASSWORD")} == {""}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_runs_from_the_one_image_on_the_same_settings(part):
    service = SERVICES[part]
    assert (service["image"], service["env_file"]) == ("launchkit", ".env")
    assert service["environment"]["LAUNCHKIT_MODE"] == "production"
    assert set(service["environment"]) <= variables_explained()
    assert service["volumes"] == ["files:/var/lib/launchkit"]


@pytest.mark.parametrize("part", ["web", "worker", "beat"])
def test_a_part_starts_when_its_servers_are_healthy_and_the_tables_are_made(part):
    assert SERVICES[part]["command"] == ["python", "manage.py", "launch", part]
    assert {name: need["condition"] for name, need in SERVICES[part]["depends_on"].items()} == {
        "database": "service_healthy",
        "redis": "service_healthy",
        "migrate": "service_completed_successfully",
    }


def test_what_is_waited_for_can_be_healthy():
    assert all("healthcheck" in SERVICES[name] for name in ("database", "redis", "web"))


def test_redis_keeps_what_it_acknowledged():
    assert shlex.join(SERVICES["redis"]["command"]) == "redis-server --appendonly yes --maxmemory-policy noeviction"
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_only_the_web_is_reachable_and_only_from_this_machine():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_every_volume_is_declared_and_used():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert used == set(COMPOSE["volumes"])


def test_the_image_installs_only_what_is_locked_and_runs_as_nobody_in_particular():
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert DOCKERFILE.rindex("USER launchkit") > DOCKERFILE.rindex("RUN ")
    assert re.findall(r"^FROM (.+)$", DOCKERFILE, flags=re.MULTILINE) == ["python:3.11-slim"]


def test_everything_that_the_parts_run_gets_into_the_image():
    kept = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "supply"}
    assert packages | {"bin", "fixtures", "static", "templates", "manage.py", "requirements.txt"} <= kept
    assert "tests" not in kept
