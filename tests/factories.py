"""The least that is valid; the test says what matters."""

import datetime as dt

import factory
from django.conf import settings
from factory.django import DjangoModelFactory

from commitments import models
from commitments.choices import (
    Confidence,
    DeadlineKind,
    DeliveryLevel,
    Direction,
    LifeStage,
    PeriodStep,
    ReminderKind,
    ReportState,
    Scope,
    Stage,
    Status,
    ThemeClass,
)
from systems import models as maturity
from systems.choices import AssessmentState, FootprintKind, FrameworkKind, Level, Rater, Result, Role, Verified
from systems.models import Footprint, FootprintAncestor, Membership, User

# The day the tests' pages believe it is.
TODAY = settings.PORTAL_TODAY
# The day on which its deliveries were opened.
OPENED_ON = dt.date(2018, 10, 1)


class FootprintFactory(DjangoModelFactory):
    """A footprint below `parent`; `path`, `system` and `place` follow from it as rebuild_tree would set them."""

    class Meta:
        model = Footprint
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence("F{:03}".format)
    name = factory.LazyAttribute(lambda o: f"Footprint {o.code}")
    level = Level.PLACE
    kind = FootprintKind.BOROUGH
    parent = None
    population = 100_000
    population_basis = "ONS mid-2019 residents"
    verified = Verified.YES
    path = factory.LazyAttribute(lambda o: f"{o.parent.path if o.parent else ''}{o.code}/")

    @factory.post_generation
    def tree(self, create, extracted, **kwargs):
        above = self.parent
        self.system = self if self.level == Level.SYSTEM else above and above.system
        self.place = self if self.level == Level.PLACE else above and above.place
        self.save()
        higher = FootprintAncestor.objects.filter(footprint=above).values_list("ancestor_id", flat=True)
        FootprintAncestor.objects.bulk_create(
            (FootprintAncestor(footprint=self, ancestor_id=pk) for pk in {self.pk, *higher}), ignore_conflicts=True
        )


class EnglandFactory(FootprintFactory):
    code = "ENG"
    name = "England"
    level = Level.ENGLAND
    kind = FootprintKind.COUNTRY


class SystemFactory(FootprintFactory):
    code = factory.Sequence("Q{:02}".format)
    name = factory.LazyAttribute(lambda o: f"System {o.code}")
    level = Level.SYSTEM
    kind = FootprintKind.ICS
    parent = factory.SubFactory(EnglandFactory)
    population = 1_000_000


class PlaceFactory(FootprintFactory):
    parent = factory.SubFactory(SystemFactory)


class PcnFactory(FootprintFactory):
    code = factory.Sequence("U{:05}".format)
    level = Level.PCN
    kind = FootprintKind.PCN
    parent = factory.SubFactory(PlaceFactory)
    population = 40_000


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence("person{}@example.org".format)
    name = factory.Sequence("Person {}".format)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    footprint = factory.SubFactory(SystemFactory)
    role = Role.PROGRAMME_MANAGER
    starts_on = dt.date(2018, 4, 1)


def person(role: Role, footprint: Footprint, **facts) -> User:
    """Someone who holds this role here, with their grants of the tests' day."""
    user = UserFactory(**facts)
    MembershipFactory(user=user, footprint=footprint, role=role)
    return user.as_of(TODAY)


def admin(**facts) -> User:
    return UserFactory(is_staff=True, **facts).as_of(TODAY)


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = models.Plan
        django_get_or_create = ("code",)

    code = "LTP"
    name = "NHS Long Term Plan"
    published_on = dt.date(2019, 1, 7)
    final_submission_on = dt.date(2019, 11, 15)
    source = "Made for a test"


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = models.Theme
        django_get_or_create = ("code",)

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence("T{}".format)
    name = factory.LazyAttribute(lambda o: f"Theme {o.code}")
    theme_class = ThemeClass.PRIORITISED
    ordinal = factory.Sequence(lambda n: n + 1)


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Commitment
        django_get_or_create = ("code",)

    theme = factory.SubFactory(ThemeFactory)
    code = factory.Sequence("LTP1-TEST-{:03}".format)
    title = factory.LazyAttribute(lambda o: f"Commitment {o.code}")
    description = "What was promised"
    chapter = 1
    life_stage = LifeStage.ALL
    delivery_level = DeliveryLevel.SYSTEM
    deadline_text = "2023/24"
    deadline_on = dt.date(2024, 3, 31)
    deadline_kind = DeadlineKind.BY
    source = "Made for a test"
    verified = Verified.YES


class MetricFactory(DjangoModelFactory):
    class Meta:
        model = models.Metric

    commitment = factory.SubFactory(CommitmentFactory)
    name = "Patients seen"
    unit = "%"
    is_headline = True
    scope = Scope.PER_ICS
    direction = Direction.INCREASE
    baseline = 0
    baseline_on = dt.date(2019, 4, 1)
    target = 100
    source = "Made for a test"
    verified = Verified.YES


class DeliveryFactory(DjangoModelFactory):
    """A delivery with its position, as `open_deliveries` leaves them before the rules are asked: open for a year."""

    class Meta:
        model = models.Delivery
        skip_postgeneration_save = True

    commitment = factory.SubFactory(CommitmentFactory)
    footprint = factory.SubFactory(SystemFactory)

    @factory.post_generation
    def position(self, create, extracted, **kwargs):
        facts = models.Position.UNDECIDED | {"moved_on": TODAY, "next_change_on": TODAY} | (extracted or {}) | kwargs
        models.Position.objects.create(delivery=self, **facts)

    @factory.post_generation
    def opened_on(self, create, extracted, **kwargs):
        models.PlanRevision.objects.record([self.pk], today=extracted or OPENED_ON)


class DeadlineChangeFactory(DjangoModelFactory):
    """Six months more, asked for and not decided."""

    class Meta:
        model = models.DeadlineChange

    delivery = factory.SubFactory(DeliveryFactory, local_deadline_on=dt.date(2021, 3, 31))
    old_on = dt.date(2021, 3, 31)
    new_on = dt.date(2021, 9, 30)
    reason = "The building opens later."
    asked_by = factory.SubFactory(UserFactory)
    asked_on = dt.date(2019, 9, 20)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = models.Milestone

    delivery = factory.SubFactory(DeliveryFactory)
    title = factory.Sequence("Milestone {}".format)
    due_on = dt.date(2020, 3, 31)
    recorded_on = dt.date(2019, 4, 1)


class PeriodFactory(DjangoModelFactory):
    """September 2019 unless told otherwise: open on the tests' day."""

    class Meta:
        model = models.ReportingPeriod
        django_get_or_create = ("starts_on",)

    starts_on = dt.date(2019, 9, 1)
    ends_on = factory.LazyAttribute(lambda o: (o.starts_on + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(1))
    opens_on = factory.LazyAttribute(lambda o: o.starts_on.replace(day=20))
    due_on = factory.LazyAttribute(lambda o: o.ends_on + dt.timedelta(days=7))
    closes_on = factory.LazyAttribute(lambda o: o.ends_on + dt.timedelta(days=14))


class PeriodActFactory(DjangoModelFactory):
    """Somebody closed September."""

    class Meta:
        model = models.PeriodAct

    system = factory.SubFactory(SystemFactory)
    period = factory.SubFactory(PeriodFactory)
    step = PeriodStep.CLOSED
    done_by = factory.SubFactory(UserFactory)
    done_on = TODAY


class ReminderFactory(DjangoModelFactory):
    """Written, and waiting to be sent."""

    class Meta:
        model = models.Reminder

    person = factory.SubFactory(UserFactory)
    period = factory.SubFactory(PeriodFactory)
    kind = ReminderKind.FIRST
    falls_on = TODAY


class ReportFactory(DjangoModelFactory):
    """A green report, submitted and waiting."""

    class Meta:
        model = models.Report

    delivery = factory.SubFactory(DeliveryFactory)
    period = factory.SubFactory(PeriodFactory)
    state = ReportState.SUBMITTED
    stage = Stage.UNDER_WAY
    confidence = Confidence.GREEN
    narrative = "The work goes to plan."
    author = factory.SubFactory(UserFactory)
    submitted_on = dt.date(2019, 9, 25)


class SignedOffReportFactory(ReportFactory):
    state = ReportState.SIGNED_OFF
    decided_by = factory.SubFactory(UserFactory)
    decided_on = dt.date(2019, 9, 27)


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = models.Observation

    metric = factory.SubFactory(MetricFactory)
    footprint = factory.SubFactory(SystemFactory)
    period_end_on = dt.date(2019, 8, 31)
    value = 10
    source = "Local return"
    recorded_on = dt.date(2019, 9, 10)


class CoverageFactory(DjangoModelFactory):
    class Meta:
        model = models.Coverage

    commitment = factory.SubFactory(CommitmentFactory)
    footprint = factory.SubFactory(SystemFactory)
    status = Status.NOT_STARTED
    deliveries = 1
    people = 100_000


# --- Maturity ---------------------------------------------------------------------------------------------


class FrameworkFactory(DjangoModelFactory):
    """A matrix for systems, with nothing in it."""

    class Meta:
        model = maturity.Framework
        django_get_or_create = ("code",)

    code = factory.Sequence("FW{}".format)
    name = factory.LazyAttribute(lambda o: f"Framework {o.code}")
    version = "June 2019"
    kind = FrameworkKind.MATRIX
    level = Level.SYSTEM
    ordinal = factory.Sequence(lambda n: n + 1)
    source = "Made for a test"


class DomainFactory(DjangoModelFactory):
    class Meta:
        model = maturity.Domain

    framework = factory.SubFactory(FrameworkFactory)
    name = factory.Sequence("Domain {}".format)
    ordinal = factory.Sequence(lambda n: n + 1)


class MaturityLevelFactory(DjangoModelFactory):
    class Meta:
        model = maturity.MaturityLevel
        django_get_or_create = ("framework", "ordinal")

    framework = factory.SubFactory(FrameworkFactory)
    ordinal = 1
    name = factory.LazyAttribute(lambda o: f"rung {o.ordinal}")


class CriterionFactory(DjangoModelFactory):
    """On the lowest rung of its domain's framework unless told otherwise (`rung=2`)."""

    class Meta:
        model = maturity.Criterion

    class Params:
        rung = 1

    code = factory.Sequence("C{:03}".format)
    domain = factory.SubFactory(DomainFactory)
    level = factory.LazyAttribute(lambda o: MaturityLevelFactory(framework=o.domain.framework, ordinal=o.rung))
    text = factory.LazyAttribute(lambda o: f"Criterion {o.code} holds")
    source = "Made for a test"
    verified = Verified.YES


class ExpectationFactory(DjangoModelFactory):
    class Meta:
        model = maturity.Expectation

    code = factory.Sequence("E{}".format)
    level = factory.SubFactory(MaturityLevelFactory)
    footprint_level = Level.SYSTEM
    due_on = dt.date(2021, 4, 30)
    source = "Made for a test"


class AssessmentFactory(DjangoModelFactory):
    """A draft of the system itself, just begun."""

    class Meta:
        model = maturity.Assessment

    framework = factory.SubFactory(FrameworkFactory)
    footprint = factory.SubFactory(SystemFactory)
    rater = Rater.SELF
    begun_by = factory.SubFactory(UserFactory)
    begun_on = dt.date(2019, 9, 1)


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = maturity.Finding

    assessment = factory.SubFactory(AssessmentFactory)
    criterion = factory.SubFactory(CriterionFactory)
    result = Result.MET
    evidence = "Minutes of the board"
    written_by = factory.SubFactory(UserFactory)


def signed_off_assessment(footprint, results: dict, *, on: dt.date = dt.date(2019, 9, 20), **facts):
    """An assessment by criterion, signed off on this day by somebody else than who submitted it."""
    framework = next(iter(results)).domain.framework
    made = AssessmentFactory(footprint=footprint, framework=framework, begun_on=on, **facts)
    for criterion, result in results.items():
        FindingFactory(assessment=made, criterion=criterion, result=result)
    maturity.Assessment.objects.filter(pk=made.pk).update(
        state=AssessmentState.SIGNED_OFF,
        assessed_on=on,
        submitted_by=made.begun_by,
        submitted_on=on,
        decided_by=UserFactory(),
        decided_on=on,
    )
    made.refresh_from_db()
    return made


class ImprovementActionFactory(DjangoModelFactory):
    class Meta:
        model = maturity.ImprovementAction
        skip_postgeneration_save = True

    footprint = factory.SubFactory(SystemFactory)
    title = factory.Sequence("Action {}".format)
    owner = factory.SubFactory(UserFactory)
    due_on = dt.date(2020, 3, 31)
    recorded_on = dt.date(2019, 9, 1)
    recorded_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def closes(self, create, extracted, **kwargs):
        self.closes.set(extracted or [])


class ActionMoveFactory(DjangoModelFactory):
    class Meta:
        model = maturity.ActionMove

    action = factory.SubFactory(ImprovementActionFactory)
    was_due_on = dt.date(2020, 1, 31)
    due_on = dt.date(2020, 3, 31)
    reason = "The board meets later"
    recorded_on = dt.date(2019, 9, 20)
    recorded_by = factory.SubFactory(UserFactory)
