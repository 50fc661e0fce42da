"""The second reader: a larger encoder that reads a doubtful message once more, as a whole.

The first reader is small, looks at each sentence by itself, and is set to miss little; much of what it doubts is harmless, and only
understanding the whole message tells which. So this one costs nothing where nothing is doubted.
"""

import numpy as np

from bot.understand.encoder import FOLDER, opened

NONE = "none"
LABELS = (NONE, "danger", "safeguarding", "hate-crime", "whistleblowing", "distress", "harassment")
MODEL = FOLDER / "second.onnx"
TOKENIZER = FOLDER / "second-tokenizer.json"
MOST = 126  # tokens


class SecondReader:
    """The lower layers of all-mpnet-base-v2 (Apache-2.0), tuned by `tune_second`, int8, on one thread of onnxruntime."""

    def __init__(self) -> None:
        self._session, self._tokenizer = opened(MODEL, TOKENIZER)

    def harmless(self, text: str) -> float:
        """How likely a text is harmless, from 0 to 1; it reads the first `MOST` tokens."""
        ids = np.array([self._tokenizer.encode(text).ids[:MOST]], dtype=np.int64)
        scores = self._session.run(None, {"ids": ids})[0][0]
        raised = np.exp(scores - scores.max())
        return float(raised[LABELS.index(NONE)] / raised.sum())
