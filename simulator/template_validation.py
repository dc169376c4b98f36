"""Meta's checks of a template send: existence, status, number and form of the parameters, length."""

import re
from typing import Any

from simulator.conversation import Tap
from simulator.errors import MetaError
from simulator.templates import VARIABLE, Registry, Template

JSON = dict[str, Any]
FORBIDDEN = re.compile(r"[\n\r\t]| {5}")
LONGEST_BODY, LONGEST_PAYLOAD = 1024, 256
NOT_SENDABLE = {"PAUSED": 132015, "DISABLED": 132016}
TEXT_KEYS = {"text": "text", "currency": "currency", "date_time": "date_time"}


def found(content: JSON, registry: Registry, accept_unknown: bool) -> Template | None:
    """The approved template that is meant; None for an unknown one where unknown ones are let through."""
    name, language = content["name"], content["language"]
    if not isinstance(language, dict) or not language.get("code"):
        raise MetaError(131008, "Parameter 'template.language.code' is missing")
    template = registry.get(str(name), str(language["code"]))
    if template is None and accept_unknown:
        return None
    if template is None or template.status not in ("APPROVED", *NOT_SENDABLE):
        raise MetaError(132001, f"template name ({name}) does not exist in {language['code']}")
    if template.status in NOT_SENDABLE:
        raise MetaError(NOT_SENDABLE[template.status])
    return template


def hydrated(content: JSON, template: Template) -> str:
    """The body with its variables filled in. Raises MetaError for whatever Meta would refuse."""
    components = _components(content)
    values = _body_values(_parameters(components, "body"), template)
    text = template.hydrated(values)
    if len(text) > LONGEST_BODY:
        raise MetaError(132005)
    if template.header or any(_kind(each) == "header" for each in components):
        _check_header(_parameters(components, "header"), template)
    if template.buttons or any(_kind(each) == "button" for each in components):
        _check_buttons([each for each in components if _kind(each) == "button"], template)
    return text


def header_text(content: JSON, template: Template) -> str:
    """What stands above the body: a text, or the kind of file. To be called after `hydrated`."""
    header = template.header
    if not header:
        return ""
    if str(header.get("format", "")).upper() != "TEXT":
        return f"[{str(header.get('format', 'file')).lower()}]"
    values = [str(each.get("text", "")) for each in _parameters(_components(content), "header")]
    return VARIABLE.sub(lambda _: values[0], str(header.get("text", "")))


def taps(content: JSON, template: Template) -> tuple[Tap, ...]:
    """The buttons with the payloads of this send. To be called after `hydrated`."""
    given = [each for each in _components(content) if _kind(each) == "button"]
    if not given:
        return template.taps
    shown = list(template.taps)
    for each in given:
        position = int(str(each.get("index", "0")))
        shown[position] = _tap_of(shown[position], each)
    return tuple(shown)


def _tap_of(tap: Tap, component: JSON) -> Tap:
    parameter = next(iter(component.get("parameters") or []), None)
    if not isinstance(parameter, dict):
        return tap
    if tap.kind == "url":
        return tap._replace(payload=VARIABLE.sub(lambda _: str(parameter.get("text", "")), tap.payload))
    payload = parameter.get("payload") or parameter.get("coupon_code")
    if payload is None:
        return tap
    if not isinstance(payload, str) or len(payload) > LONGEST_PAYLOAD:
        raise MetaError(131009, f"A button's payload must be a string of 1 to {LONGEST_PAYLOAD} characters")
    return tap._replace(payload=payload)


def header_media(content: JSON) -> JSON | None:
    """The file in the header, {"id"} or {"link"}, if there is one."""
    for parameter in _parameters(_components(content), "header"):
        kind = str(parameter.get("type", "")).lower()
        if kind in ("image", "video", "document") and isinstance(parameter.get(kind), dict):
            return {"kind": kind, **parameter[kind]}
    return None


def unchecked_text(content: JSON) -> str:
    """What the phone shows for a template nobody knows: its name and the values."""
    values = [str(each.get("text", "")) for each in _parameters(_components(content), "body")]
    return f"[{content['name']}] " + " · ".join(values)


def _components(content: JSON) -> list[JSON]:
    components = content.get("components") or []
    if not isinstance(components, list) or not all(isinstance(each, dict) for each in components):
        raise MetaError(131009, "Parameter 'template.components' must be a list of objects")
    return components


def _kind(component: JSON) -> str:
    return str(component.get("type", "")).lower()


def _parameters(components: list[JSON], kind: str) -> list[JSON]:
    parameters = next((each.get("parameters") for each in components if _kind(each) == kind), None) or []
    if not isinstance(parameters, list) or not all(isinstance(each, dict) for each in parameters):
        raise MetaError(131009, f"{kind}: parameters must be a list of objects")
    return parameters


def _body_values(parameters: list[JSON], template: Template) -> list[str]:
    expected = template.variables
    if len(parameters) != len(expected):
        raise MetaError(
            132000,
            f"body: number of localizable_params ({len(parameters)}) does not match the expected number of "
            f"params ({len(expected)})",
        )
    if template.is_positional:
        return [parameter_text(each) for each in parameters]
    named = {str(each.get("parameter_name")): each for each in parameters}
    if set(named) != set(expected):
        raise MetaError(132012, f"body: parameter names must be {', '.join(expected)}")
    return [parameter_text(named[name]) for name in expected]


def parameter_text(parameter: JSON, where: str = "body") -> str:
    """The text of one parameter, refused when it is empty or cannot be shown on one line."""
    kind = str(parameter.get("type", "")).lower()
    if kind not in TEXT_KEYS:
        raise MetaError(
            132012, f"{where}: Format mismatch, expected TEXT, received {kind.upper() or 'nothing'}"
        )
    text = parameter.get(kind)
    if isinstance(text, dict):
        text = text.get("fallback_value")
    if text is None or text == "":
        raise MetaError(131008, f"{where}: Parameter of type text is missing text value")
    if not isinstance(text, str):
        raise MetaError(132012, f"{where}: the text of a parameter must be a string")
    if FORBIDDEN.search(text):
        raise MetaError(132018)
    return text


def _check_header(parameters: list[JSON], template: Template) -> None:
    wanted = str(template.header.get("format", "")).upper()
    if wanted == "TEXT":
        _check_header_text(parameters, "{{" in str(template.header.get("text", "")))
        return
    if len(parameters) != (1 if wanted else 0):
        raise MetaError(132000, f"header: expected {1 if wanted else 0} params, received {len(parameters)}")
    received = str(parameters[0].get("type", "")).upper() if parameters else ""
    if received != wanted:
        raise MetaError(132012, f"header: Format mismatch, expected {wanted}, received {received}")


def _check_header_text(parameters: list[JSON], has_variable: bool) -> None:
    if len(parameters) != int(has_variable):
        raise MetaError(132000, f"header: expected {int(has_variable)} params, received {len(parameters)}")
    for parameter in parameters:
        parameter_text(parameter, "header")


def _check_buttons(components: list[JSON], template: Template) -> None:
    given = {str(each.get("index", "0")): each for each in components}
    known = {str(position): button for position, button in enumerate(template.buttons)}
    if stray := set(given) - set(known):
        raise MetaError(132000, f"buttons: there is no button at index {', '.join(sorted(stray))}")
    for position, button in known.items():
        _check_button(position, button, given.get(position))


def _check_button(position: str, button: JSON, given: JSON | None) -> None:
    wanted = str(button.get("type", "")).upper()
    if wanted == "URL" and "{{" in str(button.get("url", "")) and given is None:
        raise MetaError(131008, f"buttons: Button at index {position} of type Url requires a parameter")
    if given is not None and str(given.get("sub_type", "")).upper() != wanted:
        raise MetaError(132012, f"buttons: Format mismatch at index {position}, expected {wanted}")
