"""The built-in pack: thin typed functions over `nodes.diffusion`."""
