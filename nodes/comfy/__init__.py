"""Stand-ins for the parts of ComfyUI's modules that touch models, for packs that import them.

What concerns execution is in `engine.comfy`; a module that has both finds the rest here.
"""
