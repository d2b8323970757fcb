"""The old ``keras.preprocessing.text``: what its ``Tokenizer`` finds in texts that stand in the program is known word by word."""

from __future__ import annotations

from ...interpreter.values import OTHERS, UNKNOWN, AnyScalar, Array, DictObj, LibObj, ListObj, Seq, Value
from ...records import record, replace
from ...shapes import UNKNOWN_DIM, Dim, Poly
from ..api import as_dim, fresh, items, models
from ..arraylike import samples

TOKENIZER = "keras.preprocessing.text.Tokenizer"

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_LONGEST = 50_000
"""Characters of texts that are cut into words, and no more."""


class Vocabulary(DictObj):
    """A table by word or by number that is as long as the texts made it, as long as the program leaves it alone."""

    __slots__ = ("begun", "words")

    def __init__(self, state: dict[Value, Value], words: Dim) -> None:
        super().__init__(state)
        self.begun = state
        self.words = words

    def size(self) -> Dim:
        """Return how many words there are."""
        return self.words if self.state is self.begun else super().size()


@record
class Words:
    """What a ``Tokenizer`` knows: how it cuts texts, and how often it met which word, None where texts came that are not known."""

    options: dict[str, Value]
    counts: dict[str, int] | None
    word_index: DictObj
    index_word: DictObj

    @property
    def limit(self) -> Dim:
        """Return how many columns a matrix of words has."""
        given = self.options.get("num_words")
        if given is not None and given != 0:
            found = as_dim(given)
            return UNKNOWN_DIM if found is None else found
        size = self.word_index.size()
        return size + 1 if isinstance(size, (int, Poly)) else UNKNOWN_DIM


@models(TOKENIZER)
def tokenizer(
    num_words: Value = None,
    filters: Value = _FILTERS,
    lower: Value = True,
    split: Value = " ",
    char_level: Value = False,
    oov_token: Value = None,
    analyzer: Value = None,
    **kwargs: Value,
) -> Value:
    """Model of the old ``Tokenizer``."""
    options = {
        "num_words": kwargs.get("nb_words", num_words),
        "filters": filters,
        "lower": lower,
        "split": split,
        "char_level": char_level,
        "oov_token": oov_token,
        "analyzer": analyzer,
    }
    return LibObj(TOKENIZER, Words(options, {}, Vocabulary({}, 0), Vocabulary({}, 0)))


def _words(self: Value) -> Words:
    state = self.state if isinstance(self, LibObj) else None
    if isinstance(state, Words):
        return state
    return Words({"num_words": UNKNOWN}, None, DictObj({OTHERS: UNKNOWN}), DictObj({OTHERS: UNKNOWN}))


def _texts(value: Value) -> list[str | list[str]] | None:
    """Return texts, each as it is or cut into words by the program, None where they are not all known or too long."""
    parts = tuple(value) if isinstance(value, str) else tuple(value.data or ()) if isinstance(value, Array) else items(value)
    if not parts:
        return None
    out: list[str | list[str]] = []
    for part in parts:
        inside = items(part) if isinstance(part, ListObj) else None
        if isinstance(part, str):
            out.append(part)
        elif inside is not None and all(isinstance(word, str) for word in inside):
            out.append(list(inside))
        else:
            return None
    return out if sum(map(len, out)) <= _LONGEST else None


def _cut(text: str | list[str], options: dict[str, Value]) -> list[str] | None:
    """Return the words of a text, as ``Tokenizer`` cuts it; None where that depends on what is not known."""
    lower, split, filters, by_character = (options.get(name) for name in ("lower", "split", "filters", "char_level"))
    if options.get("analyzer") is not None or not isinstance(lower, bool) or not isinstance(by_character, bool):
        return None
    if by_character or isinstance(text, list):
        return [word.lower() if lower else word for word in text]
    return _sequence(text, filters, lower, split)


def _sequence(text: str, filters: Value, lower: bool, split: Value) -> list[str] | None:
    if not isinstance(split, str) or not split or not isinstance(filters, str):
        return None
    return [word for word in (text.lower() if lower else text).translate(dict.fromkeys(map(ord, filters), split)).split(split) if word]


@models(TOKENIZER + ".fit_on_texts")
def fit_on_texts(self: Value, texts: Value = UNKNOWN) -> Value:
    """Model of ``fit_on_texts``: words are numbered by how often they came, from 1 on."""
    known = _words(self)
    found = _texts(texts)
    cut = [_cut(text, known.options) for text in found] if found is not None else [None]
    oov = known.options.get("oov_token")
    counts: dict[str, int] | None = None
    if known.counts is not None and None not in cut and (oov is None or isinstance(oov, str)):
        counts = dict(known.counts)
        for word in (word for words in cut for word in words or ()):
            counts[word] = counts.get(word, 0) + 1
        ordered = [*([] if oov is None else [oov]), *sorted(counts, key=lambda word: -(counts or {})[word])]
        numbers = dict(zip(ordered, range(1, len(ordered) + 1)))
        by_word, by_number = DictObj(dict(numbers)), DictObj({number: word for word, number in numbers.items()})
        new = replace(known, counts=counts, word_index=by_word, index_word=by_number)
    else:
        size = fresh("words", 1)
        by_word, by_number = Vocabulary({OTHERS: fresh("i", 1)}, size), Vocabulary({OTHERS: AnyScalar("str")}, size)
        new = replace(known, counts=None, word_index=by_word, index_word=by_number)
    if isinstance(self, LibObj):
        self.put(new)
    return None


@models(TOKENIZER + ".fit_on_sequences")
def fit_on_sequences(self: Value, sequences: Value = UNKNOWN) -> Value:
    """Model of ``fit_on_sequences``, which numbers no words."""
    return None


@models(TOKENIZER + ".texts_to_sequences")
def texts_to_sequences(self: Value, texts: Value = UNKNOWN) -> Value:
    """Model of ``texts_to_sequences``: a list of numbers for each text."""
    known = _words(self)
    found = _texts(texts) if known.counts is not None else None
    sequences = [_numbered(text, known) for text in found or ()]
    if not sequences or None in sequences:
        return ListObj(Seq(None, ListObj(Seq(None, UNKNOWN, UNKNOWN_DIM)), samples(texts)))
    return ListObj(Seq(tuple(ListObj(Seq(tuple(sequence or ()))) for sequence in sequences)))


def _numbered(text: str | list[str], known: Words) -> list[int] | None:
    words, numbers = _cut(text, known.options), known.word_index.state
    limit, oov = known.options.get("num_words"), known.options.get("oov_token")
    if words is None or not (limit is None or isinstance(limit, int)) or OTHERS in numbers:
        return None
    other = numbers.get(oov) if oov is not None else None
    out: list[Value] = []
    for word in words:
        number = numbers.get(word)
        if number is None or (limit and isinstance(number, int) and number >= limit):
            number = other
        if number is not None:
            out.append(number)
    return out if all(isinstance(number, int) for number in out) else None


@models(TOKENIZER + ".texts_to_matrix", TOKENIZER + ".sequences_to_matrix")
def texts_to_matrix(self: Value, texts: Value = UNKNOWN, mode: Value = "binary") -> Value:
    """Model of ``texts_to_matrix``: one row for each text, one column for each word."""
    return Array((samples(texts), _words(self).limit), "float64")


@models(TOKENIZER + ".word_index", kind="property")
def word_index(self: Value) -> Value:
    """Model of the tokenizer's numbers by word, which begin at 1."""
    return _words(self).word_index


@models(TOKENIZER + ".index_word", kind="property")
def index_word(self: Value) -> Value:
    """Model of the tokenizer's words by number."""
    return _words(self).index_word


@models(TOKENIZER + ".word_counts", kind="property")
def word_counts(self: Value) -> Value:
    """Model of how often each word was met."""
    known = _words(self)
    if known.counts is not None:
        return DictObj(dict(known.counts))
    words = known.word_index.size() if known.options.get("oov_token", UNKNOWN) is None else UNKNOWN_DIM
    return Vocabulary({OTHERS: fresh("i", 1)}, words)


@models(TOKENIZER + ".word_docs", kind="property")
def word_docs(self: Value) -> Value:
    """Model of in how many texts each word was met."""
    return DictObj({OTHERS: fresh("i", 1)})


@models("keras.preprocessing.text.text_to_word_sequence")
def text_to_word_sequence(input_text: Value, filters: Value = _FILTERS, lower: Value = True, split: Value = " ") -> Value:
    """Model of the function that cuts a text into words."""
    known = isinstance(input_text, str) and isinstance(lower, bool) and len(input_text) <= _LONGEST
    words = _sequence(input_text, filters, lower, split) if known else None
    return ListObj(Seq(None, AnyScalar("str"), UNKNOWN_DIM)) if words is None else ListObj(Seq(tuple(words)))


@models("keras.preprocessing.text.one_hot", "keras.preprocessing.text.hashing_trick")
def hashed(*args: Value, **kwargs: Value) -> Value:
    """Model of the functions that give each word of a text a number, which two words may share."""
    return ListObj(Seq(None, UNKNOWN, UNKNOWN_DIM))
