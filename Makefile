# Everything runs inside .venv, which is made on first use (tools/setup.sh). `make` alone lists the targets.
#   make course LAB_ARGS="--no-browser --port=9999"        arguments for JupyterLab
#   make demo DEMO_ARGS="--no-browser --port=9999"         arguments for Voilà
#   make course PYTHON=python3.12 PIP_ARGS="--index-url …"  which Python, and where pip looks

PYTHON ?=
PIP_ARGS ?=
LAB_ARGS ?=
DEMO_ARGS ?=
PYTEST_ARGS ?=
# Every core, each with one worker and one thread; one worker: make test PYTEST_ARGS="-n 0".
WORKERS := -n logical --maxprocesses 8
export PYTHON PIP_ARGS

PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help course diffusion demo check test release bench notebooks lint clean setup setup-test

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*  ## /  make \1	/p' Makefile | expand -t 18

course: setup  ## open the course in JupyterLab
	@root=; [ "$$(id -u)" != 0 ] || root=--allow-root; \
	$(PY) -m jupyterlab --config=tools/jupyter_lab_config.py $$root $(LAB_ARGS)

diffusion:  ## add what lessons 13 and 14 need: diffusers and transformers
	@sh tools/setup.sh diffusion

demo: setup  ## show the widgets in a browser without code, in large type
	@$(PY) tools/demo.py $(DEMO_ARGS)

check: lint  ## check style, types and the fast tests: before every commit
	$(PY) -m pytest $(WORKERS) -m "not slow" --ignore=notebooks $(PYTEST_ARGS)

test: lint  ## check everything: style, types, tests, every notebook
	$(PY) -m pytest $(WORKERS) $(PYTEST_ARGS)

release: setup-test  ## run every lesson with other seeds and settings: before a release, about an hour
	$(PY) -m pytest $(WORKERS) $(PYTEST_ARGS) tests/release

lint: setup-test  ## check style, types, and who imports whom
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports

bench: setup-test  ## measure the speed of training and of every notebook
	$(PY) benchmarks/run.py

notebooks: setup  ## run every notebook afresh and store its outputs
	$(PY) tools/run_notebooks.py $(NOTEBOOKS)

clean:  ## remove .venv and caches
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

setup:
	@sh tools/setup.sh course

setup-test:
	@sh tools/setup.sh test
