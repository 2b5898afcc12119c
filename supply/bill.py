"""The bill of materials (CycloneDX 1.6, JSON) of what runs: each locked package with its version, files and licence.

Usage: python -m supply.bill [FILE]

Names, versions, hashes and who wants whom stand in the lock; the licence in the package as it is installed here. The
same lock gives the same bytes: no clock is in it, and its serial number follows from the lock.
"""

import sys
from hashlib import sha256
from importlib.metadata import metadata
from pathlib import Path
from tomllib import loads
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.spdx import fixup_id
from packageurl import PackageURL

from supply import lock
from supply.lock import OURSELVES, Pin

PLACE = lock.ROOT / "var" / "sbom.cdx.json"
LICENCE = LicenseFactory()


def licences(name: str) -> list[License]:
    """As the package says it best: an expression, an SPDX name, else the classifiers, else its own words."""
    told = metadata(name)
    expression, words = told.get("License-Expression"), (told.get("License") or "").strip().split("\n")[0]
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    found = [expression or fixup_id(words)] if expression or fixup_id(words) else classified or [words]
    return [LICENCE.make_from_string(one) for one in found if one]


def component(pin: Pin) -> Component:
    """The hashes are those of every file of the package that the lock lets in."""
    url = PackageURL("pypi", name=pin.name, version=pin.version)
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=str(url),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in pin.hashes],
        licenses=licences(pin.name),
    )


def ourselves() -> Component:
    project = loads((lock.ROOT / "pyproject.toml").read_text())["project"]
    return Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        licenses=[LICENCE.make_from_string(project["license"])],
    )


def bill(path: Path) -> Bom:
    pins = lock.pins(path)
    parts = {pin.name: component(pin) for pin in pins}
    serial = uuid5(NAMESPACE_URL, sha256(path.read_bytes()).hexdigest())
    made = Bom(components=parts.values(), serial_number=serial, metadata=BomMetaData(component=ourselves()))
    made.metadata.timestamp = None
    for name, part in {OURSELVES: made.metadata.component, **parts}.items():
        made.register_dependency(part, [parts[pin.name] for pin in pins if name in pin.wanted_by])
    return made


def text(path: Path) -> str:
    return JsonV1Dot6(bill(path)).output_as_string(indent=1) + "\n"


def main(words: list[str]) -> int:
    place = Path(words[0]) if words else PLACE
    place.parent.mkdir(exist_ok=True)
    place.write_text(text(lock.RUNTIME))
    print(f"{len(lock.pins(lock.RUNTIME))} packages are listed in {place}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
