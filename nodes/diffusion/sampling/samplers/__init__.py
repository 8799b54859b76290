"""Samplers: each is a function of a trajectory and a noisy latent, and reads like its paper."""
