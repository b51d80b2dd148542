"""The map of the site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path

from ltp_portal import views

urlpatterns = [
    path("", include("systems.urls")),
    path("", include("commitments.urls")),
    path("", include("ltp_portal.front_door_urls")),
    # One way to sign in: the admin site's own page sends people to it.
    path("admin/login/", login_required(admin.site.login), name="admin_login"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

# Tells a database that is away (503) from a broken page (500).
handler500 = "ltp_portal.views.server_error"
