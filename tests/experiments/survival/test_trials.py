"""Claims about trials and experiments: repeatable, resumable, parallel, and judged by a fixed rule."""

import dataclasses
import json
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest
import tiny

from stablegen_experiments import runs
from stablegen_experiments.records import read_records
from stablegen_experiments.survival import __main__ as experiments
from stablegen_experiments.survival import judges, trials
from stablegen_experiments.survival.contestants import BUDGETS, CONTESTANTS, POINTS, Contestant
from stablegen_experiments.survival.rule import failure
from stablegen_experiments.survival.trials import Trial, outcome, run
from stablegen_lib.stablegen import StableGen

RECIPE = tiny.recipe(name="tiny", batch_size=8)


def trial(seed=0, dataset="ring", steps=6, recipe=RECIPE, scored=3):
    return Trial(dataset, recipe, seed, steps, {"width": 8}, scored)


def without_times(record):
    return {name: value for name, value in record.items() if name not in ("seconds", "about")}


def test_equal_trials_have_equal_records_and_another_seed_another():
    assert without_times(run(trial())) == without_times(run(trial()))
    assert run(trial(1))["history"] != run(trial())["history"]


def test_scores_are_taken_evenly_and_at_the_end_of_both_generators():
    record = run(trial(steps=7, recipe=tiny.recipe(averaging_decay=0.9)))
    assert [entry["step"] for entry in record["history"]] == [3, 5, 7]
    assert record["history"][-1]["raw"] != record["history"][-1]["averaged"]
    assert record["raw"]["last"] == record["history"][-1]["raw"]


def test_the_best_is_the_one_with_most_modes_then_most_mass():
    judge = judges.JUDGES["ring"]
    few, many = (
        {"captured": n, "modes": 8, "on_mode_mass": mass, "kl": 0.0} for n, mass in ((6, 0.9), (7, 0.1))
    )
    assert judge.badness(many) < judge.badness(few)
    assert judge.badness({**many, "on_mode_mass": 0.2}) < judge.badness(many)


def test_a_key_depends_on_everything_that_matters():
    changed = [trial(1), trial(dataset="grid"), trial(steps=7), trial(scored=2),
               trial(recipe=dataclasses.replace(RECIPE, r1_gamma=0.1)),
               dataclasses.replace(trial(), network={"width": 9})]  # fmt: skip
    assert len({each.key for each in [trial(), *changed]}) == len(changed) + 1
    assert trial().key == trial().key


def test_a_run_that_blows_up_is_a_result_and_failed():
    wild = tiny.recipe(generator_learning_rate=1e30, discriminator_learning_rate=1e30)
    record = run(trial(recipe=wild, steps=40, scored=20))
    assert record["stopped"]
    assert record["raw"]["failure"] == record["averaged"]["failure"] == "not finite"
    json.dumps(record, allow_nan=False)


def test_the_judgement_is_that_of_the_end_beside_the_best_distance():
    entry = {"raw": {"distance": 10.0}, "averaged": {"distance": 4.0}}
    later = {"raw": {"distance": 16.0}, "averaged": {"distance": 5.0}}
    record = {"history": [entry, later], "stopped": "", "real": {"distance": 1.0}}
    assert failure(outcome(record, "raw")) == "last Fréchet distance 1.6 times the best"
    assert failure(outcome(record, "averaged")) == ""
    assert failure(outcome({**record, "real": {"distance": 12.0}}, "raw")) == ""


def test_an_unknown_data_set_and_too_many_scores_are_refused():
    with pytest.raises(ValueError, match="unknown data set 'moon'"):
        trial(dataset="moon")
    with pytest.raises(ValueError, match="7 came for 6 steps"):
        trial(scored=7)


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_real_points_survive_and_an_untrained_generator_fails(name):
    judge = judges.JUDGES[name]
    real, fresh = judge.real_scores(), judge.scores(judge.model(0), averaged=True)

    def verdict(scores):
        history = [{"averaged": scores}]
        return failure(outcome({"history": history, "stopped": "", "real": real}, "averaged"))

    assert verdict(real) == ""
    assert verdict(fresh) != ""
    assert real["on_mode_mass"] == pytest.approx(0.989, abs=0.01)


def test_every_judge_scores_a_model_of_its_own():
    for name, judge in judges.JUDGES.items():
        model = judge.model(0, width=8)
        assert isinstance(model, StableGen), name
        assert (
            model.sample(2, conditions=judge.dataset.conditions[:2]).shape[1:]
            == judge.dataset.samples.shape[1:]
        )


class Counting(Executor):
    """Runs at once, in this process, and counts."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, function, /, *arguments, **keywords):
        self.submitted += 1
        future = Future()
        future.set_result(function(*arguments, **keywords))
        return future


def test_each_finished_run_is_a_line_and_is_not_run_again(tmp_path):
    results, three = tmp_path / "runs" / "r.jsonl", [trial(seed) for seed in range(3)]
    first = runs.run_all(three[:2], results, trials.run, command="as typed")
    assert len(results.read_text().splitlines()) == 2
    executor = Counting()
    every = runs.run_all(three, results, trials.run, executor)
    assert executor.submitted == 1
    assert every[:2] == first
    assert [record["key"] for record in every] == [each.key for each in three]
    assert first[0]["about"]["command"] == "as typed"
    assert {"torch", "python", "machine", "when"} <= first[0]["about"].keys()


def test_any_executor_gives_the_same_results(tmp_path):
    four = [trial(seed) for seed in range(4)]
    here = runs.run_all(four, tmp_path / "a", trials.run)
    with ThreadPoolExecutor(2) as pool:
        there = runs.run_all(four, tmp_path / "b", trials.run, pool, at_once=2)
    assert [without_times(record) for record in here] == [without_times(record) for record in there]


def test_an_interrupt_loses_only_the_unfinished_run(tmp_path, monkeypatch):
    original = trials.run

    def interrupted(each):
        if each.seed == 2:
            raise KeyboardInterrupt
        return original(each)

    monkeypatch.setattr(trials, "run", interrupted)
    four = [trial(seed) for seed in range(4)]
    with pytest.raises(KeyboardInterrupt):
        runs.run_all(four, tmp_path / "r", trials.run)
    assert [record["trial"]["seed"] for record in read_records(tmp_path / "r")] == [0, 1]
    monkeypatch.undo()
    assert len(runs.run_all(four, tmp_path / "r", trials.run)) == 4


def test_a_line_that_was_cut_off_is_left_out_and_run_again(tmp_path):
    results, two = tmp_path / "r", [trial(0), trial(1)]
    runs.run_all(two, results, trials.run)
    whole = results.read_bytes()
    results.write_bytes(whole[:-20])
    for read in (read_records, lambda results: runs.run_all(two, results, trials.run), read_records):
        with pytest.warns(UserWarning, match="line 2 is damaged.*left out"):
            found = read(results)
    assert [record["trial"]["seed"] for record in found] == [0, 1]


def test_a_run_that_fails_leaves_those_beside_it_to_be_kept(tmp_path, monkeypatch):
    original = trials.run

    def failing(each):
        if each.seed == 0:
            raise OSError("no such machine")
        time.sleep(0.2)  # so that the failure is noticed first
        return original(each)

    monkeypatch.setattr(trials, "run", failing)
    with ThreadPoolExecutor(2) as pool, pytest.raises(OSError, match="no such machine"):
        runs.run_all([trial(0), trial(1)], tmp_path / "r", trials.run, pool, at_once=2)
    assert [record["trial"]["seed"] for record in read_records(tmp_path / "r")] == [1]


def test_after_ctrl_c_the_runs_under_way_are_kept_and_no_others_begin(tmp_path, monkeypatch):
    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "wait", pressed)
    with ThreadPoolExecutor(2) as pool, pytest.raises(KeyboardInterrupt):
        runs.run_all([trial(seed) for seed in range(5)], tmp_path / "r", trials.run, pool, at_once=2)
    assert {record["trial"]["seed"] for record in read_records(tmp_path / "r")} == {0, 1}


def test_equal_trials_run_once(tmp_path):
    twice = runs.run_all([trial(0), trial(0)], tmp_path / "r", trials.run)
    assert len(read_records(tmp_path / "r")) == 1
    assert twice[0] == twice[1]


def test_what_does_not_go_together_is_an_error_and_not_a_failed_run():
    with pytest.raises(ValueError, match=r"pair from StableGen\.for_points"):
        run(Trial("faces", tiny.recipe(), 0, 2, scored=1, fused="trunk"))
    with pytest.raises(ValueError, match="way of fusing"):
        dataclasses.replace(trial(0), fused="bogus")


def test_no_more_trials_are_handed_out_than_asked(tmp_path):
    class Lazy(Counting):
        most = 0

        def submit(self, function, /, *arguments, **keywords):
            Lazy.most = max(Lazy.most, self.submitted - len(read_records(tmp_path / "r")) + 1)
            return super().submit(function, *arguments, **keywords)

    runs.run_all([trial(seed) for seed in range(5)], tmp_path / "r", trials.run, Lazy(), at_once=2)
    assert Lazy.most == 2


def test_the_command_line_runs_and_prints_the_table(tmp_path, capsys):
    words = [
        "ring",
        "--recipes",
        "article",
        "--seeds",
        "2",
        "--steps",
        "10",
        "--results",
        str(tmp_path / "r"),
    ]
    experiments.main(words)
    head, _, raw, averaged, *_ = capsys.readouterr().out.splitlines()
    assert head == "ring, 10 steps"
    assert raw.startswith("article  raw        0 of 2   0.00–0.66")
    assert averaged.split()[:4] == ["averaged", "0", "of", "2"]
    (first, _) = read_records(tmp_path / "r")
    assert first["about"]["command"] == (
        "python -m stablegen_experiments.survival ring --recipes article --seeds 2 --steps 10"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seeds", "0"], "--seeds: a whole number of at least 1"),
        (["--workers", "0"], "--workers: a whole number of at least 1"),
        (["--steps", "-1"], "--steps: a whole number of at least 1"),
        (["--first-seed", "99999999999999999999999"], "--first-seed: a whole number from 0 to"),
        (["faces", "--recipes", "article, trunk"], "'article, trunk' fuses networks for points"),
        (["--resul", "r.jsonl"], "unrecognized arguments: --resul"),
        (["--results", "{folder}"], "is a folder"),
        (["--results", "{folder}/README.md"], "README.md holds something else than results"),
        (["--results", "{folder}/other.jsonl"], "other.jsonl holds results of another kind"),
    ],
)
def test_the_command_line_says_in_one_line_what_is_wrong_before_any_run(
    words, said, tmp_path, capsys, monkeypatch
):
    (tmp_path / "README.md").write_text("# A text\n")
    (tmp_path / "other.jsonl").write_text('{"seed": 1}\n')
    monkeypatch.setattr(experiments, "run", lambda _: pytest.fail("it began"))
    with pytest.raises(SystemExit):
        experiments.main(["ring", *(word.format(folder=tmp_path) for word in words)])
    assert said in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text() == "# A text\n"


@pytest.mark.parametrize("name", CONTESTANTS)
def test_every_contestant_has_its_own_name_and_the_common_budget(name):
    contestant = CONTESTANTS[name]
    assert contestant.recipe.name == name
    for dataset, steps in BUDGETS.items():
        if contestant.fused and dataset not in POINTS:
            continue
        made = contestant.trial(dataset, seed=3)
        assert (made.steps, made.seed, made.dataset) == (steps, 3, dataset)


def test_a_decay_takes_the_whole_run_and_noise_its_first_half():
    recipe = tiny.recipe(decay_steps=1, penalty_decay=0.1, instance_noise=0.1)
    made = Contestant(recipe).trial("ring", 0, steps=90)
    assert made.recipe.decay_steps == 90
    assert made.recipe.instance_noise_steps == 45


def test_contestants_differ_from_the_article_in_what_their_name_says():
    article = CONTESTANTS["article"].recipe.as_dict()
    for name, contestant in CONTESTANTS.items():
        if name.startswith("article +"):
            values = contestant.recipe.as_dict()
            changed = {field for field in values if values[field] != article[field]} - {"name"}
            assert changed or contestant.points, name
            assert len(changed) <= 2, name  # R1 and R2, or R1 and how often
