"""KerasHub, which was KerasNLP: its layers for texts, tokenizers, packers and backbones."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, DictObj, Seq, Value, some_text
from ...shapes import UNKNOWN_DIM, Dim, Shape
from ..api import ListObj, alias, fresh, host, items, models
from ..keras.engine import call_with, flatten_structure, symbolic_input
from ..keras.layers.common import array_of, output
from .common import batched, layer_class, length_of, unchanged

ROOT = "keras_hub"
alias("keras_nlp", ROOT)
alias("keras_nlp.layers.MLMHead", f"{ROOT}.layers.MaskedLMHead")

for _name in ("TransformerEncoder", "FNetEncoder", "PositionEmbedding", "SinePositionEncoding", "RotaryEmbedding"):
    layer_class(f"{ROOT}.layers.{_name}")(unchanged)


@layer_class(f"{ROOT}.layers.TransformerDecoder")
def decoder(decoder_sequence: Value, encoder_sequence: Value = None) -> Array:
    """A step of decoding: the shape of the sequence stays."""
    return unchanged(decoder_sequence)


@layer_class(f"{ROOT}.layers.TokenAndPositionEmbedding", ("vocabulary_size", "sequence_length", "embedding_dim"), embedding_dim=UNKNOWN)
def embedding(inputs: Value, *, embedding_dim: Value) -> Array:
    """A vector for each token."""
    x = array_of(inputs)
    return output(x, None if x.shape is None else (*x.shape, length_of(embedding_dim)))


@layer_class(f"{ROOT}.layers.MaskedLMHead", ("vocabulary_size",), vocabulary_size=None)
def masked_head(inputs: Value, mask_positions: Value = UNKNOWN, *, vocabulary_size: Value) -> Array:
    """Scores over the vocabulary at each masked place."""
    x, at = array_of(inputs), array_of(mask_positions)
    if at.shape is None or len(at.shape) != 2:
        return output(x, None)
    batch = x.shape[0] if x.shape else UNKNOWN_DIM
    return output(x, (batch, at.shape[1], UNKNOWN_DIM if vocabulary_size is None else length_of(vocabulary_size)))


def _tokens(inputs: Value, *, sequence_length: Value, dtype: Value) -> Value:
    """Numbers for the words of each text: as many as stated, else ragged rows in a dataset's functions, and mere lists elsewhere."""
    x = array_of(inputs)
    if sequence_length is None:
        if getattr(host(), "traced", None) is None or x.shape is None or len(x.shape) > 1 or dtype != "int32":
            return UNKNOWN
        return Array((*x.shape, None), "int32", "ragged" if x.shape else "tensor")
    shape = (*x.shape, length_of(sequence_length)) if x.shape is not None and len(x.shape) <= 1 else None
    return output(x, shape, "int32" if dtype == "int32" else None)


for _name in ("WordPieceTokenizer", "BytePairTokenizer", "SentencePieceTokenizer", "ByteTokenizer", "UnicodeCodepointTokenizer"):
    layer_class(f"{ROOT}.tokenizers.{_name}", sequence_length=None, dtype="int32")(_tokens)


@models(*(f"{ROOT}.tokenizers.{name}.tokenize" for name in ("WordPieceTokenizer", "BytePairTokenizer", "SentencePieceTokenizer")))
def tokenize(self: Value, inputs: Value) -> Value:
    """Numbers for the words of each text."""
    return call_with(self, (inputs,), {})


@models(f"{ROOT}.tokenizers.compute_word_piece_vocabulary")
def compute_vocabulary(*args: Value, **kwargs: Value) -> Value:
    """A list of words."""
    return ListObj(Seq(None, some_text(), fresh("words")))


@layer_class(f"{ROOT}.layers.StartEndPacker", ("sequence_length",), sequence_length=UNKNOWN, return_padding_mask=False)
def packed(inputs: Value, *, sequence_length: Value, return_padding_mask: Value) -> Value:
    """Tokens, cut and padded to one length."""
    x = array_of(inputs)
    if x.shape is None or len(x.shape) not in (1, 2) or return_padding_mask is not False:
        return UNKNOWN
    return output(x, (*x.shape[:-1], length_of(sequence_length)), "int32")


BACKBONES = {
    "Bert": (("tiny", 128), ("small", 512), ("medium", 512), ("base", 768), ("large", 1024)),
    "Roberta": (("base", 768), ("large", 1024)),
    "DistilBert": (("base", 768),),
    "Albert": (("base", 768), ("large", 1024), ("extra_large", 2048), ("extra_extra_large", 4096)),
    "FNet": (("base", 768), ("large", 1024)),
    "DebertaV3": (("extra_small", 384), ("small", 768), ("base", 768), ("large", 1024)),
    "XLMRoberta": (("base", 768), ("large", 1024)),
}
"""Backbones of texts, and how wide the vectors of their presets are."""

PREFIXES = {"Albert": "albert", "DebertaV3": "deberta_v3", "DistilBert": "distil_bert", "FNet": "f_net", "XLMRoberta": "xlm_roberta"}
"""How the names of presets begin, where it is not with the kind alone; others' presets (``bge_small_en``) have widths of their own."""


INPUTS = "<inputs>"
"""Key, in a backbone's configuration, of its symbolic inputs by name."""


def _input_names(kind: str) -> tuple[str, ...]:
    if kind in ONE_OUTPUT:
        return ("token_ids", "padding_mask")
    return ("token_ids", "segment_ids") if kind == "FNet" else ("token_ids", "segment_ids", "padding_mask")


def _inputs_of(kind: str) -> DictObj:
    """Return the inputs of a backbone, by name."""
    return DictObj({name: symbolic_input((None, None), "int32", name) for name in _input_names(kind)})


ONE_OUTPUT = ("Roberta", "DistilBert", "DebertaV3", "XLMRoberta")
"""Backbones that give the sequence alone, not a dict."""


def _preset_width(kind: str, preset: Value) -> Dim:
    """Return the width that a preset's name tells."""
    if not isinstance(preset, str):
        return UNKNOWN_DIM
    prefix = PREFIXES.get(kind, kind.lower())
    return next((width for size, width in BACKBONES[kind] if preset.startswith(f"{prefix}_{size}_")), UNKNOWN_DIM)


def _backbone(kind: str) -> None:
    path = f"{ROOT}.models.{kind}Backbone"

    @layer_class(path, own=lambda: {INPUTS: _inputs_of(kind)}, hidden_dim=UNKNOWN)
    def encode(inputs: Value, *, hidden_dim: Value) -> Value:
        # A list of tensors is the backbone's own, `inputs`: one like the other.
        given = items(inputs)
        tokens = inputs.state.get("token_ids", UNKNOWN) if isinstance(inputs, DictObj) else given[-1] if given else UNKNOWN
        x = array_of(tokens)
        shape: Shape | None = (*x.shape, hidden_dim if hidden_dim is UNKNOWN_DIM else length_of(hidden_dim)) if x.shape else None
        sequence = output(x, shape)
        if kind in ONE_OUTPUT:
            return sequence
        return DictObj({"sequence_output": sequence, "pooled_output": batched(x, shape[-1]) if shape else output(x, None)})

    @models(f"{path}.from_preset")
    def from_preset(preset: Value, *args: Value, **kwargs: Value) -> Value:
        from ..api import lookup

        make = lookup(path)
        assert make is not None
        # What else is told may be the configuration's own.
        known = not kwargs.keys() - {"load_weights", "trainable", "name", "dtype"}
        return make.function(hidden_dim=_preset_width(kind, preset) if known else UNKNOWN)

    @models(f"{path}.input", kind="property")
    def input(self: Value) -> Value:
        return self.config[INPUTS]

    @models(f"{path}.inputs", kind="property")
    def inputs(self: Value) -> Value:
        return ListObj(Seq(tuple(flatten_structure(self.config[INPUTS]) or ())))

    @models(f"{path}.output", kind="property")
    def made(self: Value) -> Value:
        return call_with(self, (self.config[INPUTS],), {})


for _name in BACKBONES:
    _backbone(_name)


def _preprocessed(kind: str) -> None:
    @layer_class(f"{ROOT}.models.{kind}Preprocessor", sequence_length=512)
    def preprocess(x: Value, y: Value = None, sample_weight: Value = None, *, sequence_length: Value) -> Value:
        texts = array_of(x)
        shape: Shape | None = (*texts.shape, length_of(sequence_length)) if texts.shape is not None and len(texts.shape) <= 1 else None
        made = DictObj({name: output(texts, shape, "bool" if name == "padding_mask" else "int32") for name in _input_names(kind)})
        given = tuple(v for v in (y, sample_weight) if v is not None)
        return (made, *given) if given else made

    @models(f"{ROOT}.models.{kind}Preprocessor.from_preset")
    def from_preset(preset: Value, *args: Value, **kwargs: Value) -> Value:
        from ..api import lookup

        make = lookup(f"{ROOT}.models.{kind}Preprocessor")
        assert make is not None
        return make.function(**{k: v for k, v in kwargs.items() if k == "sequence_length"})


for _name in BACKBONES:
    _preprocessed(_name)
