import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from schools.admin import frame
from schools.models import Role
from schools.tests.admin_rows import member, operator, school_of
from schools.tests.factories import MembershipFactory, SchoolClassFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def request_of(rf, user, path="/admin/"):
    request = rf.get(path)
    request.user = user
    return request


def titles(rf, user, group):
    groups = {str(found["title"]): found["items"] for found in frame.sidebar(request_of(rf, user))}
    return [str(item["title"]) for item in groups.get(group, [])]


@pytest.fixture
def school_class():
    return SchoolClassFactory(school=SchoolFactory(name="Shree Janata", name_ne="श्री जनता"))


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.TEACHER, ["Classes", "Students", "Contacts", "Calendar"]),
        (
            Role.PRINCIPAL,
            [
                "Classes",
                "Students",
                "Contacts",
                "Staff",
                "Calendar",
                "Automatic answers",
                "School years",
                "Our school",
            ],
        ),
    ],
)
def test_the_sidebar_names_the_pages_of_a_role(rf, school_class, role, pages):
    user = member(role, school_class)

    assert titles(rf, user, "School") == pages
    assert titles(rf, user, "Operation") == []


def test_an_operator_has_schools_and_users_in_her_sidebar(rf):
    pages = titles(rf, operator(), "Operation")

    assert (pages[0], pages[-1]) == ("Schools", "Users")


def test_who_has_no_membership_has_only_the_home(rf):
    assert [group["title"] for group in frame.sidebar(request_of(rf, UserFactory()))] == [None]


def test_a_principal_goes_straight_to_her_school(rf, school_class):
    sidebar = frame.sidebar(request_of(rf, member(Role.PRINCIPAL, school_class)))

    links = [item["link"] for group in sidebar for item in group["items"]]
    assert reverse("admin:schools_school_change", args=[school_of(school_class).pk]) in links


@pytest.mark.parametrize(
    ("path", "marked"),
    [("/admin/", "Home"), ("/admin/schools/student/5/change/", "Students")],
)
def test_the_sidebar_marks_one_page(rf, school_class, path, marked):
    sidebar = frame.sidebar(request_of(rf, member(Role.TEACHER, school_class), path))

    active = [str(item["title"]) for group in sidebar for item in group["items"] if item["active"]]
    assert active == [marked]


def test_the_school_is_named_in_the_language_of_the_page(rf, school_class):
    request = request_of(rf, member(Role.TEACHER, school_class))

    with translation.override("ne"):
        assert frame.school_name(request) == "श्री जनता"


def test_a_user_of_two_schools_and_nobody_have_no_school_in_the_header(rf, school_class):
    user = member(Role.TEACHER, school_class)
    MembershipFactory(user=user)

    assert frame.school_name(request_of(rf, user)) == ""
    assert frame.school_name(request_of(rf, AnonymousUser())) == ""


@pytest.mark.parametrize(
    ("environment", "who", "label"),
    [
        ("development", "teacher", ["Development", "info"]),
        ("production", "teacher", None),
        ("production", "operator", ["Production", "success"]),
    ],
)
def test_the_environment_is_told_to_who_could_mistake_it(rf, settings, school_class, environment, who, label):
    settings.ENVIRONMENT = environment
    user = operator() if who == "operator" else member(Role.TEACHER, school_class)

    assert frame.environment(request_of(rf, user)) == label


def test_the_login_page_offers_both_languages(client):
    page = client.get(reverse("admin:login")).content.decode()

    assert [f'value="{code}"' in page for code in ("en", "ne")] == [True, True]


def test_a_chosen_language_stays(client):
    client.post(reverse("set_language"), {"language": "ne", "next": "/admin/login/"})

    assert 'lang="ne"' in client.get(reverse("admin:login")).content.decode()
