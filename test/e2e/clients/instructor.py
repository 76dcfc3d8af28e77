"""instructor: its modes JSON, JSON_SCHEMA and TOOLS over OpenAI's client: whole, in parts, asynchronous."""
import asyncio
import json

import instructor
from instructor import Mode
from openai import AsyncOpenAI, OpenAI
from support import *

there = {"base_url": OPENAI_BASE, "api_key": "any", "max_retries": 0}
# JSON mode demands JSON of any shape; what shape is left to the model, which has to be told plainly.
question = [{"role": "user", "content": 'Name a city. Answer like this: {"city": "Rome", "population": 3}'}]
asked = {"response_model": City, "messages": question, "temperature": 0, "max_tokens": 64, "max_retries": 0}
# Tools need a model whose template has a place for them.
MODES = {Mode.JSON: CHAT, Mode.JSON_SCHEMA: CHAT, Mode.TOOLS: CALLER}


def client(mode: Mode) -> instructor.Instructor:
    return instructor.from_openai(OpenAI(**there), mode=mode)


async def asynchronous(mode: Mode, model: str) -> dict:
    async with AsyncOpenAI(**there) as connection:
        return (await instructor.from_openai(connection, mode=mode).create(model=model, **asked)).model_dump()


answers, partials, calls = [], {}, []
for mode, model in MODES.items():
    answer, completion = client(mode).create_with_completion(model=model, **asked)
    parts = [part.model_dump() for part in client(mode).create_partial(model=model, **asked)]
    answers += [answer.model_dump(), parts[-1], asyncio.run(asynchronous(mode, model))]
    # A call arrives in one piece.
    if mode is not Mode.TOOLS:
        partials[mode.value] = parts
    calls += completion.choices[0].message.tool_calls or []
by_name = instructor.from_provider(f"ollama/{CHAT}", base_url=OPENAI_BASE, mode=Mode.JSON)
answers += [by_name.create(**asked).model_dump()]

report(
    "instructor",
    tools=[{"name": call.function.name, "arguments": json.loads(call.function.arguments)} for call in calls],
    structured=answers,
    partials=partials,
    errors={
        "absent": failure(lambda: client(Mode.JSON).create(model=ABSENT, **asked)),
        "refused": failure(lambda: client(Mode.TOOLS).create(model=EMBEDDER, **asked)),
    },
)
