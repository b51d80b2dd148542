"""What was measured at a footprint, and the path it gives its own metric."""

import datetime as dt
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.forms.choosing import sent_again
from commitments.forms.measurements import ObservationForm, TrajectoryForm
from commitments.models import Delivery, Metric, Observation, Trajectory
from commitments.presenters import writing
from commitments.presenters.measured import metric_facts
from commitments.views.access import crumbs_to, delivery_for
from commitments.views.background import when_it_follows
from ltp_portal import unsent
from ltp_portal.clock import today
from ltp_portal.sent_once import sent_once
from systems.permissions import Action


def _headline_metric(delivery: Delivery) -> Metric:
    metric = delivery.commitment.metrics.select_related("commitment").filter(is_headline=True).first()
    if metric is None:
        raise Http404("This commitment has no metric.")
    return metric


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def observation(request, pk: int):
    """Records a value of the commitment's headline metric at this footprint."""
    delivery = delivery_for(request, pk, Action.REPORT)
    metric = _headline_metric(delivery)
    day = today()
    form = ObservationForm(unsent.sent(request), today=day)
    if request.method == "POST" and form.is_valid():
        measured = Observation(
            metric=metric,
            footprint=delivery.footprint,
            recorded_on=day,
            recorded_by=request.user,
            **form.cleaned_data,
        )
        when = when_it_follows()
        actions.record_observation(observation=measured, today=day)
        messages.success(request, f"Value recorded. The status follows {when}.")
        return redirect("commitments:delivery", pk)
    page = {
        "delivery": delivery,
        "metric": metric,
        "metric_facts": metric_facts(metric),
        "form": form,
        "crumbs": crumbs_to(delivery),
        "observed": Observation.objects.filter(metric=metric, footprint=delivery.footprint)[:6],
    }
    return render(request, "commitments/observation_form.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def trajectory(request, pk: int):
    """Sets the whole path this footprint gives the commitment's headline metric."""
    delivery = delivery_for(request, pk, Action.REPORT)
    metric = _headline_metric(delivery)
    in_force = _in_force(delivery, metric)
    form = TrajectoryForm(
        unsent.sent(request),
        initial=TrajectoryForm.starting_from(_points(in_force))
        | {"source": in_force.source if in_force else "", "version": in_force.pk if in_force else 0},
    )
    if request.method == "POST" and form.is_valid():
        return _save_trajectory(request, delivery, metric, form)
    page = {
        "delivery": delivery,
        "metric": metric,
        "metric_facts": metric_facts(metric),
        "form": form,
        "crumbs": crumbs_to(delivery),
    }
    return render(request, "commitments/trajectory_form.html", page)


def _in_force(delivery: Delivery, metric: Metric) -> Trajectory | None:
    return Trajectory.objects.filter(metric=metric, footprint=delivery.footprint).last()


def _points(stored: Trajectory | None) -> list[tuple[dt.date, Decimal]]:
    return list(stored.points.values_list("due_on", "value")) if stored else []


def _save_trajectory(request, delivery: Delivery, metric: Metric, form: TrajectoryForm):
    day = today()
    drawn = Trajectory(
        metric=metric,
        footprint=delivery.footprint,
        source=form.cleaned_data["source"],
        recorded_on=day,
        recorded_by=request.user,
    )
    try:
        actions.set_local_trajectory(
            delivery=delivery, replaces=form.cleaned_data["version"], trajectory=drawn, points=form.points(), today=day
        )
    except actions.Conflict:
        in_force = _in_force(delivery, metric)
        # The second of two clicks finds its own points and is content.
        if dict(_points(in_force)) != form.points():
            return _trajectory_conflict(request, delivery, in_force, form)
    messages.success(request, "Trajectory saved")
    return redirect("commitments:delivery", delivery.pk)


def _trajectory_conflict(request, delivery: Delivery, in_force: Trajectory | None, form: TrajectoryForm):
    page = {
        "delivery": delivery,
        "rows": writing.points_side_by_side(dict(_points(in_force)), form.points()),
        "crumbs": crumbs_to(delivery),
        "again": reverse("commitments:trajectory", args=[delivery.pk]),
        "sent_again": sent_again(form, version=in_force.pk if in_force else 0),
        # A path is one thing: points of two of them make none.
        "as_a_whole": True,
    }
    return render(request, "commitments/edit_conflict.html", page, status=409)
