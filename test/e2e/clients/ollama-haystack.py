"""ollama-haystack: the generators, chat generator and embedders of Haystack."""
from haystack import Document
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.tools import create_tool_from_function
from haystack_integrations.components.embedders.ollama import OllamaDocumentEmbedder, OllamaTextEmbedder
from haystack_integrations.components.generators.ollama import OllamaChatGenerator
from support import *


def generator(model: str, limit: int, **settings) -> OllamaChatGenerator:
    return OllamaChatGenerator(
        model=model, url=HOST, generation_kwargs={"temperature": 0, "num_predict": limit}, **settings
    )


question = [ChatMessage.from_user(QUESTION)]
whole = generator(CHAT, LIMIT).run(question)["replies"][0]
chunks: list[StreamingChunk] = []
generator(CHAT, LIMIT, streaming_callback=chunks.append).run(question)

weather = create_tool_from_function(get_weather)
caller = generator(CALLER, 96, tools=[weather])
asked = [ChatMessage.from_user(WEATHER_QUESTION)]
called = caller.run(asked)["replies"][0]
streamed_calls = generator(CALLER, 96, tools=[weather], streaming_callback=lambda _: None).run(asked)["replies"][0]
results = [
    ChatMessage.from_tool(tool_result=get_weather(**call.arguments), origin=call) for call in called.tool_calls
]
answer = caller.run([*asked, called, *results])["replies"][0]
shaped = generator(CHAT, 64, response_format=City.model_json_schema()).run(question)["replies"][0]

text = OllamaTextEmbedder(model=EMBEDDER, url=HOST)
documents = OllamaDocumentEmbedder(model=EMBEDDER, url=HOST, progress_bar=False)

report(
    "ollama-haystack",
    chat=[whole.text],
    streaming=[[chunk.content for chunk in chunks]],
    tools=[
        {"name": call.tool_name, "arguments": call.arguments}
        for call in [*called.tool_calls, *streamed_calls.tool_calls]
    ],
    after_tool=answer.text,
    structured=[json.loads(shaped.text)],
    embeddings=[
        [document.embedding for document in documents.run([Document(content=text) for text in DOCUMENTS])["documents"]],
        [text.run(each)["embedding"] for each in DOCUMENTS],
    ],
    errors={
        "absent": failure(lambda: generator(ABSENT, 8).run(question)),
        "absent streamed": failure(lambda: generator(ABSENT, 8, streaming_callback=chunks.append).run(question)),
        "absent embedded": failure(lambda: OllamaTextEmbedder(model=ABSENT, url=HOST).run(QUESTION)),
        "refused": failure(lambda: generator(EMBEDDER, 8).run(question)),
    },
)
