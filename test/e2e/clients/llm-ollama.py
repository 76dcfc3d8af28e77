"""llm-ollama: the `llm` command line, a process for each call; and `llm` as a library for what gives vectors and chunks."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from support import *

COMMAND = Path(sys.executable).with_name("llm")
FUNCTION = f"""
def get_weather(city: str) -> str:
    "The weather in a city."
    return {WEATHER!r}
"""


class Failed(Exception):
    """What a command wrote to standard error before it exited with another status than 0."""


def command(*args: str) -> str:
    done = subprocess.run([COMMAND, *args], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise Failed(done.stderr)
    return done.stdout.removesuffix("\n")


def ask(*args: str, model: str = CHAT, limit: int = LIMIT) -> str:
    options = ["-o", "temperature", "0", "-o", "num_predict", str(limit)]
    return command("-m", f"ollama/{model}", *args, *options)


with tempfile.TemporaryDirectory() as home:
    os.environ["LLM_USER_PATH"] = home
    import llm

    chat = llm.get_model(f"ollama/{CHAT}")
    embedder = llm.get_embedding_model(f"ollama/{EMBEDDER}")
    shaped = chat.prompt(QUESTION, schema=City, temperature=0, num_predict=64)
    after_tool = ask(WEATHER_QUESTION, "--functions", FUNCTION, model=CALLER, limit=96)
    logged = json.loads(command("logs", "--json", "-n", "2"))
    report(
        "llm-ollama",
        chat=[ask(QUESTION), chat.prompt(QUESTION, temperature=0, num_predict=LIMIT, stream=False).text()],
        streaming=[list(chat.prompt(QUESTION, temperature=0, num_predict=LIMIT))],
        models=[line.split()[1] for line in command("models").splitlines() if line.startswith("Ollama:")],
        tools=[
            {"name": call["name"], "arguments": call["arguments"]} for entry in logged for call in entry["tool_calls"]
        ],
        after_tool=after_tool,
        structured=[json.loads(shaped.text())],
        embeddings=[[list(vector) for vector in embedder.embed_multi(DOCUMENTS)]],
        errors={"refused": failure(lambda: ask(QUESTION, "--schema", '{"type": "nothing"}'))},
    )
