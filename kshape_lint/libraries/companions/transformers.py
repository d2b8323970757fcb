"""Hugging Face Transformers: the encoders for TensorFlow that stand inside Keras models."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, DictObj, NamedItems, Value
from ...shapes import UNKNOWN_DIM, Dim
from ..api import bases, host, items, models
from ..keras.engine_make import PLACE
from ..keras.layers.common import array_of, output
from ..keras.objects import LayerObj, layer

ENCODER = "transformers.<encoder>"
"""The class of every encoder; which one it is stands in its configuration."""

WIDTHS = {
    "bert-base": 768, "bert-large": 1024, "distilbert-base": 768, "roberta-base": 768, "roberta-large": 1024, "distilroberta-base": 768,
    "albert-base": 768, "albert-large": 1024, "electra-small": 256, "electra-base": 768, "electra-large": 1024,
    "xlm-roberta-base": 768, "xlm-roberta-large": 1024, "wav2vec2-base": 768, "wav2vec2-large": 1024, "hubert-base": 768,
    "deberta-v3-base": 768, "mpnet-base": 768, "camembert-base": 768,
}  # fmt: skip
"""The width of the vectors that a checkpoint gives, by how its name begins (behind the owner's)."""

TEXTS = ("Bert", "Roberta", "Albert", "Electra", "XLMRoberta", "MPNet", "Camembert", "DebertaV2", "DistilBert")
UNPOOLED = ("DistilBert", "Electra", "DebertaV2", "Wav2Vec2", "Hubert")
"""Encoders whose output has no ``pooler_output``."""

bases(ENCODER, "keras.layers.Layer")


def _width(checkpoint: Value) -> Dim:
    name = checkpoint.rpartition("/")[2].lower() if isinstance(checkpoint, str) else ""
    return next((width for start, width in WIDTHS.items() if name.startswith(start)), UNKNOWN_DIM)


def _register(kind: str) -> None:
    @models(f"transformers.TF{kind}Model.from_pretrained")
    def from_pretrained(pretrained_model_name_or_path: Value, *args: Value, **kwargs: Value) -> Value:
        width = _width(pretrained_model_name_or_path) if "config" not in kwargs else UNKNOWN_DIM
        return LayerObj(ENCODER, {"kind": kind, "width": width, "name": kind.lower(), PLACE: getattr(host(), "node", None)})

    @models(f"transformers.TF{kind}Model")
    def from_config(config: Value, *args: Value, **kwargs: Value) -> Value:
        return LayerObj(ENCODER, {"kind": kind, "width": UNKNOWN_DIM, "name": kind.lower(), PLACE: getattr(host(), "node", None)})


for _kind in (*TEXTS, "Wav2Vec2", "Hubert"):
    _register(_kind)


for _part in ("bert", "roberta", "distilbert", "albert", "electra", "deberta", "wav2vec2"):

    @models(f"{ENCODER}.{_part}", kind="property")
    def main_layer(self: Value) -> Value:
        """The encoder proper, which is called as the model is."""
        return self


@layer(ENCODER)
def encode(inputs: Value = UNKNOWN, *, kind: Value, width: Value, input_ids: Value = None, input_values: Value = None) -> Value:
    """A vector for each token (and one for the text), by name and by position."""
    if isinstance(inputs, DictObj):
        inputs = next((inputs.state[k] for k in ("input_ids", "input_values") if k in inputs.state), UNKNOWN)
    parts = items(inputs)
    given = next((v for v in (input_ids, input_values) if v is not None), parts[0] if parts else inputs)
    x = array_of(given)
    batch, length = (x.shape[0], x.shape[1]) if x.shape is not None and len(x.shape) == 2 else (UNKNOWN_DIM, UNKNOWN_DIM)
    if kind in ("Wav2Vec2", "Hubert"):
        length = UNKNOWN_DIM
    tokens = output(x, (batch, length, width))
    if kind in UNPOOLED:
        return NamedItems((tokens,), ("last_hidden_state",))
    return NamedItems((tokens, output(x, (batch, width))), ("last_hidden_state", "pooler_output"))
