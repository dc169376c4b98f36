import logging
import sys

from schoolcomm import reports

PHONE = "+9779841234567"


def caught():
    try:
        raise ValueError(f"Key (phone)=({PHONE}) exists")
    except ValueError:
        return sys.exc_info()


def record(exc_info=None, args=()):
    return logging.LogRecord("celery", logging.ERROR, __file__, 1, "It broke: %(exc)s", args, exc_info)


def test_a_trace_in_the_log_says_where_and_what_kind_but_quotes_nobody():
    line = reports.Formatter("{message}", style="{").format(record(caught(), ({"exc": ""},)))

    assert (line.endswith("ValueError"), "9841234567" in line, "test_reports.py" in line) == (
        True,
        False,
        True,
    )


def test_a_line_of_celery_loses_the_words_of_the_exception():
    broken = record(args=({"exc": f"IntegrityError('Key (phone)=({PHONE}) exists')"},))

    reports.WithoutPeople().filter(broken)

    assert broken.getMessage() == "It broke: IntegrityError"


def test_a_report_to_the_tracker_keeps_the_kind_and_loses_the_words():
    event = {"exception": {"values": [{"type": "ValueError", "value": "+9779841234567"}]}}

    assert reports.without_people(event, None) == {
        "exception": {"values": [{"type": "ValueError", "value": ""}]}
    }
