"""The least that could take a callback: `DJANGO_SETTINGS_MODULE=benchmarks.bare_settings`."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from messaging.models import WebhookEvent


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """One INSERT, nothing looked at."""
    WebhookEvent.objects.create(raw=request.body)
    return HttpResponse()


urlpatterns = [path("webhook", webhook)]
