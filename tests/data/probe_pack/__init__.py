"""A pack as people write them for ComfyUI: V1 classes, its helper modules, dynamic inputs, loops."""

# ruff: noqa
from .basics import BASICS
from .loops import LOOPS

NODE_CLASS_MAPPINGS = {**BASICS, **LOOPS}
NODE_DISPLAY_NAME_MAPPINGS = {"ProbeAdd": "Add (probe)"}
WEB_DIRECTORY = "./web"
