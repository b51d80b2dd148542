import pytest
from django.db import connection

from systems.arrays import array


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [[], [7], [3, 1, 2, 3], [1, None]])
def test_the_server_reads_the_keys_that_were_meant(keys):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint[]", [array(keys)])

        assert cursor.fetchone() == (keys,)


@pytest.mark.django_db
def test_the_server_reads_words_of_ours():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array(["system", "pcn"])])

        assert cursor.fetchone() == (["system", "pcn"],)
