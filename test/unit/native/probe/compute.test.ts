import { expect, test } from "bun:test";
import { judgeProducts } from "../../../../native/probe/compute.ts";

const Q4_0 = 2;
const DEVICES = ["CPU", "CUDA0"].map((name, index) => ({ name, index }));

test("what is as near as its precision allows is right", () => {
  judgeProducts(DEVICES, () => 0.004 ** 2);
  judgeProducts(DEVICES, (_, type) => (type === Q4_0 ? 0.1 ** 2 : 0));
});

test.each([
  [0.5, "CUDA0 computes wrongly with q4_0 weights"],
  [Number.NaN, "CUDA0 computes wrongly with q4_0 weights"],
  [-1, "CUDA0 does not compute with q4_0 weights"],
])("a squared error of %d names the device, the weights and what to do", (squared, message) => {
  const judged = () =>
    judgeProducts(DEVICES, (device, type) => (device === 1 && type === Q4_0 ? squared : 0));
  expect(judged).toThrow(message);
  expect(judged).toThrow("llamero engine build");
});
