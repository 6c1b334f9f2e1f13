"""Every word that the maps show or speak; a translation hands over another dict."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "maps": "Guidance, one step taken apart",
    "without": "without words",
    "with": "with words",
    "difference": "with − without",
    "sum": "without + {scale} × difference",
    "noise_of": "predicted noise, {part}",
    "picture_of": "predicted picture, {part}",
    "closer": "the same difference, colours 30 times stronger",
    "magnified": "difference × 30",
    "clipped": "{share}% of values cut off",
    "legend": "Noise: mean of the three colour channels. All four maps share these colours.",
    "step": "Step",
    "step_of": "Step {step} of {last}",
    "level": "noise level t = {t}",
    "scale": "Scale w",
    "used": "this run used {used} here",
    "asked": "What if w were {scale}? The run used {used} here.",
    "effect": "the words move the predicted picture by {shades} shades",
    "chart": "How far the words move the predicted picture, in shades",
    "waiting": "waiting for the first step",
    "live": "live",
    "cached": "cached",
    "illustration": "illustration",
}
