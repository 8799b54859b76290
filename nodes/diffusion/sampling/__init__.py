"""Sampling: schedules, samplers, guidance and noise, with the numbers that ComfyUI gives.

`sample.sample` is the one entry point; `names` lists what there is without loading torch.
"""
