#!/usr/bin/env python3
"""Compares the tokenizers of imported GGUF files with Hugging Face's, token by token.

usage: compare_tokenizers.py make --data DIR --gemma GGUF --out DIR
       compare_tokenizers.py compare --out DIR

`make` takes 10,000 lines of public data (all that are not plain ASCII, up to 2,000, and the rest at even distances) and
writes one folder per tokenizer: `model.gguf`, to be imported into `imported` beside it, and `reference.json`, the tokens
of each line. The tokenizers are small ones trained here on the same lines, byte-level and SentencePiece, and that of the
model in --gemma. References are transformers' tokenizers and, for SentencePiece, its own library as well. `compare` reads
the imported `tokenizer.json` and fails on the first folder with a difference. Needs transformers, gguf, sentencepiece.
"""

import argparse
import gzip
import io
import json
import pathlib
import sys

import gguf
import numpy
import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2 as model_proto
from transformers import AutoTokenizer, GemmaTokenizer, GPT2Tokenizer, LlamaTokenizer, Qwen2Tokenizer
from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS

LINES = 10_000
NOT_ASCII = 2_000
VOCABULARY = 4_000
FILES = ["gsm8k_train.jsonl.gz", "math_train.jsonl.gz", "HumanEval.jsonl.gz", "mbpp.jsonl.gz", "labelled_code.jsonl.gz",
         "labelled_math.jsonl.gz", "cases_nemo_skills.jsonl.gz", "cases_skythought.jsonl.gz"]
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def strings(value):
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def read_lines(folder):
    """The same lines for the same data; a missing file is an error."""
    seen = {}
    for name in FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            for row in file:
                seen.update((line[:2000], None) for line in strings(json.loads(row)) if line.strip())
    exotic = [line for line in seen if not line.isascii()][:NOT_ASCII]
    plain = [line for line in seen if line.isascii()]
    wanted = LINES - len(exotic)
    if len(plain) < wanted:
        sys.exit(f"error: the files in {folder} have {len(plain)} different lines, {wanted} are needed")
    return exotic + [plain[index * len(plain) // wanted] for index in range(wanted)]


def write_gguf(path, architecture, vocabulary, metadata):
    """A model of one layer whose weights are zeros: the importer wants a whole one."""
    writer = gguf.GGUFWriter(str(path), architecture)
    hidden, feed_forward = 8, 8
    writer.add_context_length(64)
    writer.add_embedding_length(hidden)
    writer.add_block_count(1)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-6)
    metadata(writer)
    shapes = {"token_embd": [vocabulary, hidden], "output_norm": [hidden]}
    layer = {"attn_norm": [hidden], "ffn_norm": [hidden], "attn_output": [hidden, hidden],
             "ffn_down": [hidden, feed_forward]}
    if architecture == "phi3":
        layer |= {"attn_qkv": [3 * hidden, hidden], "ffn_up": [2 * feed_forward, hidden]}
    else:
        layer |= {name: [hidden, hidden] for name in ["attn_q", "attn_k", "attn_v", "ffn_gate", "ffn_up"]}
    shapes |= {f"blk.0.{name}": shape for name, shape in layer.items()}
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", numpy.zeros(shape, dtype=numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def by_id(vocabulary):
    return sorted(vocabulary, key=vocabulary.get)


def byte_level(folder, pre, tokenizer, lines, ignore_merges=False):
    """Trains `tokenizer` on the lines; its file names the way of splitting words `pre`."""
    trained = tokenizer.train_new_from_iterator(lines, VOCABULARY, new_special_tokens=CONTROL, show_progress=False)
    backend = trained.backend_tokenizer
    backend.model.ignore_merges = ignore_merges
    model = json.loads(backend.to_str())["model"]
    tokens = by_id(trained.get_vocab())
    special = {token.content for token in trained.added_tokens_decoder.values()}

    def metadata(writer):
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_list(tokens)
        writer.add_token_types([gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL for token in tokens])
        writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
        writer.add_eos_token_id(tokens.index(CONTROL[0]))
        writer.add_add_bos_token(False)

    write_gguf(folder / "model.gguf", "llama", len(tokens), metadata)
    write_reference(folder, lines, [list(backend.encode(line).ids) for line in lines], backend)


def split_at(pre):
    """A byte-level tokenizer that splits words as llama.cpp's name says, in transformers' words."""
    tokenizer = GPT2Tokenizer()
    steps = [
        tokenizers.pre_tokenizers.Split(tokenizers.Regex(GGUF_PRE_TOKENIZER_SPLITS[pre]), behavior="isolated"),
        tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    tokenizer.backend_tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(steps)
    return tokenizer


def sentencepiece_model(lines):
    """A SentencePiece BPE model with byte fallback, as Llama 2's was trained."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=file, model_type="bpe", vocab_size=VOCABULARY, byte_fallback=True,
        character_coverage=0.999, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
        allow_whitespace_only_pieces=True, num_threads=1, minloglevel=2, max_sentence_length=10_000,
    )
    proto = model_proto.ModelProto()
    proto.ParseFromString(file.getvalue())
    return proto


def sentencepiece_metadata(proto):
    def metadata(writer):
        writer.add_tokenizer_model("llama")
        writer.add_token_list([piece.piece for piece in proto.pieces])
        writer.add_token_scores([piece.score for piece in proto.pieces])
        writer.add_token_types([piece.type for piece in proto.pieces])
        writer.add_unk_token_id(0)
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
        writer.add_add_bos_token(True)
        writer.add_add_space_prefix(True)

    return metadata


def sentencepiece_case(folder, architecture, proto, lines):
    """transformers' reading of the file; it must be SentencePiece's too, but where transformers leaves a first space out."""
    write_gguf(folder / "model.gguf", architecture, len(proto.pieces), sentencepiece_metadata(proto))
    backend = AutoTokenizer.from_pretrained(folder, gguf_file="model.gguf").backend_tokenizer
    ids = [list(backend.encode(line).ids) for line in lines]
    exempt = (lambda line: line.startswith(" ")) if architecture == "llama" else (lambda line: False)
    agrees_with_library(folder, proto, lines, ids, 1, exempt)
    write_reference(folder, lines, ids, backend)


def gemma_case(folder, source, lines):
    (folder / "model.gguf").unlink(missing_ok=True)
    (folder / "model.gguf").symlink_to(source.resolve())
    backend = AutoTokenizer.from_pretrained(folder, gguf_file="model.gguf").backend_tokenizer
    ids = [list(backend.encode(line).ids) for line in lines]
    # Of more spaces than its longest run of them SentencePiece takes that run first, transformers merges upwards.
    agrees_with_library(folder, gemma_proto(source), lines, ids, 2, lambda line: " " * 32 in line)
    write_reference(folder, lines, ids, backend)


def gemma_proto(source):
    """The SentencePiece model that the file's pieces came from: runs of spaces were respelled there."""
    fields = gguf.GGUFReader(source).fields
    contents = lambda name: fields[f"tokenizer.ggml.{name}"].contents()
    proto = model_proto.ModelProto()
    for piece, score, kind in zip(contents("tokens"), contents("scores"), contents("token_type")):
        spaces = kind == gguf.TokenType.USER_DEFINED and not piece.strip(" ")
        proto.pieces.add(piece=piece.replace(" ", "\u2581") if spaces else piece, score=score, type=kind)
    proto.trainer_spec.model_type = model_proto.TrainerSpec.BPE
    proto.trainer_spec.byte_fallback = True
    proto.trainer_spec.unk_id = contents("unknown_token_id")
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = False
    proto.normalizer_spec.remove_extra_whitespaces = False
    return proto


def agrees_with_library(folder, proto, lines, ids, bos, exempt):
    """Fails when the library cuts a line in another way. It never takes text for control tokens, such lines are left out."""
    library = sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())
    control = [piece.piece for piece in proto.pieces if piece.type in (gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL)]
    compared = [
        index for index, line in enumerate(lines) if not exempt(line) and not any(token in line for token in control)
    ]
    different = [index for index in compared if [bos] + library.encode(lines[index]) != ids[index]]
    if different:
        line = lines[different[0]]
        sys.exit(
            f"error: {folder.name}: transformers and SentencePiece differ on {len(different)} lines, first {line!r}:\n"
            f"  {ids[different[0]]}\n  {[bos] + library.encode(line)}"
        )
    print(f"{folder.name}: transformers agrees with SentencePiece on {len(compared)} lines")


def write_reference(folder, lines, ids, backend):
    texts = [backend.decode(each, skip_special_tokens=True) for each in ids]
    (folder / "reference.json").write_text(json.dumps(dict(lines=lines, ids=ids, texts=texts)))


def make(data, gemma, out):
    lines = read_lines(data)

    def folder(name):
        path = out / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    byte_level(folder("byte-level-gpt-2"), "gpt-2", GPT2Tokenizer(), lines)
    byte_level(folder("byte-level-qwen2"), "qwen2", Qwen2Tokenizer(), lines)
    for pre, ignore_merges in [("llama-bpe", True), ("tekken", True), ("gpt-4o", False), ("dbrx", False)]:
        byte_level(folder(f"byte-level-{pre}"), pre, split_at(pre), lines, ignore_merges)
    proto = sentencepiece_model(lines)
    for architecture in ["llama", "phi3"]:
        sentencepiece_case(folder(f"sentencepiece-{architecture}"), architecture, proto, lines)
    gemma_case(folder("sentencepiece-gemma"), gemma, lines)


def compare(out):
    folders = sorted(path.parent for path in out.glob("*/reference.json"))
    if not folders:
        sys.exit(f"error: nothing to compare in {out}")
    for folder in folders:
        reference = json.loads((folder / "reference.json").read_text())
        imported = tokenizers.Tokenizer.from_file(str(folder / "imported" / "tokenizer.json"))
        tokens = 0
        for line, ids, text in zip(reference["lines"], reference["ids"], reference["texts"]):
            found = imported.encode(line).ids
            if found != ids:
                sys.exit(f"error: {folder.name}: {line!r} is {found}, not {ids}")
            if imported.decode(ids, skip_special_tokens=True) != text:
                sys.exit(f"error: {folder.name}: {ids} is {imported.decode(ids)!r}, not {text!r}")
            tokens += len(ids)
        if len(reference["lines"]) != LINES:
            sys.exit(f"error: {folder.name} has {len(reference['lines'])} lines, not {LINES}")
        print(f"{folder.name}: {tokens} tokens of {LINES} lines are the same")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(dest="step", required=True)
    first = steps.add_parser("make")
    first.add_argument("--data", type=pathlib.Path, required=True, help="folder of public data")
    first.add_argument("--gemma", type=pathlib.Path, required=True, help="GGUF file of a Gemma model")
    first.add_argument("--out", type=pathlib.Path, required=True)
    steps.add_parser("compare").add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    if arguments.step == "make":
        make(arguments.data, arguments.gemma, arguments.out)
    else:
        compare(arguments.out)


if __name__ == "__main__":
    main()
