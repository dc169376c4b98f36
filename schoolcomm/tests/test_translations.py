import re
import runpy
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
messages = runpy.run_path(str(ROOT / "bin" / "messages"))
catalogues = {file.name: messages["load"](file) for file in sorted(messages["FOLDER"].glob("*.po"))}
shown = catalogues["django.po"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
SENTENCE = re.compile(r" .*[^.]\.$")


def every_entry():
    return [entry for catalogue in catalogues.values() for entry in catalogue]


def pairs(entry):
    """Each translation of an entry, beside the text it stands for."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    one, many = entry.msgstr_plural[0], entry.msgstr_plural[1]
    return [(entry.msgid, one), (entry.msgid_plural, many)]


def translated(context, singular, plural=""):
    forms = {"msgstr_plural": {0: "यो", 1: "यी"}} if plural else {"msgstr": "यो"}
    return polib.POEntry(msgctxt=context or None, msgid=singular, msgid_plural=plural, **forms)


# The catalogue


def test_the_catalogue_holds_what_is_shown_and_nothing_else():
    assert {messages["key"](entry) for entry in shown} == messages["texts"](), "run `make messages`"


def test_every_text_has_a_nepali_one():
    assert [entry.msgid for entry in every_entry() if not entry.translated()] == []


def test_both_forms_of_a_plural_are_there():
    plurals = [entry for entry in every_entry() if entry.msgid_plural]

    assert [entry.msgid for entry in plurals if sorted(entry.msgstr_plural) != [0, 1]] == []


def test_a_translation_has_the_placeholders_of_its_text():
    changed = [
        nepali
        for entry in every_entry()
        for english, nepali in pairs(entry)
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(nepali))
    ]

    assert changed == []


def test_a_sentence_ends_as_a_nepali_sentence():
    ended_otherwise = [
        nepali
        for entry in every_entry()
        for english, nepali in pairs(entry)
        if SENTENCE.search(english) and not nepali.endswith("।")
    ]

    assert ended_otherwise == []


@pytest.mark.parametrize("name", catalogues)
def test_what_is_compiled_is_what_is_written(name):
    compiled = (messages["FOLDER"] / name).with_suffix(".mo").read_bytes()

    assert compiled == catalogues[name].to_binary(), "run `make messages`"


# What `make messages` finds


def test_texts_are_found_by_whatever_name_a_module_gives_to_gettext():
    source = """
from django.utils import translation
from django.utils.translation import gettext as _t, gettext_lazy as _, ngettext, pgettext

field = Field(_("name"))
words = _t("Sends.") + f"{ngettext('%(num)d day', '%(num)d days', 3)}" + translation.gettext("Off")
reply = pgettext("of a letter", "from") + gettext(reason) + print("not shown")
"""

    assert set(messages["texts_of_module"](source)) == {
        ("", "name", ""),
        ("", "Sends.", ""),
        ("", "%(num)d day", "%(num)d days"),
        ("", "Off", ""),
        ("of a letter", "from", ""),
    }


def test_texts_of_a_template_are_found():
    source = """
{% load i18n %}
<h1 title="{% translate 'The family’s "own" text' %}">{{ _("Title")|upper }}</h1>
{% blocktranslate count num=found trimmed %}
  {{ num }} person
{% plural %}
  {{ num }} people
{% endblocktranslate %}
{% translate "from" context "of a letter" %}
"""

    assert set(messages["texts_of_template"](source)) == {
        ("", 'The family’s "own" text', ""),
        ("", "Title", ""),
        ("", "%(num)s person", "%(num)s people"),
        ("of a letter", "from", ""),
    }


def test_refreshing_keeps_a_translation_adds_what_is_new_and_drops_what_is_gone():
    catalogue = polib.POFile()
    catalogue.extend([translated("", "Send"), translated("", "gone"), translated("", "%s day", "%s days")])

    messages["refresh"](catalogue, {("", "Send", ""), ("", "%s day", "%s days"), ("", "Cancel", "")})

    assert [(entry.msgid, entry.translated()) for entry in catalogue] == [
        ("%s day", True),
        ("Cancel", False),
        ("Send", True),
    ]
