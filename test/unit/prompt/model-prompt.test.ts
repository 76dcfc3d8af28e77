import { expect, test } from "bun:test";
import { planPrompt } from "../../../src/prompt/model-prompt.ts";
import { answerFormat, type RenderJob, renderJob, type Templates } from "../../../src/prompt/render.ts";

const CLOCK = { now: () => 0 };
const MODEL = {
  template: "{{ range .Messages }}[{{ .Role }}]{{ .Content }}{{ end }}",
  messages: [],
  bosToken: "",
  eosToken: "",
  addsBos: false,
  family: "llama",
  shortName: "test",
};

/** Jobs that are done at once, and what has been ordered. */
function noted() {
  const ordered: (Templates | RenderJob)[] = [];
  const jobs = {
    async answerFormat(templates: Templates) {
      ordered.push(templates);
      return answerFormat(templates);
    },
    async render(job: RenderJob) {
      ordered.push(job);
      return renderJob(job);
    },
  };
  return { ordered, jobs };
}

test("templates are read once, before anything is rendered", async () => {
  const { ordered, jobs } = noted();
  const { template } = MODEL;
  const prompt = await planPrompt({ template }, jobs);
  expect(prompt.answerFormat).toEqual({ template, toolCallTag: "{", thinking: undefined });
  expect(ordered).toEqual([{ template }]);
});

test("without templates nothing is read, and prompts are rendered all the same", async () => {
  const { ordered, jobs } = noted();
  const prompt = await planPrompt(undefined, jobs);
  expect(prompt.answerFormat).toBeUndefined();
  expect(ordered).toEqual([]);
  const question = { role: "user" as const, content: "Q" };
  const conversation = prompt.chat(MODEL, [question, question], [], { clock: CLOCK });
  expect(conversation.messages.length).toBe(2);
  expect(await conversation.render([question])).toEqual({ text: "[user]Q", images: 0 });
  expect(ordered.length).toBe(1);
});

test("a raw completion has no messages to leave out", async () => {
  const { jobs } = noted();
  const raw = { type: "completion" as const, prompt: "as it is", images: [], raw: true };
  const { messages, render } = (await planPrompt(undefined, jobs)).completion(MODEL, raw, { clock: CLOCK });
  expect(messages).toEqual([]);
  expect(await render([])).toEqual({ text: "as it is", images: 0 });
});
