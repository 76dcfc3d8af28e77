"""Failures as the client's own exceptions. Prints JSON; argument: the model."""
import json, sys
import anthropic

model = sys.argv[1]
client = anthropic.Anthropic(api_key="any", max_retries=0)
messages = [{"role": "user", "content": "Name a city."}]


def failure(call):
    try:
        call()
    except anthropic.APIStatusError as error:
        body = error.body["error"]
        return {
            "class": type(error).__name__,
            "status": error.status_code,
            "type": body["type"],
            "message": body["message"],
            "request_id": error.request_id,
        }
    return None


def create(**fields):
    return client.messages.create(**{"model": model, "max_tokens": 2, "messages": messages, **fields})


web_search = {"type": "web_search_20250305", "name": "web_search"}
image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
print(json.dumps({
    "version": anthropic.__version__,
    "failures": {
        "missing": failure(lambda: create(model="claude-opus-5-5")),
        "streamed": failure(lambda: create(model="claude-opus-5-5", stream=True)),
        "counted": failure(lambda: client.messages.count_tokens(model="nope", messages=messages)),
        "empty": failure(lambda: create(messages=[])),
        "server_tool": failure(lambda: create(tools=[web_search], tool_choice={"type": "tool", "name": "web_search"})),
        "image": failure(lambda: create(messages=[{"role": "user", "content": [image]}])),
        "batches": failure(lambda: client.messages.batches.list()),
    },
}))
