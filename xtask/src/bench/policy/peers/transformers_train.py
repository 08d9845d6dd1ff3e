"""Fine-tunes as TRL's SFT trainer does with bf16: MODEL_DIR ROWS BATCH STEPS LEARNING_RATE MICRO THREADS

Weights and AdamW in f32, products in bf16 by autocast, loss on target tokens only, sum over the step's target tokens divided
by their number, gradient clipped at 1. `MICRO` rows per forward pass, padded at the right end. No trainer around it.
Prints one JSON object: losses, seconds per step, target_tokens, peak_mb.
"""

import json
import resource
import sys
import time

import torch
from transformers import AutoModelForCausalLM

model, rows = sys.argv[1:3]
batch, steps, rate, micro, threads = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), *map(int, sys.argv[6:])
torch.set_num_threads(threads)
model = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, fused=True)
rows = json.load(open(rows))
losses, seconds, targets = [], [], 0
for step in range(steps):
    chosen = [rows[(step * batch + index) % len(rows)] for index in range(batch)]
    chosen.sort(key=lambda row: len(row["tokens"]))
    count = sum(len(row["tokens"]) - row["target_from"] for row in chosen)
    start = time.perf_counter()
    loss = 0.0
    for first in range(0, batch, micro):
        part = chosen[first : first + micro]
        longest = max(len(row["tokens"]) for row in part)
        ids = torch.tensor([row["tokens"] + [0] * (longest - len(row["tokens"])) for row in part])
        mask = torch.tensor([[1] * len(row["tokens"]) + [0] * (longest - len(row["tokens"])) for row in part])
        labels = ids.clone()
        for index, row in enumerate(part):
            labels[index, : row["target_from"]] = -100
            labels[index, len(row["tokens"]) :] = -100
        # Logits from the first target on only: TRL computes them all.
        keep = longest - min(row["target_from"] for row in part) + 1
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(ids, attention_mask=mask, logits_to_keep=keep, use_cache=False).logits
        shifted = logits[:, :-1].float().flatten(0, 1)
        wanted = labels[:, -(keep - 1) :].flatten()
        part_loss = torch.nn.functional.cross_entropy(shifted, wanted, ignore_index=-100, reduction="sum") / count
        part_loss.backward()
        loss += part_loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.perf_counter() - start)
    losses.append(loss)
    targets += count
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(losses=losses, seconds=seconds, target_tokens=targets, peak_mb=peak)))
