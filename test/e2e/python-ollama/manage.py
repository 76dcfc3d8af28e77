"""list, show, ps, copy, create and delete; argv: a chat model, the path of a GGUF file."""

import json
import sys

import ollama

base, path = sys.argv[1], sys.argv[2]


def names() -> list:
    return sorted(entry.model for entry in ollama.list().models)


result = {"before": names()}
entry = next(entry for entry in ollama.list().models if entry.model == f"{base}:latest")
result["entry"] = json.loads(entry.model_dump_json())

digest = ollama.Client().create_blob(path)
result["uploaded"] = digest
statuses = [
    part.status
    for part in ollama.create(model="uploaded", files={"tiny.gguf": digest}, system="Be brief.", stream=True)
]
result["statuses"] = statuses

made = ollama.create(model="derived", from_=base, system="You are terse.", parameters={"temperature": 0.3, "stop": ["END"]})
result["created"] = made.status
shown = ollama.show("derived")
result["shown"] = json.loads(shown.model_dump_json())

result["copied"] = ollama.copy("derived", "duplicate").status
result["after_copy"] = names()

ollama.generate(model=base, prompt="Hi", options={"num_predict": 1}, keep_alive="5m")
result["running"] = [json.loads(entry.model_dump_json()) for entry in ollama.ps().models]
ollama.generate(model=base, keep_alive=0)

for name in ("uploaded", "derived", "duplicate"):
    result.setdefault("deleted", []).append(ollama.delete(name).status)
result["after_delete"] = names()

print(json.dumps(result))
