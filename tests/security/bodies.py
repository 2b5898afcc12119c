"""For each address that takes a form, one that is sound: who may send it writes something."""

from datetime import timedelta

from django.utils import timezone

from accounts.kinds import How, Kind
from checklists import due_dates
from checklists.models import Answer
from portfolio.forms import WordsForm
from reviews.forms import seen
from reviews.models import Condition, Review
from stages.models import Service
from tests.cast import PASSWORD, Cast
from tests.reviews import walking
from tests.security.furnishing import Furnished

WHY = {"reason": "It was agreed on Monday."}
NO_CONDITIONS = {"conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}
SIGNED = {"rationale": "Looked at together.", "looked": "on"} | NO_CONDITIONS
# What writes nothing in `furnishing`, whatever is sent: it needs a token, a key or a state that no form can bring.
QUIET = {
    "account_logout": "the session only",
    "account_reset_password": "a mail, which is sent and not stored",
    "account_reset_password_from_key": "needs the key of a mail",
    "account_set_password": "everybody has one",
    "account_signup": "closed",
    "account_reauthenticate": "the session only",
    "accounts:app": "needs a code of the app",
    "accounts:codes_new": "needs a second step",
    "accounts:end_sessions": "there is no other session",
    "accounts:join": "needs the token of an invitation",
    "accounts:passkey": "needs a second step",
    "accounts:passkey_new": "needs an answer of the device",
    "accounts:reactivate": "everybody is active",
    "accounts:remove_own": "needs a second step",
    "accounts:remove_second_step": "needs a second step",
    "mfa_authenticate": "needs a second step",
    "mfa_login_webauthn": "needs an answer of the device",
    "mfa_reauthenticate": "needs a second step",
    "mfa_reauthenticate_webauthn": "needs an answer of the device",
    "portfolio:correct_live": "the service is not live",
    "portfolio:went_live": "the service has not passed its second gate",
}


def later(days: int = 200) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def sound(furnished: Furnished, cast: Cast) -> dict[str, dict[str, object]]:
    """By URL name; an address that is not here takes no more than the press of its button."""
    return _of_people(cast) | _of_service(furnished.service, cast) | _of_entries(furnished) | _of_gate(furnished)


def _of_people(cast: Cast) -> dict[str, dict[str, object]]:
    another = "Another-secret-of-mine"
    return {
        "account_login": {"login": cast.viewer.email, "password": PASSWORD},
        "account_change_password": {"oldpassword": PASSWORD, "password1": another, "password2": another},
        "accounts:team_new": {"name": "Another team"},
        "accounts:ask_second_step": {"asked": "on"},
        "accounts:member": {"roles": ["manager"], "seen": "designer"},
        "accounts:invite": {"email": "another@example.org", "roles": ["viewer"]},
        "accounts:invite_person": {"email": "another@example.org", "roles": ["editor"]},
        "accounts:person": {"roles": ["auditor"], "seen": ""},
        "accounts:profile": {"name": "Another name"},
        "accounts:language": {"language": "el"},
        "accounts:mail_choices": dict.fromkeys(Kind.values, How.NONE.value),
        "accounts:unsubscribe_at_once": {"List-Unsubscribe": "One-Click"},
    }


def _of_service(service: Service, cast: Cast) -> dict[str, dict[str, object]]:
    new = {"name": "Another", "edition": service.edition_id, "planned_on": later(), "team": cast.team.pk}
    return {
        "portfolio:service_new": new,
        "portfolio:assign": {role.slug: cast.designer.pk for role in service.edition.roles.all()},
        "portfolio:accept_dates": {"seen": due_dates.digest(due_dates.of(service))},
        "portfolio:edit": WordsForm.shown(service) | {"summary": "Another summary."},
        "portfolio:plan": {"planned_on": later(), "seen": service.planned_on.isoformat()} | WHY,
        "portfolio:archive": WHY,
        "portfolio:bring_back": WHY,
        "reviews:reports": {"language": "lt"},
        "reviews:report_in_language": {"language": "pt"},
    }


def _of_entries(furnished: Furnished) -> dict[str, dict[str, object]]:
    answer = Answer.objects.filter(service=furnished.service, requirement__slug=furnished.values["requirement"]).first()
    shown = {"seen": answer.version if answer else 0}
    note = {"proof_text": "Seen on the live system."}
    waived = WHY | {"measure": "Looked at each morning.", "expires_on": later(20)}
    proposed = furnished.special["reviews:proposals"]["requirement"]
    return {
        "reviews:answer": shown | note | {"state": "met"},
        "reviews:attach": shown | note,
        "reviews:entrust": {"due_on": later(30)},
        "reviews:revise": {"proof_title": "Another title"},
        "reviews:document": {"address": "https://docs.example.org/plan"},
        "reviews:send_back_document": {"remark": "The way back is missing."},
        "reviews:ask_waiver": {f"waiver-{name}": value for name, value in waived.items()},
        "reviews:refuse_waiver": {"waiver-word": "Not this one."},
        "reviews:end_waiver": {f"waiver-{name}": value for name, value in WHY.items()},
        "reviews:proposals": {"take": [f"{proposed}~0"]},
        "reviews:take_proposal": {"seen": 0},
        "reviews:discard_proposal": {"seen": 0},
    }


def _of_gate(furnished: Furnished) -> dict[str, dict[str, object]]:
    waits = Review.objects.get(passage__service__slug=furnished.special["reviews:decide_review"]["slug"])
    decided = Review.objects.get(passage__service=furnished.service)
    said = {name: "yes" for one, _met, _note in walking.by_hand(waits.passage.service) for name in [f"met_{one.slug}"]}
    said |= {name.replace("met_", "note_", 1): "Looked at together." for name in said}
    open_one, said_met = Condition.objects.filter(service=furnished.service).order_by("pk")
    seen_at = said_met.said_met_at.isoformat()
    missing = WHY | {"seen": seen_at}
    extended = {"due_on": later(), "seen": open_one.due_on.isoformat()} | WHY
    return {
        "reviews:ask_again": said | {"note": "Once more."},
        "reviews:decide_review": seen(walking.case(waits)) | SIGNED | {"outcome": "no_go"},
        "reviews:supersede": seen(walking.case(decided)) | SIGNED | {"outcome": "go", "mistake": "The wrong report."},
        "reviews:reopen_stage": WHY,
        "reviews:say_met_condition": {f"said-{open_one.pk}-proof_text": "Rehearsed on Monday."},
        "reviews:extend_condition": {f"extend-{open_one.pk}-{name}": value for name, value in extended.items()},
        "reviews:drop_condition": {f"drop-{open_one.pk}-{name}": value for name, value in WHY.items()},
        "reviews:close_condition": {f"condition-{said_met.pk}-seen": seen_at},
        "reviews:turn_down_condition": {f"down-{said_met.pk}-{name}": value for name, value in missing.items()},
    }
