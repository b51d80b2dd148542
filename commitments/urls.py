"""The addresses of the catalogue and of the deliveries."""

from django.urls import path

from commitments.views import catalogue, deliveries

app_name = "commitments"

urlpatterns = [
    # The catalogue
    path("commitments/", catalogue.commitments, name="commitments"),
    path("commitments/<slug:code>/", catalogue.commitment, name="commitment"),
    # Deliveries
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    # How it works
    path("how-status-works/", catalogue.status_explained, name="status_explained"),
]
