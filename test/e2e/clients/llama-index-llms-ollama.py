"""llama-index-llms-ollama: completions, chats, tools, structured answers."""
import asyncio

from llama_index.core.llms import ChatMessage
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.llms.ollama import Ollama
from support import *


def ollama(model: str, limit: int) -> Ollama:
    """`context_window` is sent as `num_ctx`; unset, it is asked of /api/show."""
    return Ollama(
        model=model, base_url=HOST, request_timeout=120, temperature=0, additional_kwargs={"num_predict": limit}
    )


llm = ollama(CHAT, LIMIT)
question = [ChatMessage(role="user", content=QUESTION)]


async def asynchronous():
    chunks = [part.delta async for part in await llm.astream_chat(question)]
    return chunks, (await llm.achat(question)).message.content, (await llm.acomplete(QUESTION)).text


streamed, chatted, completed = asyncio.run(asynchronous())

weather = FunctionTool.from_defaults(get_weather)
caller = ollama(CALLER, 96)
called = caller.chat_with_tools([weather], user_msg=WEATHER_QUESTION)
*_, last = caller.stream_chat_with_tools([weather], user_msg=WEATHER_QUESTION)
calls = [
    call for answer in (called, last) for call in caller.get_tool_calls_from_response(answer, error_on_no_tool_call=True)
]
answer = caller.predict_and_call([weather], user_msg=WEATHER_QUESTION)

sorter = ollama(CHAT, 64)
prompt = PromptTemplate(QUESTION)

report(
    "llama-index-llms-ollama",
    chat=[llm.complete(QUESTION).text, llm.chat(question).message.content, chatted, completed],
    window=llm.get_context_window(),
    streaming=[
        [part.delta for part in llm.stream_complete(QUESTION)],
        [part.delta for part in llm.stream_chat(question)],
        streamed,
    ],
    tools=[{"name": call.tool_name, "arguments": call.tool_kwargs} for call in calls],
    after_tool=str(answer),
    structured=[
        sorter.structured_predict(City, prompt).model_dump(),
        sorter.as_structured_llm(City).chat(question).raw.model_dump(),
        list(sorter.stream_structured_predict(City, prompt))[-1].model_dump(),
    ],
    errors={
        "absent": failure(lambda: ollama(ABSENT, 8).chat(question)),
        "absent streamed": failure(lambda: list(ollama(ABSENT, 8).stream_chat(question))),
        "refused": failure(lambda: ollama(EMBEDDER, 8).chat(question)),
    },
)
