from openai import OpenAI
import os

client = OpenAI(
    base_url='http://localhost:11434/v1',
    api_key='ollama'  # any string works
)

response = client.chat.completions.create(
    model='llama3.2',
    messages=[{'role': 'user', 'content': 'What is RAG?'}]
)
print(response.choices[0].message.content)

# Embeddings
embedding = client.embeddings.create(
    model='nomic-embed-text',
    input='Document text to embed'
)
vector = embedding.data[0].embedding
