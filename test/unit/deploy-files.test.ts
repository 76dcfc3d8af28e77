import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { versionsIn } from "../../scripts/release/version.ts";

const ROOT = join(import.meta.dir, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Compose {
  services: Record<
    string,
    { environment?: string[]; ports?: string[]; depends_on?: object; deploy?: object }
  >;
}

test("compose: the server on this machine alone, and a pull that waits until it is healthy", () => {
  const { services } = Bun.YAML.parse(read("deploy/container/compose.yaml")) as Compose;
  expect(services.llamero?.ports).toEqual(["127.0.0.1:11434:11434"]);
  expect(services.pull?.depends_on).toEqual({ llamero: { condition: "service_healthy" } });
  expect(services.pull?.environment).toContain("OLLAMA_HOST=http://llamero:11434");
});

test("compose: the GPU is in a file of its own", () => {
  const { services } = Bun.YAML.parse(read("deploy/container/compose.gpu.yaml")) as Compose;
  expect(services.llamero?.deploy).toEqual({
    resources: { reservations: { devices: [{ driver: "nvidia", count: "all", capabilities: ["gpu"] }] } },
  });
});

test("the container and the scripts have the Bun that package.json pins", () => {
  expect(read("deploy/container/Dockerfile")).toContain(`bun@${packageJson.engines.bun} `);
  expect(read("deploy/install.sh")).toContain("BUN_VERSION=@BUN@");
});

test("the newest version that the changelog tells of is this one", () => {
  expect(versionsIn(read("CHANGELOG.md"))[0]).toBe(packageJson.version);
});
