"""What `make run` and `make test` stand on: set-up, an embedded PostgreSQL and Redis, one process manager.

Nothing here runs in production: `docker-compose.yml` starts the same programs against real servers.
"""
