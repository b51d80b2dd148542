"""The front page, the systems and their places."""

from django.urls import path

from systems.views import standing

app_name = "systems"

urlpatterns = [
    path("", standing.landing, name="landing"),
    path("systems/", standing.system_list, name="list"),
    path("systems/england/", standing.england, name="england"),
    path("systems/<slug:code>/", standing.system_dashboard, name="dashboard"),
    path("systems/<slug:code>/places/<slug:place_code>/", standing.place_detail, name="place"),
]
