"""chat, whole and streamed: prints what the client made of the answers, as JSON."""

import json
import sys

import ollama

model = sys.argv[1]
options = {"temperature": 0, "seed": 7, "num_predict": 12}
messages = [
    {"role": "system", "content": "You answer in one word."},
    {"role": "user", "content": "What is the capital of France?"},
]

whole = ollama.chat(model=model, messages=messages, options=options)
chunks = list(ollama.chat(model=model, messages=messages, options=options, stream=True))
messages.append(whole.message)
messages.append({"role": "user", "content": "And of Italy?"})
second = ollama.chat(model=model, messages=messages, options=options)

print(
    json.dumps(
        {
            "whole": whole.model_dump(exclude_none=True),
            "chunks": [chunk.model_dump(exclude_none=True) for chunk in chunks],
            "second": second.model_dump(exclude_none=True),
        }
    )
)
