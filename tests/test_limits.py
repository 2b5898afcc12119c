"""What is far too large is refused at once, before any of it is read; and too many files or forms from one person."""

import time

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from checklists.models import Answer, Evidence
from stages import catalogue


@pytest.fixture
def url(service):
    sheet = catalogue.of(service.edition_id).sheets[0]
    return reverse("reviews:attach", args=[service.slug, sheet.stage.slug, sheet.of_kind("rule")[0].slug])


class Endless:
    """A body that is an error to read."""

    def read(self, *size):
        raise AssertionError("the body was read")

    readline = read


def test_a_body_that_announces_too_much_is_not_read(client_for, cast, url):
    client, begin = client_for(cast.designer), time.monotonic()
    response = client.generic(
        "POST",
        url,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**12),
        **{"wsgi.input": Endless()},
    )
    assert response.status_code == 413
    assert "at most 10.0" in response.content.decode()
    assert time.monotonic() - begin < 1


def test_htmx_gets_a_notice_and_the_row_stays(client_for, cast, url):
    headers = {"HX-Request": "true"}
    response = client_for(cast.designer).generic("POST", url, b"", CONTENT_LENGTH=str(10**12), headers=headers)
    assert (response.status_code, response["HX-Retarget"]) == (413, "#messages")


def test_a_file_just_over_the_limit_is_told_at_its_field(client_for, cast, url):
    file = SimpleUploadedFile("big.txt", b"x" * (settings.UPLOAD_LIMIT + 1))
    response = client_for(cast.designer).post(url, {"seen": 0, "proof_file": file})
    assert response.status_code == 422
    assert "is too large" in response.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("length", ["", "abc", "-5"])
def test_a_length_that_is_no_number(client_for, cast, url, length):
    response = client_for(cast.designer).generic("POST", url, b"", CONTENT_LENGTH=length)
    assert response.status_code in (400, 422)


def test_too_many_files_within_the_hour_are_refused_and_nobody_else_is(client_for, cast, url, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"upload": "2/h/user"}

    def hands_in(who, number, size=80_000):
        sent = {"seen": number, "proof_file": SimpleUploadedFile(f"{number}.txt", b"%d " % number * (size // 2))}
        return client_for(who).post(url, sent)

    assert [hands_in(cast.designer, number).status_code for number in range(2)] == [302, 302]
    refused = hands_in(cast.designer, 2)
    assert refused.status_code == 429
    assert "try again later." in refused.content.decode()
    assert Evidence.objects.count() == 2
    assert hands_in(cast.designer, 2, size=100).status_code == 302
    assert hands_in(cast.second_designer, 3).status_code == 302
    assert Evidence.objects.count() == 4


def test_too_many_forms_within_a_minute_are_refused_and_nobody_else_is(client_for, cast, service, settings):
    """Each is a row in a trail that is kept for ever."""
    settings.ACTS_A_MINUTE = 3
    item = catalogue.of(service.edition_id).sheets[0].of_kind("item")[0]
    url = reverse("reviews:answer", args=[service.slug, "build", item.slug])
    designer, colleague = client_for(cast.designer), client_for(cast.second_designer)

    def says(client, number):
        return client.post(url, {"seen": number, "state": "open" if number % 2 else "done"}).status_code

    with time_machine.travel(timezone.now().replace(second=0), tick=False) as clock:
        assert [says(designer, number) for number in range(3)] == [302, 302, 302]
        refused = designer.post(url, {"seen": 3, "state": "open"})
        assert (refused.status_code, "wait a minute and go on" in refused.content.decode()) == (429, True)
        assert Answer.objects.get().version == 3
        assert designer.get("/").status_code == 200
        assert says(colleague, 3) == 302
        clock.shift(60)
        assert says(designer, 4) == 302


def test_who_sent_too_much_is_told_in_their_language_and_may_sign_out(client_for, cast, service, settings):
    settings.ACTS_A_MINUTE = 1
    cast.designer.language = "el"
    cast.designer.save()
    designer = client_for(cast.designer)
    with time_machine.travel(timezone.now(), tick=False):
        assert designer.post(reverse("reviews:reports", args=[service.slug])).status_code == 302
        refused = designer.post(reverse("reviews:reports", args=[service.slug]), HTTP_ACCEPT_LANGUAGE="fr")
        assert (refused.status_code, refused.wsgi_request.LANGUAGE_CODE) == (429, "el")
        assert '<html lang="el"' in refused.content.decode()
        assert designer.post(reverse("account_logout")).status_code == 302
    assert designer.get("/").status_code == 302
