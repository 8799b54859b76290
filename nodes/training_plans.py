"""Settings of training runs, for those who want other ones than the usual."""

from typing import Annotated

from engine import Choice, Number, Seed, Text, handle, node
from nodes.diffusion import handles
from nodes.diffusion.training import plans
from nodes.types import Checkpoints, EmaConfig, Image, LossMap, Objective, Optimizer, Previews

CATEGORY = "training"

for plan in (
    plans.OptimizerPlan,
    plans.EmaPlan,
    plans.ObjectivePlan,
    plans.PreviewPlan,
    plans.CheckpointPlan,
    handles.Weights,
):
    handle(plan)


@node("TrainingOptimizer", title="Optimizer", category=CATEGORY)
def training_optimizer(
    *,
    optimizer: Annotated[str, Choice(plans.OPTIMIZERS)] = "adamw",
    weight_decay: Annotated[float, Number(0, 10, step=0.001)] = 0.01,
    beta1: Annotated[float, Number(0, 1, step=0.001)] = 0.9,
    beta2: Annotated[float, Number(0, 1, step=0.001)] = 0.999,
    schedule: Annotated[str, Choice(plans.LEARNING_RATE_SCHEDULES)] = "constant",
    warmup_steps: Annotated[int, Number(0, 1_000_000)] = 0,
    schedule_steps: Annotated[int, Number(0, 10_000_000)] = 0,
    end_factor: Annotated[float, Number(0, 1, step=0.01)] = 0.0,
    clip_norm: Annotated[float, Number(0, 1000, step=0.1)] = 1.0,
) -> Optimizer:
    """Choose how gradients become changes; the learning rate is set where the run is.

    Args:
        optimizer: The update rule.
        weight_decay: How strongly weights are pulled to zero.
        beta1: Memory of the mean of gradients.
        beta2: Memory of the mean of their squares.
        schedule: How the learning rate falls.
        warmup_steps: Steps in which it rises from zero.
        schedule_steps: Steps after which it has fallen; not the length of the run, so that a run
            can be made longer.
        end_factor: What is left of it then.
        clip_norm: Largest norm of a gradient; 0 never clips.
    """
    return plans.OptimizerPlan(
        name=optimizer,
        weight_decay=weight_decay,
        beta1=beta1,
        beta2=beta2,
        schedule=schedule,
        warmup=warmup_steps,
        schedule_steps=schedule_steps,
        end=end_factor,
        clip=clip_norm,
    )


@node("TrainingEMA", title="Average of Weights (EMA)", category=CATEGORY)
def training_ema(
    *,
    decay: Annotated[float, Number(0, 0.999999, step=0.0001)] = 0.9999,
    start: Annotated[str, Choice(plans.EMA_STARTS)] = "constant",
    seen_steps: Annotated[int, Number(0, 100_000_000)] = 0,
    every: Annotated[int, Number(1, 1000)] = 1,
) -> EmaConfig:
    """Keep an average of the weights, which forgets the base as slowly as you choose.

    Args:
        decay: What is kept of the average at each step.
        start: `constant` keeps a share `decay ** steps` of the base, which saves what it knew;
            `warmup` forgets the base quickly; `continue` goes on from the base's own average.
        seen_steps: Steps that the base's average has seen, for `continue`.
        every: Update it every so many steps, which means the same and costs less.
    """
    return plans.EmaPlan(decay=decay, start=start, seen=seen_steps, every=every)


@node("TrainingObjective", title="Objective", category=CATEGORY)
def training_objective(
    *,
    loss: Annotated[str, Choice(plans.LOSSES)] = "l2",
    huber_delta: Annotated[float, Number(0.0001, 10, step=0.01)] = 0.1,
    weighting: Annotated[str, Choice(plans.WEIGHTINGS)] = "none",
    min_snr_gamma: Annotated[float, Number(0.1, 1000, step=0.1)] = 5.0,
    noise_offset: Annotated[float, Number(0, 1, step=0.01)] = 0.0,
    timesteps: Annotated[str, Choice(plans.TIMESTEP_DRAWS)] = "uniform",
    shift: Annotated[float, Number(-10, 10, step=0.1)] = 0.0,
    first_timestep: Annotated[int, Number(0, 999)] = 0,
    last_timestep: Annotated[int, Number(0, 999)] = 999,
) -> Objective:
    """Choose what the network is asked for, and at which noise levels.

    Args:
        loss: How far an answer is from the right one.
        huber_delta: Where `huber` and `smooth_l1` turn from squares to absolute values.
        weighting: How noise levels are weighed against each other.
        min_snr_gamma: Largest signal-to-noise ratio that `min_snr` counts.
        noise_offset: Strength of noise that is constant over the picture: darker darks.
        timesteps: How noise levels are drawn.
        shift: Preference of `logit_normal` for high noise.
        first_timestep: Least noise.
        last_timestep: Most noise.
    """
    return plans.ObjectivePlan(
        loss=loss,
        huber=huber_delta,
        weighting=weighting,
        gamma=min_snr_gamma,
        noise_offset=noise_offset,
        timesteps=timesteps,
        shift=shift,
        first=first_timestep,
        last=last_timestep,
    )


@node("TrainingPreviews", title="Training Previews", category=CATEGORY)
def training_previews(
    *,
    prompts: Annotated[str, Text(multiline=True, placeholder="one prompt a line")] = "",
    every: Annotated[int, Number(0, 1_000_000)] = 500,
    seed: Annotated[int, Seed()] = 0,
    steps: Annotated[int, Number(1, 1000)] = 20,
    cfg: Annotated[float, Number(0, 100, step=0.1)] = 4.0,
) -> Previews:
    """Draw pictures while training, always from the same noise; training does not notice.

    Args:
        prompts: One picture for each line.
        every: Steps between previews; 0 draws them at the end only.
        seed: Of their noise.
        steps: Of sampling.
        cfg: Strength of the guidance.
    """
    lines = tuple(line.strip() for line in prompts.splitlines() if line.strip())
    return plans.PreviewPlan(prompts=lines, every=every, seed=seed, steps=steps, cfg=cfg)


@node("CheckpointPolicy", title="Checkpoint Policy", category=CATEGORY)
def checkpoint_policy(
    *,
    every: Annotated[int, Number(0, 1_000_000)] = 0,
    seconds: Annotated[float, Number(0, 86_400, step=1)] = 300.0,
    keep: Annotated[int, Number(2, 1000)] = 2,
    keep_every: Annotated[int, Number(0, 1_000_000)] = 0,
) -> Checkpoints:
    """Choose when the state of a run is written, besides at its end and when it is stopped.

    Args:
        every: Steps between states; 0 goes by time alone.
        seconds: Longest time between states; 0 goes by steps alone.
        keep: How many of the newest are kept.
        keep_every: States at multiples of this are kept for ever; 0 keeps none.
    """
    return plans.CheckpointPlan(every=every, seconds=seconds, keep=keep, keep_every=keep_every)


@node("LossCurve", title="Loss Curve", category=CATEGORY)
def loss_curve(
    *,
    loss: LossMap,
    width: Annotated[int, Number(160, 4096)] = 640,
    height: Annotated[int, Number(120, 4096)] = 360,
) -> Image:
    """Draw the losses of a training run: each step pale, their moving average strong."""
    from nodes.diffusion.training.losses import Point, draw_curve
    from nodes.training_run import to_image

    points = [Point(step, value, 0.0) for step, value in enumerate(loss["loss"], 1)]
    return to_image(draw_curve(points, (width, height)))
