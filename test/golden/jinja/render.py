"""Renders expressions with the real Jinja2, as Transformers sets it up: python3 render.py > filters.golden.json (jinja2 3.1)."""

import json

from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

VARIABLES = {
    "messages": [
        {"role": "user", "content": "hi", "n": 2},
        {"role": "assistant", "content": "Yes", "n": 1, "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1, "b": "x y"}}}]},
        {"role": "tool", "content": "R", "n": 3},
        {"role": "user", "content": "bye", "n": 2},
    ],
    "words": ["b", "A", "c", "a"],
    "tool": {"name": "f", "parameters": {"type": "object", "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "string", "enum": ["x y"]}}}},
}

EXPRESSIONS = r"""
tool.parameters.properties.b.keys() | reject('in', ['type', 'description']) | list
tool.parameters.properties.a.type | upper
tool.parameters.properties.a.type | lower | length
tool | items | list | length
tool.parameters.properties.items() | map(attribute=0) | join(',')
messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('|')
messages | rejectattr('role', 'in', ['tool', 'user']) | list | length
messages | selectattr('tool_calls') | list | length
messages | selectattr('tool_calls', 'defined') | map(attribute='role') | list
messages | rejectattr('tool_calls', 'undefined') | map(attribute='role') | list
messages | selectattr('n', 'gt', 1) | map(attribute='n') | list
messages | selectattr('n', '>=', 2) | map(attribute='n') | sum
messages | map(attribute='n') | sort | list
messages | sort(attribute='n', reverse=true) | map(attribute='n') | list
messages | map(attribute='role') | unique | list
messages | groupby('role') | map(attribute=0) | list
messages | groupby('role') | map('last') | map('length') | list
messages | map(attribute='nope', default='-') | join
messages | map('attr', 'role') | list | length
messages | sum(attribute='n')
messages | map(attribute='content') | map('upper') | join(' ')
messages | map(attribute='content') | map('replace', 'e', '3') | join(' ')
messages | map(attribute='n') | select('odd') | list
messages | map(attribute='n') | select('divisibleby', 2) | list
messages | map(attribute='n') | reject('even') | first
messages | map(attribute='n') | max
(messages | max(attribute='n')).role
(messages | min(attribute='n')).role
messages | length
messages | count
words | sort | join
words | sort(case_sensitive=true) | join
words | unique | join
words | unique(case_sensitive=true) | join
words | reverse | join
words | first
words | last
words | min
words | max
words | join(', ')
words | batch(3) | list
words | batch(3, '-') | list
words | slice(3) | list
words | slice(3, '-') | list
words | select('in', 'abc') | list
words | map('capitalize') | list
[] | first is undefined
[1, 2.5] | sum
[1, 2] | sum(start=10)
[[3, 1], [2]] | sum(start=[]) if false else 'x'
[1, true, none, 'x'] | join('-')
['it\'s', "q\"t"]
{'a': 1, 'b': [true, none]}
{'b': 1, 'a': 2} | dictsort
{'b': 1, 'a': 2} | dictsort(false, 'value')
{'b': 1, 'a': 2} | list
{'a': 1}.items() | list
{'a': 1}.get('x', 'd')
{'a': 1}.get('a')
'a' in {'a': 1}
{'a': 1} | length
'hello world' | title
"it's o'clock" | capitalize
'HELLO' | capitalize
'hello'.capitalize()
'Hello World'.title()
'x' | center(5)
'x'.center(6, '-')
'x'.ljust(3, '.') ~ 'x'.rjust(3)
'7'.zfill(3) ~ '-7'.zfill(4)
'  x ' | trim
'xxaxx' | trim('x')
'xxaxx'.strip('x') ~ 'xxaxx'.lstrip('x') ~ 'xxaxx'.rstrip('x')
'\n x\n'.strip() ~ '.'
'a,b,c'.split(',')
'a b  c'.split()
'a,b,c'.split(',', 1)
'a,b,c'.rsplit(',', 1)
'a b c'.rsplit(none, 1)
'a b  c '.rsplit()
'a=b=c'.partition('=')
'a=b=c'.rpartition('=')
'abc'.partition('x')
'abc'.rpartition('x')
'</think>x'.split('</think>')[-1]
'prefix-x'.removeprefix('prefix-') ~ 'x.txt'.removesuffix('.txt')
'banana'.count('an') ~ 'banana'.find('n') ~ 'banana'.rfind('n') ~ 'banana'.find('z')
'banana'.index('n')
'banana'.replace('a', 'o', 2)
'banana' | replace('a', 'o')
'banana' | replace('a', 'o', 1)
'a\nb\r\nc'.splitlines()
'a\nb'.splitlines(true)
'-'.join(['a', 'b'])
'aBc'.swapcase() ~ 'aBc'.upper() ~ 'aBc'.lower() ~ 'aBc'.casefold()
'42'.isdigit() ~ 'x'.isdigit() ~ ''.isdigit()
'ab'.isalpha() ~ 'a1'.isalnum() ~ ' '.isspace() ~ 'a'.islower() ~ 'A'.isupper() ~ '1'.isupper()
'½'.isnumeric() ~ '٣'.isdecimal()
'abc'.startswith('a') ~ 'abc'.endswith('c') ~ 'abc'.startswith(('x', 'a'))
'{} {}'.format('a', 2)
'{1}{0}'.format('a', 'b')
'{x}-{y:>3}|{z:03d}|{w:.2f}'.format(x=1, y='q', z=7, w=1.005)
'%s-%d' | format('a', 3)
'%05.1f|%-4s|' | format(2.55, 'x')
'a < b & "c"' | e
'a b&c/d' | urlencode
'<b>x</b>  y' | striptags
'one two three' | wordcount
'one two three four' | truncate(11)
'one two three four' | truncate(11, true)
'one two three four' | truncate(11, false, '!', 0)
'one two' | truncate(5, leeway=5)
'a\nb' | indent
'a\nb' | indent(2, true)
'a\n\nb' | indent(width=2, blank=true)
'héllo' | length
'abc' | list
'abc' | reverse
'abc' | first ~ ('abc' | last)
'abc'[1:] ~ 'abc'[::-1] ~ 'abc'[-1]
3.7 | int
'3.7' | int
'x' | int
'x' | int(9)
'ff' | int(0, 16)
'0x1f' | int(base=16)
true | int
'1.5' | float
'x' | float
3 | float
-3 | abs
-2.5 | abs
2.5 | round
3.5 | round
2.567 | round(2)
2.51 | round(method='floor')
2.1 | round(0, 'ceil')
7 // 2 ~ ' ' ~ -7 // 2 ~ ' ' ~ 7 % 3 ~ ' ' ~ 2 ** 3 ~ ' ' ~ 7 / 2
none | default('x')
none | default('x', true)
nope | default('x')
nope | d('x')
'' | default('x', boolean=true)
true | string
1.0 | string
[1, 'a'] | string
1 is number and 1.0 is float and 1 is integer and 'x' is string
[] is iterable and {} is mapping and 'x' is sequence
none is none and nope is undefined and messages is defined
true is true and false is false and true is boolean
6 is divisibleby(3)
6 is divisibleby 4
6 is not divisibleby(4)
'a' is in ['a']
'a' is not in(['b'])
3 is gt 2 and 2 is lt(3) and 2 is ge 2 and 2 is le 2 and 2 is ne 3 and 2 is eq 2
'a' is eq('a') and 'a' is equalto 'a'
'abc' is lower and 'ABC' is upper
1 is odd and 2 is even
none is sameas none
messages is callable
not 1 is odd
1 is odd and 2 is odd or 4 is divisibleby(2)
1 == 1.0 ~ ''
true == 1
[1, [2]] == [1, [2]]
[1] in [[1], 2]
'x' ~ true ~ 1.0 ~ none
1 < 2 < 3
(1, 2) | list
'%s is %d' % ('a', 3)
'%s' % 'a'
'%(x)s' % {'x': 1}
'ab' * 2 ~ 3 * '-'
[1] * 3
-7 % 3 ~ ' ' ~ 7 % -3 ~ ' ' ~ 7.5 % 2
range(3) | list
range(1, 6, 2) | list
{'k': [1, {'z': none}]} | tojson
{'k': [1]} | tojson(indent=2)
'ü"<' | tojson
[true, false, none]
""".strip().split("\n")

TEMPLATES = [
    "{% for c in 'ab' %}{{ c }}.{% endfor %}",
    "{% for x in nope %}x{% else %}none{% endfor %}",
    "{% for k in {'a': 1} %}{{ k }}{% endfor %}",
    "{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ m.content }}{% endfor %}",
    "{% for k, v in tool.parameters.properties.items() %}{{ k }}={{ v.type }};{% endfor %}",
    "{% for k, v in tool.parameters.properties | items %}{{ k }}={{ v.type }};{% endfor %}",
    "{% if messages[0].role is in ['user', 'system'] %}y{% else %}n{% endif %}",
    "{% if messages[1].tool_calls is defined and messages[1].tool_calls is not none and messages[1].tool_calls | length is gt(0) %}y{% endif %}",
    "{{ 'y' if 4 is divisibleby 2 else 'n' }}",
    "{% set ns = namespace(x=[]) %}{% for m in messages %}{% set ns.x = ns.x + [m.n] %}{% endfor %}{{ ns.x }}",
    "{% for m in messages %}{% if m.role == 'tool' %}{% break %}{% endif %}{{ m.role }}{% endfor %}",
    "{{ messages | selectattr('role', 'equalto', 'user') | list | length is gt 1 }}",
    "{% macro f(x, y=2) %}{{ x }}{{ y }}{% endmacro %}{{ f(1) }}{{ f(1, y=3) }}",
    "{% filter upper %}abc{% endfilter %}",
    "{{ true }}{{ false }}{{ 1 == 1 }}{{ not true }}",
]


def main():
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    cases = []
    for template in ["{{ %s }}" % e for e in EXPRESSIONS] + TEMPLATES:
        cases.append([template, environment.from_string(template).render(VARIABLES)])
    print(json.dumps({"variables": VARIABLES, "cases": cases}, ensure_ascii=False, indent=1))


main()
