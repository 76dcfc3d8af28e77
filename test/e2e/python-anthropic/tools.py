"""A demanded call, whole and streamed, its answer, and the tool runner. Prints JSON; arguments: model, question, result."""
import json, sys
from anthropic import Anthropic, __version__, beta_tool

model, question, result = sys.argv[1:]
client = Anthropic(api_key="any", max_retries=0)
tool = {
    "name": "get_weather",
    "description": "The weather in a city.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"enum": ["Rome", "Oslo"]}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
messages = [{"role": "user", "content": question}]
asked = {"model": model, "max_tokens": 64, "tools": [tool]}
forced = {**asked, "messages": messages, "tool_choice": {"type": "tool", "name": "get_weather"}}
whole = client.messages.create(**forced)
with client.messages.stream(**forced) as stream:
    streamed = stream.get_final_message()
call = whole.content[0]
answer = client.messages.create(**asked, messages=[
    *messages,
    {"role": "assistant", "content": whole.content},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": result}]},
])
cities = []


@beta_tool
def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: Which city.
    """
    cities.append(city)
    return result


runner = client.beta.messages.tool_runner(model=model, max_tokens=64, tools=[get_weather], messages=messages)
print(json.dumps({
    "version": __version__,
    "whole": whole.model_dump(),
    "streamed": streamed.model_dump(),
    "answer": answer.model_dump(),
    "cities": cities,
    "run": runner.until_done().model_dump(),
}))
