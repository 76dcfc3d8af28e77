"""Shows one picture to a model through the `llm` command line, by an attachment, and prints what it says as JSON."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

host, picture = sys.argv[1:]
command = Path(sys.executable).with_name("llm")
with tempfile.TemporaryDirectory() as home:
    environment = {"PATH": os.environ["PATH"], "HOME": home, "LLM_USER_PATH": home, "OLLAMA_HOST": host}
    asked = [command, "-m", "ollama/eyes", "Repeat this word:[img]", "-a", picture]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=True, env=environment)
print(json.dumps({"llm-ollama": done.stdout}))
