import { describe, expect, test } from "bun:test";
import { AppError } from "../../../../src/lib/errors.ts";
import { jinjaTemplate } from "../../../../src/prompt/jinja/template.ts";
import { noon } from "./noon.ts";

const render = (text: string, variables: Record<string, unknown> = {}): string =>
  jinjaTemplate(text).render(variables, noon);

test.each([
  ["{{ strftime_now('%d %B %Y') }}", "01 March 2024"],
  ["{{ date_string }}|{{ datetime }}", "01 Mar 2024|Mar 01 2024"],
  [
    "{{ range(3) | join(',') }} {{ range(1, 4) | join(',') }} {{ range(6, 0, -2) | join(',') }}",
    "0,1,2 1,2,3 6,4,2",
  ],
  ["{{ true }}{{ True }}{{ none is none }}{{ None is none }}{{ nope is defined }}", "TrueTrueTrueTrueFalse"],
  ["  {% if true %}\nx\n  {% endif %}\ny", "x\ny"],
  ["{{ items | tojson }}", '{"b": 1, "a": [true, null]}'],
])("%s", (text, expected) => {
  expect(render(text, { items: { b: 1, a: [true, null] } })).toBe(expected);
});

describe("failures", () => {
  const failure = (text: string): unknown => {
    try {
      return render(text);
    } catch (error) {
      return error;
    }
  };

  test("raise_exception is a 400 with the template's words", () => {
    const refused = failure("{{ raise_exception('Roles must alternate!') }}");
    expect(refused).toEqual(new AppError("bad_request", "Roles must alternate!"));
  });

  test.each([
    ["{{ 'x' | nosuch }}", "chat template failed: "],
    ["{{ range(100000000) }}", "chat template failed: range() of more than 1000000 numbers"],
    ["{{ range(1, 2, 0) }}", "chat template failed: range() step must not be zero"],
    [
      "{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}",
      "chat template failed: range() of more than 1000000 numbers",
    ],
  ])("%s is a 400", (text, message) => {
    const error = failure(text);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(message) });
  });

  test.each(["{% if %}", "{{ 'open }}", "{% for x in y %}"])("%s is a server error", (text) => {
    const error = failure(text);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      status: 500,
      message: expect.stringContaining("chat template does not parse: "),
    });
  });
});

test("a text is compiled once, and variables do not leak from one rendering to the next", () => {
  const text = "{% set x = x or 'unset' %}{{ x }}";
  expect(jinjaTemplate(text)).toBe(jinjaTemplate(text));
  expect(render(text, { x: "given" })).toBe("given");
  expect(render(text)).toBe("unset");
});
