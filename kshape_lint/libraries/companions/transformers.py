"""Hugging Face Transformers: the encoders for TensorFlow that stand inside Keras models."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, DictObj, OpenItems, Value
from ...shapes import UNKNOWN_DIM, Dim
from ..api import bases, host, items, models
from ..keras.engine_make import PLACE
from ..keras.layers.common import array_of, output
from ..keras.objects import LayerObj, layer

ENCODER = "transformers.<encoder>"
"""The class of every encoder; which one it is stands in its configuration."""

WIDTHS = {
    "bert-base": 768, "bert-large": 1024, "distilbert-base": 768, "roberta-base": 768, "roberta-large": 1024, "distilroberta-base": 768,
    "albert-base": 768, "albert-large": 1024, "electra-small": 256, "xlm-roberta-base": 768, "xlm-roberta-large": 1024,
    "wav2vec2-base": 768, "hubert-base": 768, "deberta-v3-base": 768, "mpnet-base": 768, "camembert-base": 768,
}  # fmt: skip
"""The width of the vectors that a checkpoint gives, by how its name begins."""

OWNERS = (
    "", "google-bert", "distilbert", "FacebookAI", "albert", "google", "facebook", "microsoft", "almanach",
)  # fmt: skip
"""Who publishes the checkpoints of those names; what others call so is theirs to shape."""

RESHAPING = ("config", "hidden_size", "dim", "d_model", "output_hidden_size", "add_adapter")
"""Arguments that may make a model of another width than its checkpoint's name tells."""

TEXTS = ("Bert", "Roberta", "Albert", "Electra", "XLMRoberta", "MPNet", "Camembert", "DebertaV2", "DistilBert")
UNPOOLED = ("DistilBert", "Electra", "DebertaV2", "Wav2Vec2", "Hubert")
"""Encoders whose output has no ``pooler_output``."""

bases(ENCODER, "keras.layers.Layer")


def _width(checkpoint: Value) -> Dim:
    owner, _, name = checkpoint.rpartition("/") if isinstance(checkpoint, str) else ("?", "", "")
    if owner not in OWNERS:
        return UNKNOWN_DIM
    return next((width for start, width in WIDTHS.items() if name.startswith(start)), UNKNOWN_DIM)


def _register(kind: str) -> None:
    @models(f"transformers.TF{kind}Model.from_pretrained")
    def from_pretrained(pretrained_model_name_or_path: Value, *args: Value, **kwargs: Value) -> Value:
        told = args or any(name in kwargs for name in RESHAPING)
        return _encoder(kind, UNKNOWN_DIM if told else _width(pretrained_model_name_or_path), "add_pooling_layer" in kwargs or bool(args))

    @models(f"transformers.TF{kind}Model")
    def from_config(config: Value, *args: Value, **kwargs: Value) -> Value:
        return _encoder(kind, UNKNOWN_DIM, "add_pooling_layer" in kwargs or bool(args))


def _encoder(kind: str, width: Dim, odd: bool) -> Value:
    """Return an encoder; `odd` says that it may give no vector for the text."""
    place = getattr(host(), "node", None)
    return LayerObj(ENCODER, {"kind": kind, "width": width, "pooled": not odd and kind not in UNPOOLED, "name": kind.lower(), PLACE: place})


for _kind in (*TEXTS, "Wav2Vec2", "Hubert"):
    _register(_kind)


for _part in ("bert", "roberta", "distilbert", "albert", "electra", "deberta", "mpnet", "wav2vec2", "hubert"):

    @models(f"{ENCODER}.{_part}", kind="property")
    def main_layer(self: Value) -> Value:
        """The encoder proper, which is called as the model is."""
        return self


@layer(ENCODER)
def encode(
    inputs: Value = UNKNOWN, *, kind: Value, width: Value, pooled: Value, input_ids: Value = None, input_values: Value = None
) -> Value:
    """A vector for each token (and one for the text), by name and by position; what follows them is not known."""
    if isinstance(inputs, DictObj):
        inputs = next((inputs.state[k] for k in ("input_ids", "input_values") if k in inputs.state), UNKNOWN)
    parts = items(inputs)
    given = next((v for v in (input_ids, input_values) if v is not None), parts[0] if parts else inputs)
    x = array_of(given)
    batch, length = (x.shape[0], x.shape[1]) if x.shape is not None and len(x.shape) == 2 else (UNKNOWN_DIM, UNKNOWN_DIM)
    if kind in ("Wav2Vec2", "Hubert"):
        length = UNKNOWN_DIM
    tokens = output(x, (batch, length, width))
    if not pooled:
        return OpenItems((tokens,), ("last_hidden_state",))
    return OpenItems((tokens, output(x, (batch, width))), ("last_hidden_state", "pooler_output"))
