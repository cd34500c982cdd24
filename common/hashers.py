"""How passwords are hashed: argon2id, by the library that encrypts everything else."""

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop as _


class Argon2idPasswordHasher(BasePasswordHasher):
    """argon2id with half again the passes that OWASP asks for at least (19 MiB, two
    passes, one lane); the figures stand in docs/decisions/0007-passwords.md.

    The stored form is that of Django's own ``argon2`` hasher, which needs a package of
    its own: ``argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash``.
    """

    algorithm = "argon2"
    memory = 19 * 1024  # KiB, freed when the log-in is over
    passes = 3
    lanes = 1
    length = 32

    def encode(self, password, salt):
        self._check_encode_args(password, salt)
        made = self._kdf(salt.encode(), self.memory, self.passes, self.lanes)
        return self.algorithm + made.derive_phc_encoded(password.encode())

    def _kdf(self, salt, memory, passes, lanes):
        return Argon2id(
            salt=salt,
            length=self.length,
            iterations=passes,
            lanes=lanes,
            memory_cost=memory,
        )

    def decode(self, encoded):
        algorithm, variety, version, costs, salt, digest = encoded.split("$")
        numbers = dict(cost.split("=") for cost in costs.split(","))
        return {
            "algorithm": algorithm,
            "variety": variety,
            "version": int(version.removeprefix("v=")),
            "memory": int(numbers["m"]),
            "passes": int(numbers["t"]),
            "lanes": int(numbers["p"]),
            "salt": salt,
            "hash": digest,
        }

    def verify(self, password, encoded):
        algorithm, phc = encoded.split("$", 1)
        if not constant_time_compare(algorithm, self.algorithm):
            return False
        try:
            Argon2id.verify_phc_encoded(password.encode(), "$" + phc)
        except InvalidKey:
            return False
        return True

    def must_update(self, encoded):
        found = self.decode(encoded)
        costs = (found["variety"], found["memory"], found["passes"], found["lanes"])
        return costs != ("argon2id", self.memory, self.passes, self.lanes)

    def safe_summary(self, encoded):
        found = self.decode(encoded)
        return {
            _("algorithm"): found["variety"],
            _("memory cost"): found["memory"],
            _("time cost"): found["passes"],
            _("parallelism"): found["lanes"],
            _("salt"): mask_hash(found["salt"]),
            _("hash"): mask_hash(found["hash"]),
        }

    def harden_runtime(self, password, encoded):
        """Nothing: how long it takes differs between algorithms, not between accounts
        of one."""
