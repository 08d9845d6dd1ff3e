#!/usr/bin/env python3
"""Writes what transformers computes, for restem-torch to be compared with.

usage: make_goldens.py --out DIR [--demo-model DIR] [--seed N]

Needs torch 2.13, transformers 5.x and peft 0.21. Into --out it writes one folder per tiny random model:

    config.json, model.safetensors (or shards + index)   the model, as `save_pretrained` writes it
    (lora-*: adapter_config.json, adapter_model.safetensors, an adapter as PEFT writes it; its base is a folder beside it)
    golden.safetensors                                   `logits`, float32 [time, vocab], of golden.json's `tokens`
    golden.json                                          tokens, greedy continuation, eager-against-sdpa gap, training step

With --demo-model it also writes DIR/demo/ with the same two golden files for that model directory (whose weights are
not copied). Compare with:

    cargo run --release -p restem-torch --example parity -- MODEL_DIR GOLDEN_DIR
"""

import argparse
import json
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

GREEDY_TOKENS = 64
PROMPT_TOKENS = 40

SMALL = dict(
    vocab_size=128,
    hidden_size=48,
    intermediate_size=96,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    max_position_embeddings=256,
    bos_token_id=2,
    eos_token_id=1,
    pad_token_id=0,
)
# Phi-3 has no field for the width of a head.
WITHOUT_HEAD_DIM = {key: value for key, value in SMALL.items() if key != "head_dim"} | dict(hidden_size=64)
CASES = {
    # Window smaller than the sequence; layer 6 is the full one.
    "gemma3": dict(
        SMALL, model_type="gemma3_text", num_hidden_layers=7, sliding_window=12, query_pre_attn_scalar=20,
        tie_word_embeddings=True,
    ),
    "llama-llama3-rope": dict(
        SMALL, model_type="llama", num_hidden_layers=2, tie_word_embeddings=False,
        rope_parameters=dict(
            rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=32,
        ),
    ),
    "llama-linear-rope": dict(
        SMALL, model_type="llama", num_hidden_layers=2, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
        rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=4.0),
    ),
    "qwen2": dict(SMALL, model_type="qwen2", num_hidden_layers=3, tie_word_embeddings=False),
    "qwen3": dict(
        SMALL, model_type="qwen3", num_hidden_layers=3, tie_word_embeddings=True, use_sliding_window=True,
        sliding_window=10, max_window_layers=1,
    ),
    "mistral": dict(
        SMALL, model_type="mistral", num_hidden_layers=2, tie_word_embeddings=False, sliding_window=12,
    ),
    # Caps about as large as the scores and logits of these weights, so that they bend them.
    "gemma2": dict(
        SMALL, model_type="gemma2", num_hidden_layers=4, sliding_window=12, query_pre_attn_scalar=20,
        attn_logit_softcapping=2.0, final_logit_softcapping=3.0, tie_word_embeddings=True,
    ),
    "phi3": dict(
        WITHOUT_HEAD_DIM, model_type="phi3", num_hidden_layers=2, tie_word_embeddings=False, sliding_window=12,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5),
    ),
    "phi3-longrope": dict(
        WITHOUT_HEAD_DIM, model_type="phi3", num_hidden_layers=2, tie_word_embeddings=True,
        max_position_embeddings=1024, original_max_position_embeddings=256,
        rope_parameters=dict(
            rope_type="longrope", rope_theta=10000.0, partial_rotary_factor=0.75,
            short_factor=[1.0, 1.05, 1.1, 1.3, 1.7, 2.5], long_factor=[1.0, 1.2, 2.0, 4.0, 8.0, 16.0],
        ),
    ),
}
SHARDED = {"llama-llama3-rope"}
# Adapters of some of the models above: of everything, of projections that the file stacks, of some of those that we stack.
LORA_CASES = {
    "lora-gemma3": dict(base="gemma3", r=4, lora_alpha=6, target_modules="all-linear"),
    "lora-phi3": dict(base="phi3", r=3, lora_alpha=2, use_rslora=True, target_modules=["qkv_proj", "down_proj"]),
    "lora-qwen2": dict(base="qwen2", r=2, lora_alpha=4, target_modules=["q_proj", "v_proj", "up_proj"]),
}
# Those of the tests' optimizer.
ADAMW = dict(lr=3e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
MAX_GRAD_NORM = 1.0


def randomise(model, generator):
    """Weights large enough that logits differ, rounded to bfloat16 so that the file can hold them exactly."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            scale = 0.3 if parameter.dim() == 1 else 1.6 / parameter.shape[-1] ** 0.5
            noise = torch.randn(parameter.shape, generator=generator) * scale
            centre = 1.0 if name.endswith("norm.weight") and "gemma" not in model.config.model_type else 0.0
            parameter.copy_((noise + centre).bfloat16().float())


def logits_of(model, tokens, implementation):
    model.set_attn_implementation(implementation)
    with torch.no_grad():
        return model(torch.tensor([tokens])).logits[0].float()


def greedy(model, tokens, count):
    """Continuation by argmax without a cache, and the smallest gap between the best two logits on the way."""
    tokens, margin = list(tokens), float("inf")
    start = len(tokens)
    with torch.no_grad():
        for _ in range(count):
            best = model(torch.tensor([tokens])).logits[0, -1].float().topk(2)
            margin = min(margin, float(best.values[0] - best.values[1]))
            tokens.append(int(best.indices[0]))
    return tokens[start:], margin


def training_step(model, sequences, prompt_lengths):
    """Mean cross-entropy over the tokens after each prompt, and the norm of its gradient over what is trained."""
    model.zero_grad()
    total, count = 0.0, 0
    for sequence, prompt in zip(sequences, prompt_lengths):
        logits = model(torch.tensor([sequence])).logits[0].float()
        targets = torch.tensor(sequence[prompt:])
        total = total + torch.nn.functional.cross_entropy(logits[prompt - 1 : -1], targets, reduction="sum")
        count += len(targets)
    loss = total / count
    loss.backward()
    squares = [parameter.grad.double().square().sum() for parameter in model.parameters() if parameter.requires_grad]
    return loss.item(), float(torch.stack(squares).sum().sqrt())


def write_golden(model, tokens, sequences, prompt_lengths, folder):
    eager = logits_of(model, tokens, "eager")
    # Gemma 2 has no sdpa: there the gap is 0 and the fixed bound applies.
    sdpa = logits_of(model, tokens, "sdpa") if model._supports_sdpa else eager
    model.set_attn_implementation("eager")
    continuation, margin = greedy(model, tokens, GREEDY_TOKENS)
    golden = dict(
        tokens=tokens,
        greedy=continuation,
        greedy_margin=margin,
        eager_sdpa_gap=float((eager - sdpa).abs().max()),
    )
    if sequences:
        loss, norm = training_step(model, sequences, prompt_lengths)
        golden["train"] = dict(sequences=sequences, prompt_lengths=prompt_lengths, loss=loss, grad_norm=norm)
    if sequences and any(not parameter.requires_grad for parameter in model.parameters()):
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        torch.nn.utils.clip_grad_norm_(trained, MAX_GRAD_NORM)
        torch.optim.AdamW(trained, **ADAMW).step()
        loss, norm = training_step(model, sequences, prompt_lengths)
        golden["train"] |= dict(loss_after=loss, grad_norm_after=norm)
    save_file({"logits": eager.contiguous()}, folder / "golden.safetensors")
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")
    print(f"{folder.name}: gap {golden['eager_sdpa_gap']:.2e}, greedy margin {margin:.2e}")


def write_tiny(name, settings, out, seed):
    generator = torch.Generator().manual_seed(seed)
    settings = dict(settings)
    config = AutoConfig.for_model(settings.pop("model_type"), **settings)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    randomise(model, generator)
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    shards = dict(max_shard_size="60KB") if name in SHARDED else {}
    model.to(torch.bfloat16).save_pretrained(folder, **shards)
    # Loaded anew: the conversion above also rounded buffers (rotary frequencies) that a loaded model has in float32.
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def draw(count):
        return [2] + torch.randint(3, SMALL["vocab_size"], (count - 1,), generator=generator).tolist()

    write_golden(model, draw(PROMPT_TOKENS), [draw(17), draw(30), draw(9)], [6, 11, 1], folder)


def write_adapter(name, settings, out, seed):
    generator = torch.Generator().manual_seed(seed)
    settings = dict(settings)
    base = settings.pop("base")
    model = AutoModelForCausalLM.from_pretrained(out / base, dtype=torch.float32).eval()
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.copy_(noise * 0.5 / parameter.shape[-1] ** 0.5)
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    model.peft_config["default"].base_model_name_or_path = f"../{base}"
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    # PEFT writes a set, in another order each time.
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps(config | dict(target_modules=sorted(config["target_modules"])), indent=2) + "\n")

    def draw(count):
        return [2] + torch.randint(3, SMALL["vocab_size"], (count - 1,), generator=generator).tolist()

    write_golden(model, draw(PROMPT_TOKENS), [draw(17), draw(30), draw(9)], [6, 11, 1], folder)


def write_demo(directory, out):
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
    generator = torch.Generator().manual_seed(1)
    bos = model.config.bos_token_id or 1
    tokens = [bos] + torch.randint(1000, 20000, (PROMPT_TOKENS - 1,), generator=generator).tolist()
    folder = out / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    write_golden(model, tokens, [tokens], [PROMPT_TOKENS // 2], folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the goldens")
    parser.add_argument("--demo-model", type=pathlib.Path, help="Hugging Face directory of the demo model")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    for name, settings in CASES.items():
        write_tiny(name, settings, arguments.out, arguments.seed)
    for name, settings in LORA_CASES.items():
        write_adapter(name, settings, arguments.out, arguments.seed)
    if arguments.demo_model:
        write_demo(arguments.demo_model, arguments.out)


if __name__ == "__main__":
    main()
