import ollama
import chromadb
from chromadb.utils import embedding_functions

# Custom embedding function using Ollama
class OllamaEmbeddingFunction(embedding_functions.EmbeddingFunction):
    def __init__(self, model: str = 'nomic-embed-text'):
        self.model = model
    
    def __call__(self, input: list[str]) -> list[list[float]]:
        result = ollama.embed(model=self.model, input=input)
        return result['embeddings']

# Initialize ChromaDB
client = chromadb.Client()
embed_fn = OllamaEmbeddingFunction()
collection = client.create_collection(
    name='docs',
    embedding_function=embed_fn
)

# Index documents
docs = [
    "Ollama is an open-source local LLM runtime.",
    "RAG combines retrieval with generation for accurate answers.",
    "ChromaDB is an open-source vector database for embeddings.",
    "Python async/await enables non-blocking concurrent execution.",
]
collection.add(
    documents=docs,
    ids=[f"doc_{i}" for i in range(len(docs))]
)

def rag_query(question: str, n_results: int = 3) -> str:
    results = collection.query(query_texts=[question], n_results=n_results)
    context = "\n".join(results['documents'][0])
    
    prompt = f"""Answer the question based ONLY on the context below.
    
Context:
{context}

Question: {question}

Answer:"""
    
    response = ollama.generate(model='llama3.2', prompt=prompt)
    return response['response']

print(rag_query("What is Ollama?"))
print(rag_query("How does RAG work?"))
