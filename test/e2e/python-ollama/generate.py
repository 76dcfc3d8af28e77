"""generate, whole and streamed: prints what the client made of the answers, as JSON."""

import json
import sys

import ollama

model = sys.argv[1]
options = {"temperature": 0, "seed": 7, "num_predict": 12}
prompt = "Name three colours."

whole = ollama.generate(model=model, prompt=prompt, options=options)
chunks = list(ollama.generate(model=model, prompt=prompt, options=options, stream=True))
raw = ollama.generate(model=model, prompt="One, two,", raw=True, options=options)
again = ollama.generate(model=model, prompt="And more?", context=whole.context, options=options)
constrained = ollama.generate(
    model=model,
    prompt="Give a city as JSON.",
    format={"type": "object", "properties": {"city": {"enum": ["Rome", "Oslo"]}}, "required": ["city"]},
    options={"temperature": 0, "num_predict": 64},
)
loaded = ollama.generate(model=model)

print(
    json.dumps(
        {
            "whole": whole.model_dump(exclude_none=True),
            "chunks": [chunk.model_dump(exclude_none=True) for chunk in chunks],
            "raw": raw.model_dump(exclude_none=True),
            "again": again.model_dump(exclude_none=True),
            "constrained": json.loads(constrained["response"]),
            "loaded": loaded.model_dump(exclude_none=True),
        }
    )
)
