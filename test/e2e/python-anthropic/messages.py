"""Conversations whole, as raw events, through the stream helpers, and measured. Prints JSON; argument: the model."""
import asyncio, json, sys
from typing import Literal
from anthropic import Anthropic, AsyncAnthropic, __version__
from pydantic import BaseModel

model = sys.argv[1]
client = Anthropic(api_key="any", max_retries=0)
conversation = {"model": model, "messages": [{"role": "user", "content": "Name a city."}]}
asked = {**conversation, "max_tokens": 12}


class City(BaseModel):
    city: Literal["Rome", "Oslo"]
    population: int


async def at_once():
    other = AsyncAnthropic(api_key="any", max_retries=0)

    async def one(limit):
        async with other.messages.stream(**{**asked, "max_tokens": limit}) as stream:
            return (await stream.get_final_message()).usage.output_tokens

    return await asyncio.gather(*(one(limit) for limit in (1, 2, 3)))


whole = client.messages.create(**asked)
events = [event.model_dump() for event in client.messages.create(**asked, stream=True)]
with client.messages.stream(**asked) as stream:
    texts = list(stream.text_stream)
    final = stream.get_final_message()
word = whole.content[0].text.split(" ")[2]
system = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
print(json.dumps({
    "version": __version__,
    "whole": whole.model_dump(),
    "request_id": whole._request_id,
    "events": events,
    "texts": texts,
    "final": final.model_dump(),
    "stopped": client.messages.create(**asked, stop_sequences=["never said", word]).model_dump(),
    "word": word,
    "limited": client.messages.create(**conversation, max_tokens=2).model_dump(),
    "count": client.messages.count_tokens(**conversation).input_tokens,
    "count_system": client.messages.count_tokens(**conversation, system=system).input_tokens,
    "with_system": client.messages.create(**asked, system=system).model_dump(),
    "parsed": client.messages.parse(
        **conversation, max_tokens=64, output_format=City
    ).parsed_output.model_dump(),
    "at_once": asyncio.run(at_once()),
}))
