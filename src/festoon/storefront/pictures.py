"""What goods look like: the picture's name in the catalogue to an icon and a hue (degrees on the colour wheel)."""

from __future__ import annotations

PICTURES = {
    "leaf": ("leaf", 140),
    "flower": ("flower", 325),
    "gift": ("gift", 5),
    "cup": ("mug", 175),
    "teapot": ("teapot", 25),
    "tray": ("bowl", 85),
    "canister": ("cylinder", 200),
    "shoe": ("shoe", 215),
    "shirt": ("shirt", 195),
    "sock": ("sock", 260),
    "mat": ("stretching", 165),
    "ring": ("circle_dotted", 285),
    "ball": ("ball_basketball", 28),
    "racket": ("ball_tennis", 95),
    "shuttle": ("feather", 205),
    "tent": ("tent", 120),
    "bottle": ("bottle", 220),
    "backpack": ("backpack", 30),
    "jar": ("bucket_droplet", 150),
    "drop": ("droplet", 205),
    "mask": ("mood_smile", 310),
    "sun": ("sun", 45),
    "lipstick": ("highlight", 345),
    "palette": ("palette", 275),
    "brush": ("brush", 20),
    "cushion": ("circle_dot", 335),
    "perfume": ("spray", 300),
    "candle": ("candle", 38),
    "mirror": ("oval_vertical", 230),
}
PLAIN = ("package", 220)


def picture(name: str) -> tuple[str, int]:
    """The icon and the hue of a picture; a plain parcel for a name nobody drew."""
    return PICTURES.get(name, PLAIN)
