"""llama-index-embeddings-ollama, and llama-index-embeddings-openai-like pointed at /v1."""
import asyncio

from llama_index.core import Document, VectorStoreIndex
from llama_index.embeddings.ollama import OllamaEmbedding
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from support import *


def openai_like(model: str) -> OpenAILikeEmbedding:
    return OpenAILikeEmbedding(model_name=model, api_base=OPENAI_BASE, api_key="any", max_retries=0)


ollama = OllamaEmbedding(model_name=EMBEDDER, base_url=HOST)
like = openai_like(EMBEDDER)
index = VectorStoreIndex.from_documents([Document(text=text) for text in DOCUMENTS], embed_model=ollama)
found = index.as_retriever(similarity_top_k=2).retrieve("Which animal is asleep?")

report(
    "llama-index-embeddings-ollama",
    embeddings=[
        ollama.get_text_embedding_batch(DOCUMENTS),
        [ollama.get_query_embedding(text) for text in DOCUMENTS],
        asyncio.run(ollama.aget_text_embedding_batch(DOCUMENTS)),
        like.get_text_embedding_batch(DOCUMENTS),
    ],
    found=sorted(node.text for node in found),
    errors={
        "absent": failure(lambda: OllamaEmbedding(model_name=ABSENT, base_url=HOST).get_query_embedding(QUESTION)),
        "absent openai": failure(lambda: openai_like(ABSENT).get_query_embedding(QUESTION)),
    },
)
