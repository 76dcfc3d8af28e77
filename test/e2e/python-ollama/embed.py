"""embed and the older embeddings."""

import json
import sys

import ollama

model = sys.argv[1]
texts = ["A cat sits on the mat.", "A kitten rests on a rug.", "Interest rates rose again."]

batch = ollama.embed(model=model, input=texts)
single = ollama.embed(model=model, input=texts[0])
short = ollama.embed(model=model, input=texts[0], dimensions=64)
older = ollama.embeddings(model=model, prompt=texts[0])

print(
    json.dumps(
        {
            "model": batch.model,
            "prompt_eval_count": batch.prompt_eval_count,
            "total_duration": batch.total_duration,
            "batch": [list(vector) for vector in batch.embeddings],
            "single": list(single.embeddings[0]),
            "short": list(short.embeddings[0]),
            "older": list(older.embedding),
        }
    )
)
