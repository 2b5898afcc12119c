from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Birth certificate online", "birth-certificate-online"),
        ("Έκδοση πιστοποιητικού γέννησης", "ekdosi-pistopoiitikou-gennisis"),
        ("Gimimo liudijimo išdavimas", "gimimo-liudijimo-isdavimas"),
        ("Déclaration de naissance à l’état civil", "declaration-de-naissance-a-letat-civil"),
        ("Straße", "strasse"),
        ("出生証明書", ""),
        ("!!!", ""),
    ],
)
def test_slug_of_a_name(name, slug):
    assert slugs.ascii_slug(name) == slug


@given(st.text(max_size=300))
def test_a_slug_is_short_ascii_of_what_an_address_may_hold(name):
    slug = slugs.ascii_slug(name)
    assert len(slug) <= slugs.LONGEST
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert slug == slug.strip("-_")


def test_candidates_are_numbered_from_two_and_leave_out_what_is_taken():
    assert list(islice(slugs.candidates("a", taken={"a", "a-3"}), 3)) == ["a-2", "a-4", "a-5"]
