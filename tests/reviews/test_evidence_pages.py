"""The evidence of a service on pages: found, replaced by a new revision, chosen for another answer, confirmed."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from checklists.evidencing import Proof
from checklists.models import Answer, Evidence
from stages.models import Passage
from tests.reviews import walking

TODAY = timezone.localdate()


@pytest.fixture
def rules(service):
    return [one for one in walking.asked(service) if one.kind == "rule"]


@pytest.fixture
def add(service, cast):
    """Meet a rule with a note of a title, valid for some days."""

    def add(rule, title, days=None):
        until = None if days is None else TODAY + timedelta(days=days)
        began = TODAY - timedelta(days=60)
        proof = Proof("note", title=title, text="Seen.", effective_from=began, valid_until=until)
        walking.say(service, rule, cast.designer, state="met", proof=proof, at=timezone.now() - timedelta(days=30))
        return Evidence.objects.latest("pk")

    return add


@pytest.fixture
def three(rules, add):
    return [add(rules[0], "Audit", 200), add(rules[1], "Certificate", 9), add(rules[2], "Licence", -3)]


def titles(response):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', response.content.decode())


@pytest.fixture
def address(service):
    return reverse("reviews:evidence_list", args=[service.slug])


def test_an_empty_list_says_what_to_do(client_for, cast, address):
    assert "No evidence yet" in client_for(cast.viewer).get(address).content.decode()


def test_each_with_where_it_stands_and_until_when(client_for, cast, address, three, rules):
    page = client_for(cast.viewer).get(address)
    assert titles(page) == ["Audit", "Certificate", "Licence"]
    told = page.content.decode()
    assert "200 days left" in told
    assert "9 days left" in told
    assert "3 days ago" in told
    assert f'title="{rules[1].title}">{rules[1].number}</a>' in told


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("expiring", ["Certificate"]),
        ("expired", ["Licence"]),
        ("nowhere", []),
        ("nonsense", ["Audit", "Certificate", "Licence"]),
    ],
)
def test_filters(client_for, cast, address, three, show, found):
    assert titles(client_for(cast.viewer).get(address, {"show": show})) == found


def test_found_by_its_title(client_for, cast, address, three):
    assert titles(client_for(cast.viewer).get(address, {"q": "cert"})) == ["Certificate"]


@pytest.mark.parametrize("title", ["Žemės kadastro išrašas", "Έγκριση ασφάλειας"])
def test_found_in_any_case_in_any_script(client_for, cast, address, rules, add, title):
    add(rules[0], title)
    word = title.split()[0]
    found = [titles(client_for(cast.viewer).get(address, {"q": one})) for one in (word.lower(), word.upper())]
    assert found == [[title], [title]]


def test_a_list_costs_the_same_for_one_and_for_three(client_for, cast, address, rules, add, django_assert_num_queries):
    client = client_for(cast.viewer)
    add(rules[0], "Audit", 200)
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    add(rules[1], "Certificate", 9)
    add(rules[2], "Licence", -3)
    with django_assert_num_queries(8):
        client.get(address)


def revise(client, piece, **told):
    sent = {"proof_title": piece.title, "proof_text": piece.text, "effective_from": piece.effective_from} | told
    return client.post(reverse("reviews:revise", args=[piece.service.slug, piece.pk]), sent)


def test_a_new_revision_with_a_later_end(client_for, cast, three):
    client, licence = client_for(cast.designer), three[2]
    response = revise(client, licence, valid_until=TODAY + timedelta(days=365))
    new = Evidence.objects.latest("pk")
    assert (new.number, new.series, new.text) == (2, licence.series, "Seen.")
    page = client.get(response.url).content.decode()
    assert "365 days left" in page
    assert "Revision 2 stands wherever the one before stood." in page
    assert "Earlier revisions" in page


def test_a_file_takes_the_place_of_a_note(client_for, cast, three):
    file = SimpleUploadedFile("audit.txt", b"Passed.", "text/plain")
    revise(client_for(cast.designer), three[0], proof_file=file)
    assert Evidence.objects.current().filter(form="file", title="Audit", number=2).exists()


def test_another_revision_meanwhile_is_shown_beside_what_was_typed(client_for, cast, three):
    audit = three[0]
    revise(client_for(cast.designer), audit, proof_text="Seen in May.")
    response = revise(client_for(cast.second_designer), audit, proof_text="Seen in June.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "A newer revision has taken its place since you looked." in page
    assert "Seen in May." in page
    assert "Seen in June." in page
    assert Evidence.objects.filter(series=audit.series).count() == 2


def test_what_is_wrong_is_said_at_its_field(client_for, cast, three):
    response = revise(client_for(cast.designer), three[0], valid_until=TODAY - timedelta(days=400))
    assert response.status_code == 422
    assert "The evidence would end before it begins." in response.content.decode()


def test_who_only_reads_is_offered_no_revision(client_for, cast, service, three):
    page = client_for(cast.viewer).get(reverse("reviews:evidence", args=[service.slug, three[0].pk]))
    assert "New revision" not in page.content.decode()
    assert revise(client_for(cast.viewer), three[0]).status_code == 403
    assert revise(client_for(cast.outsider), three[0]).status_code == 404


def test_a_missing_file_is_said(client_for, cast, service, rules, address):
    proof = Proof("file", title="Report", file=SimpleUploadedFile("report.txt", b"Passed.", "text/plain"))
    walking.say(service, rules[0], cast.designer, state="met", proof=proof)
    piece = Evidence.objects.get()
    piece.file.storage.delete(piece.file.name)
    client = client_for(cast.viewer)
    assert "File missing" in client.get(address).content.decode()
    page = client.get(reverse("reviews:evidence", args=[service.slug, piece.pk])).content.decode()
    assert "The file cannot be handed out" in page


def entry(name, service, one, stage="build"):
    return reverse(f"reviews:{name}", args=[service.slug, stage, one.slug])


def test_chosen_in_the_step_that_asks_for_evidence(client_for, cast, service, rules, three):
    client, rule = client_for(cast.designer), rules[3]
    asked = client.post(entry("answer", service, rule), {"seen": 0, "state": "met"})
    assert asked.status_code == 422
    assert "evidence/existing/?state=met" in asked.content.decode()
    choice = client.get(entry("evidence_choice", service, rule), {"state": "met"}).content.decode()
    assert f'value="{three[0].pk}"' in choice
    assert 'name="state" value="met"' in choice
    client.post(entry("answer", service, rule), {"seen": 0, "state": "met", "proof_piece": three[0].pk})
    answer = Answer.objects.get(service=service, requirement=rule)
    assert (answer.state, list(answer.evidence.all())) == ("met", [three[0]])


def test_what_stands_behind_the_answer_already_is_not_offered(client_for, cast, service, rules, three):
    client = client_for(cast.designer)
    offered = re.compile(r'name="proof_piece" value="(\d+)"')
    page = client.get(entry("evidence_choice", service, rules[0])).content.decode()
    assert offered.findall(page) == [str(three[1].pk), str(three[2].pk)]
    for piece in three[1:]:
        client.post(entry("attach", service, rules[0]), {"seen": 1, "proof_piece": piece.pk})
    page = client.get(entry("evidence_choice", service, rules[0])).content.decode()
    assert offered.findall(page) == []
    assert "Everything that this service has stands behind this answer already." in page


def test_the_page_to_choose_on_says_where_it_is(client_for, cast, service, rules, three):
    page = client_for(cast.designer).get(entry("evidence_choice", service, rules[0])).content.decode()
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', page, re.DOTALL).group()
    assert f'<a href="{entry("requirement", service, rules[0])}">{rules[0].number}</a>' in crumbs
    assert '<span aria-current="page">Choose evidence</span>' in crumbs


def test_chosen_evidence_that_has_expired_does_not_do(client_for, cast, service, rules, three):
    sent = {"seen": 0, "state": "met", "proof_piece": three[2].pk}
    response = client_for(cast.designer).post(entry("answer", service, rules[3]), sent)
    assert response.status_code == 422
    assert not Answer.objects.filter(service=service, requirement=rules[3]).exists()


def test_what_was_replaced_or_is_not_the_services_is_not_taken(client_for, cast, service, rules, three):
    revise(client_for(cast.designer), three[0], proof_text="Seen in May.")
    sent = {"seen": 0, "proof_piece": three[0].pk}
    response = client_for(cast.designer).post(entry("attach", service, rules[3]), sent)
    assert response.status_code == 422
    assert "newer revision" in response.content.decode()


def test_still_true_is_one_press(client_for, cast, service):
    Passage.objects.filter(service=service, stage__slug="operate").update(state="open", opened_at=timezone.now())
    item = walking.first(service, "item", "operate")
    walking.say(service, item, cast.designer, state="done", at=timezone.now() - timedelta(days=400))
    client, url = client_for(cast.designer), entry("requirement", service, item, "operate")
    page = client.get(url).content.decode()
    assert "Said more than 12 months ago." in page
    assert f'id="{item.slug}-still" name="state" value="done"' in page
    client.post(entry("answer", service, item, "operate"), {"seen": 1, "state": "done"})
    page = client.get(url).content.decode()
    assert "Said more than" not in page
    assert "confirmed" in page
