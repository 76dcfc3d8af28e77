import { expect, test } from "bun:test";
import { RouteTable } from "../../../src/http/route-table.ts";

const table = new RouteTable();
table.add([
  { method: "GET", path: "/" },
  { method: "GET", path: "/api/tags" },
  { method: "POST", path: "/api/blobs/:digest" },
  { method: "GET", path: "/things/:id" },
  { method: "POST", path: "/things/count" },
]);

test.each([
  ["GET", "/nope", { type: "not_found" }],
  ["GET", "/api/blobs", { type: "not_found" }],
  ["GET", "/api/blobs/a/b", { type: "not_found" }],
  ["GET", "/apiXtags", { type: "not_found" }],
  ["POST", "/", { type: "method_not_allowed", methods: ["GET", "HEAD"] }],
  ["DELETE", "/api/tags", { type: "method_not_allowed", methods: ["GET", "HEAD"] }],
  ["GET", "/api/blobs/a", { type: "method_not_allowed", methods: ["POST"] }],
  ["PUT", "/things/1", { type: "method_not_allowed", methods: ["GET", "HEAD"] }],
  ["PUT", "/things/count", { type: "method_not_allowed", methods: ["POST"] }],
] as const)("%s %s", (method, path, miss) => {
  expect(table.miss(method, path)).toEqual(miss as ReturnType<typeof table.miss>);
});
