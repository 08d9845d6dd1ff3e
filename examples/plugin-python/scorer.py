"""A reward plugin in Python: the share of a JSON object's fields that a completion gets right.

`Scorer.describe` says what the plugin is, `Session` is the plugin with its configuration, `Checker` one problem with its
reference read. The module is run once while the component is built: what it imports and computes here costs nothing later.
"""

import json
import math
import re

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.scorer import ConfigError, Fault, FaultClass, Info, Kind, Score, Task

CONFIG_SCHEMA = {
    "type": "object",
    "properties": {
        "tolerance": {
            "type": "number",
            "default": 1e-9,
            "description": "How far a number may be from the reference's, relative to it.",
        },
    },
    "additionalProperties": False,
}

# Looking for the answer costs fuel: it stands at the end, and is not made of braces alone.
MOST_CHARS = 50_000
MOST_TOKENS = 2_000
DEEPEST = 100

TOKEN = re.compile(r'["{}\[\]]')
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class Scorer(exports.Scorer):
    def describe(self) -> Info:
        return Info(
            name="json-fields",
            version="0.1.0",
            kind=Kind.GRADED,
            min=0.0,
            max=1.0,
            config_schema=json.dumps(CONFIG_SCHEMA),
        )


class Session(exports.scorer.Session):
    """The plugin with its configuration."""

    def __init__(self, tolerance: float):
        self.tolerance = tolerance

    @classmethod
    def open(cls, config_json: str) -> "Session":
        config = json.loads(config_json or "null") or {}
        for key in config:
            if key not in CONFIG_SCHEMA["properties"]:
                raise Err(ConfigError(f"`{key}`: unknown field; there is `tolerance`"))
        tolerance = config.get("tolerance", 1e-9)
        if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)) or tolerance < 0:
            raise Err(ConfigError(f"`tolerance` is {json.dumps(tolerance)}: a number from 0 on is expected"))
        return cls(float(tolerance))

    def prepare(self, task: Task) -> "Checker":
        try:
            wanted = json.loads(task.reference or "")
        except (ValueError, RecursionError) as error:
            raise malformed(f"the reference is not JSON: {error}") from error
        if not isinstance(wanted, dict) or not wanted:
            raise malformed("the reference is not a JSON object with at least one field")
        return Checker(wanted, self.tolerance)


class Checker(exports.scorer.Checker):
    """One problem, ready to be compared with."""

    def __init__(self, wanted: dict, tolerance: float):
        self.wanted = wanted
        self.tolerance = tolerance

    def score(self, completion: str) -> Score:
        found = last_object(completion)
        if found is None:
            return Score(value=0.0, answer=None, note="no JSON object found", parts=[])
        parts = [
            (name, float(name in found and self.equal(found[name], value)))
            for name, value in self.wanted.items()
        ]
        value = sum(part for _, part in parts) / len(parts)
        wrong = [name for name, part in parts if part == 0.0]
        return Score(
            value=value,
            answer=json.dumps(found, sort_keys=True, ensure_ascii=False),
            note=f"wrong or missing: {', '.join(wrong)}" if wrong else None,
            parts=parts,
        )

    def equal(self, found, wanted) -> bool:
        if is_number(found) and is_number(wanted):
            return math.isclose(found, wanted, rel_tol=self.tolerance, abs_tol=0.0)
        return type(found) is type(wanted) and found == wanted


def is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def malformed(message: str) -> Err:
    """A problem that nobody could judge: never a reward of 0."""
    return Err(Fault(FaultClass.MALFORMED_PROBLEM, message))


def last_object(text: str) -> dict | None:
    """The last JSON object in `text` that is not part of another. Reads the text once, however it is made."""
    text = text[-MOST_CHARS:]
    opened, closed = [], []
    at = text.find("{")
    for _ in range(MOST_TOKENS):
        if at == -1:
            break
        token, end = text[at], at + 1
        if token in "{[":
            opened.append(at)
            if len(opened) > DEEPEST:
                return None
        elif token in "}]":
            start = opened.pop()
            if text[start] + token not in ("{}", "[]"):
                break
            if token == "}":
                while closed and closed[-1][0] > start:
                    closed.pop()
                closed.append((start, end))
        else:
            string = STRING.match(text, at)
            if string is None:
                break
            end = string.end()
        # Quotation marks and brackets outside of braces are prose.
        found = TOKEN.search(text, end) if opened else None
        at = found.start() if found else -1 if opened else text.find("{", end)
    for start, end in reversed(closed):
        try:
            return json.loads(text[start:end])
        except ValueError:
            continue
    return None
