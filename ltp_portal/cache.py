"""The cache in Redis, for a portal that goes on while Redis is away."""

from django_redis.cache import RedisCache


class PortalCache(RedisCache):
    """Keeps in Redis what Redis takes; what it does not is read from the database again."""

    def add(self, *args, **kwargs) -> bool:
        """Whether the key was free: without Redis it is.

        allauth holds a lock by such a key while it counts tries. Refused that lock, it would tell every visitor that
        they had tried too often, and nobody could sign in. Wrong passwords stay counted: axes does so in the database.
        """
        return super().add(*args, **kwargs) is not False
