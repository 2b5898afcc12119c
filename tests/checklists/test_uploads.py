"""Files: only what is what it says it is, under a name of our own."""

import hashlib
import io
import struct
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refusal
from checklists import uploads

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40


def archive(*names, first=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if first:
            made.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            made.writestr(zipfile.ZipInfo(name), "<x/>")  # of a fixed time: the bytes stand in ids of tests
    return out.getvalue()


def listing(count):
    """An archive of one part whose list names `count`."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    first, entries = b"PK\x03\x04" + bytes(26), entry * count
    return first + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entries), len(first), 0)


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
PPTX = archive("[Content_Types].xml", "ppt/presentation.xml")
ODT = archive("content.xml", first="application/vnd.oasis.opendocument.text")


def file(name, content):
    return SimpleUploadedFile(name, content, "application/octet-stream")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("plan.pdf", PDF, "application/pdf"),
        ("Plan.PDF", PDF, "application/pdf"),
        ("map.png", PNG, "image/png"),
        ("photo.jpg", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("plan.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("plan.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("plan.pptx", PPTX, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("plan.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("notes.txt", "Žodžiai και λέξεις".encode(), "text/plain; charset=utf-8"),
        ("numbers.csv", b"a;b\r\n1;2\r\n", "text/csv; charset=utf-8"),
    ],
)
def test_what_is_taken(name, content, media_type):
    upload = uploads.examined(file(name, content))
    assert upload.media_type == media_type
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert upload.size == len(content)
    assert upload.file.read() == content


@pytest.mark.parametrize(
    "name", ["page.html", "drawing.svg", "run.exe", "macro.docm", "all.zip", "plan", "", ".pdf.", "a.PDF.js"]
)
def test_types_that_are_not_taken(name):
    with pytest.raises(Refusal, match="not taken") as caught:
        uploads.examined(file(name or "x", PDF))
    assert caught.value.detail["field"] == "file"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lie.pdf", b"<html><script>alert(1)</script></html>"),
        ("lie.pdf", b"\n" + PDF),
        ("lie.png", JPEG),
        ("lie.jpg", b"GIF89a" + b"\x00" * 30),
        ("lie.docx", PDF),
        ("lie.docx", XLSX),
        ("lie.docx", archive("word/document.xml")),
        ("macro.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("lie.odt", archive("content.xml", first="application/vnd.oasis.opendocument.spreadsheet")),
        ("lie.odt", archive("content.xml")),
        ("lie.txt", b"\x00\x01\x02"),
        ("lie.txt", b"\xff\xfe\x00a"),
        ("broken.docx", DOCX[:40]),
        ("two-in-one.pdf", PDF + DOCX),
        ("two-in-one.png", PNG + DOCX),
        ("two-in-one.docx", b"MZ" + DOCX),
    ],
)
def test_a_file_that_lies_about_its_type(name, content):
    with pytest.raises(Refusal, match="is not what its name says"):
        uploads.examined(file(name, content))


@pytest.mark.parametrize("name", ["many.docx", "many.odt"])
def test_a_list_of_very_many_parts_costs_little(name):
    content = listing(220_000)
    began = time.process_time()
    with pytest.raises(Refusal, match="is not what its name says"):
        uploads.examined(file(name, content))
    assert time.process_time() - began < 1


def test_an_office_document_of_many_parts_is_taken():
    parts = [f"word/media/picture-{number}.png" for number in range(uploads.PARTS_LIMIT - 2)]
    whole = archive("[Content_Types].xml", "word/document.xml", *parts)
    assert uploads.examined(file("plan.docx", whole)).name == "plan.docx"
    with pytest.raises(Refusal, match="is not what its name says"):
        uploads.examined(file("plan.docx", archive("[Content_Types].xml", "word/document.xml", "a", *parts)))


def test_too_large(settings):
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(Refusal, match="too large"):
        uploads.examined(file("notes.txt", b"x" * 101))
    assert uploads.examined(file("notes.txt", b"x" * 100)).size == 100


def test_an_empty_file():
    with pytest.raises(Refusal, match="is empty"):
        uploads.examined(file("notes.txt", b""))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\secret\\plan.pdf", "plan.pdf"),
        ("  a   b .pdf", "a b.pdf"),
        ('"; rm -rf *.pdf', "rm -rf.pdf"),
        ("gnp\u202efdp.exe.pdf", "gnpfdp.exe.pdf"),
        ("line\r\nSet-Cookie: x.pdf", "lineSet-Cookie x.pdf"),
        (".htaccess.txt", "htaccess.txt"),
        ("\u200b.pdf", "pdf"),
        ("Aktas – pažyma.pdf", "Aktas – pažyma.pdf"),
        ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(given_name, kept):
    assert uploads.cleaned_name(given_name) == kept


@given(st.text(max_size=300))
def test_a_name_never_leaves_its_folder_or_its_line(name):
    kept = uploads.cleaned_name(name)
    assert len(kept) <= uploads.NAME_LIMIT + 300
    assert not set(kept) & set('/\\\r\n\x00"<>|:*?')
    assert not kept.startswith(".")


@given(st.binary(max_size=400), st.sampled_from(sorted(uploads.KINDS)))
def test_no_content_breaks_the_look_into_it(content, extension):
    try:
        upload = uploads.examined(file(f"any.{extension}", content))
    except Refusal:
        return
    assert upload.sha256 == hashlib.sha256(content).hexdigest()


def test_the_stored_name_is_ours():
    upload = uploads.examined(file("plan.pdf", PDF))
    assert upload.stored_name != uploads.examined(file("plan.pdf", PDF)).stored_name
    assert upload.stored_name.endswith(".pdf")
    assert "plan" not in upload.stored_name
