"""What `manage.py launch` prepares before anything runs."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError

from launchkit.management.commands.launch import Command
from stages.models import Edition
from tests.stages.playbooks import WHOLE, data

pytestmark = pytest.mark.django_db


def publish(file) -> str:
    out = StringIO()
    Command(stdout=out).publish(file)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small-1.yaml"
    path.write_text(yaml.safe_dump(WHOLE))
    return path


@pytest.mark.usefixtures("nothing_published")
def test_an_edition_that_was_published_with_other_content_goes_on_as_it_is(file):
    assert publish(file) == ""
    before = Edition.objects.get().digest
    file.write_text(yaml.safe_dump(data() | {"summary": "Amended."}))
    told = publish(file)
    assert "Edition 1 of “small” is published with other content and never changes" in told
    assert "Going on with what is published here." in told
    assert Edition.objects.get().digest == before


@pytest.mark.usefixtures("nothing_published")
def test_without_any_edition_there_is_nothing_to_go_on_with(file):
    file.write_text("edition: 1")
    with pytest.raises(CommandError, match="is not published"):
        publish(file)
