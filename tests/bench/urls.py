"""The portal's own addresses, and one page that does nothing: the bare page others are measured against."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import include, path

# By the name of a page, what it answered.
ANSWERS: dict[str, bytes] = {}


@login_required
def bare(request, page):
    return HttpResponse(ANSWERS[page])


urlpatterns = [path("bare/<slug:page>/", bare), path("", include("ltp_portal.urls"))]
