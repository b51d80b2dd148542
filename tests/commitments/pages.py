"""What the tests of pages share: where a delivery's page is, and a page as its reader sees it."""

from django.urls import reverse


def page_of(delivery):
    return reverse("commitments:delivery", args=[delivery.pk])


def read(client, address, **query):
    return client.get(address, query).content.decode()
