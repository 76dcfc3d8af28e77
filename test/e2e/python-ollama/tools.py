"""A Python function as a tool: its call, streamed and whole, and the answer to its result. Prints JSON; arguments: model, question, result."""
import json, sys
from ollama import chat

model, question, result = sys.argv[1:]


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: The city's name.
    """
    return result


options = {"temperature": 0, "num_predict": 64}
messages = [{"role": "user", "content": question}]
asked = {"model": model, "tools": [get_weather], "options": options}
called = chat(messages=messages, **asked).message
streamed = [
    call.function.model_dump()
    for chunk in chat(messages=messages, stream=True, **asked)
    for call in chunk.message.tool_calls or []
]
[call] = called.tool_calls
messages += [called, {"role": "tool", "content": get_weather(**call.function.arguments), "tool_name": call.function.name}]
answer = chat(messages=messages, **asked).message
print(json.dumps({"call": call.function.model_dump(), "streamed": streamed, "answer": answer.content}))
