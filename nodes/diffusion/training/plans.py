"""How a training run goes, as data: frozen, hashable, without torch."""

from __future__ import annotations

from dataclasses import dataclass

OPTIMIZERS = ("adamw", "muon", "sgd", "lion", "adafactor")
LEARNING_RATE_SCHEDULES = ("constant", "linear", "cosine")
EMA_STARTS = ("constant", "warmup", "continue")
LOSSES = ("l2", "l1", "huber", "smooth_l1")
WEIGHTINGS = ("none", "min_snr", "debiased")
TIMESTEP_DRAWS = ("uniform", "logit_normal")
PRECISIONS = ("float32", "bfloat16")
TRAINABLE_PRESETS = ("all", "attn", "attn2", "attn1+attn2", "kv", "conv_in", "text")
LORA_TARGETS: dict[str, str] = {
    "transformer": r".*\battentions\..*",
    "attention": r".*\battn[12]\.(to_[qkv]|to_out\.0)",
    "attn2": r".*\battn2\.(to_[qkv]|to_out\.0)",
    "transformer+conv": r".*",
}
"""Which layers of a denoising network get a LoRA, as expressions over whole names."""


@dataclass(frozen=True, kw_only=True)
class OptimizerPlan:
    """How gradients become changes.

    Attributes:
        name: One of `OPTIMIZERS`.
        learning_rate: Its highest value.
        weight_decay: Decoupled, per step and learning rate.
        beta1: Memory of the mean of gradients; the momentum of `sgd` and `muon`.
        beta2: Memory of the mean of their squares.
        epsilon: Added to the root of that mean.
        schedule: One of `LEARNING_RATE_SCHEDULES`.
        warmup: Steps in which the rate rises from 0.
        schedule_steps: Steps after which `linear` and `cosine` have reached the end rate.
        end: That rate, as a part of the highest one.
        clip: Largest norm of the gradient of all parameters; 0 never clips.
    """

    name: str = "adamw"
    learning_rate: float = 1e-4
    weight_decay: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    schedule: str = "constant"
    warmup: int = 0
    schedule_steps: int = 0
    end: float = 0.0
    clip: float = 1.0


@dataclass(frozen=True, kw_only=True)
class EmaPlan:
    """An exponential moving average of the weights.

    Attributes:
        decay: What is kept of the average at each step.
        start: `constant` uses the decay from the first step, so that a part `decay ** steps` of
            the base's weights stays; `warmup` begins with a short memory, which forgets the base;
            `continue` goes on from an average that has seen `seen` steps.
        seen: Steps that the base's average has seen, for `continue`.
        every: The average is updated every so many steps, with `decay ** every`.
    """

    decay: float = 0.9999
    start: str = "constant"
    seen: int = 0
    every: int = 1


@dataclass(frozen=True, kw_only=True)
class ObjectivePlan:
    """What the network is asked for.

    Attributes:
        loss: One of `LOSSES`.
        huber: Where `huber` and `smooth_l1` turn from squares to absolute values.
        weighting: How noise levels are weighed against each other; one of `WEIGHTINGS`.
        gamma: Largest signal-to-noise ratio that `min_snr` counts.
        noise_offset: Strength of noise that is constant over the picture (Guttenberg 2023).
        timesteps: How timesteps are drawn; one of `TIMESTEP_DRAWS`.
        shift: Mean of `logit_normal`; positive prefers high noise.
        first: Least timestep, 0 to 999.
        last: Greatest timestep, 0 to 999.
    """

    loss: str = "l2"
    huber: float = 0.1
    weighting: str = "none"
    gamma: float = 5.0
    noise_offset: float = 0.0
    timesteps: str = "uniform"
    shift: float = 0.0
    first: int = 0
    last: int = 999


@dataclass(frozen=True, kw_only=True)
class AutoencoderPlan:
    """What counts as a good reconstruction; pictures are from -1 to 1, all terms are means.

    Attributes:
        l2: Weight of squared differences.
        l1: Weight of absolute differences.
        gradient: Weight of absolute differences between neighbouring pixels' steps: sharp edges.
        kl: Weight of the divergence of the latents from a standard normal distribution.
        decoder_only: The encoder stays as it is, and with it all latents.
    """

    l2: float = 1.0
    l1: float = 0.1
    gradient: float = 0.0
    kl: float = 5e-5
    decoder_only: bool = False


@dataclass(frozen=True, kw_only=True)
class LoraPlan:
    """The shape of a LoRA.

    Attributes:
        rank: Inner size of the two matrices of each layer.
        alpha: The change is scaled by `alpha / rank`.
        targets: One of `LORA_TARGETS`.
        text: The text encoders get one too.
        dropout: Chance that an input of a layer's LoRA is left out while training.
    """

    rank: int = 16
    alpha: float = 16.0
    targets: str = "transformer"
    text: bool = False
    dropout: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PreviewPlan:
    """Pictures drawn while training, always from the same noise.

    Attributes:
        prompts: One picture each.
        every: Steps between previews; 0 draws none.
        seed: Of their noise; has nothing to do with the run's.
        steps: Of sampling.
        cfg: Strength of the guidance.
    """

    prompts: tuple[str, ...] = ()
    every: int = 0
    seed: int = 0
    steps: int = 20
    cfg: float = 4.0


@dataclass(frozen=True, kw_only=True)
class CheckpointPlan:
    """When the state of a run is written.

    Attributes:
        every: Steps between states; 0 goes by time alone.
        seconds: Longest time between states.
        keep: So many of the newest states are kept; at least 2, so that a broken one can be
            passed over.
        keep_every: States at multiples of this are kept for ever; 0 keeps none.
    """

    every: int = 0
    seconds: float = 300.0
    keep: int = 2
    keep_every: int = 0


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """A whole run.

    Attributes:
        steps: Optimizer steps; raising it continues a finished run.
        batch: Samples per part.
        accumulate: Parts per step; their gradients are averaged.
        seed: Of everything that is drawn.
        precision: What the forward pass computes in; one of `PRECISIONS`.
        optimizer: How gradients become changes.
        ema: The average of the weights, or None.
        checkpoints: When the state is written.
    """

    steps: int = 1000
    batch: int = 1
    accumulate: int = 1
    seed: int = 0
    precision: str = "float32"
    optimizer: OptimizerPlan = OptimizerPlan()
    ema: EmaPlan | None = None
    checkpoints: CheckpointPlan = CheckpointPlan()
