#!/usr/bin/env python3
"""Writes rows of every quantisation that the importer reads, with the values that ggml's own Python reads from them.

usage: make_quantised.py OUT.safetensors

Blocks are random bytes with sane scales, so every bit of every field has its say. Needs gguf, numpy, safetensors.
"""

import sys

import gguf
import numpy
from safetensors.numpy import save_file

WIDTH = 256
# Where the half-precision scales lie in a block.
SCALES = {
    "F16": [], "BF16": [], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}


def row(name, generator):
    kind = gguf.GGMLQuantizationType[name]
    block, size = gguf.GGML_QUANT_SIZES[kind]
    if not SCALES[name]:
        values = generator.standard_normal(WIDTH, dtype=numpy.float32)
        half = values.astype(numpy.float16).view(numpy.uint8) if name == "F16" else gguf.quantize(values, kind)
        return kind, half.view(numpy.uint8)
    blocks = generator.integers(0, 256, (WIDTH // block, size), dtype=numpy.uint8)
    for at in SCALES[name]:
        scales = generator.uniform(-0.1, 0.1, len(blocks)).astype(numpy.float16)
        blocks[:, at : at + 2] = scales.view(numpy.uint8).reshape(-1, 2)
    return kind, blocks.reshape(-1)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    generator = numpy.random.default_rng(5)
    tensors = {}
    for name in SCALES:
        kind, stored = row(name, generator)
        tensors[f"{name}.stored"] = stored
        tensors[f"{name}.values"] = gguf.dequantize(stored, kind).astype(numpy.float32)
    save_file(tensors, sys.argv[1])


if __name__ == "__main__":
    main()
