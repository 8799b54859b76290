"""Samplers by name, with where each takes its noise from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling.names import SAMPLERS
from nodes.diffusion.sampling.noise import BrownianNoise, GaussianNoise
from nodes.diffusion.sampling.samplers import (
    ddpm,
    dpm_2,
    dpm_solver,
    dpmpp,
    dpmpp_sde,
    er_sde,
    euler,
    gradient_estimation,
    heun,
    multistep,
    res_multistep,
    sa_solver,
    seeds,
    uni_pc,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from nodes.diffusion.sampling.noise import StepNoise

UpdateRule = Callable[..., Any]
"""Takes a trajectory, a noisy latent and the sampler's own options; returns the latent."""


@dataclass(frozen=True)
class Sampler:
    """A sampler.

    Attributes:
        update: The algorithm.
        noise: `gaussian` draws anew at each call, `brownian` follows one path drawn on the CPU,
            `brownian_device` one drawn on the device of the latent.
        last_sigma: What a last level of zero is replaced by, where the algorithm needs that.
        fresh_inpaint_noise: Outside an inpainting mask, use other noise than inside.
        falling: Each level must be lower than the one before; others can go back to noise too.
    """

    update: UpdateRule
    noise: Literal["gaussian", "brownian", "brownian_device"] = "gaussian"
    last_sigma: float | None = None
    fresh_inpaint_noise: bool = False
    falling: bool = False

    def step_noise(self, like: Tensor, sigmas: tuple[float, ...], seed: int) -> StepNoise:
        """Return the source of the noise of the steps."""
        if self.noise == "gaussian":
            return GaussianNoise(like, seed)
        return BrownianNoise(like, sigmas, seed, on_cpu=self.noise == "brownian")


def find(name: str) -> Sampler:
    """Return a sampler by name.

    Raises:
        DiffusionError: No sampler has this name.
    """
    if name not in _BY_NAME:
        raise DiffusionError(f"no sampler is called {name!r}; there are {', '.join(SAMPLERS)}")
    return _BY_NAME[name]


_UNI_PC_END = 0.001

_BY_NAME: Mapping[str, Sampler] = {
    "euler": Sampler(euler.euler),
    "euler_cfg_pp": Sampler(euler.euler_cfg_pp),
    "euler_ancestral": Sampler(euler.euler_ancestral, falling=True),
    "euler_ancestral_cfg_pp": Sampler(euler.euler_ancestral_cfg_pp, falling=True),
    "heun": Sampler(heun.heun),
    "heunpp2": Sampler(heun.heunpp2),
    "dpm_2": Sampler(dpm_2.dpm_2),
    "dpm_2_ancestral": Sampler(dpm_2.dpm_2_ancestral, falling=True),
    "lms": Sampler(multistep.lms),
    "dpm_fast": Sampler(dpm_solver.dpm_fast, falling=True),
    "dpm_adaptive": Sampler(dpm_solver.dpm_adaptive, falling=True),
    "dpmpp_2s_ancestral": Sampler(dpmpp.dpmpp_2s_ancestral, falling=True),
    "dpmpp_2s_ancestral_cfg_pp": Sampler(dpmpp.dpmpp_2s_ancestral_cfg_pp, falling=True),
    "dpmpp_sde": Sampler(dpmpp_sde.dpmpp_sde, "brownian", falling=True),
    "dpmpp_sde_gpu": Sampler(dpmpp_sde.dpmpp_sde, "brownian_device", falling=True),
    "dpmpp_2m": Sampler(dpmpp.dpmpp_2m),
    "dpmpp_2m_cfg_pp": Sampler(dpmpp.dpmpp_2m_cfg_pp),
    "dpmpp_2m_sde": Sampler(dpmpp_sde.dpmpp_2m_sde, "brownian", falling=True),
    "dpmpp_2m_sde_gpu": Sampler(dpmpp_sde.dpmpp_2m_sde, "brownian_device", falling=True),
    "dpmpp_2m_sde_heun": Sampler(dpmpp_sde.dpmpp_2m_sde_heun, "brownian", falling=True),
    "dpmpp_2m_sde_heun_gpu": Sampler(dpmpp_sde.dpmpp_2m_sde_heun, "brownian_device", falling=True),
    "dpmpp_3m_sde": Sampler(dpmpp_sde.dpmpp_3m_sde, "brownian", falling=True),
    "dpmpp_3m_sde_gpu": Sampler(dpmpp_sde.dpmpp_3m_sde, "brownian_device", falling=True),
    "ddpm": Sampler(ddpm.ddpm, falling=True),
    "lcm": Sampler(ddpm.lcm, falling=True),
    "ipndm": Sampler(multistep.ipndm),
    "ipndm_v": Sampler(multistep.ipndm_v),
    "deis": Sampler(multistep.deis),
    "res_multistep": Sampler(res_multistep.res_multistep),
    "res_multistep_cfg_pp": Sampler(res_multistep.res_multistep_cfg_pp),
    "res_multistep_ancestral": Sampler(res_multistep.res_multistep_ancestral, falling=True),
    "res_multistep_ancestral_cfg_pp": Sampler(
        res_multistep.res_multistep_ancestral_cfg_pp, falling=True
    ),
    "gradient_estimation": Sampler(gradient_estimation.gradient_estimation),
    "gradient_estimation_cfg_pp": Sampler(gradient_estimation.gradient_estimation_cfg_pp),
    "er_sde": Sampler(er_sde.er_sde, falling=True),
    "seeds_2": Sampler(seeds.seeds_2, falling=True),
    "seeds_3": Sampler(seeds.seeds_3, falling=True),
    "sa_solver": Sampler(sa_solver.sa_solver, falling=True),
    "sa_solver_pece": Sampler(sa_solver.sa_solver_pece, falling=True),
    "ddim": Sampler(euler.euler, fresh_inpaint_noise=True),
    "uni_pc": Sampler(uni_pc.uni_pc, last_sigma=_UNI_PC_END),
    "uni_pc_bh2": Sampler(uni_pc.uni_pc_bh2, last_sigma=_UNI_PC_END),
}
