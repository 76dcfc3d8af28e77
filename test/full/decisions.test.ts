/** Forty questions that nobody argues about: decisions are right at least as often as answers by a JSON schema. */
import { expect, test } from "bun:test";
import { CLEAR_CUT, type ClearCut } from "../support/clear-cut.ts";
import { qwenCoder } from "../support/qwen-coder.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const labelsOf = ({ criteria }: ClearCut): string[] =>
  criteria === undefined ? ["Yes", "No"] : Array.isArray(criteria) ? criteria : Object.keys(criteria);

const post = async <Reply>(server: TestServer, path: string, body: object): Promise<Reply> => {
  const options = { num_thread: 1, num_ctx: 2048, temperature: 0 };
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    body: JSON.stringify({ model: "qwen", options, ...body }),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
  return reply.json() as Promise<Reply>;
};

/** The likeliest answer. */
async function decided(server: TestServer, { state, instructions, criteria }: ClearCut): Promise<string> {
  const type = criteria === undefined ? "noul" : Array.isArray(criteria) ? "score" : "choice";
  const { answers } = await post<{
    answers: { q: { noul: number; choice: string; probabilities: Record<string, number> } };
  }>(server, "/v1/systemone", {
    state,
    questions: { q: { type, instructions, ...(criteria && { criteria }) } },
  });
  const { noul, choice, probabilities } = answers.q;
  if (type === "noul") return noul > 0.5 ? "Yes" : "No";
  if (type === "choice") return choice;
  const [[level]] = Object.entries(probabilities).toSorted((a, b) => b[1] - a[1]) as [[string, number]];
  return (criteria as string[])[Number(level)]!;
}

/** What the model writes when only the answers may be written. */
async function written(server: TestServer, question: ClearCut): Promise<string> {
  const labels = labelsOf(question);
  const { criteria } = question;
  const about = labels.map((label) => {
    const description = Array.isArray(criteria) ? null : criteria?.[label];
    return description ? `- ${label}: ${description}` : `- ${label}`;
  });
  const content = `Read the input, then answer the question about it.\n\nInput:\n${question.state}\n\nQuestion: ${question.instructions}\nAnswers:\n${about.join("\n")}\nAnswer in JSON.`;
  const format = { type: "object", properties: { answer: { enum: labels } }, required: ["answer"] };
  const messages = [{ role: "user", content }];
  const { message } = await post<{ message: { content: string } }>(server, "/api/chat", {
    messages,
    format,
    stream: false,
  });
  return (JSON.parse(message.content) as { answer: string }).answer;
}

test("forty clear-cut questions, qwen2.5-coder-1.5b", async () => {
  expect(CLEAR_CUT).toHaveLength(40);
  await using server = await startServer();
  await createModel(server, "qwen", await qwenCoder());
  const right = { decided: 0, written: 0 };
  for (const question of CLEAR_CUT) {
    if ((await decided(server, question)) === question.right) right.decided++;
    if ((await written(server, question)) === question.right) right.written++;
  }
  console.log(`right of 40: ${right.decided} decided, ${right.written} written by a JSON schema`);
  expect(right.decided).toBeGreaterThanOrEqual(right.written);
}, 3_600_000);
