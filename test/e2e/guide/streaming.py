import ollama

def stream_response(prompt: str, model: str = 'llama3.2'):
    for chunk in ollama.generate(model=model, prompt=prompt, stream=True):
        print(chunk['response'], end='', flush=True)
        if chunk.get('done'):
            print()  # newline at end
            print(f"Tokens: {chunk.get('eval_count', 0)}, "
                  f"Speed: {chunk.get('eval_count', 0) / chunk.get('eval_duration', 1) * 1e9:.1f} t/s")

stream_response("Explain async/await in Python in 3 sentences.")
