"""A tool call that is required, streamed and whole, and its answer. Prints JSON; argument: the model."""
import json, sys
from openai import OpenAI

model = sys.argv[1]
client = OpenAI(api_key="any", max_retries=0)
tool = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"enum": ["Rome", "Oslo"]}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
messages = [{"role": "user", "content": "What is the weather in Rome?"}]
required = {
    "model": model, "messages": messages, "tools": [tool], "temperature": 0, "max_tokens": 64,
    "tool_choice": {"type": "function", "function": {"name": "get_weather"}},
}
whole = client.chat.completions.create(**required)
with client.chat.completions.stream(**required) as stream:
    streamed = stream.get_final_completion()
call = whole.choices[0].message.tool_calls[0]
messages += [
    whole.choices[0].message,
    {"role": "tool", "tool_call_id": call.id, "content": "sunny"},
]
answer = client.chat.completions.create(
    model=model, messages=messages, tools=[tool], tool_choice="none", temperature=0, max_tokens=8
)
print(json.dumps({
    "whole": whole.choices[0].model_dump(),
    "streamed": streamed.choices[0].model_dump(),
    "answer": answer.choices[0].message.content,
}))
