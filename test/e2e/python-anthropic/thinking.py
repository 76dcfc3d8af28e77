"""Thinking whole, streamed, and left out. Prints JSON; arguments: model, question."""
import json, sys
from anthropic import Anthropic

model, question = sys.argv[1:]
client = Anthropic(api_key="any", max_retries=0)
messages = [{"role": "user", "content": question}]
asked = {"model": model, "max_tokens": 40, "messages": messages}
whole = client.messages.create(**asked, thinking={"type": "enabled", "budget_tokens": 1024})
with client.messages.stream(**asked, thinking={"type": "adaptive"}) as stream:
    thoughts = [event.thinking for event in stream if event.type == "thinking"]
    final = stream.get_final_message()
omitted = client.messages.create(**asked, thinking={"type": "adaptive", "display": "omitted"})


def count(content):
    history = [*messages, {"role": "assistant", "content": content}, {"role": "user", "content": "And of Greece?"}]
    return client.messages.count_tokens(model=model, messages=history).input_tokens


print(json.dumps({
    "whole": whole.model_dump(),
    "thoughts": thoughts,
    "final": final.model_dump(),
    "omitted": omitted.model_dump(),
    "counts": [count(whole.content), count(omitted.content)],
}))
