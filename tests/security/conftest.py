"""A service that has one of everything an address can point at."""

from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts import inviting
from checklists import documenting, evidencing
from checklists.evidencing import Proof
from reviews import reporting
from reviews.models import Condition, Outcome
from stages.models import Service
from tests.reviews import walking
from tests.security import visiting

CONDITION_ACTS = ("say_met", "turn_down", "close", "extend", "drop")
REPORT_PAGES = ("report", "retry_report", "report_in_language", "download_report")
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


@dataclass
class Furnished:
    service: Service
    values: dict[str, object]
    special: dict[str, dict[str, object]]

    def kwargs(self, name: str) -> dict[str, object]:
        values = self.values | self.special.get(name, {})
        return {parameter: values[parameter] for parameter in converters()[name]}


@pytest.fixture
def furnished(service, cast) -> Furnished:
    """Through build with a condition; at go-live with a file behind a rule and a version waiting for approval."""
    walking.fulfil(service, cast.designer, cast.second_designer)
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager, Outcome.GO)
    owed = [walking.demand(cast.designer)]
    walking.supersede(review, cast.second_manager, Outcome.GO_WITH_CONDITIONS, owed)
    rule, deliverable = (walking.first(service, kind, "go-live") for kind in ("rule", "deliverable"))
    proof = Proof(form="file", title="Test report", file=ContentFile(PDF, "report.pdf"))
    evidence = evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)
    waiver = walking.ask_waiver(service, rule, cast.designer)
    plan = ContentFile(PDF, "plan.pdf")
    version = documenting.add(by=cast.designer, service=service, requirement=deliverable, title="Plan", file=plan)
    documenting.send(by=cast.second_designer, version=version)
    report = reporting.request(by=cast.viewer, service=service, record=review.snapshot, language="en")
    document = {"requirement": deliverable.slug, "number": version.number}
    values = {"slug": service.slug, "stage": "go-live", "requirement": rule.slug, "number": 1, "pk": evidence.pk}
    invitation = inviting.invite(by=cast.manager, team=cast.team, email="new@example.org", roles=["viewer"])
    elsewhere = inviting.invite(by=cast.administrator, team=None, email="new@example.org", roles=["auditor"])
    on_team, somebody = {"slug": cast.team.slug}, {"pk": cast.second_designer.pk}
    return Furnished(
        service,
        values | {"uidb36": "1", "key": "unknown", "token": "unknown", "digest": review.snapshot.sha256},
        {
            "stages:edition": {"slug": "public-service-launch"},
            **{f"reviews:{name}": {"stage": "build", "place": 1} for name in ("past_review", "supersede")},
            "reviews:superseded_decision": {"stage": "build", "place": 1},
            "reviews:condition": {"pk": Condition.objects.get().pk},
            **{f"reviews:{act}_condition": {"pk": Condition.objects.get().pk} for act in CONDITION_ACTS},
            **{f"reviews:{act}_waiver": {"pk": waiver.pk} for act in ("withdraw", "grant", "refuse", "end")},
            **{f"reviews:{name}": {"pk": report.pk} for name in REPORT_PAGES},
            **{f"reviews:{name}": document for name in ("document", "send_document")},
            **{f"reviews:{name}": document for name in ("approve_document", "send_back_document")},
            **{f"accounts:{name}": on_team for name in ("team", "ask_second_step", "invite")},
            "accounts:member": on_team | somebody,
            "accounts:withdraw": on_team | {"pk": invitation.pk},
            "accounts:withdraw_person": {"pk": elsewhere.pk},
            **{f"accounts:{name}": somebody for name in ("person", "deactivate", "reactivate", "remove_second_step")},
            "reviews:person_work": somebody,
            "operations:retry": {"pk": report.pk},
            "checklists:document_file": {"pk": version.pk},
        },
    )


@pytest.fixture
def arrived(cast, client_for, settings) -> dict[str, Client]:
    """A browser of each actor, whose session is read thousands of times; no answer hides behind “too many requests”."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    return visiting.browsers(cast, client_for)
