"""Responses: whole, streamed, continued, called, parsed, kept and gone. Prints JSON; arguments: a model, one that calls tools, a question, its tool's result."""
import asyncio, json, sys
import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel
from typing import Literal

model, caller, question, result = sys.argv[1:]
client = OpenAI(api_key="any", max_retries=0)
greedy = {"model": model, "input": "Name a city.", "temperature": 0, "max_output_tokens": 16}

whole = client.responses.create(**greedy)
events = list(client.responses.create(**greedy, stream=True))
with client.responses.stream(**greedy) as stream:
    helper = [event.type for event in stream]
    final = stream.get_final_response()


class City(BaseModel):
    city: Literal["Rome", "Oslo"]
    population: int


parsed = client.responses.parse(**{**greedy, "max_output_tokens": 60}, text_format=City)

tool = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}
asked = {"model": caller, "tools": [tool], "temperature": 0, "max_output_tokens": 64}
first = client.responses.create(**asked, input=question)
call = next(item for item in first.output if item.type == "function_call")
answer = client.responses.create(
    **asked,
    previous_response_id=first.id,
    input=[{"type": "function_call_output", "call_id": call.call_id, "output": result}],
)
# The same without anything kept: the output goes back as it came.
stateless = client.responses.create(
    **asked,
    store=False,
    input=[
        {"role": "user", "content": question},
        *first.output,
        {"type": "function_call_output", "call_id": call.call_id, "output": result},
    ],
)
forced = client.responses.create(**asked, input="Hi", tool_choice="required")

second = client.responses.create(**{**greedy, "input": "Another."}, previous_response_id=whole.id)
items = [item.role for item in client.responses.input_items.list(second.id)]
found = client.responses.retrieve(second.id)
told = [event.type for event in client.responses.retrieve(second.id, stream=True)]
counted = client.responses.input_tokens.count(model=model, input="Another.", previous_response_id=whole.id)
client.responses.delete(second.id)


def failure(call):
    try:
        call()
    except openai.APIStatusError as error:
        return {"type": type(error).__name__, "code": error.code, "param": error.param}
    return None


async def at_once():
    async with AsyncOpenAI(api_key="any", max_retries=0) as asynchronous:
        answers = await asyncio.gather(*(asynchronous.responses.create(**greedy) for _ in range(3)))
    return [answer.output_text for answer in answers]


print(json.dumps({
    "whole": whole.model_dump(),
    "text": whole.output_text,
    "events": [event.type for event in events],
    "streamed": "".join(event.delta for event in events if event.type == "response.output_text.delta"),
    "helper": helper,
    "final": final.output_text,
    "parsed": parsed.output_parsed.model_dump(),
    "call": call.model_dump(),
    "answer": answer.output_text,
    "stateless": stateless.output_text,
    "forced": [item.type for item in forced.output],
    "previous": second.previous_response_id == whole.id,
    "items": items,
    "found": found.output_text == second.output_text,
    "told": told,
    "counted": counted.input_tokens == second.usage.input_tokens,
    "failures": {
        "deleted": failure(lambda: client.responses.retrieve(second.id)),
        "previous": failure(lambda: client.responses.create(**greedy, previous_response_id=second.id)),
        "missing": failure(lambda: client.responses.create(**{**greedy, "model": "nope"})),
        "hosted": failure(lambda: client.responses.create(**greedy, tools=[{"type": "web_search"}], tool_choice={"type": "web_search"})),
        "cancel": failure(lambda: client.responses.cancel(whole.id)),
    },
    "at_once": asyncio.run(at_once()),
}))
