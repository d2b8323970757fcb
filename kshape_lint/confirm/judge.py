"""Runs programs in the installed TensorFlow: many in one process that is apart from ours, with a time limit, no network and no GPU."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["confirmed", "refuted", "unclear"]

SECONDS_FOR_ONE = 60
SECONDS_TO_START = 120

_RUNNER = r"""
import contextlib, io, json, os, signal, socket, sys, tempfile, traceback, warnings

def refuse(*args, **kwargs):
    raise ConnectionError("no network here")

def too_long(*args):
    raise TimeoutError("too long")

socket.create_connection = refuse
socket.socket.connect = refuse
warnings.simplefilter("ignore")
seconds, programs = json.load(sys.stdin)
if hasattr(signal, "SIGALRM"):
    signal.signal(signal.SIGALRM, too_long)
out = sys.stdout
with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    for number, text in programs:
        print(json.dumps({"started": number}), file=out, flush=True)
        answer = {"number": number, "exception": None, "message": "", "line": None}
        if hasattr(signal, "SIGALRM"):
            signal.alarm(seconds)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(compile(text, "<repro>", "exec"), {"__name__": "__main__"})
        except BaseException as error:
            lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<repro>"]
            answer.update(exception=type(error).__name__, message=str(error), line=lines[0] if lines else None)
        finally:
            if hasattr(signal, "SIGALRM"):
                signal.alarm(0)
        print(json.dumps(answer), file=out, flush=True)
    os.chdir(os.path.dirname(scratch))
"""

_NOT_THE_POINT = frozenset(
    {"NameError", "ImportError", "ModuleNotFoundError", "SyntaxError", "TimeoutError", "ConnectionError", "MemoryError"}
)


@dataclass(frozen=True)
class Judgement:
    """What became of a program: whether it raised on its last statement, and what."""

    verdict: Verdict
    exception: str


def available(keras: int) -> bool:
    """Tell whether TensorFlow and the Keras major are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("tensorflow", "tf_keras" if keras == 2 else "keras"))


def judge(programs: Sequence[str], keras: int = 3) -> list[Judgement]:
    """Run programs and return what became of each. One that kills the process is told so, and the rest run in another."""
    answers: dict[int, Judgement] = {}
    left = list(enumerate(programs))
    while left:
        started = None
        limit = SECONDS_TO_START + SECONDS_FOR_ONE * len(left)
        try:
            done = subprocess.run(
                [sys.executable, "-c", _RUNNER],
                input=json.dumps([SECONDS_FOR_ONE, left]),
                capture_output=True,
                text=True,
                timeout=limit,
                env=_environment(keras),
            )
            said = done.stdout
        except subprocess.TimeoutExpired as late:
            said = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        for line in said.split("\n"):
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            if "started" in answer:
                started = answer["started"]
            else:
                answers[answer["number"]] = _judgement(programs[answer["number"]], answer)
        if started is not None and started not in answers:
            answers[started] = Judgement("unclear", "the process that ran the program died")
        elif not any(number in answers for number, _ in left):
            return [answers.get(i, Judgement("unclear", "TensorFlow could not be started")) for i in range(len(programs))]
        left = [(number, text) for number, text in left if number not in answers]
    return [answers[i] for i in range(len(programs))]


def _environment(keras: int) -> dict[str, str]:
    return {
        **os.environ,
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_USE_LEGACY_KERAS": "1" if keras == 2 else "0",
        "KERAS_BACKEND": "tensorflow",
    }


def _judgement(program: str, answer: dict[str, object]) -> Judgement:
    exception = answer["exception"]
    if exception is None:
        return Judgement("refuted", "")
    shown = f"{exception}: {answer['message']}"
    if exception in _NOT_THE_POINT or answer["line"] is None or int(str(answer["line"])) < ast.parse(program).body[-1].lineno:
        return Judgement("unclear", shown)
    return Judgement("confirmed", shown)
