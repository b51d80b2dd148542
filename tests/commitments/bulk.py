"""What a browser sends to change many deliveries at once."""

import datetime as dt

LIST, CHOOSE, CONFIRM = "/deliveries/", "/deliveries/change/", "/deliveries/change/confirm/"
OLD, NEW = dt.date(2021, 3, 31), dt.date(2021, 9, 30)


def rows(*deliveries):
    return {"row": " ".join(f"{delivery.pk}-{delivery.version}" for delivery in deliveries)}


def lead(user, *deliveries):
    return {"what": "lead", "lead": user.pk} | rows(*deliveries)


def deadline(day, *deliveries, reason="The building opens later."):
    boxes = {"new_on_day": day.day, "new_on_month": day.month, "new_on_year": day.year}
    return {"what": "deadline", "reason": reason} | boxes | rows(*deliveries)


def month(first_day, *deliveries):
    return {"what": "period", "period": first_day} | rows(*deliveries)
