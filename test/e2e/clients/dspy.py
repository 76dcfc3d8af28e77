"""dspy: its language models and embedders pointed at /v1, and a module streamed by `streamify`."""
import asyncio

import dspy
from support import *

there = {"api_base": OPENAI_BASE, "api_key": "any", "cache": False, "num_retries": 0}
function = {"name": "get_weather", "description": get_weather.__doc__, "parameters": dspy.Tool(get_weather).args}
function["parameters"] = {"type": "object", "properties": function["parameters"], "required": ["city"]}
shape = {"type": "json_schema", "json_schema": {"name": "City", "schema": City.model_json_schema(), "strict": True}}


def model(name: str, limit: int = LIMIT, provider: str = "ollama_chat") -> dspy.LM:
    return dspy.LM(f"{provider}/{name}", temperature=0, max_tokens=limit, **there)


class Answer(dspy.Module):
    def forward(self) -> dspy.Prediction:
        return dspy.Prediction(text=dspy.settings.lm(QUESTION)[0])


async def streamed() -> list[str]:
    with dspy.context(lm=model(CHAT)):
        parts = [part async for part in dspy.streamify(Answer())()]
    return [part.choices[0]["delta"]["content"] or "" for part in parts if not isinstance(part, dspy.Prediction)]


[called] = model(CALLER, 96)(WEATHER_QUESTION, tools=[{"type": "function", "function": function}])
[shaped] = model(CHAT, 64)(QUESTION, response_format=shape)
embedder = dspy.Embedder(f"openai/{EMBEDDER}", api_base=OPENAI_BASE, api_key="any", caching=False)

report(
    "dspy",
    chat=[model(CHAT)(QUESTION)[0], model(CHAT, provider="openai")(QUESTION)[0]],
    streaming=[asyncio.run(streamed())],
    tools=[
        {"name": call["function"]["name"], "arguments": json.loads(call["function"]["arguments"])}
        for call in called["tool_calls"]
    ],
    structured=[json.loads(shaped)],
    embeddings=[embedder(DOCUMENTS).tolist()],
    errors={
        "absent": failure(lambda: model(ABSENT)(QUESTION)),
        "absent openai": failure(lambda: model(ABSENT, provider="openai")(QUESTION)),
        "absent embedded": failure(
            lambda: dspy.Embedder(f"openai/{ABSENT}", api_base=OPENAI_BASE, api_key="any", caching=False)(DOCUMENTS)
        ),
        "refused": failure(lambda: model(EMBEDDER)(QUESTION)),
    },
)
