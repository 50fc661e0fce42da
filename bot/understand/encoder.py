"""Turns sentences into vectors with our tuned MiniLM, each by itself: no other sentence can change how it is read."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.understand.tidy import sentences

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]
SIZE = 384
MOST_SENTENCE = 126
MOST_KEPT = 512
FOLDER = Path(__file__).parent / "model"
TOKENIZER = FOLDER / "tokenizer.json"
MODEL = FOLDER / "encoder.onnx"


class Encoder(Protocol):
    """Anything that gives each sentence its mean token vector and its number of tokens."""

    def encode(self, texts: Sequence[str]) -> tuple[Vectors, NDArray[np.float32]]:
        """A row of `SIZE` numbers for each sentence (not made unit length), and the token counts."""


class EncoderMissingError(Exception):
    """The model's files are not installed; the lexical fallback serves instead."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Sentences in one row of tokens: ids, positions that begin anew with each sentence, and the sentence's number."""

    ids: Numbers
    positions: Numbers
    sentence: Numbers


def pack(tokenizer: "Tokenizer", text: str) -> Packed:
    """A whole message, packed sentence by sentence."""
    return packed([tokenizer.encode(text[a:b].strip()).ids[:MOST_SENTENCE] for a, b in sentences(text)])


def packed(parts: Sequence[Sequence[int]]) -> Packed:
    """Token ids of several sentences, packed."""
    ids = np.array([i for part in parts for i in part], dtype=np.int64)
    positions = np.array([p for part in parts for p in range(len(part))], dtype=np.int64)
    numbers = np.array([n for n, part in enumerate(parts) for _ in part], dtype=np.int64)
    return Packed(ids, positions, numbers)


def opened(model: Path, tokenizer: Path) -> tuple["InferenceSession", "Tokenizer"]:
    """A model on one thread of onnxruntime, and its tokenizer, which neither pads nor cuts; raises EncoderMissingError."""
    if not (model.exists() and tokenizer.exists()):
        raise EncoderMissingError(f"{model.name} is missing: take it from the repository")
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    reader = Tokenizer.from_file(str(tokenizer))
    reader.no_padding()
    reader.no_truncation()
    return session, reader


class MiniLM:
    """all-MiniLM-L6-v2 (Apache-2.0), tuned by `tune`, int8, on one thread of onnxruntime. Remembers recent sentences."""

    def __init__(self) -> None:
        self._session, self._tokenizer = opened(MODEL, TOKENIZER)
        self._kept: OrderedDict[str, tuple[Vectors, int]] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> tuple[Vectors, NDArray[np.float32]]:
        """As the protocol says; what stands after 126 tokens of one sentence is left out."""
        found = {t: self._kept.get(t) or self._run(t) for t in dict.fromkeys(texts)}
        self._kept.update(found)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        vectors = np.stack([found[t][0] for t in texts]) if texts else np.zeros((0, SIZE), dtype=np.float32)
        return vectors, np.array([found[t][1] for t in texts], dtype=np.float32)

    def _run(self, text: str) -> tuple[Vectors, int]:
        """One pass for one sentence: int8 activations are scaled by pass, so company would change a sentence's vector."""
        row = packed([self._tokenizer.encode(text).ids[:MOST_SENTENCE]])
        feed = {"ids": row.ids[None], "positions": row.positions[None], "sentence": row.sentence[None]}
        vector: Vectors = self._session.run(None, feed)[0][0].mean(axis=0)
        return vector, len(row.ids)
