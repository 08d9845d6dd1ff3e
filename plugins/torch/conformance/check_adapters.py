#!/usr/bin/env python3
"""Lets PEFT read the adapters that restem-torch wrote (its example `adapter`).

usage: check_adapters.py MADE_DIR…

Each MADE_DIR holds adapter/, merged/ and logits.safetensors; the base model is what the adapter names, with its golden.json.
Exits with status 1 when PEFT does not find all tensors, computes other logits, or merges to other weights.
"""

import json
import pathlib
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

LOGIT_BOUND = 1e-4
# Weights whose f32 sums differ in the last digit may round to neighbouring bfloat16 numbers.
NEIGHBOURS_BOUND = 1e-3


def check(made):
    config = json.loads((made / "adapter" / "adapter_config.json").read_text())
    base_dir = pathlib.Path(config["base_model_name_or_path"])
    base = AutoModelForCausalLM.from_pretrained(base_dir, dtype=torch.float32, attn_implementation="eager")
    model = PeftModel.from_pretrained(base, made / "adapter").eval()
    found = {name for name, _ in model.named_parameters() if ".lora_" in name}
    written = {name.replace(".weight", ".default.weight") for name in load_file(made / "adapter" / "adapter_model.safetensors")}
    tokens = json.loads((base_dir / "golden.json").read_text())["tokens"]
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0]
    error = float((logits - load_file(made / "logits.safetensors")["logits"]).abs().max())
    size = max(float(parameter.abs().max()) for name, parameter in model.named_parameters() if ".lora_B." in name)

    expected = model.merge_and_unload().to(torch.bfloat16).state_dict()
    ours = AutoModelForCausalLM.from_pretrained(made / "merged", dtype=torch.bfloat16).state_dict()
    numbers, neighbours, further = 0, 0, 0
    for name, weight in expected.items():
        steps = (weight.view(torch.int16).int() - ours[name].view(torch.int16).int()).abs()
        numbers += steps.numel()
        neighbours += int((steps == 1).sum())
        further += int((steps > 1).sum())
    print(
        f"{made.name}: {len(found)} tensors, largest B {size:.3f}, largest logit error {error:.2e}; merged: of {numbers} weights "
        f"{neighbours} are rounded to a neighbour of PEFT's, {further} differ more"
    )
    return (
        found == written
        and size > 0
        and error <= LOGIT_BOUND
        and further == 0
        and neighbours <= NEIGHBOURS_BOUND * numbers
        and set(expected) == set(ours)
    )


def main():
    made = [pathlib.Path(argument) for argument in sys.argv[1:]]
    if not made:
        sys.exit("usage: check_adapters.py MADE_DIR…")
    # All are looked at, whatever the first says.
    sys.exit(not all([check(each) for each in made]))


if __name__ == "__main__":
    main()
