"""Fine-tunes with TRL's SFTTrainer and bf16: MODEL_DIR ROWS BATCH STEPS LEARNING_RATE MICRO THREADS

The same work as transformers_train.py: weights and AdamW in f32, bf16 by autocast, loss on target tokens, rows of a step in order of
length, `MICRO` of them per forward pass. Recomputing activations, which TRL does unless told otherwise, is off: it costs time.
Prints one JSON object: losses, seconds per step, target_tokens, peak_mb.
"""

import json
import resource
import sys
import tempfile
import time

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer

directory, rows = sys.argv[1:3]
batch, steps, rate, micro, threads = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), *map(int, sys.argv[6:])
torch.set_num_threads(threads)
rows = json.load(open(rows))
ordered = []
for step in range(steps):
    chosen = [rows[(step * batch + index) % len(rows)] for index in range(batch)]
    ordered += sorted(chosen, key=lambda row: len(row["tokens"]))
masks = [[0] * row["target_from"] + [1] * (len(row["tokens"]) - row["target_from"]) for row in ordered]
data = Dataset.from_dict({"input_ids": [row["tokens"] for row in ordered], "completion_mask": masks})


class Clock(TrainerCallback):
    """Seconds and loss of each optimizer step."""

    def __init__(self):
        self.seconds, self.losses = [], []

    def on_step_begin(self, *_, **__):
        self.start = time.perf_counter()

    def on_step_end(self, *_, **__):
        self.seconds.append(time.perf_counter() - self.start)

    def on_log(self, args, state, control, logs=None, **__):
        if "loss" in logs:
            self.losses.append(logs["loss"])


clock = Clock()
with tempfile.TemporaryDirectory() as scratch:
    settings = SFTConfig(
        output_dir=scratch,
        use_cpu=True,
        bf16=True,
        gradient_checkpointing=False,
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=batch // micro,
        max_steps=steps,
        learning_rate=rate,
        lr_scheduler_type="constant",
        optim="adamw_torch_fused",
        weight_decay=0.0,
        max_grad_norm=1.0,
        completion_only_loss=True,
        max_length=None,
        train_sampling_strategy="sequential",
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32),
        args=settings,
        train_dataset=data,
        processing_class=AutoTokenizer.from_pretrained(directory),
        callbacks=[clock],
    )
    trainer.train()
targets = sum(map(sum, masks))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(losses=clock.losses, seconds=clock.seconds, target_tokens=targets, peak_mb=peak)))
