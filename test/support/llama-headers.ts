import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloneLlama } from "./llama-source.ts";

/** Headers of a C library that llama.h includes; bun:ffi's compiler brings none. */
const SYSTEM_HEADERS: Record<string, string> = {
  "stddef.h":
    "#pragma once\ntypedef unsigned long size_t;\ntypedef long ptrdiff_t;\n#define NULL ((void*)0)\n#define offsetof(t,m) ((size_t)&((t*)0)->m)\n",
  "stdint.h":
    "#pragma once\ntypedef signed char int8_t;typedef unsigned char uint8_t;typedef short int16_t;typedef unsigned short uint16_t;typedef int int32_t;typedef unsigned int uint32_t;typedef long long int64_t;typedef unsigned long long uint64_t;typedef long intptr_t;typedef unsigned long uintptr_t;\n",
  "stdio.h": "#pragma once\ntypedef struct FILE FILE;\n",
  "stdbool.h": "#pragma once\n#define bool _Bool\n#define true 1\n#define false 0\n",
  "assert.h": "#pragma once\n#define assert(x)\n",
};

/**
 * The real llama.h and the headers it includes, taken out of the git bundle that node-llama-cpp carries, in a temporary folder
 * together with stand-ins for the system headers.
 */
export async function extractLlamaHeaders(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "llamero-headers-"));
  await cloneLlama(join(folder, "source"));
  const include = join(folder, "include");
  mkdirSync(include);
  const list = Bun.spawn(
    ["git", "ls-tree", "-r", "--name-only", "HEAD", "include/", "ggml/include/", "tools/mtmd/mtmd.h"],
    {
      cwd: join(folder, "source"),
    },
  );
  for (const path of (await new Response(list.stdout).text())
    .split("\n")
    .filter((name) => name.endsWith(".h"))) {
    const file = Bun.spawn(["git", "show", `HEAD:${path}`], { cwd: join(folder, "source") });
    writeFileSync(join(include, path.split("/").at(-1)!), await new Response(file.stdout).text());
  }
  for (const [name, text] of Object.entries(SYSTEM_HEADERS)) writeFileSync(join(include, name), text);
  return include;
}
