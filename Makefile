# Thin on purpose: make cannot handle a checkout whose path has a space, so every
# step lives in deploy/portal.sh. ARGS reaches the program behind a step:
# make test ARGS="tests/news -x"
STEPS = run test dev lint format bench soak stop
.PHONY: help $(STEPS)

help:
	@echo "make run    the portal on http://127.0.0.1:\$${PORT:-8000}/, with everything it needs"
	@echo "make test   the whole suite      make lint   style of Python and templates"
	@echo "make format writes that style    make dev    reloading server"
	@echo "make bench  the benchmarks       make soak   the long tests"
	@echo "make stop   stop the private Postgres"

$(STEPS):
	@sh deploy/portal.sh $@ $(ARGS)
