"""Samples with transformers' `generate`: MODEL_DIR PROMPTS PROBLEMS SAMPLES NEW_TOKENS BATCH THREADS

Prints one JSON object: tokens, seconds, peak_mb. Stop tokens are off, so that every sample has its full length.
"""

import json
import resource
import sys
import time

import torch
from transformers import AutoModelForCausalLM

model, prompts = sys.argv[1:3]
problems, samples, new, batch, threads = map(int, sys.argv[3:])
torch.set_num_threads(threads)
torch.manual_seed(1)
model = AutoModelForCausalLM.from_pretrained(model, dtype=torch.bfloat16).eval()
model.generation_config.eos_token_id = None
prompts = [ids for ids in json.load(open(prompts))[:problems] for _ in range(samples)]
# Prompts of one batch are padded at the left end.
settings = dict(do_sample=True, top_k=40, top_p=1.0, temperature=0.7, pad_token_id=0)


def draw(rows, count):
    longest = max(map(len, rows))
    ids = torch.tensor([[0] * (longest - len(row)) + row for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    return model.generate(ids, attention_mask=mask, min_new_tokens=count, max_new_tokens=count, **settings)


with torch.no_grad():
    draw(prompts[:batch], 2)
    start = time.perf_counter()
    for first in range(0, len(prompts), batch):
        assert draw(prompts[first : first + batch], new) is not None
    seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(tokens=len(prompts) * new, seconds=seconds, peak_mb=peak)))
