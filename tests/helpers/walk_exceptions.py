"""What the walk accepts although its rules would not, each with the reason."""

NOT_FINITE = ("one NaN", "all nan", "all inf", "all -inf")

EXCEPTIONS: list[tuple[tuple[str, ...], tuple[str, ...], str]] = [
    (
        ("generator.*.forward(*)", "discriminator.*.forward(*)", "diffusion.PointDenoiser.forward(x_t)",
         "editing.Colourer.forward(*)", "editing.PairDiscriminator.forward(*)", "vae.Encoder.forward(*)",
         "autoencoder.Autoencoder.encode(y)", "autoencoder.Autoencoder.decode(z)",
         "autoencoder.PatchDiscriminator.forward(y)", "latent_diffusion.PatchDenoiser.forward(*)"),
        (*NOT_FINITE, "0 to 255"),
        "a network in the innermost loop looks at shapes and types alone: a look at every value would cost "
        "time and wait for a GPU. The loops stop at a loss that is not finite, and whoever calls a network "
        "for a result (sample, reconstruct, maps) has a door.",
    ),
    (
        ("log_loss.*(*)", "stability.r1_penalty(samples)", "stability.r2_penalty(samples)",
         "stability.slope_penalty(samples)", "vae.elbo(*)", "vae.gaussian_log_density(*)",
         "vae.kl_divergence(*)", "vae.kl_per_entry(*)", "vae.log_likelihood(*)", "vae.reparameterise(*)"),
        (*NOT_FINITE, "0 to 255"),
        "a loss in the innermost loop: NaN comes out as NaN, which is right, and stops the loop.",
    ),
    (
        ("latent.effect(distance)", "latent.lerp(fraction)",
         "diffusion.guided(scale)", "latent_diffusion.PromptedGenerator.predict(scale)",
         "widgets.LatentExplorer.move(offset)", "widgets.LogitDial(logit)", "widgets.PictureSlider(minimum)",
         "widgets.PictureSlider(value)"),
        ("-1.0", "-1", "-5"),
        "backwards is a direction too.",
    ),
    (
        ("diffusion.ddim_step(to)", "diffusion.ddpm_step(to)",
         "diffusion.from_velocity(t)", "diffusion.x0_from_noise(t)"),
        ("-1",),
        "level -1 is the clean sample.",
    ),
    (
        ("plots.loss_curves(discriminator)", "plots.loss_curves(generator)"),
        (*NOT_FINITE, "NaN inside"),
        "a loss that is not finite leaves a gap, so that a broken run can be looked at.",
    ),
    (
        ("data.ByAttribute(entries)", "data.ByAttribute.get(default)"),
        ("NaN inside", "None", "3", "object"),
        "a dictionary holds anything.",
    ),
    (
        ("diffusion.NoiseSchedule.factors(like)",),
        (*NOT_FINITE, "one axis more", "an axis more at the end", "one axis less", "empty"),
        "only its type and the number of its axes are looked at.",
    ),
]  # fmt: skip
