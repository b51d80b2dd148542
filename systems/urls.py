"""The front page, the systems and their places."""

from django.urls import path

from systems import views

app_name = "systems"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("systems/", views.system_list, name="list"),
    path("systems/england/", views.england, name="england"),
    path("systems/<slug:code>/", views.system_dashboard, name="dashboard"),
    path("systems/<slug:code>/places/<slug:place_code>/", views.place_detail, name="place"),
]
