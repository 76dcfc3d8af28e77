"""Chat completions: whole, streamed, several, scored, biased, constrained. Prints JSON; argument: the model."""
import json, sys
from typing import Literal
from openai import OpenAI
from pydantic import BaseModel

model = sys.argv[1]
client = OpenAI(api_key="any", max_retries=0)
messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Name a city."}]
greedy = {"model": model, "messages": messages, "temperature": 0, "max_tokens": 12}

whole = client.chat.completions.create(**greedy)
chunks = list(
    client.chat.completions.create(**greedy, stream=True, stream_options={"include_usage": True})
)
scored = client.chat.completions.create(**greedy, logprobs=True, top_logprobs=2)
several = client.chat.completions.create(
    model=model, messages=messages, n=3, seed=1, temperature=1.5, max_completion_tokens=8, stop=["\n\n"]
)
first = scored.choices[0].logprobs.content[0]
tokens = client.completions.create(
    model=model, prompt="x", max_tokens=1, extra_body={"options": {"num_ctx": 256}}
)


class City(BaseModel):
    city: Literal["Rome", "Oslo"]
    population: int


parsed = client.chat.completions.parse(
    model=model, messages=messages, temperature=0, max_tokens=40, response_format=City
)
with client.chat.completions.stream(**greedy) as stream:
    events = [event.type for event in stream]
    # get_final_completion() refuses an answer that max_tokens ended.
    final = stream.current_completion_snapshot

print(json.dumps({
    "whole": whole.model_dump(),
    "chunks": [chunk.model_dump() for chunk in chunks],
    "several": several.model_dump(),
    "first": first.model_dump(),
    "tokens": tokens.model_dump(),
    "parsed": parsed.choices[0].message.parsed.model_dump(),
    "events": sorted(set(events)),
    "final": final.choices[0].message.content,
}))
