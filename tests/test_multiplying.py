"""Services that were poured into the tables are as sound as those that were told act by act."""

import hashlib
from datetime import date

import pytest

from accounts import soundness
from accounts.models import Chain, Notice
from checklists import tallying
from checklists.models import Answer, Evidence, Waiver
from launchkit import demo, multiplying
from launchkit.stencils import MARK, Holes
from reviews.models import Decision, Snapshot
from stages.models import Service


def test_what_is_poured_is_sound(edition, cast):
    """Copies of a fresh story, and of one with decision, conditions and waiver; told once, for that takes its time."""
    sheaf = multiplying.told("change-of-address", "child-benefit")
    multiplying.multiply(services=5, people=demo.offices(), sheaf=sheaf)
    many = list(Service.objects.order_by("pk"))
    assert [service.name.split(": ")[1] for service in many].count("Child benefit") == 2
    assert len(many) == len({service.slug for service in many}) == 5
    every_chain_and_count_holds(many)
    what_was_sealed_is_sealed_again()
    their_own_people_did_it()
    keys_go_on_behind(many, cast.team)


def every_chain_and_count_holds(many):
    assert [told for service in many for told in tallying.differences(service=service)] == []
    walks = [soundness.walk(service.scope) for service in many]
    assert [walk.broken for walk in walks] == [None] * 5
    assert sum(walk.entries for walk in walks) > 100


def what_was_sealed_is_sealed_again():
    for sealed in (*Snapshot.objects.all(), *Decision.objects.all()):
        assert hashlib.sha256(sealed.content.encode()).hexdigest() == sealed.sha256
    assert Waiver.objects.count() == Decision.objects.count() == 2
    assert Evidence.objects.current().count() == Evidence.objects.count()


def their_own_people_did_it():
    """And nobody is written to."""
    addresses = Answer.objects.values_list("recorded_by__email", flat=True)
    assert {address.split("@")[1] for address in addresses} == {"offices.demo.launchkit.example"}
    assert not Notice.objects.filter(due_at__isnull=False).exists()


def keys_go_on_behind(many, team):
    """Also on PostgreSQL, whose sequences do not see what is copied in; and no mark of the pattern is left."""
    told = {"edition": many[0].edition, "planned_on": date(2027, 1, 1), "created_at": many[0].created_at}
    added = Service.objects.create(team=team, name="Next", slug="next", **told)
    assert many[-1].pk < added.pk < MARK
    assert not Chain.objects.filter(scope__contains=str(MARK)[:5]).exists()


def test_a_text_has_holes_where_keys_and_known_digests_stand():
    holes, digest = Holes(), hashlib.sha256(b"picture").hexdigest()
    holes.places([MARK + 1, digest])
    text = holes.cut(f'100 % of service:{MARK + 1}, "{digest}", {"0" * 64}')
    assert text(["7", "seal"]) == f'100 % of service:7, "seal", {"0" * 64}'
    with pytest.raises(ValueError, match="Keys that nobody gives"):
        holes.cut(f"service:{MARK + 2}")
