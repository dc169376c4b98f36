import io
import sys

import pytest
from django.core.management import CommandError, call_command

from schools import roster
from schools.models import Student
from schools.tests.factories import AcademicYearFactory
from schools.tests.rosters import ASHA, CHANDRA, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def school():
    return AcademicYearFactory(school__code="shree-janata", school__name="Shree Janata", name="2083").school


@pytest.fixture
def file(tmp_path):
    def write(content):
        file = tmp_path / "roster.csv"
        file.write_text(content, encoding="utf-8")
        return str(file)

    return write


def run(*arguments):
    out = io.StringIO()
    call_command("import_roster", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_the_command_imports_and_prints_what_it_did(file):
    output = run("shree-janata", file(text(ASHA, CHANDRA | {"guardian1_phone": "98410"})))

    assert output.splitlines() == [
        "Warnings (1)",
        "  Row 3, guardian1_phone: The number has 5 digits where a mobile number has 10 "
        "(other countries: with + and the country code).",
        "",
        "Shree Janata, 2083: 2 rows",
        "                            added  updated  unchanged",
        "  Classes                       2        0          0",
        "  Students                      2        0          0",
        "  Contacts                      2        0          0",
        "  Guardians of a child          2        0          0",
        "  1 guardian has not agreed to be written to and will be left out.",
        "  1 guardian cannot be reached on WhatsApp.",
        "Imported.",
    ]
    assert Student.objects.count() == 2


def test_a_dry_run_writes_nothing(file):
    output = run("shree-janata", file(text(ASHA)), "--dry-run")

    assert (output.splitlines()[-1], Student.objects.count()) == ("Dry run: nothing was written.", 0)


def test_a_refused_file_prints_its_errors_and_fails(file):
    out = io.StringIO()

    with pytest.raises(CommandError, match="Nothing was imported") as failure:
        call_command(
            "import_roster", "shree-janata", file(text(ASHA | {"grade": ""})), stdout=out, no_color=True
        )

    assert (out.getvalue(), failure.value.returncode) == (
        "Errors (1)\n  Row 2, grade: The class is missing.\n\n",
        1,
    )


def test_an_unknown_school_lists_the_codes(file):
    with pytest.raises(CommandError, match=r"no school with the code “janata”\. Schools: shree-janata\."):
        run("janata", file(text(ASHA)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"missing\.csv cannot be read: No such file or directory"):
        run("shree-janata", str(tmp_path / "missing.csv"))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        run("shree-janata", str(tmp_path))


def test_a_dash_reads_the_standard_input(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(roster.SAMPLE.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)

    run("shree-janata", "-")

    assert Student.objects.count() == 90
