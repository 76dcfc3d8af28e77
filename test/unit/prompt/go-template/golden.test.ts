import { describe, expect, test } from "bun:test";
import { GoTemplateError } from "../../../../src/prompt/go-template/error.ts";
import { executeGoTemplate } from "../../../../src/prompt/go-template/execute.ts";
import { goChatTemplate, renderGoChat } from "../../../../src/prompt/go-template/go-render.ts";
import { parseGoTemplate } from "../../../../src/prompt/go-template/parser.ts";
import type { GoValue } from "../../../../src/prompt/go-template/value.ts";
import { chatGolden, conversations, formatText, languageGolden } from "../../../golden/go-template/golden.ts";
import { noon } from "../jinja/noon.ts";

/** What a run gave: text, or the whole error text. Anything but a GoTemplateError fails the test. */
function outcome(run: () => string): { output: string; error?: string } {
  try {
    return { output: run() };
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return { output: "", error: error.message };
  }
}

const render = (template: string, data: GoValue) =>
  outcome(() => executeGoTemplate(parseGoTemplate(template), data, noon));

for (const file of ["language", "functions", "errors"]) {
  describe(`as Go renders: ${file}`, async () => {
    for (const { template, data, value, output, error } of await languageGolden(file)) {
      test(`${data}: ${template}`, () => {
        expect(render(template, value)).toEqual(error === undefined ? { output } : { output, error });
      });
    }
  });
}

describe("as Go renders: chat formats", async () => {
  const all = await conversations();
  for (const { format, conversation, output, error } of await chatGolden()) {
    test(`${format}: ${conversation}`, async () => {
      const found = all.find(({ name }) => name === conversation)!;
      const template = goChatTemplate(await formatText(format));
      const { messages, tools, think } = found;
      const context = { clock: noon, ...(tools && { tools }), ...(think !== undefined && { think }) };
      const expected = error === undefined ? { output } : { output, error };
      expect(outcome(() => renderGoChat(template, messages, context))).toEqual(expected);
    });
  }
});
