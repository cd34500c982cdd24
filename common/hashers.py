"""How passwords are hashed; the figures stand in docs/decisions/0007-passwords.md."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """argon2id with half again the passes that OWASP asks for at least (19 MiB, two
    passes, one lane)."""

    memory_cost = 19 * 1024  # KiB, freed when the log-in is over
    time_cost = 3
    parallelism = 1
