"""The stamp on page one of a report: where its digest can be verified, in letters and as a QR code.

A function of the digest and of the site's address alone, so that a report made again is the same, byte by byte.
"""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse

from reviews import printable

QUIET = 4  # modules left white around a QR code, as its standard asks


@dataclass(frozen=True)
class Stamp:
    """`place` is the page where any digest can be looked up, fit for paper; `address` the page of this digest;
    `code` that address as a QR code, a picture in a data: address.
    """

    place: str
    address: str
    code: str


def of(digest: str) -> Stamp:
    address = settings.ADDRESS + reverse("reviews:verify_digest", args=[digest])
    place = settings.ADDRESS + reverse("reviews:verify")
    code = segno.make_qr(address, error="m").svg_data_uri(border=QUIET, omitsize=True)
    return Stamp(printable.broken(place), address, code)
