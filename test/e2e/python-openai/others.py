"""Completions, embeddings, models, and errors. Prints JSON; arguments: a chat model, an embedding model."""
import asyncio, json, sys
import openai
from openai import AsyncOpenAI, OpenAI

chat, embedding = sys.argv[1:]
client = OpenAI(api_key="any", max_retries=0)

completion = client.completions.create(
    model=chat, prompt=["Say a.", "Say b."], n=2, echo=True, temperature=0, max_tokens=4
)
scored = client.completions.create(model=chat, prompt="Say a.", logprobs=2, temperature=0, max_tokens=4)
tokens = client.completions.create(model=chat, prompt=[28120, 416], echo=True, temperature=0, max_tokens=4)
pieces = [
    chunk.choices[0].text
    for chunk in client.completions.create(model=chat, prompt="Say a.", temperature=0, max_tokens=4, stream=True)
]

texts = ["Hello world", "Goodbye"]
# The package asks for base64 unless told otherwise.
vectors = client.embeddings.create(model=embedding, input=texts)
floats = client.embeddings.create(model=embedding, input=texts, encoding_format="float", dimensions=8)
as_tokens = client.embeddings.create(model=embedding, input=[101, 7592, 2088, 102])


def failure(call):
    try:
        call()
    except openai.APIStatusError as error:
        return {"type": type(error).__name__, "message": error.body["message"], "param": error.param}
    return None


ask = [{"role": "user", "content": "Hi"}]


async def at_once():
    async with AsyncOpenAI(api_key="any", max_retries=0) as asynchronous:
        answers = await asyncio.gather(*(
            asynchronous.chat.completions.create(model=chat, messages=ask, max_tokens=4) for _ in range(3)
        ))
    return [len(answer.choices) for answer in answers]


print(json.dumps({
    "completion": completion.model_dump(),
    "scored": scored.choices[0].logprobs.model_dump(),
    "scored_text": scored.choices[0].text,
    "tokens": tokens.choices[0].text,
    "pieces": pieces,
    "vectors": [item.embedding for item in vectors.data],
    "floats": [item.embedding for item in floats.data],
    "as_tokens": as_tokens.data[0].embedding,
    "embed_usage": vectors.usage.model_dump(),
    "models": [model.id for model in client.models.list()],
    "model": client.models.retrieve(chat).model_dump(),
    "named": client.models.retrieve("someone/" + chat).model_dump(),
    "failures": {
        "missing": failure(lambda: client.chat.completions.create(model="nope", messages=ask)),
        "missing_model": failure(lambda: client.models.retrieve("nope")),
        "refused": failure(lambda: client.chat.completions.create(model=chat, messages=[])),
        "streamed": failure(lambda: client.chat.completions.create(model="nope", messages=ask, stream=True)),
        "path": failure(lambda: client.files.list()),
        "tools": failure(lambda: client.chat.completions.create(
            model=embedding, messages=ask, tools=[{"type": "function", "function": {"name": "f"}}]
        )),
    },
    "at_once": asyncio.run(at_once()),
}))
