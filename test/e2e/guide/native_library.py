import ollama

# Synchronous generate
response = ollama.generate(model='llama3.2', prompt='What is GGUF format?')
print(response['response'])

# Chat with history
messages = [
    {'role': 'system', 'content': 'You are a helpful coding assistant.'},
    {'role': 'user', 'content': 'Explain Python generators.'}
]
response = ollama.chat(model='llama3.2', messages=messages)
print(response['message']['content'])

# Streaming
for chunk in ollama.generate(model='llama3.2', prompt='Count to 5.', stream=True):
    print(chunk['response'], end='', flush=True)

# Embeddings
result = ollama.embed(model='nomic-embed-text', input='Hello world')
vector = result['embeddings'][0]
