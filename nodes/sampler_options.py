"""Samplers with settings of their own."""

from typing import Annotated

from engine import Choice, Number, node
from nodes.diffusion.sampling.request import Method
from nodes.types import Model, Sampler

CATEGORY = "sampling/custom_sampling/samplers"
Factor = Annotated[float, Number(0.0, 100.0, step=0.01)]
Device = Annotated[str, Choice(("gpu", "cpu"))]


@node("SamplerEulerAncestral", category=CATEGORY)
def sampler_euler_ancestral(*, eta: Factor = 1.0, s_noise: Factor = 1.0) -> Sampler:
    """Euler steps with noise added after each.

    Args:
        eta: How much noise.
        s_noise: Factor on the noise.
    """
    return Method(name="euler_ancestral", options={"eta": eta, "s_noise": s_noise})


@node("SamplerLMS", category=CATEGORY)
def sampler_lms(*, order: Annotated[int, Number(1, 100)] = 4) -> Sampler:
    """Linear multistep.

    Args:
        order: Slopes to remember.
    """
    return Method(name="lms", options={"order": order})


@node("SamplerDPMPP_2M_SDE", category=CATEGORY)
def sampler_dpmpp_2m_sde(
    *,
    solver_type: Annotated[str, Choice(("midpoint", "heun"))],
    eta: Factor = 1.0,
    s_noise: Factor = 1.0,
    noise_device: Device,
) -> Sampler:
    """Stochastic DPM-Solver++(2M).

    Args:
        solver_type: The correction.
        eta: How much noise.
        s_noise: Factor on the noise.
        noise_device: `cpu` gives the same picture on every machine.
    """
    options = {"solver_type": solver_type, "eta": eta, "s_noise": s_noise}
    return Method(name=_on(noise_device, "dpmpp_2m_sde"), options=options)


@node("SamplerDPMPP_3M_SDE", category=CATEGORY)
def sampler_dpmpp_3m_sde(
    *, eta: Factor = 1.0, s_noise: Factor = 1.0, noise_device: Device
) -> Sampler:
    """Stochastic DPM-Solver++(3M).

    Args:
        eta: How much noise.
        s_noise: Factor on the noise.
        noise_device: `cpu` gives the same picture on every machine.
    """
    options = {"eta": eta, "s_noise": s_noise}
    return Method(name=_on(noise_device, "dpmpp_3m_sde"), options=options)


@node("SamplerDPMPP_SDE", category=CATEGORY)
def sampler_dpmpp_sde(
    *, eta: Factor = 1.0, s_noise: Factor = 1.0, r: Factor = 0.5, noise_device: Device
) -> Sampler:
    """Stochastic DPM-Solver++(2S).

    Args:
        eta: How much noise.
        s_noise: Factor on the noise.
        r: Where in the step the second question is asked.
        noise_device: `cpu` gives the same picture on every machine.
    """
    options = {"eta": eta, "s_noise": s_noise, "r": r}
    return Method(name=_on(noise_device, "dpmpp_sde"), options=options)


@node("SamplerDPMAdaptative", category=CATEGORY)
def sampler_dpm_adaptive(
    *,
    order: Annotated[int, Number(2, 3)] = 3,
    rtol: Factor = 0.05,
    atol: Factor = 0.0078,
    h_init: Factor = 0.05,
    pcoeff: Factor = 0.0,
    icoeff: Factor = 1.0,
    dcoeff: Factor = 0.0,
    accept_safety: Factor = 0.81,
    eta: Factor = 0.0,
    s_noise: Factor = 1.0,
) -> Sampler:
    """DPM-Solver with a step size that follows its own error.

    Args:
        order: Order of the solver.
        rtol: Error to allow relative to the latent.
        atol: Error to allow at least.
        h_init: First step size, in log sigma.
        pcoeff: Weight of the present error.
        icoeff: Weight of the errors so far.
        dcoeff: Weight of the change of the error.
        accept_safety: A step is taken again where the size would shrink below this factor.
        eta: How much noise.
        s_noise: Factor on the noise.
    """
    sizes = {"rtol": rtol, "atol": atol, "h_init": h_init, "accept_safety": accept_safety}
    control = {"pcoeff": pcoeff, "icoeff": icoeff, "dcoeff": dcoeff}
    options = {"order": order, **sizes, **control, "eta": eta, "s_noise": s_noise}
    return Method(name="dpm_adaptive", options=options)


@node("SamplerER_SDE", category=CATEGORY)
def sampler_er_sde(
    *,
    solver_type: Annotated[str, Choice(("ER-SDE", "Reverse-time SDE", "ODE"))],
    max_stage: Annotated[int, Number(1, 3)] = 3,
    eta: Factor = 1.0,
    s_noise: Factor = 1.0,
) -> Sampler:
    """Extended reverse-time stochastic solver.

    Args:
        solver_type: How much noise it adds, and when.
        max_stage: Order.
        eta: How much noise `Reverse-time SDE` adds; at 0 it is `ODE`.
        s_noise: Factor on the noise.
    """
    if solver_type == "Reverse-time SDE" and eta == 0:
        solver_type = "ODE"
    options = {"solver_type": solver_type, "max_stage": max_stage, "eta": eta, "s_noise": s_noise}
    return Method(name="er_sde", options=options)


@node("SamplerSASolver", category=CATEGORY)
def sampler_sa_solver(
    *,
    model: Model,
    eta: Annotated[float, Number(0.0, 10.0, step=0.01)] = 1.0,
    sde_start_percent: Annotated[float, Number(0.0, 1.0, step=0.001)] = 0.2,
    sde_end_percent: Annotated[float, Number(0.0, 1.0, step=0.001)] = 0.8,
    s_noise: Factor = 1.0,
    predictor_order: Annotated[int, Number(1, 6)] = 3,
    corrector_order: Annotated[int, Number(0, 6)] = 4,
    use_pece: bool,
    simple_order_2: bool,
) -> Sampler:
    """Stochastic Adams predictor and corrector.

    Args:
        model: Not needed; the noise levels are those of the model that samples.
        eta: How much noise.
        sde_start_percent: Where noise begins.
        sde_end_percent: Where noise ends.
        s_noise: Factor on the noise.
        predictor_order: Guesses that the predictor uses.
        corrector_order: Guesses that the corrector uses; 0 leaves it out.
        use_pece: Ask the model again after the corrector.
        simple_order_2: Take simpler weights at order 2.
    """
    del model
    options = {
        "eta": eta,
        "start_percent": sde_start_percent,
        "end_percent": sde_end_percent,
        "s_noise": s_noise,
        "predictor_order": predictor_order,
        "corrector_order": corrector_order,
        "evaluate_twice": use_pece,
        "simple_order_2": simple_order_2,
    }
    return Method(name="sa_solver", options=options)


def _on(device: str, name: str) -> str:
    return f"{name}_gpu" if device == "gpu" else name
