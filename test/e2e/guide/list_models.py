import requests

def list_models():
    resp = requests.get('http://localhost:11434/api/tags')
    models = resp.json()['models']
    for m in models:
        size_gb = m['size'] / (1024**3)
        print(f"{m['name']:<30} {size_gb:.1f}GB")

list_models()
