"""Systems and places."""

app_name = "systems"
urlpatterns: list = []
