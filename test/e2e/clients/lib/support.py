"""What every client's program asks, and how it tells what it saw: one JSON object, read by ../../clients.test.ts."""
import json
import os
import sys
from importlib.metadata import version
from typing import Literal

from pydantic import BaseModel, Field

HOST = os.environ["OLLAMA_HOST"]
OPENAI_BASE = HOST + "/v1"

CHAT, CALLER, EMBEDDER, ABSENT = "smollm2", "caller", "all-minilm", "absent"
# Greedy, the small model is sure of each of its next dozen words: whoever asks it gets the same answer.
QUESTION = "What is the capital of Italy?"
LIMIT = 12
# What the model is known to answer with a call, and the result of that call.
WEATHER_QUESTION, WEATHER = sys.argv[1:]
# The first two say the same, the third does not.
DOCUMENTS = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "The stock market fell on Monday."]


class City(BaseModel):
    """A city."""

    city: Literal["Rome", "Oslo"]
    population: int = Field(ge=1, le=9_999_999)


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: Name of the city.
    """
    return WEATHER


def failure(call) -> dict:
    """The exception that `call` raises."""
    try:
        result = call()
    except Exception as error:
        return described(error)
    raise AssertionError(f"no error, but {result!r}")


def described(error: Exception) -> dict:
    """Its text, and its class with those that it descends from, as `package.Class`."""
    classes = [f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__]
    return {"classes": classes, "message": str(error)}


def report(package: str, **seen) -> None:
    print(json.dumps({"version": version(package), "question": QUESTION, "limit": LIMIT, **seen}))
