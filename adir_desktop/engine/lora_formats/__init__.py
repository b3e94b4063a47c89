"""How other programs write a LoRA: diffusers, kohya (ComfyUI, A1111, kohya-ss) and peft; written and read."""
