"""The pages that edit a service, move its day, archive it and bring it back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from stages import keeping
from stages.keeping import Words, words_of

pytestmark = pytest.mark.django_db


def at(service, page: str) -> str:
    return reverse(f"portfolio:{page}", args=[service.slug])


@pytest.fixture
def words(service) -> dict[str, str]:
    return {"name": "Birth certificates", "summary": "Order one.", "seen": words_of(service).digest}


@pytest.fixture
def archived(service, cast):
    return keeping.archive(by=cast.manager, service=service, reason="The law changed.")


def test_a_service_is_edited(client_for, cast, service, words):
    client = client_for(cast.designer)
    assert words["seen"] in client.get(at(service, "edit")).content.decode()
    page = client.post(at(service, "edit"), words, follow=True).content.decode()
    assert "<h1>Birth certificates</h1>" in page
    assert "<del>Birth certificate online</del> → <ins>Birth certificates</ins>" in page


def test_a_stale_tab_sees_both_and_can_save_again(client_for, cast, service, words):
    keeping.edit(by=cast.second_designer, service=service, words=Words("Births", ""), seen=words["seen"])
    client = client_for(cast.designer)
    response = client.post(at(service, "edit"), words)
    page = response.content.decode()
    assert response.status_code == 409
    assert "<dd>Births</dd>" in page
    assert "<dd>Birth certificates</dd>" in page
    now = words_of(service.__class__.objects.get()).digest
    assert f'value="{now}"' in page
    assert client.post(at(service, "edit"), words | {"seen": now}).status_code == 302


def test_a_name_is_asked_for(client_for, cast, service, words):
    response = client_for(cast.designer).post(at(service, "edit"), words | {"name": ""})
    assert response.status_code == 422


def test_the_day_is_moved_and_everybody_sees_from_when_to_when(client_for, cast, service, planned_on):
    later = planned_on + timedelta(days=30)
    sent = {"planned_on": later.isoformat(), "reason": "Audit first.", "seen": planned_on.isoformat()}
    client_for(cast.designer).post(at(service, "plan"), sent)
    page = client_for(cast.viewer).get(at(service, "service")).content.decode()
    assert f"<del>{date_format(planned_on)}</del> → <ins>{date_format(later)}</ins>" in page
    assert "Audit first." in page
    assert "Designer moved the planned go-live" in page


def test_what_is_wrong_with_a_day_stands_at_the_day(client_for, cast, service, planned_on):
    sent = {"planned_on": planned_on.isoformat(), "reason": "Because.", "seen": planned_on.isoformat()}
    response = client_for(cast.designer).post(at(service, "plan"), sent)
    assert response.status_code == 422
    assert "This is the planned day already" in response.content.decode()


def test_a_day_moved_meanwhile_shows_both(client_for, cast, service, planned_on):
    later, mine = planned_on + timedelta(days=30), planned_on + timedelta(days=7)
    keeping.plan(by=cast.second_designer, service=service, planned_on=later, reason="Audit.", seen=planned_on)
    sent = {"planned_on": mine.isoformat(), "reason": "A week more.", "seen": planned_on.isoformat()}
    response = client_for(cast.designer).post(at(service, "plan"), sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert page.index(f"<dd>{date_format(later)}</dd>") < page.index(f"<dd>{date_format(mine)}</dd>")
    assert f'name="seen" value="{later.isoformat()}"' in page
    assert "A week more." in page


def test_a_manager_archives_and_brings_back(client_for, cast, service):
    client = client_for(cast.manager)
    assert "Archive this service?" in client.get(at(service, "archive")).content.decode()
    assert client.post(at(service, "archive"), {"reason": ""}).status_code == 422
    page = client.post(at(service, "archive"), {"reason": "The law changed."}, follow=True).content.decode()
    assert "Archived by Manager on" in page
    assert "The law changed." in page
    page = client.post(at(service, "bring_back"), {"reason": "It changed again."}, follow=True).content.decode()
    assert "Archived by" not in page
    assert "Manager brought the service back" in page


def test_the_list_leaves_it_out_until_asked(client_for, cast, service, archived):
    client = client_for(cast.viewer)
    path = reverse("portfolio:services")
    assert service.name not in client.get(path).content.decode()
    assert service.name in client.get(path, {"archived": "yes"}).content.decode()
    keeping.bring_back(by=cast.manager, service=archived, reason="Back.")
    assert service.name in client.get(path).content.decode()
    assert service.name not in client.get(path, {"archived": "yes"}).content.decode()


@pytest.mark.parametrize("page", ["edit", "plan"])
def test_nobody_fills_in_a_form_for_nothing(client_for, cast, archived, page):
    response = client_for(cast.designer).get(at(archived, page))
    assert response.status_code == 409
    assert "This service is archived" in response.content.decode()


def test_an_archived_service_offers_nothing_but_reading(client_for, cast, archived):
    stage = reverse("reviews:workbench", args=[archived.slug, "build"])
    for who in (cast.designer, cast.manager):
        client = client_for(who)
        bench = client.get(stage).content.decode()
        assert "this can be read, not changed" in bench
        assert 'class="segment' not in bench
        assert "Ask for a review" not in bench
        assert "this can be read, not changed" in client.get(f"{stage}review/").content.decode()
        page = client.get(at(archived, "service")).content.decode()
        assert "Move the planned day" not in page
        assert ("Bring it back" in page) == (who == cast.manager)


def test_an_answer_from_an_old_tab_is_refused(client_for, cast, archived):
    entry = reverse("reviews:answer", args=[archived.slug, "build", "build-accepted"])
    sheet = reverse("reviews:workbench", args=[archived.slug, "build"])
    slug = client_for(cast.designer).get(sheet).content.decode().split('<li class="entry" id="')[1].split('"')[0]
    response = client_for(cast.designer).post(entry.replace("build-accepted", slug), {"seen": "0", "state": "not_met"})
    assert response.status_code == 409
    assert "This service is archived" in response.content.decode()
