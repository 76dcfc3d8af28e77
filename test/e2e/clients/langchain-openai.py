"""langchain-openai: ChatOpenAI and OpenAIEmbeddings pointed at /v1."""
import asyncio

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from support import *

there = {"base_url": OPENAI_BASE, "api_key": "any", "max_retries": 0}
chat = ChatOpenAI(model=CHAT, temperature=0, max_tokens=LIMIT, stream_usage=True, **there)
question = [("human", QUESTION)]
whole = chat.invoke(question)


async def streamed() -> list[str]:
    return [chunk.content async for chunk in chat.astream(question)]


caller = ChatOpenAI(model=CALLER, temperature=0, max_tokens=96, **there)
chooser = caller.bind_tools([tool(get_weather)])
forced = caller.bind_tools([tool(get_weather)], tool_choice="get_weather")
asked = [HumanMessage(WEATHER_QUESTION)]
called = chooser.invoke(asked)
gathered = None
for chunk in chooser.stream(asked):
    gathered = chunk if gathered is None else gathered + chunk
calls = called.tool_calls + gathered.tool_calls + forced.invoke(asked).tool_calls
results = [ToolMessage(get_weather(**call["args"]), tool_call_id=call["id"]) for call in called.tool_calls]
answer = chooser.invoke([*asked, called, *results])

sorter = ChatOpenAI(model=CHAT, temperature=0, max_tokens=64, **there)
shaped = ChatOpenAI(model=CALLER, temperature=0, max_tokens=64, **there)
# Counting tokens of its own would fetch tiktoken's vocabulary, which no local model uses.
embeddings = OpenAIEmbeddings(model=EMBEDDER, check_embedding_ctx_length=False, **there)

report(
    "langchain-openai",
    chat=[whole.content],
    usage=whole.usage_metadata,
    streaming=[[chunk.content for chunk in chat.stream(question)], asyncio.run(streamed())],
    tools=[{"name": call["name"], "arguments": call["args"]} for call in calls],
    after_tool=answer.content,
    structured=[
        sorter.with_structured_output(City).invoke(question).model_dump(),
        sorter.with_structured_output(City, method="json_mode").invoke(
            [("human", 'Repeat this JSON exactly: {"city": "Rome", "population": 3}')]
        ).model_dump(),
        shaped.with_structured_output(City, method="function_calling").invoke(question).model_dump(),
    ],
    completion=OpenAI(model=CHAT, temperature=0, max_tokens=8, **there).invoke("Once upon a time"),
    embeddings=[embeddings.embed_documents(DOCUMENTS), [embeddings.embed_query(text) for text in DOCUMENTS]],
    errors={
        "absent": failure(lambda: ChatOpenAI(model=ABSENT, **there).invoke(question)),
        "absent streamed": failure(lambda: list(ChatOpenAI(model=ABSENT, **there).stream(question))),
        "absent embedded": failure(
            lambda: OpenAIEmbeddings(model=ABSENT, check_embedding_ctx_length=False, **there).embed_query(QUESTION)
        ),
        "refused": failure(lambda: chat.invoke([])),
        "tools": failure(lambda: ChatOpenAI(model=EMBEDDER, **there).bind_tools([tool(get_weather)]).invoke(asked)),
    },
)
