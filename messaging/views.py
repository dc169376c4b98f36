import logging
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from messaging import tasks
from messaging.models import WebhookEvent
from messaging.whatsapp import signature

logger = logging.getLogger(__name__)


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "A callback has at most 3 MB."


class ComesFromMeta(BasePermission):
    """The raw body is signed with our app secret, or the handshake carries our verify token."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method == "GET":
            token = request.query_params.get("hub.verify_token", "")
            return constant_time_compare(token, settings.VERIFY_TOKEN)
        header = request.headers.get("X-Hub-Signature-256")
        return signature.is_genuine(request.body, header, settings.WA_APP_SECRETS)


class WebhookView(APIView):
    """Meta's callbacks: stored as they came, answered at once, processed by a worker.

    GET answers the handshake. POST: 200 stored, 403 not signed, 413 too large, 503 could not be stored, so
    that Meta repeats it.
    """

    http_method_names = ["get", "post", "options"]
    permission_classes = [ComesFromMeta]
    parser_classes: list[type] = []

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.WEBHOOK_MAX_BYTES:
            raise TooLarge
        super().initial(request, *args, **kwargs)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        renderer = JSONRenderer()  # whatever it accepts, it is stored
        return renderer, renderer.media_type

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(request.query_params.get("hub.challenge", ""), content_type="text/plain")

    def post(self, request: Request) -> HttpResponse:
        try:
            WebhookEvent.objects.store(request.body)
        except (DatabaseError, InterfaceError):
            logger.exception("A callback could not be stored; Meta will repeat it.")
            return HttpResponse(status=status.HTTP_503_SERVICE_UNAVAILABLE)
        tasks.nudge(tasks.process_webhook_events, coalesce=True)
        return HttpResponse()
