"""Writes the mean of several tunings and of the stock model as `encoder.onnx`: it reads what none of them has seen better than each.

Run by hand after `tune`: `python -m bot.understand.blend WEIGHTS CHECKPOINT [CHECKPOINT ...]`, then `askwell train`. All checkpoints
must have been tuned from the same WEIGHTS (Wortsman et al., "Model soups", 2022).
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

from bot.understand.encoder import MODEL
from bot.understand.tune import Encoder, export

STOCK = 0.2  # the share of the stock model; what was tuned shares the rest alike

Weights = dict[str, Tensor]


def mean(stock: Weights, tuned: list[Weights]) -> Weights:
    """The weighted mean of each tensor of numbers; what only counts stays the stock model's."""
    share = (1 - STOCK) / len(tuned)
    return {n: STOCK * w + share * sum(t[n] for t in tuned) if w.is_floating_point() else w for n, w in stock.items()}


def main() -> None:
    """Read what is named, and write the encoder beside the code."""
    weights, *checkpoints = (Path(argument) for argument in sys.argv[1:])
    encoder = Encoder(weights)
    tuned = [torch.load(path, weights_only=True)["encoder"] for path in checkpoints]
    encoder.load_state_dict(mean(encoder.state_dict(), tuned))
    export(encoder, MODEL)


if __name__ == "__main__":
    main()
