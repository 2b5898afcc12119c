"""Secrets of a second step: unreadable in the database, lost without the key, and then of no use to anybody."""

import pytest

from accounts import vault

SECRET = "JBSWY3DPEHPK3PXP"


def test_what_is_closed_says_nothing_and_opens_again():
    kept = vault.close(SECRET)
    assert SECRET not in kept
    assert vault.opened(kept) == SECRET


def test_a_changed_key_still_opens_what_its_forerunner_closed(settings):
    kept = vault.close(SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert vault.opened(kept) == SECRET


@pytest.mark.parametrize("kept", ["", "plain", SECRET])
def test_what_cannot_be_opened_becomes_what_nobody_knows(kept):
    assert len({vault.opened(kept) for _ in range(3)} | {SECRET}) == 4
