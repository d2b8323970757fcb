"""Arguments that the strategies of `layer_cases` leave at their defaults, drawn on top of them: valid ones, that few programs give."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kshape_lint.catalogue import facts

from .layer_cases import Case, cases

VALUES: dict[str, tuple[Any, ...]] = {
    # units, windows and steps
    "activation": ("relu", None, "softmax"), "recurrent_activation": ("sigmoid",), "use_bias": (False,), "unit_forget_bias": (False,),
    "dropout": (0.3,), "recurrent_dropout": (0.2,), "unroll": (True,), "reset_after": (False,), "use_cudnn": (False,),
    "time_major": (True,), "go_backwards": (True,), "stateful": (True,), "zero_output_for_mask": (True,), "dilation_rate": (1, 2),
    "data_format": ("channels_first", "channels_last"), "implementation": (1, 2), "padding": ("valid", "same"),
    # attention, products, embeddings
    "score_mode": ("dot", "concat"), "use_scale": (True,), "value_dim": (3,), "attention_axes": (1, (1,), 2), "use_gate": (True,),
    "sliding_window": (2,), "flash_attention": (False,), "softmax_robust_masking": (False,), "bias_axes": ("c", "d", "e", "z"),
    "normalize": (True,), "mask_zero": (True,), "tie_weights": (False,), "logit_soft_cap": (5.0,), "input_length": (3, 5),
    # numbers that leave the shape alone
    "center": (False,), "scale": (False,), "epsilon": (1e-2,), "momentum": (0.9,), "synchronized": (False,), "renorm": (False,),
    "negative_slope": (0.1,), "alpha": (0.2,), "theta": (0.5,), "max_value": (6.0,), "threshold": (0.5,), "mask_value": (1.0,),
    "l1": (0.1,), "l2": (0.1,), "power_iterations": (2,), "offset": (1.0, (1.0, 0.0, 2.0)), "axis": (-1, 1, 2), "invert": (True,),
    "noise_shape": ((2, 1), (None, 1, 3), (None, 1)), "robust_masking": (True,), "value_range": ((0, 1),),
    # categories and text
    "sparse": (True,), "output_mode": ("int", "one_hot", "multi_hot", "count"), "num_oov_indices": (0, 2),
    "standardize": (None, "lower"), "split": ("character", "whitespace", None), "ngrams": (2,), "ragged": (True,),
    "encoding": ("utf-8",),
    # images and sound
    "interpolation": ("nearest", "bilinear"), "fill_mode": ("nearest", "constant"), "fill_value": (0.5,), "antialias": (True,),
    "crop_to_aspect_ratio": (True,), "pad_to_aspect_ratio": (True,), "width_factor": (0.1, (-0.1, 0.2)), "mode": ("horizontal",),
    "factor": (0.2,), "sigma": (0.5,), "kernel_size": (3,), "num_ops": (1,), "num_chains": (2,),
    "fft_length": (1024, 2048), "sequence_length": (512,),
    "window": ("hamming", None), "scaling": ("spectrum",), "sampling_rate": (8000,), "power_to_db": (False,), "x_factor": (0.1,),
    "addition_factor": (0.1,), "threshold_factor": (0.1,), "bins": (64,),
}  # fmt: skip
"""What is drawn for an argument, by its name."""

SHAPELESS = frozenset((
    "name", "dtype", "trainable", "seed", "dynamic", "weights", "quantization_config", "lora_rank", "lora_alpha", "all_ops",
    "reverse_dtype", "gptq_unpacked_column_size", "vocabulary_dtype", "oov_method", "clip_limit", "chain_depth", "min_freq",
    "max_freq", "top_db", "mag_exp", "min_power", "ref_power", "brightness_factor", "contrast_factor", "saturation_factor",
    "hue_factor", "y_factor", "periodic", "tile_grid_size", "renorm_clipping", "renorm_momentum", "num_bins", "mask_token",
    "oov_token", "salt", "idf_weights", "backward_layer", "cells",
))  # fmt: skip
"""Arguments that no shape depends on, or that need another argument to be of use."""


NOT_HERE = (
    ("CategoryEncoding", "sparse"),
    ("Resizing", "fill_mode"),
    ("STFTSpectrogram", "mode"),
    *((f"ZeroPadding{n}D", argument) for n in (1, 2, 3) for argument in ("mode", "padding")),
)
"""What takes other values: sparse encodings whole numbers only, where inputs are floats."""


def options(name: str, major: int) -> list[str]:
    """Return the arguments of a layer for which there is something to draw."""
    signature = facts(major).LAYERS.get(f"keras.layers.{name}")
    return [] if signature is None else [n for n, _ in signature.parameters if n in VALUES]


def unusual(name: str, count: int, major: int, seed: int = 0) -> Iterator[Case]:
    """Yield cases as `cases` does, with one to three arguments more."""
    source = random.Random(f"{name} unusual {seed}")
    there = options(name, major)
    for case in cases(name, count, major, seed + 50):
        open_ = [n for n in there if n not in case.config and (name, n) not in NOT_HERE] if case.name == name else []
        more = {n: source.choice(VALUES[n]) for n in source.sample(open_, min(len(open_), source.randint(1, 3)))}
        shapes = case.shapes
        if more.get("data_format") == "channels_first" and len(shapes) == 1 and shapes[0][3:] == (3,) and source.random() < 0.8:
            shapes = ((shapes[0][0], 3, *shapes[0][1:3]),)
        yield replace(case, config={**case.config, **more}, shapes=shapes)
