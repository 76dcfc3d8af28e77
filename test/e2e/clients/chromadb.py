"""chromadb: its own OllamaEmbeddingFunction, and a collection that finds by meaning."""
import chromadb
from chromadb.utils.embedding_functions import OllamaEmbeddingFunction
from support import *


def embedder(model: str) -> OllamaEmbeddingFunction:
    return OllamaEmbeddingFunction(url=HOST, model_name=model)


collection = chromadb.EphemeralClient().create_collection("documents", embedding_function=embedder(EMBEDDER))
collection.add(ids=["cat", "kitten", "market"], documents=DOCUMENTS)
found = collection.query(query_texts=["Where is the cat?", "How are shares doing?"], n_results=1)
stored = collection.get(ids=["cat", "kitten", "market"], include=["embeddings"])

report(
    "chromadb",
    embeddings=[[[float(x) for x in vector] for vector in vectors] for vectors in (embedder(EMBEDDER)(DOCUMENTS), stored["embeddings"])],
    found=found["ids"],
    errors={"absent": failure(lambda: embedder(ABSENT)(DOCUMENTS))},
)
