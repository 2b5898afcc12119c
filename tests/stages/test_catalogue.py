import pytest

from stages import catalogue
from stages.models import Edition, Kind


def everything(edition_id: int) -> list[str]:
    """Walk all that pages read of an edition."""
    told = catalogue.of(edition_id)
    walked = [str(told.edition.playbook.name)]
    for sheet in told.sheets:
        walked += [sheet.stage.edition.language, *(str(role.title) for role in sheet.roles)]
        walked += [f"{one} {one.role.title} {one.stage.title} {one.edition.playbook}" for one in sheet.requirements]
        walked += [str(one) for one in [*sheet.criteria, *sheet.resources]]
    return walked


def test_it_is_read_once_and_then_without_a_query(edition, django_assert_num_queries):
    catalogue.forget()
    with django_assert_num_queries(7):
        first = everything(edition.pk)
    with django_assert_num_queries(0):
        assert everything(edition.pk) == first
    assert len(first) == 1 + 3 + (8 + 9 + 8) + 145 + 19 + 27


def test_sheets_are_found_by_slug_and_by_id(edition):
    told = catalogue.of(edition.pk)
    assert [sheet.stage.slug for sheet in told.sheets] == ["build", "go-live", "operate"]
    assert told.sheet("operate") is told.sheets[2]
    assert told.sheet_by_id(told.sheets[1].stage.pk) is told.sheets[1]
    with pytest.raises(KeyError):
        told.sheet("review")


def test_a_sheet_holds_its_requirements_in_order(edition):
    sheet = catalogue.of(edition.pk).sheet("go-live")
    assert [one.position for one in sheet.requirements] == list(range(1, 56))
    assert {kind: len(sheet.of_kind(kind)) for kind in Kind.values} == {
        "rule": 8,
        "item": 20,
        "deliverable": 10,
        "question": 17,
    }
    assert sheet.by_slug["cutover-plan"].number == "G-D2"
    assert sheet.criteria[0].slug == "golive-exit-rules"
    assert [role.slug for role in sheet.roles][:2] == ["service-owner", "gate-approver"]


def test_what_is_shared_cannot_be_changed_by_accident(edition):
    sheet = catalogue.of(edition.pk).sheets[0]
    with pytest.raises(TypeError):
        sheet.by_slug["new"] = sheet.requirements[0]
    with pytest.raises(AttributeError):
        sheet.requirements = ()


def test_an_edition_that_is_not_there_is_not_remembered(edition):
    missing = edition.pk + 1
    with pytest.raises(Edition.DoesNotExist):
        catalogue.of(missing)
    Edition.objects.filter(pk=edition.pk).update(number=9)
    edition.pk, edition.number = missing, 2
    edition.save(force_insert=True)
    assert catalogue.of(missing).edition.number == 2
