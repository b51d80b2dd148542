"""How often what is known about a system was written: the number every page about it is kept under."""

from collections.abc import Collection

from django.db import connection, models

from systems.models import Footprint


class PositionsVersionQuerySet(models.QuerySet):
    def number_of(self, system: Footprint) -> int:
        """The number to read before the data, so that a page kept under it is never older than it says."""
        return self.filter(system=system).values_list("number", flat=True).first() or 0

    def bump(self, systems: Collection[int | None]) -> None:
        """Tells every page about these systems that what it shows has changed. Always in the same order."""
        if systems:
            with connection.cursor() as cursor:
                cursor.execute(
                    """
                    INSERT INTO commitments_positionsversion (system_id, number)
                    SELECT id, 1 FROM unnest(%s::bigint[]) AS id
                        ON CONFLICT (system_id) DO UPDATE SET number = commitments_positionsversion.number + 1
                    """,
                    [sorted(system for system in systems if system is not None)],
                )

    def of_code(self, code: str) -> tuple[int, int, int | None] | None:
        """The system with this code, its number, and that of its maturity; none where nothing was ever written.

        A bare statement: an unchanged page is answered from it and little else.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_id, number, (SELECT number FROM systems_maturityversion maturity"
                " WHERE maturity.system_id = positions.system_id) FROM commitments_positionsversion positions"
                " WHERE system_id = (SELECT id FROM systems_footprint WHERE code = %s)",
                [code],
            )
            return cursor.fetchone()

    def bump_all(self) -> None:
        """Has the pages of every system drawn anew: the map or the catalogue they show has changed."""
        systems = Footprint.objects.systems()
        self.bulk_create([self.model(system=system, number=0) for system in systems], ignore_conflicts=True)
        self.update(number=models.F("number") + 1)


class PositionsVersion(models.Model):
    """Counts the writing transactions that touched a system: the cache key of every page about it."""

    system = models.OneToOneField("systems.Footprint", models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=1)

    objects = PositionsVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.system}: {self.number}"
