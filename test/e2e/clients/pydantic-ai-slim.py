"""pydantic-ai: agents over OllamaProvider and OpenAIProvider, both of which speak /v1."""
import asyncio

from pydantic_ai import Agent, Embedder, NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.messages import ModelResponse, ToolCallPart
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai import OpenAIProvider
from support import *

PROVIDERS = [OllamaProvider(base_url=OPENAI_BASE), OpenAIProvider(base_url=OPENAI_BASE, api_key="any")]


def agent(provider, model: str = CHAT, limit: int = LIMIT, **options) -> Agent:
    settings = {"temperature": 0, "max_tokens": limit}
    return Agent(OpenAIChatModel(model, provider=provider), model_settings=settings, retries=0, **options)


async def streamed(provider) -> list[str]:
    async with agent(provider).run_stream(QUESTION) as result:
        return [delta async for delta in result.stream_text(delta=True, debounce_by=None)]


async def called(provider) -> tuple[list[dict], str]:
    result = await agent(provider, CALLER, 96, tools=[get_weather]).run(WEATHER_QUESTION)
    calls = [
        {"name": part.tool_name, "arguments": part.args_as_dict()}
        for message in result.all_messages() if isinstance(message, ModelResponse)
        for part in message.parts if isinstance(part, ToolCallPart)
    ]
    return calls, result.output


async def sorted_out(provider, form) -> dict:
    model = CALLER if form is ToolOutput else CHAT
    return (await agent(provider, model, 64, output_type=form(City)).run(QUESTION)).output.model_dump()


async def embedded(provider) -> list[list[float]]:
    result = await Embedder(OpenAIEmbeddingModel(EMBEDDER, provider=provider)).embed_documents(DOCUMENTS)
    return [list(vector) for vector in result.embeddings]


async def main() -> dict:
    tools = [await called(provider) for provider in PROVIDERS]
    return {
        "embeddings": [await embedded(provider) for provider in PROVIDERS],
        "chat": [(await agent(provider).run(QUESTION)).output for provider in PROVIDERS],
        "streaming": [await streamed(provider) for provider in PROVIDERS],
        "tools": [call for calls, _ in tools for call in calls],
        "after_tool": [answer for _, answer in tools][0],
        "structured": [
            await sorted_out(provider, form) for provider in PROVIDERS for form in (NativeOutput, ToolOutput)
        ],
    }


report(
    "pydantic-ai-slim",
    **asyncio.run(main()),
    errors={
        "absent": failure(lambda: agent(PROVIDERS[0], ABSENT).run_sync(QUESTION)),
        "refused": failure(lambda: agent(PROVIDERS[1], EMBEDDER).run_sync(QUESTION)),
    },
)
