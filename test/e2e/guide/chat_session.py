import ollama
from dataclasses import dataclass, field
from typing import List

@dataclass
class ChatSession:
    model: str
    system_prompt: str = ""
    history: List[dict] = field(default_factory=list)
    
    def __post_init__(self):
        if self.system_prompt:
            self.history.append({'role': 'system', 'content': self.system_prompt})
    
    def send(self, user_message: str) -> str:
        self.history.append({'role': 'user', 'content': user_message})
        response = ollama.chat(model=self.model, messages=self.history)
        assistant_msg = response['message']['content']
        self.history.append({'role': 'assistant', 'content': assistant_msg})
        return assistant_msg

session = ChatSession(model='llama3.2', system_prompt='You are a senior Go developer.')
print(session.send("What is a goroutine?"))
print(session.send("How does that compare to Python threads?"))
