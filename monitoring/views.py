from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monitoring import health
from monitoring.check import Check
from schools import scoping


@never_cache
@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """200 or 503, for probes. Names no school, no number, no secret."""
    return _as_json(health.checks())


@never_cache
@require_safe
def admin_health_page(request: HttpRequest) -> HttpResponse:
    """The details, for operators and for the monitoring token; a page for browsers, JSON for the rest."""
    if not (scoping.is_operator(request.user) or _has_token(request)):
        return _turn_away(request)
    checks = health.details()
    if not request.accepts("text/html") or _has_token(request):
        return _as_json(checks)
    context = admin.site.each_context(request) | {"title": "Health", "checks": checks}
    return render(request, "monitoring/health.html", context, status=_status(checks))


def _turn_away(request: HttpRequest) -> HttpResponse:
    if request.user.is_anonymous and request.accepts("text/html"):
        return redirect_to_login(request.get_full_path())
    return JsonResponse(
        {"error": "Log in as an operator, or send Authorization: Bearer MONITORING_TOKEN."}, status=403
    )


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(settings.MONITORING_TOKEN) and constant_time_compare(
        given, f"Bearer {settings.MONITORING_TOKEN}"
    )


def _as_json(checks: list[Check]) -> JsonResponse:
    answer = {
        "status": "ok" if all(check.is_well for check in checks) else "trouble",
        "checks": {
            check.name: {"found": check.found}
            | ({"what_to_do": check.what_to_do} if check.what_to_do else {})
            for check in checks
        },
    }
    return JsonResponse(answer, status=_status(checks))


def _status(checks: list[Check]) -> int:
    return 200 if all(check.is_well for check in checks) else 503
