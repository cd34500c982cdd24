"""The pages that guard a log-in: second factor, passwords, devices, and the form that
met an ended session. Tables and verbs are in ``members.models`` and
``members.services`` like everybody's."""
