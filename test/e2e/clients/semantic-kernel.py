"""semantic-kernel: its Ollama connector, and its OpenAI connector pointed at /v1."""
import asyncio

import numpy
from openai import AsyncOpenAI
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.ollama import (
    OllamaChatCompletion,
    OllamaChatPromptExecutionSettings,
    OllamaTextEmbedding,
)
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion, OpenAIChatPromptExecutionSettings
from semantic_kernel.contents import ChatHistory, FunctionCallContent
from semantic_kernel.functions import kernel_function
from support import *


# The kernel puts the name of its plugin before each function's: a model that calls it by that name.
NAMED_CALLER = "named-caller"


class Weather:
    @kernel_function(name="get_weather", description="The weather in a city.")
    def get_weather(self, city: str) -> str:
        return WEATHER


def history(text: str) -> ChatHistory:
    asked = ChatHistory()
    asked.add_user_message(text)
    return asked


def options(limit: int, **settings) -> OllamaChatPromptExecutionSettings:
    return OllamaChatPromptExecutionSettings(options={"temperature": 0, "num_predict": limit}, **settings)


def ollama(model: str) -> OllamaChatCompletion:
    return OllamaChatCompletion(ai_model_id=model, host=HOST)


async def fails(attempt) -> dict:
    try:
        answer = await attempt
    except Exception as error:
        return described(error)
    raise AssertionError(f"no error, but {answer!r}")


client = AsyncOpenAI(base_url=OPENAI_BASE, api_key="any", max_retries=0)
openai = OpenAIChatCompletion(ai_model_id=CHAT, async_client=client)
kernel = Kernel()
kernel.add_plugin(Weather(), plugin_name="weather")


async def streamed(service, settings) -> list[str]:
    return [
        str(part)
        async for parts in service.get_streaming_chat_message_contents(history(QUESTION), settings)
        for part in parts
    ]


async def whole(service, settings) -> str:
    return str(await service.get_chat_message_content(history(QUESTION), settings))


async def main() -> None:
    brief = OpenAIChatPromptExecutionSettings(temperature=0, max_tokens=LIMIT)
    choose = options(96, function_choice_behavior=FunctionChoiceBehavior.Auto(auto_invoke=False))
    called = await ollama(NAMED_CALLER).get_chat_message_content(history(WEATHER_QUESTION), choose, kernel=kernel)
    invoke = options(96, function_choice_behavior=FunctionChoiceBehavior.Auto())
    answer = await ollama(NAMED_CALLER).get_chat_message_content(history(WEATHER_QUESTION), invoke, kernel=kernel)
    shaped = await whole(ollama(CHAT), options(64, format=City.model_json_schema()))
    vectors = await OllamaTextEmbedding(ai_model_id=EMBEDDER, host=HOST).generate_embeddings(DOCUMENTS)
    report(
        "semantic-kernel",
        chat=[await whole(ollama(CHAT), options(LIMIT)), await whole(openai, brief)],
        streaming=[await streamed(ollama(CHAT), options(LIMIT)), await streamed(openai, brief)],
        tools=[
            {"name": item.function_name, "arguments": item.parse_arguments()}
            for item in called.items
            if isinstance(item, FunctionCallContent)
        ],
        after_tool=str(answer),
        structured=[json.loads(shaped)],
        # Its connector asks /api/embeddings, whose vectors have any length.
        embeddings=[(vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).tolist()],
        errors={
            "absent": await fails(whole(ollama(ABSENT), options(8))),
            "absent streamed": await fails(streamed(ollama(ABSENT), options(8))),
            "absent openai": await fails(whole(OpenAIChatCompletion(ai_model_id=ABSENT, async_client=client), brief)),
            "refused": await fails(whole(ollama(EMBEDDER), options(8))),
        },
    )


asyncio.run(main())
