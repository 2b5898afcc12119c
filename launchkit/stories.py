"""What the six services of the demo went through. Numbers are days before today."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from accounts import calendar
from checklists.models import State
from launchkit.tale import Tale
from reviews.deciding import Demand
from reviews.models import Outcome

BUILD, GO_LIVE, OPERATE = "build", "go-live", "operate"


def birth_certificate(tale: Tale, cast: SimpleNamespace) -> None:
    """Waiting for a decision at go-live; the team went on working after the picture was sealed."""
    both = (cast.designer, cast.second_designer)
    tale.on(214).begins(cast.designer)
    tale.works(BUILD, days=(212, 121), by=both, approver=cast.manager)
    review = tale.on(118).asks(cast.designer, BUILD, "Everything is in place; the beta went better than we hoped.")
    tale.on(114).decides(
        cast.second_manager,
        review,
        Outcome.GO,
        "All rules hold, the documents are good, and the beta with 310 cases convinced me. Prepare the launch.",
    )
    ratings = {"gq-continuity": 1, "gq-aware": 2}
    tale.works(
        GO_LIVE,
        days=(110, 9),
        by=both,
        approver=cast.second_manager,
        ratings=ratings,
        leaves={"golive-user-training", "golive-next-releases"},
    )
    tale.on(5).asks(
        cast.designer, GO_LIVE, "We would like to open on the planned day. One thing is thin: the paper fallback."
    )
    continuity = tale.requirement("gq-continuity")
    tale.on(2).records(
        cast.second_designer,
        continuity,
        state=State.RATED,
        rating=2,
        text="The plan covers the service. Since Tuesday the paper fallback has been tried at three registry offices.",
        proof=tale.proof(continuity),
    )


def child_benefit(tale: Tale, cast: SimpleNamespace) -> None:
    """Gone on from build with three conditions: one met, one overdue, one said to be met; at go-live a golden rule is
    waived.
    """
    both = (cast.second_designer, cast.designer)
    tale.on(176).begins(cast.second_designer)
    ratings = {"bq-accessible": 1, "bq-testready": 1}
    tale.works(BUILD, days=(174, 75), by=both, approver=cast.second_manager, ratings=ratings)
    review = tale.on(71).asks(cast.second_designer, BUILD, "Two answers are weak, and we say so. We ask to go on.")
    decision = tale.on(66).decides(
        cast.manager,
        review,
        Outcome.GO_WITH_CONDITIONS,
        "The service works and is safe. What is missing can be mended while the launch is prepared, and by a date.",
        _demands(tale, cast),
    )
    parts = {"design-lead": cast.second_designer, "test-lead": cast.second_designer, "service-owner": cast.manager}
    mine = ("delivery-lead", "communications-manager", "training-lead", "support-lead")
    tale.on(64).fills(cast.second_designer, parts | dict.fromkeys(mine, cast.designer))
    tale.plans(cast.second_designer, GO_LIVE)
    tale.works(GO_LIVE, days=(60, 39), by=both, approver=cast.manager, most=10)
    shown = "The new upload went live in the beta; three people who use a screen reader finished in four minutes."
    said = tale.on(39).says_met(cast.second_designer, decision, 1, shown)
    tale.on(38).confirms(cast.manager, said, "Seen in the test report, and tried by hand.")
    tale.works(GO_LIVE, days=(36, 4), by=both, approver=cast.manager, most=14)
    rule = tale.requirement("golive-scales")
    tale.on(3).records(cast.second_designer, rule, state=State.NOT_MET, note="Tried with half of the expected load.")
    waiver = tale.asks_waiver(
        cast.second_designer,
        rule,
        days=45,
        reason="The larger servers are ordered and come in the new year; until then half of the expected load is safe.",
        measure="We open district by district, and the queue page takes over when more than 300 people are inside.",
    )
    tale.on(2).grants(cast.manager, waiver, "Agreed for the first three districts, not beyond.")
    tale.on(1).reports(cast.viewer, decision)
    tale.says_met(cast.designer, decision, 3, "The job ran for three nights; its log shows what it deleted.")


def _demands(tale: Tale, cast: SimpleNamespace) -> list[Demand]:
    def due(days: int):
        return calendar.day() + timedelta(days=days)

    accessible, scripts = tale.requirement("bq-accessible"), tale.requirement("bq-testready")
    return [
        Demand(
            "Replace the file upload by the simpler one and try it with three people who use a screen reader.",
            cast.designer,
            due(-34),
            (accessible,),
        ),
        Demand("Add people from rural areas to the test group.", cast.second_designer, due(-12), (scripts,)),
        Demand(
            "Have the nightly job delete old applications before the first real one comes in.", cast.designer, due(20)
        ),
    ]


def building_notice(tale: Tale, cast: SimpleNamespace) -> None:
    """Refused at build over two golden rules; the team has begun to mend one, and asks for a waiver of the other."""
    both = (cast.designer, cast.second_designer)
    tale.on(160).begins(cast.designer)
    broken = ("build-secure-lawful-data", "build-accessible", "build-security-test", "security-file")
    tale.works(
        BUILD,
        days=(158, 52),
        by=both,
        approver=cast.manager,
        ratings={"bq-security": 0, "bq-accessible": 1},
        leaves=broken,
    )
    rule, other, _item, file = (tale.requirement(slug) for slug in broken)
    tale.on(51).records(cast.designer, rule, state=State.NOT_MET, note="One high finding of the outside test is open.")
    tale.records(cast.designer, other, state=State.NOT_MET, note="The map cannot be used from the keyboard.")
    review = tale.on(46).asks(cast.designer, BUILD, "The season begins in spring. We know of the open finding.")
    tale.on(41).decides(
        cast.manager,
        review,
        Outcome.NO_GO,
        "Personal data could be read by strangers through the open finding, and the map shuts people out. "
        "Close both, then ask again; nothing else is in the way.",
    )
    tale.on(26).asks_waiver(
        cast.second_designer,
        other,
        days=60,
        reason="The supplier delivers the map that works by keyboard in two months.",
        measure="Every step of the map can also be done by telephone, and the page says so first.",
    )
    version = tale.on(24).sends(cast.second_designer, file, "Security file, after the second test")
    tale.on(20).sends_back(
        cast.manager, version, "The retest of the high finding is not in it. Please add the tester's letter."
    )
    tale.on(3).sends(cast.second_designer, file, "Security file, with the letter of the tester")


def change_of_address(tale: Tale, cast: SimpleNamespace) -> None:
    """Fresh: added, nothing answered yet."""
    tale.on(3).begins(cast.second_designer)


def driving_licence(tale: Tale, cast: SimpleNamespace) -> None:
    """Live for more than a year, in its second round of operation: what was said before a year ago is asked again."""
    by, manager = (cast.outsider,), cast.outside_manager
    tale.on(700).begins(cast.outsider)
    tale.works(BUILD, days=(698, 585), by=by, approver=manager)
    review = tale.on(580).asks(cast.outsider, BUILD, "Ready to prepare the launch.")
    tale.on(575).decides(manager, review, Outcome.GO, "Complete, tried with 300 drivers and well documented.")
    tale.works(GO_LIVE, days=(570, 415), by=by, approver=manager)
    review = tale.on(412).asks(cast.outsider, GO_LIVE, "Rehearsed twice. We would open on the planned Monday.")
    decision = tale.on(407).decides(
        manager, review, Outcome.GO, "Everything asked is there and the way back was tried on the clock. Open it."
    )
    tale.on(397).goes_live(cast.outsider)
    tale.works(OPERATE, days=(384, 190), by=by, approver=manager)
    review = tale.on(183).asks(cast.outsider, OPERATE, "Half a year without a serious incident. We run it as routine.")
    first = tale.on(178).decides(
        manager,
        review,
        Outcome.GO,
        "Stable and watched; nine in ten drivers finish without help. Look again in six months.",
    )
    tale.on(177).reports(cast.outsider, first)
    rule = tale.requirement("operate-incidents-managed")
    text = "The contract with the data centre covers incidents at night and at weekends, quarter by quarter."
    contract = tale.on(3).shows(cast.outsider, rule, "Contract for incidents at night", text, days_left=4)
    tale.on(2).renews(cast.outsider, contract, days_left=25)
    tale.on(1).reports(cast.outsider, decision)


def fishing_permit(tale: Tale, cast: SimpleNamespace) -> None:
    """Half worked in build, begun as a copy of the driving licence: what that one said is proposed where it is open."""
    tale.on(64).begins(cast.outsider, like="Driving licence renewal")
    deliverables = {one.slug for one in tale.sheet(BUILD).of_kind("deliverable")}
    unanswered = deliverables | {"build-secure-lawful-data", "build-accessible", "build-security-test", "build-beta"}
    tale.works(BUILD, days=(62, 6), by=(cast.outsider,), approver=cast.outside_manager, leaves=unanswered, most=20)
    tale.on(5).sends(cast.outsider, tale.requirement("service-description"))
    tale.writes(cast.outsider, tale.requirement("customer-service-standard"))


STORIES: dict[str, Callable[[Tale, SimpleNamespace], None]] = {
    "birth-certificate": birth_certificate,
    "child-benefit": child_benefit,
    "building-notice": building_notice,
    "change-of-address": change_of_address,
    "driving-licence": driving_licence,
    "fishing-permit": fishing_permit,
}
