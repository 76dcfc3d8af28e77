import { describe, expect, test } from "bun:test";
import { Budget } from "../../../../src/lib/budget.ts";
import { AppError } from "../../../../src/lib/errors.ts";
import { jinjaTemplate } from "../../../../src/prompt/jinja/template.ts";
import { noon } from "./noon.ts";

const render = (text: string): string => jinjaTemplate(text).render({}, noon);

describe("what the package lacks", () => {
  test.each([
    ["{% for a, b in [(1, 2), ('x', 'y')] %}{{ a }}{{ b }};{% endfor %}", "12;xy;"],
    ["{% for k, v in {0: 'a', 512: 'b'} | dictsort %}{{ v if 5 <= k else '-' }}{% endfor %}", "-b"],
    ["{{ [3, 1, 2] | min }}{{ [3, 1, 2] | max }}{{ ['b', 'a'] | min }}", "13a"],
    ["{{ {'a': [1, 2.0, true, none, 'x\ny']} | string }}", "{'a': [1, 2.0, True, None, 'x\\ny']}"],
    ["{{ [\"it's\", 'a\"b'] }}", `["it's", 'a"b']`],
    ["{% set l = [1] %}{% set _ = l.append(2) %}{{ l.pop(0) }}{{ l.pop() }}{{ l | length }}", "120"],
    ["{{ '{}-{}'.format('a', 2) }}", "a-2"],
    ["{{ 'a' + nope }}{{ none ~ 'b' }}{{ nope | trim }}{{ nope | upper }}", "ab"],
    ["{{ (1, 2)[1] }}{{ 2 in (1, 2) }}", "2True"],
    [
      "{{ 'tojson' is filter }}{{ 'nope' is filter }}{{ 'odd' is test }}{{ 'odd' is not test }}",
      "TrueFalseTrueFalse",
    ],
  ])("%s", (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  test.each([["{{ [].pop() }}"], ["{{ '{}{}'.format(1) }}"], ["{{ [1, 'a'] | min }}"], ["{{ 1 + nope }}"]])(
    "%s is refused",
    (text) => {
      expect(() => render(text)).toThrow(AppError);
    },
  );
});

const DOUBLING = (start: string, step: string, times: number): string =>
  `{% set ns = namespace(v=${start}) %}{% for i in range(${times}) %}{% set ns.v = ${step} %}{% endfor %}`;

const TOO_MUCH = "more work than one request may cause";

describe("hostile templates end", () => {
  test.each([
    [
      "a tree of macro calls",
      "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
      TOO_MUCH,
    ],
    [
      "a macro without an end",
      "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
      "more than 1000 steps within one another",
    ],
    ["a text that doubles", DOUBLING("'abcdefgh'", "ns.v ~ ns.v", 60), "a value of more than"],
    ["a list that doubles", DOUBLING("[1]", "ns.v + ns.v", 60), "a value of more than"],
    [
      "long texts again and again",
      `${DOUBLING("'abcdefgh'", "ns.v ~ ns.v", 19)}{% for i in range(100000) %}{{ ns.v | upper }}{% endfor %}`,
      TOO_MUCH,
    ],
    ["a list of itself twice, printed", `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ ns.v }}`, TOO_MUCH],
    [
      "a list of itself twice, as JSON",
      `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ ns.v | tojson }}`,
      TOO_MUCH,
    ],
    ["a list of itself twice, in a text", `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ ns.v ~ '' }}`, TOO_MUCH],
    ["a list of itself twice, joined", `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ ns.v | join }}`, TOO_MUCH],
    [
      "a list of itself twice, compared",
      `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ ns.v == [ns.v[0], ns.v[1]] }}`,
      TOO_MUCH,
    ],
    ["a list of itself twice, sorted", `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ ns.v | sort }}`, TOO_MUCH],
    [
      "a list of itself twice, looked for",
      `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ [1] in ns.v }}`,
      TOO_MUCH,
    ],
    ["a list of itself twice, tested", `${DOUBLING("[1]", "[ns.v, ns.v]", 60)}{{ 1 is eq(ns.v) }}`, TOO_MUCH],
    [
      "a list that is put behind itself",
      "{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}",
      TOO_MUCH,
    ],
    [
      "a text in each of its places",
      `${DOUBLING("'{0}'", "ns.v ~ ns.v", 18)}{{ ns.v.format(ns.v) }}`,
      "a value of more than",
    ],
    [
      "a text in each of Python's places",
      `${DOUBLING("'%(x)s'", "ns.v ~ ns.v", 18)}{{ ns.v | format(x=ns.v) }}`,
      "a value of more than",
    ],
    [
      "a long text between elements",
      `${DOUBLING("'aaaa'", "ns.v ~ ns.v", 18)}{{ ns.v.join(range(100000)) }}`,
      "a value of more than",
    ],
    ["a long repetition", "{{ 'ab' * 1000000000 }}", "a repetition of more than 1000000"],
    ["a long list repeated", "{{ [1, 2] * 1000000000 }}", "a repetition of more than 1000000"],
    ["a wide text", "{{ 'x' | center(100000000) }}", "a width of more than 10000"],
    ["a text of many zeroes", "{{ '1'.zfill(100000000) }}", "a width of more than 10000"],
    [
      "a text taken apart again and again",
      `${DOUBLING("'a b '", "ns.v ~ ns.v", 20)}{% for i in range(1000) %}{% set x = ns.v | select | list %}{% set y = ns.v.rsplit() %}{% endfor %}`,
      TOO_MUCH,
    ],
    [
      "a long text, character by character",
      `${DOUBLING("'abcd'", "ns.v ~ ns.v", 20)}{% for c in ns.v %}{% endfor %}`,
      TOO_MUCH,
    ],
    [
      "a list looked through for another one",
      "{{ range(30000) | select('in', range(30000) | list) | list | length }}",
      TOO_MUCH,
    ],
    [
      "a list's values counted again and again",
      `{% set l = range(10000) | list %}{% for i in l %}{% set x = l.index(l) if l.count(l) else 0 %}{% endfor %}`,
      TOO_MUCH,
    ],
    [
      "a list in more lists than it has elements",
      "{{ [1] | slice(100000000) | list }}",
      "slice() into more lists",
    ],
    [
      "a long text replaced again and again",
      `${DOUBLING("'a'", "ns.v ~ ns.v", 22)}{% for i in range(100000) %}{% set x = ns.v.replace('a','b') %}{% endfor %}`,
      TOO_MUCH,
    ],
    [
      "the filter of that name",
      `${DOUBLING("'a'", "ns.v ~ ns.v", 22)}{% for i in range(100000) %}{% set x = ns.v|replace('a','b') %}{% endfor %}`,
      TOO_MUCH,
    ],
    [
      "a text in each character's place",
      `${DOUBLING("'a'", "ns.v ~ ns.v", 20)}{{ ns.v.replace('a', ns.v) }}`,
      TOO_MUCH,
    ],
    [
      "a text between all elements",
      `${DOUBLING("'a'", "ns.v ~ ns.v", 20)}{{ range(9999) | join(ns.v) }}`,
      TOO_MUCH,
    ],
    ["a text in pieces", `${DOUBLING("'a'", "ns.v ~ ns.v", 22)}{{ ns.v.split('a') | length }}`, TOO_MUCH],
    [
      "a text in characters",
      `${DOUBLING("'a'", "ns.v ~ ns.v", 22)}{% for i in range(9) %}{{ ns.v[1:] }}{% endfor %}`,
      TOO_MUCH,
    ],
    ["all lines indented", `${DOUBLING("'\\n'", "ns.v ~ ns.v", 20)}{{ ns.v | indent(999) }}`, TOO_MUCH],
    [
      "a needle looked for again and again",
      `${DOUBLING("'ab'", "ns.v ~ ns.v", 20)}{% for i in range(400000) %}{% set x = 'q' in ns.v %}{% endfor %}`,
      TOO_MUCH,
    ],
    [
      "equal texts compared again and again",
      `${DOUBLING("'ab'", "ns.v ~ ns.v", 20)}{% set y = ns.v.upper() %}{% set z = ns.v.upper() %}{% for i in range(400000) %}{% set x = y == z %}{% endfor %}`,
      TOO_MUCH,
    ],
    ["a megabyte of blanks", " ".repeat(250_000), TOO_MUCH],
    ["a list in itself", "{% set l = [1] %}{% set _ = l.append(l) %}{{ l }}", "chat template failed"],
    ["wide indentation", "{{ 'x' | indent(1000000000) }}", "an indentation of more than 1000"],
    ["wide indentation of JSON", "{{ [1] | tojson(indent=1000000000) }}", "an indentation of more than 1000"],
    ["wide indentation from a list", "{{ 'x' | indent(*[1000000000]) }}", "an indentation of more than 1000"],
    [
      "wide indentation from a mapping",
      "{{ [1] | tojson(**{'indent': 1000000000}) }}",
      "an indentation of more than 1000",
    ],
  ])("%s", (_, text, message) => {
    expect(() => jinjaTemplate(text).render({}, noon, new Budget(500_000))).toThrow(message);
  });

  test("a list that is endless on paper is no text for raise_exception or strftime_now", () => {
    const list = DOUBLING("[1]", "[ns.v, ns.v]", 60);
    expect(() => render(`${list}{{ raise_exception(ns.v) }}`)).toThrow(AppError);
    expect(render(`${list}{{ strftime_now(ns.v) }}`)).toBe("");
  });
});

test("the budget leaves room for long conversations", () => {
  const messages = Array.from({ length: 5_000 }, () => ({ role: "user", content: "word ".repeat(200) }));
  const text =
    "{% for m in messages %}{{ '<' + m['role'] + '>' + m['content'] | trim + '</>' + '\\n' }}{% endfor %}";
  expect(jinjaTemplate(text).render({ messages }, noon).length).toBe(5_000 * (6 + 999 + 4));
});

test("and for templates that ask about the conversation at every message", () => {
  const messages = Array.from({ length: 500 }, (_, at) => ({
    role: at % 2 === 0 ? "user" : "assistant",
    content: "word ".repeat(200),
  }));
  const text = `{% set ns = namespace(seen=[]) %}{% for m in messages %}
{%- if m.content is string and m.role is in(['user', 'assistant']) and messages | length > 0 and (messages | last).role %}
{%- set _ = ns.seen.append(m) %}{{ m.content | default('') | trim }}{{ (messages | selectattr('role', 'equalto', 'user') | list)[-1].role }}{% endif %}{% endfor %}`;
  expect(jinjaTemplate(text).render({ messages }, noon).length).toBe(500 * (999 + 4));
});
