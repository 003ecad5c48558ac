"""python3 film.py FOLDER OUT.gif: the pictures of a folder in their order, as a GIF (needs Pillow)."""

import pathlib
import sys

from PIL import Image

folder, out = map(pathlib.Path, sys.argv[1:3])
pictures = [Image.open(p).convert("RGB").resize((832, 650), Image.LANCZOS) for p in sorted(folder.glob("*.png"))]
palette = pictures[0].quantize(64)  # one palette, so that nothing flickers
frames = [p.quantize(64, palette=palette, dither=Image.Dither.NONE) for p in pictures]
frames[0].save(out, save_all=True, append_images=frames[1:], duration=700, loop=0, optimize=True)
print(f"{out}: {len(frames)} pictures, {out.stat().st_size} bytes")
