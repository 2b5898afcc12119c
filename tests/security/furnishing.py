"""A service that has one of everything an address can point at."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver

from accounts import choosing, inviting
from accounts.models import Notice
from checklists import copying, documenting, evidencing, starting
from checklists.evidencing import Proof
from checklists.models import Waiver
from jobs import leasing
from reviews import reporting, settling, shelf
from reviews.models import Condition, Outcome, Report, Review
from stages import keeping
from stages.models import Edition, Service
from tests.cast import Cast
from tests.reviews import walking

PDF = b"%PDF-1.7\n%%EOF\n"


def converters(patterns=None, prefix: str = "", inherited: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The parameters of every URL name."""
    found: dict[str, tuple[str, ...]] = {}
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        names = (*inherited, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            found |= converters(pattern.url_patterns, prefix + space, names)
        else:
            found[prefix + (pattern.name or "")] = tuple(dict.fromkeys(names))
    return found


CONVERTERS = converters()


@dataclass
class Furnished:
    service: Service
    values: dict[str, object]
    special: dict[str, dict[str, object]]

    def kwargs(self, name: str) -> dict[str, object]:
        values = self.values | self.special.get(name, {})
        return {parameter: values[parameter] for parameter in CONVERTERS[name]}


def furnish(service: Service, cast: Cast, edition: Edition, planned_on: date) -> Furnished:
    """Through build with a condition that is said to be met; at go-live with a file behind a rule, a version that
    waits for approval and a draft. Beside it a copy that has its proposals, one that waits at its gate, one put away.
    """
    told = {"by": cast.designer, "team": cast.team, "edition": edition, "planned_on": planned_on}
    walking.fulfil(service, cast.designer, cast.second_designer)
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager, Outcome.GO)
    owed = [walking.demand(cast.designer), walking.demand(cast.designer, "Name who is on call")]
    walking.supersede(review, cast.second_manager, Outcome.GO_WITH_CONDITIONS, owed)
    open_one, said_met = service.conditions.order_by("pk")
    settling.say_met(by=cast.designer, condition=said_met, proof=walking.NOTE)
    rule, other, third = [one for one in walking.asked(service, "go-live") if one.kind == "rule"][:3]
    proof = Proof(form="file", title="Test report", file=ContentFile(PDF, "report.pdf"))
    evidence = evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)
    waiver = walking.ask_waiver(service, rule, cast.designer)
    granted = walking.waive(service, other, cast.designer, cast.manager)
    copied = copying.start(**told, source=service, name=f"Copy of {service.name}")
    waiting, away = (starting.start(**told, name=f"{word} of {service.name}") for word in ("Renewal", "Proof"))
    walking.ask(waiting, cast.designer)
    keeping.archive(by=cast.manager, service=away, reason="Not wanted any more.")
    values = {"slug": service.slug, "stage": "go-live", "requirement": rule.slug, "number": 1, "pk": evidence.pk}
    values |= {"uidb36": "1", "key": "unknown", "token": "unknown"}
    values |= {"digest": review.snapshot.sha256}
    special = _of_the_gate(waiting, copied, away) | _of_waivers(waiver, granted) | _of_documents(service, cast)
    special |= _of_reports(service, cast, review) | _of_conditions(open_one, said_met) | _of_people(cast)
    special |= {"stages:edition": {"slug": "public-service-launch"}, "reviews:ask_waiver": {"requirement": third.slug}}
    return Furnished(service, values, special)


def _of_the_gate(waiting: Service, copied: Service, away: Service) -> dict[str, dict[str, object]]:
    past = {"stage": "build", "place": 1}
    at_its_gate = {"slug": waiting.slug, "stage": "build"}
    proposed = {"slug": copied.slug, "stage": "build", "requirement": walking.first(copied, "rule").slug}
    return {
        **{f"reviews:{name}": past for name in ("past_review", "supersede", "superseded_decision")},
        **{f"reviews:{name}": at_its_gate for name in ("ask_again", "withdraw_review", "decide_review")},
        **{f"reviews:{name}": proposed for name in ("proposals", "take_proposal", "discard_proposal")},
        "reviews:reopen_stage": {"stage": "build"},
        "portfolio:bring_back": {"slug": away.slug},
    }


def _of_conditions(open_one: Condition, said_met: Condition) -> dict[str, dict[str, object]]:
    names = {f"reviews:{act}_condition": {"pk": said_met.pk} for act in ("turn_down", "close")}
    names |= {f"reviews:{act}_condition": {"pk": open_one.pk} for act in ("say_met", "extend", "drop")}
    return names | {"reviews:condition": {"pk": open_one.pk}}


def _of_waivers(asked: Waiver, granted: Waiver) -> dict[str, dict[str, object]]:
    special = {f"reviews:{act}_waiver": {"pk": asked.pk} for act in ("withdraw", "grant", "refuse")}
    return special | {"reviews:end_waiver": {"pk": granted.pk, "requirement": granted.requirement.slug}}


def _of_documents(service: Service, cast: Cast) -> dict[str, dict[str, object]]:
    """A version that was sent, written by one and sent by another; and a draft."""
    one, other = [one for one in walking.asked(service, "go-live") if one.kind == "deliverable"][:2]
    told = {"by": cast.designer, "service": service, "title": "Plan"}
    version = documenting.add(**told, requirement=one, file=ContentFile(PDF, "plan.pdf"))
    documenting.send(by=cast.second_designer, version=version)
    draft = documenting.add(**told, requirement=other, file=ContentFile(PDF, "draft.pdf"))
    sent = {"requirement": one.slug, "number": version.number}
    return {
        "reviews:send_document": {"requirement": other.slug, "number": draft.number},
        **{f"reviews:{name}": sent for name in ("document", "approve_document", "send_back_document")},
        "checklists:document_file": {"pk": version.pk},
    }


def _of_reports(service: Service, cast: Cast, review: Review) -> dict[str, dict[str, object]]:
    """One that waits, one that is made, one that failed."""
    waits, made, failed = (
        reporting.request(by=cast.viewer, service=service, record=review.snapshot, language=language)
        for language in ("en", "fr", "el")
    )
    rows = Report.objects.all()
    leasing.published(rows, made.pk)
    name, digest = shelf.keep(made.pk, PDF), hashlib.sha256(PDF).hexdigest()
    done = {"file": name, "size": len(PDF), "sha256": digest, "made_with": {}}
    leasing.finish(rows, made.pk, leasing.claim(rows, made.pk), **done)
    leasing.published(rows, failed.pk)
    leasing.fail(rows, failed.pk, leasing.claim(rows, failed.pk), "It cannot be made.")
    return {
        "reviews:report": {"pk": waits.pk},
        "reviews:retry_report": {"pk": failed.pk},
        "reviews:report_in_language": {"pk": waits.pk},
        "reviews:download_report": {"pk": made.pk},
        "operations:retry": {"pk": failed.pk},
    }


def _of_people(cast: Cast) -> dict[str, dict[str, object]]:
    invitation = inviting.invite(by=cast.manager, team=cast.team, email="new@example.org", roles=["viewer"])
    elsewhere = inviting.invite(by=cast.administrator, team=None, email="new@example.org", roles=["auditor"])
    token = {"token": choosing.token(cast.viewer, None)}
    notice = {"pk": Notice.objects.filter(receiver=cast.designer).last().pk}
    on_team, somebody = {"slug": cast.team.slug}, {"pk": cast.second_designer.pk}
    return {
        **{f"accounts:{name}": on_team for name in ("team", "ask_second_step", "invite")},
        "accounts:member": on_team | somebody,
        "accounts:withdraw": on_team | {"pk": invitation.pk},
        "accounts:withdraw_person": {"pk": elsewhere.pk},
        **{f"accounts:{name}": somebody for name in ("person", "deactivate", "reactivate", "remove_second_step")},
        **{f"accounts:{name}": token for name in ("unsubscribe", "unsubscribe_at_once")},
        **{f"accounts:{name}": notice for name in ("open_notice", "read_notice")},
        "reviews:person_work": somebody,
    }
