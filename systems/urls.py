"""The front page, the systems and their places, and how mature each is."""

from django.urls import include, path

from systems.views import assessments, improvement, maturity, standing

app_name = "systems"

of_assessment = [
    path("", assessments.assessment, name="assessment"),
    path("domains/<int:domain_pk>/", assessments.domain, name="assessment_domain"),
    path("findings/<int:criterion_pk>/", assessments.finding, name="assessment_finding"),
]
of_plan = [
    path("", improvement.plan, name="improvement"),
    path("actions/", improvement.add, name="improvement_add"),
    path("actions/<int:pk>/", improvement.change, name="improvement_change"),
    path("actions/<int:pk>/done/", improvement.finish, name="improvement_finish"),
    path("actions/<int:pk>/evidence/", improvement.evidence, name="improvement_evidence"),
]
of_footprint = [
    path("", maturity.of_footprint, name="maturity_of"),
    path("frameworks/<slug:framework_code>/", maturity.framework, name="maturity_framework"),
    path("history/", maturity.history, name="maturity_history"),
    path("sheet/", maturity.sheet, name="maturity_sheet"),
    path("assessments/", assessments.begin, name="assessment_begin"),
    path("assessments/<int:pk>/", include(of_assessment)),
    path("evidence/<int:pk>/", assessments.evidence, name="finding_evidence"),
    path("plan/", include(of_plan)),
]

urlpatterns = [
    path("", standing.landing, name="landing"),
    path("systems/", standing.system_list, name="list"),
    path("systems/england/", standing.england, name="england"),
    path("systems/<slug:code>/", standing.system_dashboard, name="dashboard"),
    path("systems/<slug:code>/places/<slug:place_code>/", standing.place_detail, name="place"),
    path("systems/<slug:code>/maturity/", maturity.of_system, name="maturity"),
    path("systems/<slug:code>/maturity/<slug:footprint_code>/", include(of_footprint)),
]
