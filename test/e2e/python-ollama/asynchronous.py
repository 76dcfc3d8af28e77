"""The same calls through AsyncClient, some of them at once."""

import asyncio
import json
import sys

import ollama


async def main(model: str, embedder: str) -> dict:
    options = {"temperature": 0, "seed": 7, "num_predict": 8}
    messages = [{"role": "user", "content": "Say hello."}]
    async with ollama.AsyncClient() as client:
        generated, chatted, embedded = await asyncio.gather(
            client.generate(model=model, prompt="Name a colour.", options=options),
            client.chat(model=model, messages=messages, options=options),
            client.embed(model=embedder, input=["one", "two"]),
        )
        # What the KV cache holds of an earlier prompt may differ in its last bits; these two calls find it in one state.
        again = await client.generate(model=model, prompt="Name a colour.", options=options)
        pieces = []
        async for chunk in await client.generate(
            model=model, prompt="Name a colour.", options=options, stream=True
        ):
            pieces.append(chunk.response)
        repeated = await client.chat(model=model, messages=messages, options=options)
        said = []
        async for chunk in await client.chat(model=model, messages=messages, options=options, stream=True):
            said.append(chunk.message.content)
        listed = await client.list()
    return {
        "generated": generated.response,
        "again": again.response,
        "pieces": pieces,
        "chatted": chatted.message.content,
        "repeated": repeated.message.content,
        "said": said,
        "lengths": [len(vector) for vector in embedded.embeddings],
        "names": [entry.model for entry in listed.models],
    }


print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2]))))
