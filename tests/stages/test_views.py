import re

import pytest
from django.urls import reverse

from stages import catalogue, publishing
from tests.stages.playbooks import data, text

LIST = reverse("stages:playbooks")
EDITION = reverse("stages:edition", args=["public-service-launch", 1])
READERS = ["viewer", "designer", "manager", "outsider", "auditor", "editor", "administrator"]


def publish(*numbers: int, slug: str = "small") -> None:
    for number in numbers:
        playbook = data()["playbook"] | {"slug": slug}
        publishing.publish(by=None, text=text(data() | {"edition": number, "playbook": playbook}))


class TestPlaybooks:
    @pytest.mark.parametrize("reader", READERS)
    def test_everybody_signed_in_reads_them(self, cast, edition, client_for, reader):
        response = client_for(getattr(cast, reader)).get(LIST)
        page = " ".join(response.content.decode().split())
        assert response.status_code == 200
        assert f'<a href="{EDITION}">Edition 1</a>' in page
        assert "3 stages · 145 requirements" in page

    def test_nobody_else_does(self, client_for, db):
        for address in (LIST, EDITION):
            response = client_for().get(address)
            assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={address}")

    @pytest.mark.parametrize("address", [LIST, EDITION])
    def test_they_are_only_read(self, cast, edition, client_for, address):
        assert client_for(cast.editor).post(address).status_code == 405

    @pytest.mark.usefixtures("nothing_published")
    def test_without_any_it_says_so(self, cast, client_for):
        assert "There is no playbook yet" in client_for(cast.viewer).get(LIST).content.decode()

    def test_the_newest_edition_comes_first(self, cast, client_for):
        publish(1, 3, 2)
        page = client_for(cast.viewer).get(LIST).content.decode()
        assert re.findall(r"/playbooks/small/(\d)/", page) == ["3", "2", "1"]

    def test_queries_do_not_grow(self, cast, client_for, django_assert_num_queries):
        client = client_for(cast.viewer)
        publish(1)
        with django_assert_num_queries(5):
            client.get(LIST)
        publish(2, 3)
        publish(1, 2, 3, slug="second")
        publish(1, slug="third")
        with django_assert_num_queries(5):
            client.get(LIST)


class TestEdition:
    @pytest.fixture
    def page(self, cast, edition, client_for) -> str:
        response = client_for(cast.outsider).get(EDITION)
        assert response.status_code == 200
        return response.content.decode()

    def test_everything_in_it_is_on_the_page(self, page, edition):
        for sheet in catalogue.of(edition.pk).sheets:
            for requirement in sheet.requirements:
                assert f'id="r-{requirement.slug}"' in page
                assert str(requirement.title).replace("'", "&#x27;") in page
            for part in [*sheet.criteria, *sheet.resources]:
                assert str(part.title) in page
        assert page.count("Source: ") == 145 + 19 + 27 + 14

    def test_it_goes_by_the_name_that_the_newest_edition_gives_its_playbook(self, cast, client_for):
        publish(1)
        client, address = client_for(cast.viewer), reverse("stages:edition", args=["small", 1])
        assert "Grown" not in client.get(address).content.decode()
        renamed = data()["playbook"] | {"name": "Grown"}
        publishing.publish(by=None, text=text(data() | {"edition": 2, "playbook": renamed}))
        assert "Grown" in client.get(address).content.decode()

    def test_its_numbers_are_told(self, page):
        told = " ".join(page.split())
        assert (
            "3 stages, 22 golden rules, 58 checklist items, 23 deliverables, 42 evaluation questions, 19 exit criteria"
            in told
        )

    def test_every_link_within_the_page_leads_somewhere(self, page):
        targets = set(re.findall(r'href="#([^"]+)"', page))
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert targets <= set(ids)
        assert len(ids) == len(set(ids))

    def test_a_question_names_what_it_is_about(self, page):
        assert 'about <a href="#r-golive-way-back">G-R2</a>' in page

    def test_addresses_of_resources_are_links_and_others_are_not(self, page):
        assert '<a href="https://www.gob.mx/actas" rel="external noopener">' in page
        assert "The service design system of France" in page
        assert page.count('rel="external noopener"') == 26

    @pytest.mark.parametrize(
        "address", ["public-service-launch/2/", "other/1/", "public-service-launch/99999999999999999999999/"]
    )
    def test_what_is_not_there_is_not_found(self, cast, edition, client_for, address):
        assert client_for(cast.viewer).get(f"{LIST}{address}").status_code == 404

    def test_it_costs_the_same_for_any_size(self, cast, edition, client_for, django_assert_num_queries):
        publish(1)
        client = client_for(cast.viewer)
        for address in (EDITION, reverse("stages:edition", args=["small", 1])):
            client.get(address)
            with django_assert_num_queries(4):
                client.get(address)

    def test_texts_of_a_file_are_shown_and_never_run(self, cast, client_for):
        catalogue.forget()
        content = data()
        content["stages"][0]["rules"][0]["title"] = "<script>alert(1)</script> & {{ 7 }}"
        publishing.publish(by=None, text=text(content))
        page = client_for(cast.viewer).get(reverse("stages:edition", args=["small", 1])).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 }}" in page
        assert "<script>alert" not in page
