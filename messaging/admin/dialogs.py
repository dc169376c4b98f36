from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """Leave a dialog for a page: htmx follows its own header, a plain form the redirect."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
