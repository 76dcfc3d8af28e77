"""PyPI ollama-decision, unchanged: one state, three questions, the answers as JSON."""

import importlib.metadata
import json
import sys

url, wheel = sys.argv[1:]
# The wheel asks for a later Python than many machines have; nothing in it needs one.
sys.path.insert(0, wheel)

from ollama_decision import OllamaSystem1, choice_question, noul_question, score_question  # noqa: E402

model = OllamaSystem1("smollm2", url=f"{url}/v1/systemone", timeout=120)
model["ticket"] = "I was charged twice for my order. Please refund me."
model << ("ticket", noul_question("refund", "Does the customer want money back?"))
model << ("ticket", choice_question("team", "Which team?", [{"billing": "Payments"}, {"technical": "Bugs"}]))
model << ("ticket", score_question("mood", "How content?", ["Angry", "Neutral", "Happy"]))
response = model("ticket")
response.raise_for_status()

lone = OllamaSystem1("gone", url=f"{url}/v1/systemone")
lone["x"] = "x"
lone << ("x", noul_question("q", "Is it so?"))
version = importlib.metadata.version("ollama-decision")
print(json.dumps({"reply": response.json(), "missing": lone("x").status_code, "version": version}))
