"""Claims about diffusion: the algebra, the steps of diffusers, and a network that learns."""

import math
import subprocess
import sys
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from stablegen_lib import diffusion
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.diffusion.points import PointDenoiser, train_points

SCHEDULES = {
    "linear": (NoiseSchedule.linear(), {"beta_schedule": "linear"}),
    "stable diffusion": (
        NoiseSchedule.stable_diffusion(),
        {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
    ),
    "cosine": (NoiseSchedule.cosine(), {"beta_schedule": "squaredcos_cap_v2"}),
}
every_schedule = pytest.mark.parametrize(("schedule", "options"), SCHEDULES.values(), ids=SCHEDULES)
LINEAR = SCHEDULES["linear"][0]


def draw(count=64, *, seed=0):
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))


def test_the_file_needs_torch_only():
    code = "import sys, stablegen_lib.diffusion; print({'diffusers', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@every_schedule
def test_noise_grows_from_nearly_nothing_to_nearly_everything_and_variance_stays_one(schedule, options):
    assert schedule.alpha_bar[0] > 0.99
    assert schedule.alpha_bar[-1] < 0.01
    x0, noise = draw(200_000, seed=1), draw(200_000, seed=2)
    for t in (0, 300, 999):
        assert_close(
            diffusion.add_noise(schedule, x0, noise=noise, t=t).var(), torch.tensor(1.0), atol=0.02, rtol=0
        )


def test_many_small_steps_of_noise_are_one_large_step():
    beta = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
    mean, variance = 1.0, 0.0
    for t in range(500):
        mean, variance = mean * math.sqrt(1 - beta[t]), variance * (1 - beta[t].item()) + beta[t].item()
    kept, added = LINEAR.factors(499, torch.zeros(1, dtype=torch.float64))
    assert kept.item() == pytest.approx(float(mean), rel=1e-4)
    assert added.item() ** 2 == pytest.approx(variance, rel=1e-4)


@given(st.integers(0, 999))
def test_x0_noise_and_velocity_say_the_same(t):
    x0, noise = draw(seed=1).double(), draw(seed=2).double()
    x_t = diffusion.add_noise(LINEAR, x0, noise=noise, t=t)
    assert_close(diffusion.x0_from_noise(LINEAR, x_t, noise=noise, t=t), x0)
    assert_close(diffusion.noise_from_x0(LINEAR, x_t, x0=x0, t=t), noise)
    v = diffusion.velocity(LINEAR, x0, noise=noise, t=t)
    back = diffusion.from_velocity(LINEAR, x_t, v=v, t=t)
    assert_close(back[0], x0)
    assert_close(back[1], noise)


def test_the_squared_errors_of_x0_and_of_noise_differ_by_a_known_factor_only():
    x0, noise, guess = draw(seed=1).double(), draw(seed=2).double(), draw(seed=3).double()
    for t in (10, 500, 900):
        x_t = diffusion.add_noise(LINEAR, x0, noise=noise, t=t)
        guessed_noise = diffusion.noise_from_x0(LINEAR, x_t, x0=guess, t=t)
        ratio = LINEAR.alpha_bar[t].double() / (1 - LINEAR.alpha_bar[t].double())
        assert_close((guessed_noise - noise).square().mean(), ratio * (guess - x0).square().mean())


def test_each_sample_may_have_a_level_of_its_own():
    x0, noise, t = draw(3), draw(3, seed=1), torch.tensor([0, 500, 999])
    together = diffusion.add_noise(LINEAR, x0, noise=noise, t=t)
    for row in range(3):
        alone = diffusion.add_noise(LINEAR, x0[row : row + 1], noise=noise[row : row + 1], t=int(t[row]))
        assert_close(together[row : row + 1], alone)


@pytest.mark.parametrize("t", [-2, 1000])
def test_levels_outside_the_schedule_are_refused(t):
    with pytest.raises(ValueError, match="from -1 to 999"):
        LINEAR.factors(t, draw())


@pytest.mark.parametrize("numbers", [[0.5], [0.5, 0.6], [1.2, 0.5], [0.5, -0.1], [0.5, 0.5]])
def test_a_schedule_must_fall_from_one_towards_zero(numbers):
    with pytest.raises(ValueError, match=r"fall|alpha_bar"):
        NoiseSchedule(torch.tensor(numbers))


def test_guidance_scale_zero_ignores_one_is_plain_and_more_goes_beyond():
    prompted, unprompted = draw(seed=1), draw(seed=2)
    assert torch.equal(diffusion.guided(prompted=prompted, unprompted=unprompted, scale=0), unprompted)
    assert_close(diffusion.guided(prompted=prompted, unprompted=unprompted, scale=1), prompted)
    beyond = diffusion.guided(prompted=prompted, unprompted=unprompted, scale=3)
    assert_close(beyond - prompted, 2 * (prompted - unprompted))


def test_with_perfect_predictions_ddim_returns_to_the_sample_in_any_number_of_steps():
    x0, noise = draw(seed=1), draw(seed=2)
    start = diffusion.add_noise(LINEAR, x0, noise=noise, t=999)
    for steps in (1, 7, 50):
        (*_, last) = diffusion.denoise(
            LINEAR, lambda x, t: diffusion.noise_from_x0(LINEAR, x, x0=x0, t=t), start, steps=steps
        )
        assert_close(last.x, x0, atol=1e-3, rtol=0)
        assert_close(last.x0, x0, atol=1e-3, rtol=0)


def gaussian_noise(schedule, mean, deviation):
    """The best possible prediction for data from N(mean, deviation²): known in closed form."""

    def predict(x, t):
        kept, added = schedule.factors(t, x)
        return added * (x - kept * mean) / (kept**2 * deviation**2 + added**2)

    return predict


@pytest.mark.parametrize("random", [None, torch.Generator().manual_seed(5)], ids=["DDIM", "DDPM"])
def test_from_the_best_prediction_both_samplers_draw_the_right_distribution(random):
    predict = gaussian_noise(LINEAR, mean=2.0, deviation=0.5)
    (*_, last) = diffusion.denoise(LINEAR, predict, draw(20_000), steps=250, random=random)
    assert_close(last.x.mean(), torch.tensor(2.0), atol=0.03, rtol=0)
    assert_close(last.x.std(), torch.tensor(0.5), atol=0.03, rtol=0)


def test_ddim_upwards_and_down_again_comes_back():
    predict = gaussian_noise(LINEAR, mean=2.0, deviation=0.5)
    x0 = 2 + 0.5 * draw()
    levels = [-1, *reversed(diffusion.visited_levels(LINEAR, 500))]
    x = x0
    for t, to in pairwise(levels):
        noise = predict(x, max(t, 0))
        x = diffusion.ddim_step(
            LINEAR, x0=diffusion.x0_from_noise(LINEAR, x, noise=noise, t=t), noise=noise, to=to
        )
    (*_, last) = diffusion.denoise(LINEAR, predict, x, steps=500)
    assert_close(last.x, x0, atol=0.05, rtol=0)
    assert (x - x0).abs().mean() > 0.5


def test_visited_levels_begin_at_the_noisiest_and_are_evenly_spaced():
    assert diffusion.visited_levels(LINEAR, 4) == [999, 749, 499, 249]
    assert diffusion.visited_levels(LINEAR, 1000) == list(range(999, -1, -1))
    for steps in (0, 1001):
        with pytest.raises(ValueError, match="steps were needed"):
            diffusion.visited_levels(LINEAR, steps)


def test_a_small_network_learns_and_its_samples_lie_on_the_ring():
    angles = 2 * math.pi * torch.rand(4000, generator=torch.Generator().manual_seed(0))
    points = 1.4 * torch.stack([angles.cos(), angles.sin()], dim=1)
    torch.manual_seed(0)
    model = PointDenoiser(width=64)
    schedule = NoiseSchedule.stable_diffusion()
    losses = list(train_points(model, schedule, points, steps=1000))
    assert 0.8 < losses[0] < 1.3
    assert sum(losses[-50:]) / 50 < 0.5
    (*_, last) = diffusion.denoise(schedule, model, draw(1000), steps=50)
    on_the_ring = lambda x: ((x.norm(dim=1) - 1.4).abs() < 0.3).float().mean()  # noqa: E731
    assert on_the_ring(last.x) > 0.8
    assert on_the_ring(draw(1000)) < 0.5
    assert last.x.mean(dim=0).norm() < 0.2  # all around, not in one corner


# The same numbers as diffusers, where it is installed.


@pytest.fixture(scope="module")
def schedulers():
    pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
    from stablegen_lib import latent_diffusion

    return latent_diffusion.package("diffusers")


@every_schedule
def test_schedules_are_those_of_diffusers(schedulers, schedule, options):
    theirs = schedulers.DDIMScheduler(**options).alphas_cumprod
    assert_close(schedule.alpha_bar, theirs, rtol=1e-4, atol=1e-9)


@every_schedule
def test_noise_and_velocity_are_those_of_diffusers(schedulers, schedule, options):
    theirs, t = schedulers.DDIMScheduler(**options), torch.tensor([0, 10, 500, 999])
    x0, noise = draw(4), draw(4, seed=1)
    assert_close(
        diffusion.add_noise(schedule, x0, noise=noise, t=t),
        theirs.add_noise(x0, noise, t),
        rtol=1e-4,
        atol=1e-5,
    )
    ours = diffusion.velocity(schedule, x0, noise=noise, t=t)
    assert_close(ours, theirs.get_velocity(x0, noise, t), rtol=1e-4, atol=1e-5)


@every_schedule
@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
def test_ddim_steps_are_those_of_diffusers(schedulers, schedule, options, kind):
    theirs = schedulers.DDIMScheduler(
        **options, prediction_type=kind, clip_sample=False, timestep_spacing="trailing"
    )
    theirs.set_timesteps(50)
    assert theirs.timesteps.tolist() == diffusion.visited_levels(schedule, 50)
    x_t, output = draw(), draw(seed=1)
    for t, to in ((979, 959), (499, 479), (19, -1)):
        if kind == "epsilon":
            x0, noise = diffusion.x0_from_noise(schedule, x_t, noise=output, t=t), output
        elif kind == "sample":
            x0, noise = output, diffusion.noise_from_x0(schedule, x_t, x0=output, t=t)
        else:
            x0, noise = diffusion.from_velocity(schedule, x_t, v=output, t=t)
        ours = diffusion.ddim_step(schedule, x0=x0, noise=noise, to=to)
        expected = theirs.step(output, t, x_t).prev_sample
        assert_close(ours, expected, rtol=2e-3, atol=2e-3)


@every_schedule
def test_ddpm_steps_are_those_of_diffusers(schedulers, schedule, options):
    theirs = schedulers.DDPMScheduler(**options, clip_sample=False, timestep_spacing="trailing")
    theirs.set_timesteps(50)
    x_t, output = draw(), draw(seed=1)
    for t, to in ((959, 939), (499, 479), (19, -1)):
        expected = theirs.step(output, t, x_t, generator=torch.Generator().manual_seed(7)).prev_sample
        fresh = torch.randn(x_t.shape, generator=torch.Generator().manual_seed(7))
        x0 = diffusion.x0_from_noise(schedule, x_t, noise=output, t=t)
        ours = diffusion.ddpm_step(schedule, x_t, x0=x0, fresh=fresh, t=t, to=to)
        assert_close(ours, expected, rtol=2e-3, atol=2e-3)
