"""Every failure arrives as ResponseError with the status and the text; argv: a chat model, an embedding model."""

import asyncio
import json
import sys

import ollama

model, embedder = sys.argv[1], sys.argv[2]
user = [{"role": "user", "content": "Hi"}]


def failure(call) -> list:
    try:
        call()
    except ollama.ResponseError as error:
        return [error.status_code, error.error]
    return ["no error"]


async def async_failure() -> list:
    try:
        await ollama.AsyncClient().chat(model="absent", messages=user)
    except ollama.ResponseError as error:
        return [error.status_code, error.error]
    return ["no error"]


print(
    json.dumps(
        {
            "generate_absent": failure(lambda: ollama.generate(model="absent", prompt="Hi")),
            "generate_absent_stream": failure(lambda: list(ollama.generate(model="absent", prompt="Hi", stream=True))),
            "chat_absent": failure(lambda: ollama.chat(model="absent", messages=user)),
            "chat_embedder": failure(lambda: ollama.chat(model=embedder, messages=user)),
            "generate_embedder": failure(lambda: ollama.generate(model=embedder, prompt="Hi")),
            "think_unsupported": failure(lambda: ollama.chat(model=model, messages=user, think=True)),
            "embed_absent": failure(lambda: ollama.embed(model="absent", input="Hi")),
            "embed_too_long": failure(lambda: ollama.embed(model=embedder, input="word " * 2000, truncate=False)),
            "show_absent": failure(lambda: ollama.show("absent")),
            "copy_absent": failure(lambda: ollama.copy("absent", "other")),
            "delete_absent": failure(lambda: ollama.delete("absent")),
            "create_nothing": failure(lambda: ollama.create(model="empty")),
            "create_bad_digest": failure(lambda: ollama.create(model="empty", files={"a.gguf": ""})),
            "async_chat_absent": asyncio.run(async_failure()),
        }
    )
)
