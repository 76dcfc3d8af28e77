"""litellm: the same calls through its providers `ollama/` (/api/generate), `ollama_chat/` (/api/chat) and `openai/` (/v1)."""
import asyncio
import json

import litellm
from support import *

# Otherwise it prints advice to standard output.
litellm.suppress_debug_info = True
messages = [{"role": "user", "content": QUESTION}]
THERE = {
    "ollama": {"api_base": HOST},
    "ollama_chat": {"api_base": HOST},
    "openai": {"api_base": OPENAI_BASE, "api_key": "any"},
}


def completion(provider: str, model: str = CHAT, **options):
    sent = {"messages": messages, "temperature": 0, "max_tokens": LIMIT, "max_retries": 0, **options}
    return litellm.completion(model=f"{provider}/{model}", **THERE[provider], **sent)


def text(answer) -> str:
    return answer.choices[0].message.content


def pieces(stream) -> list[str]:
    return [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]


async def asynchronous(provider: str):
    sent = {"messages": messages, "temperature": 0, "max_tokens": LIMIT, **THERE[provider]}
    model = f"{provider}/{CHAT}"
    stream = await litellm.acompletion(model=model, stream=True, **sent)
    chunks = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    return text(await litellm.acompletion(model=model, **sent)), chunks


async def everywhere():
    return [await asynchronous(provider) for provider in THERE]


weather = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
calling = {
    "model": CALLER, "messages": [{"role": "user", "content": WEATHER_QUESTION}], "tools": [weather], "max_tokens": 96
}


def calls(answer) -> list[dict]:
    return [
        {"name": call.function.name, "arguments": json.loads(call.function.arguments)}
        for call in answer.choices[0].message.tool_calls
    ]


def called_in_stream(provider: str) -> list[dict]:
    chunks = list(completion(provider, **calling, stream=True))
    return calls(litellm.stream_chunk_builder(chunks, messages=calling["messages"]))


def structured(provider: str) -> dict:
    return City.model_validate_json(text(completion(provider, max_tokens=64, response_format=City))).model_dump()


def vectors(provider: str) -> list[list[float]]:
    answer = litellm.embedding(model=f"{provider}/{EMBEDDER}", input=DOCUMENTS, **THERE[provider])
    return [item["embedding"] for item in answer.data]


run = asyncio.run(everywhere())
CALLING = ["ollama_chat", "openai"]
report(
    "litellm",
    chat=[text(completion(provider)) for provider in THERE] + [answer for answer, _ in run],
    streaming=[pieces(completion(provider, stream=True)) for provider in THERE] + [chunks for _, chunks in run],
    tools=[
        call
        for provider in CALLING
        for call in calls(completion(provider, **calling)) + called_in_stream(provider)
    ],
    structured=[structured(provider) for provider in THERE],
    embeddings=[vectors(provider) for provider in ["ollama", "openai"]],
    errors={
        **{f"absent {provider}": failure(lambda: completion(provider, ABSENT)) for provider in THERE},
        **{f"absent {provider} streamed": failure(lambda: list(completion(provider, ABSENT, stream=True))) for provider in THERE},
        "refused": failure(lambda: completion("openai", messages=[])),
    },
)
