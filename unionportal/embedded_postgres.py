def settings(path):
    raise SystemExit("set DATABASE_URL")
