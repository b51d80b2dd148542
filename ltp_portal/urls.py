"""The map of the site."""

from allauth.account import views as account
from django.urls import include, path

from ltp_portal import views
from systems.admin import site

urlpatterns = [
    path("", include("systems.urls")),
    path("", include("commitments.urls")),
    path("", include("engagement.urls")),
    path("", include("ltp_portal.front_door_urls")),
    # One way to sign in, to sign out and to choose a password: the admin site's own know no second factor, no log.
    path("admin/login/", views.admin_login, name="admin_login"),
    path("admin/logout/", account.logout, name="admin_logout"),
    path("admin/password_change/", account.password_change, name="admin_password_change"),
    path("admin/", site.urls),
    path("demo-mail/", views.demo_mail, name="demo_mail"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

# Tells a database that is away (503) from a broken page (500).
handler500 = "ltp_portal.views.server_error"
