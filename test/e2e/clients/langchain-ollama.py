"""langchain-ollama: ChatOllama, OllamaLLM, OllamaEmbeddings."""
import asyncio

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM
from support import *

chat = ChatOllama(model=CHAT, temperature=0, num_predict=LIMIT)
llm = OllamaLLM(model=CHAT, temperature=0, num_predict=LIMIT)
question = [("human", QUESTION)]
whole = chat.invoke(question)


embeddings = OllamaEmbeddings(model=EMBEDDER)


async def asynchronous():
    chunks = [chunk.content async for chunk in chat.astream(question)]
    answers = [answer.content for answer in await chat.abatch([question, question])]
    return chunks, answers, await embeddings.aembed_documents(DOCUMENTS)


streamed, at_once, vectors = asyncio.run(asynchronous())


caller = ChatOllama(model=CALLER, temperature=0, num_predict=96).bind_tools([tool(get_weather)])
asked = [HumanMessage(WEATHER_QUESTION)]
called = caller.invoke(asked)
gathered = None
for chunk in caller.stream(asked):
    gathered = chunk if gathered is None else gathered + chunk
results = [ToolMessage(get_weather(**call["args"]), tool_call_id=call["id"]) for call in called.tool_calls]
answer = caller.invoke([*asked, called, *results])

sorter = ChatOllama(model=CHAT, temperature=0, num_predict=64)

report(
    "langchain-ollama",
    chat=[whole.content, llm.invoke(QUESTION), *at_once],
    usage=whole.usage_metadata,
    streaming=[
        [chunk.content for chunk in chat.stream(question)],
        list(llm.stream(QUESTION)),
        streamed,
    ],
    tools=[{"name": call["name"], "arguments": call["args"]} for call in called.tool_calls + gathered.tool_calls],
    after_tool=answer.content,
    structured=[
        sorter.with_structured_output(City).invoke(question).model_dump(),
        sorter.with_structured_output(City.model_json_schema()).invoke(question),
        sorter.with_structured_output(City, method="json_schema", include_raw=True).invoke(question)["parsed"].model_dump(),
    ],
    embeddings=[
        embeddings.embed_documents(DOCUMENTS),
        [embeddings.embed_query(text) for text in DOCUMENTS],
        vectors,
    ],
    errors={
        "absent": failure(lambda: ChatOllama(model=ABSENT).invoke(question)),
        "absent streamed": failure(lambda: list(ChatOllama(model=ABSENT).stream(question))),
        "absent embedded": failure(lambda: OllamaEmbeddings(model=ABSENT).embed_query(QUESTION)),
        "refused": failure(lambda: ChatOllama(model=EMBEDDER).invoke(question)),
        "at the start": failure(lambda: ChatOllama(model=ABSENT, validate_model_on_init=True)),
    },
)
