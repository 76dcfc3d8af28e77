"""crewai: its language model, and a crew of one agent that works at one task."""
import contextlib

from crewai import LLM, Agent, Crew, Task
from crewai.events import LLMStreamChunkEvent, crewai_event_bus
from support import *

question = [{"role": "user", "content": QUESTION}]
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
weather = {"type": "function", "function": {"name": "get_weather", "description": "The weather.", "parameters": schema}}
chunks: list[str] = []
calls: list[dict] = []


def model(name: str, limit: int = LIMIT, **settings) -> LLM:
    return LLM(model=f"ollama/{name}", base_url=HOST, temperature=0, max_tokens=limit, **settings)


def call_tool(name: str) -> str:
    """Has the model call the tool, and crewai the function; the call is remembered."""

    def function(**arguments) -> str:
        calls.append({"name": "get_weather", "arguments": arguments})
        return get_weather(**arguments)

    asked = [{"role": "user", "content": WEATHER_QUESTION}]
    return model(name, 96).call(asked, tools=[weather], available_functions={"get_weather": function})


def work(name: str) -> str:
    clerk = Agent(role="Clerk", goal="Answer.", backstory="Knows cities.", llm=model(name), max_iter=1)
    task = Task(description=QUESTION, expected_output="The name of a city.", agent=clerk)
    return Crew(agents=[clerk], tasks=[task]).kickoff().raw


# It writes what it thinks of each failure to standard output, which is for the report alone.
with contextlib.redirect_stdout(sys.stderr):
    whole = model(CHAT).call(question)
    with crewai_event_bus.scoped_handlers():

        @crewai_event_bus.on(LLMStreamChunkEvent)
        def remember(_, event: LLMStreamChunkEvent) -> None:
            chunks.append(event.chunk)

        model(CHAT, stream=True).call(question)
        crewai_event_bus.flush()
    seen = {
        "chat": [whole, work(CHAT)],
        "streaming": [chunks],
        "result": call_tool(CALLER),
        "structured": [model(CHAT, 64, response_format=City).call(question).model_dump()],
        "errors": {
            "absent": failure(lambda: model(ABSENT).call(question)),
            "absent streamed": failure(lambda: model(ABSENT, stream=True).call(question)),
            "absent crew": failure(lambda: work(ABSENT)),
            "refused": failure(lambda: model(EMBEDDER).call(question)),
        },
    }

report("crewai", tools=calls, **seen)
