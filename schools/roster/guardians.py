"""Guardians: one phone is one contact, whoever shares it; a guardian without one belongs to her child."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from schools import consent, identities
from schools.models import (
    ConsentEvent,
    ConsentSource,
    Contact,
    Guardianship,
    School,
    Student,
    User,
)
from schools.phones import shorten
from schools.roster.entries import GuardianEntry
from schools.roster.report import RosterReport
from schools.roster.students import BATCH, Placed

CONTACT_FIELDS = ["name_ne", "phone", "phone_as_given", "language", "unreachable"]


@dataclass(eq=False)
class Person:
    """A contact and the entries of this file that mean it, with the children they stand at."""

    contact: Contact
    changed: bool = False
    mentions: list[tuple[Student, GuardianEntry]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.contact.pk is None

    @property
    def names(self) -> set[str]:
        return {guardian.name.casefold() for _student, guardian in self.mentions}

    def update(self, **values: str) -> None:
        """Set those values that are given."""
        for name, value in values.items():
            if getattr(self.contact, name) != value:
                setattr(self.contact, name, value)
                self.changed = not self.is_new


@dataclass
class AddressBook:
    """The contacts of a school while a roster is being imported."""

    school: School
    report: RosterReport
    phones_in_file: set[str]
    by_phone: dict[str, Person] = field(default_factory=dict)
    by_student: dict[int, dict[Person, Guardianship]] = field(default_factory=lambda: defaultdict(dict))
    new_links: list[Guardianship] = field(default_factory=list)
    changed_links: list[Guardianship] = field(default_factory=list)
    old_links: list[Guardianship] = field(default_factory=list)
    mentioned: dict[Person, None] = field(default_factory=dict)  # an ordered set

    @classmethod
    def load(cls, school: School, placed: Placed, report: RosterReport) -> "AddressBook":
        phones = {guardian.phone for entry, _student in placed for guardian in entry.guardians}
        book = cls(school, report, phones)
        people = {contact.pk: Person(contact) for contact in Contact.objects.filter(school=school)}
        book.by_phone = {person.contact.phone: person for person in people.values() if person.contact.phone}
        students = [student.pk for _entry, student in placed]
        for link in Guardianship.objects.filter(student__in=students, contact__school=school).order_by("pk"):
            book.by_student[link.student_id][people[link.contact_id]] = link
        return book

    def add_family(self, student: Student, guardians: tuple[GuardianEntry, ...]) -> None:
        family: dict[Person, GuardianEntry] = {}
        for guardian in guardians:
            person = self._person(student, guardian, family)
            person.mentions.append((student, guardian))
            self.mentioned[person] = None
            self._note_another_name(person, guardian)
            family.setdefault(person, guardian)
        self._unlink_replaced(student, family)
        for order, (person, guardian) in enumerate(family.items(), 1):
            self._link(student, person, guardian, order)

    def _person(
        self, student: Student, guardian: GuardianEntry, family: dict[Person, GuardianEntry]
    ) -> Person:
        person = self.by_phone.get(guardian.phone) if guardian.phone else None
        person = person or self._namesake(student, guardian, family)
        if person is None:
            return self._new_person(guardian)
        first_mention = not person.mentions
        if guardian.language and first_mention:
            person.update(language=guardian.language)
        if guardian.name_ne and first_mention and person.contact.name.casefold() == guardian.name.casefold():
            person.update(name_ne=guardian.name_ne)
        self._give_phone(person, guardian)
        return person

    def _namesake(
        self, student: Student, guardian: GuardianEntry, family: dict[Person, GuardianEntry]
    ) -> Person | None:
        """Return the child's guardian of this name, if the entry can mean it: its number is not in use."""
        for person in self.by_student[student.pk]:
            contact = person.contact
            in_use = guardian.phone and contact.phone in self.phones_in_file and contact.phone
            if contact.name.casefold() == guardian.name.casefold() and person not in family and not in_use:
                return person
        return None

    def _give_phone(self, person: Person, guardian: GuardianEntry) -> None:
        """Let the entry's number hold; a cell without a usable number takes no number away."""
        contact = person.contact
        if contact.phone == guardian.phone or (contact.phone and not guardian.phone):
            if not contact.phone:
                person.update(phone_as_given=guardian.phone_as_given, unreachable=guardian.unreachable)
            return
        if contact.phone:
            words = _("%(name)s had the phone %(old)s and now has %(new)s.")
            values = {"name": contact.name, "old": shorten(contact.phone), "new": shorten(guardian.phone)}
            self.report.note(guardian.row, guardian.column, words % values)
        self.by_phone.pop(contact.phone, None)
        self.by_phone[guardian.phone] = person
        person.update(phone=guardian.phone, phone_as_given="", unreachable=guardian.unreachable)

    def _new_person(self, guardian: GuardianEntry) -> Person:
        person = Person(
            Contact(
                school=self.school,
                role=Contact.Role.GUARDIAN,
                name=guardian.name,
                name_ne=guardian.name_ne,
                phone=guardian.phone,
                phone_as_given=guardian.phone_as_given,
                unreachable=guardian.unreachable,
                language=guardian.language or self.school.default_language,
            )
        )
        if guardian.phone:
            self.by_phone[guardian.phone] = person
        return person

    def _note_another_name(self, person: Person, guardian: GuardianEntry) -> None:
        if person.contact.name.casefold() != guardian.name.casefold():
            words = _("%(name)s has the phone of %(first)s: one contact, written to once.")
            values = {"name": guardian.name, "first": person.contact.name}
            self.report.note(guardian.row, guardian.column, words % values)

    def _link(self, student: Student, person: Person, guardian: GuardianEntry, order: int) -> None:
        link = self.by_student[student.pk].get(person)
        if link is None:
            relation = guardian.relation or Guardianship.Relation.GUARDIAN
            link = Guardianship(student=student, contact=person.contact, relation=relation, order=order)
            self.by_student[student.pk][person] = link
            self.new_links.append(link)
            return
        relation = guardian.relation or link.relation
        if (link.relation, link.order) != (relation, order):
            link.relation, link.order = relation, order
            self.changed_links.append(link)

    def _unlink_replaced(self, student: Student, family: dict[Person, GuardianEntry]) -> None:
        """Where a guardian's new number is another contact's, that contact takes the old one's place."""
        links = self.by_student[student.pk]
        came = {guardian.name.casefold() for person, guardian in family.items() if person not in links}
        replaced = [one for one in links if one not in family and one.contact.name.casefold() in came]
        self.old_links += [links.pop(person) for person in replaced]


def write_guardians(school: School, placed: Placed, report: RosterReport, *, by: User | None = None) -> None:
    """Write contacts, their phones, whom they answer for, and what they agreed to."""
    book = AddressBook.load(school, placed, report)
    for entry, student in placed:
        book.add_family(student, entry.guardians)
    people = list(book.mentioned)
    _count(book, people, report)
    _write_contacts(people)
    _write_links(book)
    identities.follow_phones([person.contact for person in people], batch_size=BATCH)
    _write_consents(people, report, by)
    contacts = [person.contact for person in people]
    report.unreachable = sum(bool(contact.unreachable) for contact in contacts)
    report.without_consent = sum(
        not (contact.unreachable or contact.opted_in_at or contact.opted_out_at) for contact in contacts
    )


def _count(book: AddressBook, people: list[Person], report: RosterReport) -> None:
    report.contacts.added = sum(person.is_new for person in people)
    report.contacts.updated = sum(person.changed for person in people)
    report.contacts.unchanged = len(people) - report.contacts.added - report.contacts.updated
    pairs = {(student.pk, id(person)) for person in people for student, _guardian in person.mentions}
    report.guardianships.added = len(book.new_links)
    report.guardianships.updated = len(book.changed_links)
    report.guardianships.unchanged = len(pairs) - len(book.new_links) - len(book.changed_links)
    report.shared_phones = sum(len(person.names) > 1 for person in people)
    report.siblings = sum(
        len(person.names) == 1 and len({student.pk for student, _guardian in person.mentions}) > 1
        for person in people
    )


def _write_contacts(people: list[Person]) -> None:
    Contact.objects.bulk_create([one.contact for one in people if one.is_new], batch_size=BATCH)
    changed = [person.contact for person in people if person.changed]
    Contact.objects.bulk_update(changed, CONTACT_FIELDS, batch_size=BATCH)


def _write_links(book: AddressBook) -> None:
    Guardianship.objects.filter(pk__in=[link.pk for link in book.old_links]).delete()
    Guardianship.objects.bulk_update(book.changed_links, ["relation", "order"], batch_size=BATCH)
    for link in book.new_links:
        link.contact_id = link.contact.pk
    Guardianship.objects.bulk_create(book.new_links, batch_size=BATCH)


def _write_consents(people: list[Person], report: RosterReport, by: User | None) -> None:
    changes = [
        consent.Change(person.contact, guardian.consent.kind, guardian.consent.at)
        for person in people
        for _student, guardian in person.mentions
        if guardian.consent
    ]
    # Of what a file says about one phone, the wish to stop holds.
    changes.sort(key=lambda change: change.kind != ConsentEvent.Kind.OPTED_OUT)
    events = consent.record_all(changes, ConsentSource.ROSTER, by=by)
    report.agreed = sum(event.kind == ConsentEvent.Kind.OPTED_IN for event in events)
    report.stopped = len(events) - report.agreed
