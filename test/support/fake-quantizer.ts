/**
 * The quantizing process without llama.cpp, with its arguments: `<what to do> <source> <target> <file type>`. What it does stands
 * where the name of the library would.
 */
const [what, , source = "", target = "", fileType] = process.argv.slice(2);

process.stdout.write("[   1/   2] a.weight                             - [ 64, 1, 1, 1], type = f16, \n");
switch (what) {
  case "write":
    process.stdout.write("[   2/   2] b.weight - [ 64, 1, 1, 1], type = f16, \nload 1.00\n");
    await Bun.write(target, `${await Bun.file(source).text()} as ${fileType}`);
    break;
  case "refuse":
    process.stderr.write(
      "llama_model_quantize: failed to quantize: failed to load model from /home/u/blobs/sha256-1\n",
    );
    process.exit(1);
    break;
  case "crash":
    process.stderr.write("ggml.c:12: GGML_ASSERT(n > 0) failed\n");
    process.kill(process.pid, "SIGABRT");
    break;
  case "disk":
    process.stderr.write("llama_model_quantize: failed to quantize: basic_ios::clear: iostream error\n");
    process.exit(1);
    break;
  default:
    // Until it is killed.
    setInterval(() => {}, 60_000);
}

export {};
