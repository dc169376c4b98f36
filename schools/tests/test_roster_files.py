import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools import roster
from schools.models import Contact, Student
from schools.roster import reading
from schools.roster.reading import MAX_BYTES
from schools.tests.factories import AcademicYearFactory
from schools.tests.rosters import ASHA, BINA, bring, errors, text

pytestmark = pytest.mark.django_db

HEADER = "student_name,grade,section,guardian1_name,guardian1_phone\n"
ROW = "Asha Rai,4,B,Maya Rai,9841000001\n"
NEPALI = "विद्यार्थीको नाम,कक्षा,सेक्सन,रोल नं.,अभिभावक १ को नाम,नाता,अभिभावक १ को मोबाइल नं.,आमाको नाम,आमाको फोन\n"


@pytest.fixture
def school():
    return AcademicYearFactory().school


def workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + ROW).encode(),
        ("No.," + HEADER + "1," + ROW).encode(),
        (HEADER + ROW).encode("utf-8-sig"),
        (HEADER + ROW).encode("utf-16"),
        b"\xff\xfe" + (HEADER + ROW).replace(",", "\t").encode("utf-16-le"),
        (HEADER + ROW).replace(",", ";").encode(),
        (HEADER + ROW).replace(",", "\t").encode(),
        (HEADER + ROW).replace("\n", "\r\n").encode(),
        (HEADER + ROW).replace("\n", "\r").encode(),
        ("sep=;\n" + (HEADER + ROW).replace(",", ";")).encode(),
        ("Shree Janata School,,,,\nRoster 2083,,,,\n" + HEADER + ROW).encode(),
        (HEADER + "\n,,,,\n" + ROW + "\n\n").encode(),
        HEADER + ROW,
        "\ufeff" + HEADER + ROW,
        io.BytesIO((HEADER + ROW).encode()),
        io.StringIO(HEADER + ROW),
        HEADER.replace(",", '","').replace("student", '"student').replace("phone", 'phone"') + ROW,
        HEADER.upper().replace("_", " ") + ROW,
        "Student Name,Class,Sec.,Father's Name,Father's Mobile No.\n" + ROW,
        "Name,Class,Section,Parent Name,Phone\n" + ROW,
    ],
)
def test_files_as_spreadsheets_save_them_are_read(school, content):
    roster.import_roster(school, content)

    assert (Student.objects.get().name, Contact.objects.get().phone) == ("Asha Rai", "+9779841000001")


def test_nepali_headings_are_read(school):
    report = roster.import_roster(
        school, NEPALI + "आशा राई,४,ख,१,हरि राई,बुबा,९८४१००००११,माया राई,९८४१००००१२\n"
    )

    student = Student.objects.get()
    links = student.guardianships.all()
    assert (report.warnings, student.name, student.name_ne) == ([], "आशा राई", "आशा राई")
    assert [(link.contact.phone, link.relation) for link in links] == [
        ("+9779841000011", "father"),
        ("+9779841000012", "mother"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\n\n ,,\n", "The file is empty."),
        ("\u00a0\u2028\x0c-", "The file is empty."),
        ("", "The file is empty."),
        (HEADER, "The file has headings but no students below them."),
        (workbook(), "This is a file of the kind Excel (.xlsx). Open it, choose “Save as”"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a file of the kind Excel (.xls)."),
        (b"%PDF-1.7", "This is a file of the kind PDF."),
        ((HEADER + ROW).encode("utf-16-le"), "This is not a text file."),
        (HEADER + "Asha\0Rai", "This is not a text file."),
        (b"\xff\xfe\x00", "The letters of this file cannot be read."),
        ((HEADER + "Josée").encode("latin-1"), "The letters of this file cannot be read. In Excel choose"),
        (b"x" * (MAX_BYTES + 1), "The file is larger than 5 MB"),
        (HEADER + ROW + 'Bina,4,B,"Maya,9841000001\n', "Row 3: A quotation mark"),
        (HEADER + '"Bina"x,4,B,Maya,98\n', "Row 2: A quotation mark"),
        ("name,foo\nAsha,1\n", "Row 1: Missing: grade, guardian1_phone. These headings were found:"),
        (HEADER.strip() + ",class\n" + ROW, "Row 1, grade: Several headings mean this column"),
        (HEADER + "Rai, Asha,4,B,Maya Rai,9841000001\n", "Row 2: This row has more cells than"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_imported_say_what_to_do(school, content, words):
    assert errors(school, content)[0].startswith(words)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("student_name", "", "The name of the student is missing."),
        ("student_name", "12", "“12” is not a name."),
        ("student_name", "x" * 101, "is longer than 100 letters."),
        ("grade", "", "The class is missing."),
        ("roll_number", "seven", "“seven” is not a roll number."),
        ("guardian1_name", "9841000001", "“9841000001” is not a name."),
        ("guardian1_relation", "teacher", "“teacher” is not known; write mother, father"),
        ("guardian1_language", "Hindi", "“Hindi” is not known; write Nepali or English."),
        ("guardian1_consent", "maybe", "“maybe” is not understood; write yes, no, a date"),
        ("admission_number", "2.08E+09", "Excel shortened this number"),
        ("admission_number", "x" * 31, "is longer than 30 letters."),
    ],
)
def test_each_error_names_the_row_and_the_column(school, column, value, words):
    (error,) = errors(school, text(BINA, ASHA | {"admission_number": "7", column: value}))

    assert error.startswith(f"Row 3, {column}: {words}")


def test_rows_keep_the_numbers_of_the_spreadsheet_over_blank_and_broken_lines(school):
    content = (
        HEADER + "\n" + '"Asha\nRai",4,B,Maya Rai,9841000001\n' + ",,,,\n" + ",4,B,Maya Rai,9841000001\n"
    )

    assert errors(school, content) == ["Row 5, student_name: The name of the student is missing."]


def test_errors_of_all_rows_are_listed_at_once(school):
    content = HEADER + "Rai, Asha,4,B,Maya Rai,9841000001\n" + ",,B,Maya Rai,9841000001\n"

    assert [error.split(":")[0] for error in errors(school, content)] == [
        "Row 2",
        "Row 3, student_name",
        "Row 3, grade",
    ]


def test_unknown_columns_are_left_out_with_a_warning(school):
    report = roster.import_roster(school, HEADER.strip() + ",Bus\n" + ROW.strip() + ",7\n")

    assert [str(warning) for warning in report.warnings] == [
        "Row 1, Bus: This column is not known and is left out."
    ]


def test_names_in_an_old_font_are_left_out_with_a_warning(school):
    report = bring(school, ASHA | {"student_name_ne": "cfzf /fO{"})

    assert (Student.objects.get().name_ne, report.warnings[0].column) == ("", "student_name_ne")


def test_a_roll_number_given_twice_is_a_warning(school):
    report = bring(school, ASHA | {"roll_number": "1"}, BINA | {"roll_number": "1"})

    assert [str(warning) for warning in report.warnings] == [
        "Row 3, roll_number: Row 2 has this roll number in the same class."
    ]


def test_invisible_signs_are_not_part_of_a_name(school):
    bring(school, ASHA | {"student_name": "\u200e Asha\u00a0 Rai\u200b "})

    assert Student.objects.get().name == "Asha Rai"


@given(
    st.one_of(
        st.binary(),
        st.text(),
        st.text(alphabet='ab"\n\r,;\t09').map(lambda rest: HEADER + rest),
        st.text(alphabet='ab"\n,').map(lambda rest: (rest + HEADER + ROW).encode("utf-16")),
    )
)
def test_any_content_is_a_sheet_or_refused_with_words(content):
    report = roster.RosterReport()

    with contextlib.suppress(roster.RosterRefused):
        sheet = reading.read(content, report)
        assert all(set(cells) == sheet.columns for _row, cells in sheet.rows)

    assert all(problem.words for problem in report.errors)
