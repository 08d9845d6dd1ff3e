"""The workload of every side, as token ids: workload.py MODEL_DIR SHOTS MULTIARITH GSM8K OUT_DIR

OUT_DIR/prompts.json: prompts, each four worked examples and a MultiArith question.
OUT_DIR/rows.json: training rows of GSM8K, four worked examples and a question, and its human solution as target.
"""

import gzip
import itertools
import json
import pathlib
import sys

from transformers import AutoTokenizer

PROMPTS = 16
ROWS = 96
SHOTS = 4


def lines(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        return [json.loads(line) for line in file]


def worked(question, answer):
    return f"Question: {question}\nAnswer: {answer}\n\n"


model, shots, multiarith, gsm8k, out = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(model)
begin = "".join(worked(shot["prompt"], shot["solutions"][0]) for shot in lines(shots)[:SHOTS])
prompts = [
    tokenizer(f"{begin}Question: {problem['input']}\nAnswer:")["input_ids"]
    for problem in itertools.islice(lines(multiarith), PROMPTS)
]
problems = lines(gsm8k)
begin = "".join(worked(problem["question"], problem["answer"]) for problem in problems[:SHOTS])
rows = []
for problem in problems[SHOTS : SHOTS + ROWS]:
    prompt = tokenizer(f"{begin}Question: {problem['question']}\nAnswer:")["input_ids"]
    target = tokenizer(f" {problem['answer']}\n", add_special_tokens=False)["input_ids"]
    rows.append(dict(tokens=prompt + target, target_from=len(prompt)))
out = pathlib.Path(out)
(out / "prompts.json").write_text(json.dumps(prompts))
(out / "rows.json").write_text(json.dumps(rows))
