"""Samples with llama.cpp, the sequences of a batch in parallel slots: MODEL.gguf PROMPTS PROBLEMS SAMPLES NEW_TOKENS SLOTS THREADS
or: requantize IN.gguf OUT.gguf (to BF16)

A prompt is prefilled once for all of its samples that are in slots at the same time. Prints one JSON object: tokens, seconds, peak_mb.
"""

import ctypes
import json
import resource
import sys
import time

import llama_cpp as llama

llama.llama_backend_init()
quiet = llama.llama_log_callback(lambda level, text, data: None)
llama.llama_log_set(quiet, None)
if sys.argv[1] == "requantize":
    wanted = llama.llama_model_quantize_default_params()
    wanted.ftype, wanted.allow_requantize = 32, True
    sys.exit(llama.llama_model_quantize(sys.argv[2].encode(), sys.argv[3].encode(), ctypes.byref(wanted)))

file, prompts = sys.argv[1:3]
problems, samples, new, slots, threads = map(int, sys.argv[3:])
prompts = json.load(open(prompts))[:problems]
at_once = max(1, slots // samples)
model = llama.llama_model_load_from_file(file.encode(), llama.llama_model_default_params())
wanted = llama.llama_context_default_params()
longest = max(map(len, prompts))
wanted.n_ctx = at_once * longest + slots * (new + 1) + 256
wanted.n_batch, wanted.n_ubatch, wanted.n_seq_max = 4096, 512, slots
wanted.n_threads = wanted.n_threads_batch = threads
wanted.kv_unified = True
context = llama.llama_init_from_model(model, wanted)
memory = llama.llama_get_memory(context)
batch = llama.llama_batch_init(4096, 0, slots)


def add(token, position, sequences, logits):
    row = batch.n_tokens
    batch.token[row], batch.pos[row], batch.n_seq_id[row], batch.logits[row] = token, position, len(sequences), logits
    for index, sequence in enumerate(sequences):
        batch.seq_id[row][index] = sequence
    batch.n_tokens += 1


def decode():
    if llama.llama_decode(context, batch):
        sys.exit("llama_decode failed")


def sampler(seed):
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    for link in [
        llama.llama_sampler_init_top_k(40),
        llama.llama_sampler_init_temp(0.7),
        llama.llama_sampler_init_dist(seed),
    ]:
        llama.llama_sampler_chain_add(chain, link)
    return chain


def draw(prompts):
    """All samples of up to `at_once` prompts; returns the number of tokens."""
    llama.llama_memory_clear(memory, True)
    live = []
    for place, prompt in enumerate(prompts):
        sequences = list(range(place * samples, (place + 1) * samples))
        batch.n_tokens = 0
        for position, token in enumerate(prompt):
            add(token, position, sequences, position + 1 == len(prompt))
        decode()
        for sequence in sequences:
            chain = sampler(sequence)
            live.append((sequence, chain, len(prompt), llama.llama_sampler_sample(chain, context, len(prompt) - 1)))
    for step in range(new - 1):
        batch.n_tokens = 0
        for sequence, _, length, token in live:
            add(token, length + step, [sequence], True)
        decode()
        live = [
            (sequence, chain, length, llama.llama_sampler_sample(chain, context, row))
            for row, (sequence, chain, length, _) in enumerate(live)
        ]
    for _, chain, _, _ in live:
        llama.llama_sampler_free(chain)
    return len(live) * new


start = time.perf_counter()
tokens = sum(draw(prompts[first : first + at_once]) for first in range(0, len(prompts), at_once))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(tokens=tokens, seconds=seconds, peak_mb=peak)))
