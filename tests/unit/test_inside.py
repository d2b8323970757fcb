"""What ships of the insides of pretrained architectures agrees with what ships of the architectures."""

from __future__ import annotations

import pytest

from kshape_lint.catalogue import applications, inside
from kshape_lint.catalogue.inside3 import ALIKE_IN_KERAS_2, PACKED

KNOWN = [path for path in applications(3) if inside(path, 3) is not None]


def test_it_is_small() -> None:
    assert len(PACKED) < 200_000
    assert len(KNOWN) >= 20


@pytest.mark.parametrize("path", KNOWN)
def test_the_inside_ends_as_the_architecture_does(path: str) -> None:
    facts = applications(3)[path]
    found = inside(path, 3)
    assert found is not None
    body, top = found
    assert body[0].kind == "InputLayer"
    end = body[-1]
    assert (end.channels, end.stride) == (facts.channels, facts.stride)
    for side in (224, 237, 255, 331):
        assert (side + end.offset) // end.stride == (side + facts.offset) // facts.stride
    if top is not None:
        assert facts.classes in [layer.width for layer in top]


def test_names_that_users_ask_for() -> None:
    asked = {
        "VGG16": ["block5_conv3", "block3_pool"],
        "VGG19": ["block4_conv4"],
        "ResNet50": ["conv4_block6_out"],
        "MobileNetV2": ["block_13_expand_relu", "block_16_project"],
        "InceptionV3": ["mixed7"],
        "EfficientNetB0": ["top_activation", "block6a_expand_activation"],
        "Xception": ["block14_sepconv2_act"],
        "DenseNet121": ["pool3_conv", "relu"],
    }
    for name, layers in asked.items():
        found = inside(f"keras.applications.{name}", 3)
        assert found is not None
        assert set(layers) <= {layer.name for layer in found[0]}


def test_keras_2_has_what_was_found_alike() -> None:
    assert "keras.applications.VGG16" in ALIKE_IN_KERAS_2
    assert inside("keras.applications.ResNetRS50", 2) is None
