# Everything runs inside .venv, which is made on first use (tools/setup.sh). `make` alone lists the targets.
#   make course LAB_ARGS="--no-browser --port=9999"        arguments for JupyterLab
#   make demo DEMO_ARGS="--no-browser --port=9999"         arguments for Voilà
#   make class CLASS_ARGS="--seed=7"                     also exercises with other numbers, for nbgrader
#   make site-serve SITE_PORT=9999                         where the pages are shown
#   make course PYTHON=python3.12 PIP_ARGS="--index-url …"  which Python, and where pip looks

PYTHON ?=
PIP_ARGS ?=
LAB_ARGS ?=
DEMO_ARGS ?=
PYTEST_ARGS ?=
CLASS_ARGS ?=
SITE_PORT ?= 8000
# Every core, each with one worker and one thread; one worker: make test PYTEST_ARGS="-n 0".
WORKERS := -n logical --maxprocesses 8
export PYTHON PIP_ARGS

PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help course diffusion demo class check test release bench notebooks hosted site site-serve site-test \
	lint clean setup setup-test setup-site scripts

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1	/p' Makefile | expand -t 18

course: setup  ## open the course in JupyterLab
	@root=; [ "$$(id -u)" != 0 ] || root=--allow-root; \
	$(PY) -m jupyterlab --config=tools/jupyter_lab_config.py $$root $(LAB_ARGS)

diffusion:  ## add what lessons 13 and 14 need: diffusers and transformers
	@sh tools/setup.sh diffusion

demo: setup  ## show the widgets in a browser without code, in large type
	@$(PY) tools/demo.py $(DEMO_ARGS)

class: setup-test scripts  ## make the kit for a class: slides, handouts, questions, notebooks; needs npm
	$(PY) -m stablegen_class.build $(CLASS_ARGS)

check: lint scripts  ## check style, types and the fast tests: before every commit
	$(PY) -m pytest $(WORKERS) -m "not slow" --ignore=notebooks --jaxtyping-packages= $(PYTEST_ARGS)

test: lint scripts  ## check everything: style, types, tests, every notebook
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

hosted: setup-test  ## write the notebooks for Colab and Kaggle, into build/hosted
	$(PY) tools/hosted.py

site: setup-site  ## build the course as web pages, into build/site; needs Node.js with npm
	$(PY) web/build.py

site-serve: site  ## show the web pages on this computer
	$(PY) -m http.server --bind 127.0.0.1 --directory build/site $(SITE_PORT)

site-test: site  ## check the web pages: links, pictures, accessibility, and that they compute what Python does
	$(PY) -m pytest -n 0 tests/web $(PYTEST_ARGS)

clean:  ## remove .venv and caches
	rm -rf .venv build web/node_modules stablegen_class/node_modules *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

setup:
	@sh tools/setup.sh course

setup-test:
	@sh tools/setup.sh test

scripts:  # what the pages of the kit for a class need from npm
	@sh tools/scripts.sh stablegen_class
setup-site:
	@sh tools/setup.sh site
