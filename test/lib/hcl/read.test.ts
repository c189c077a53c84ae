import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributeNamed,
  childBodies,
  evaluate,
  type HclFile,
  type HclValue,
  readHcl,
  readHclJson,
} from '../../../src/lib/hcl/index.ts';
import { itRarely } from '../../it-rarely.ts';
import { tries } from '../../property/runs.ts';

const EXAMPLE = `
# a comment
resource "aws_iam_role" "ci" { // header comment
  name                 = "ci-\${var.env}"
  max_session_duration = 7200
  force_detach         = true
  path                 = null
  /* block
     comment */
  tags = {
    owner  = "jordan.lee", team = "payments"
    "a:b"  : "c"
    (var.k) = 1
  }
  managed_policy_arns = [
    "arn:aws:iam::aws:policy/ReadOnlyAccess", # trailing
    aws_iam_policy.extra[0].arn,
    data.aws_iam_policy.x["k"].arn,
  ]
  count = var.on ? 1 : 0
  names = [for n in var.names : upper(n)]

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "*" }
    }]
  })
  inline_policy {
    name   = "p"
    policy = <<-EOF
      {"Statement": [{"Resource": "\${aws_s3_bucket.b.arn}/*"}]}
    EOF
  }
  lifecycle { prevent_destroy = true }
}

locals { region = "eu-west-1" }
`;

interface Unknown {
  readonly unknown: string;
}

const OPTIONS = {
  unknown: (text: string): Unknown => ({ unknown: text }),
  isUnknown: (value: unknown): value is Unknown => typeof value === 'object' && value !== null && 'unknown' in value,
};

function parseValue(text: string): HclValue {
  const file = readHcl(`x = ${text}\n`);
  expect(file.problems).toEqual([]);
  const found = attributeNamed(file.body, 'x');
  if (found === undefined) throw new Error('no attribute');
  return found.value;
}

function evaluated(text: string): unknown {
  return evaluate(parseValue(text), OPTIONS);
}

describe('readHcl', () => {
  const file = readHcl(EXAMPLE);
  const role = file.body.blocks[0];

  it('reads blocks, labels and positions', () => {
    expect(file.problems).toEqual([]);
    expect(file.body.blocks.map((block) => [block.type, ...block.labels])).toEqual([
      ['resource', 'aws_iam_role', 'ci'],
      ['locals'],
    ]);
    expect(file.positionAt(role?.start ?? 0)).toEqual({ line: 3, column: 1 });
    expect(EXAMPLE.slice(role?.start, role?.end)).toBe('resource "aws_iam_role" "ci"');
  });

  it('reads every kind of value', () => {
    const body = role?.body;
    if (body === undefined) throw new Error('no role');
    const kinds = Object.fromEntries(body.attributes.map((attribute) => [attribute.name, attribute.value.kind]));
    expect(kinds).toEqual({
      name: 'template',
      max_session_duration: 'number',
      force_detach: 'bool',
      path: 'null',
      tags: 'object',
      managed_policy_arns: 'list',
      count: 'expression',
      names: 'call',
      assume_role_policy: 'call',
    });
    const count = attributeNamed(body, 'count')?.value;
    expect(count).toMatchObject({ kind: 'expression', text: 'var.on ? 1 : 0' });
    expect(EXAMPLE.slice(count?.start, count?.end)).toBe('var.on ? 1 : 0');
    expect(evaluate(attributeNamed(body, 'tags')?.value as HclValue, OPTIONS)).toEqual({
      owner: 'jordan.lee',
      team: 'payments',
      'a:b': 'c',
      '${var.k}': 1,
    });
  });

  it('keeps references with their path, and indices apart from names', () => {
    const list = attributeNamed(role?.body ?? { attributes: [], blocks: [] }, 'managed_policy_arns')?.value;
    const paths =
      list?.kind === 'list' ? list.items.map((item) => (item.kind === 'reference' ? item.path : item.kind)) : [];
    expect(paths).toEqual([
      'string',
      ['aws_iam_policy', 'extra', '[0]', 'arn'],
      ['data', 'aws_iam_policy', 'x', '["k"]', 'arn'],
    ]);
  });

  it('reads nested blocks and heredocs, also with CRLF line ends', () => {
    for (const text of [EXAMPLE, EXAMPLE.replaceAll('\n', '\r\n')]) {
      const block = readHcl(text).body.blocks[0];
      const [inline] = childBodies(block?.body ?? { attributes: [], blocks: [] }, 'inline_policy');
      const policy = attributeNamed(inline?.body ?? { attributes: [], blocks: [] }, 'policy')?.value;
      const value = evaluate(policy as HclValue, OPTIONS);
      expect(JSON.parse(String(value))).toEqual({ Statement: [{ Resource: '${aws_s3_bucket.b.arn}/*' }] });
    }
  });

  it('evaluates jsonencode and friends where the argument is known', () => {
    expect(evaluated('jsonencode({ a = [1, "x", true, null], b = var.c })')).toEqual({
      a: [1, 'x', true, null],
      b: { unknown: 'var.c' },
    });
    expect(evaluated('concat(["a"], local.more, ["b"])')).toEqual(['a', { unknown: 'local.more' }, 'b']);
    expect(evaluated('[one(["a"]), join("", ["b"]), join("", "c")]')).toEqual(['a', 'b', 'c']);
    expect(evaluated('join("", ["a", "b"])')).toEqual({ unknown: 'join("", ["a", "b"])' });
    expect(evaluated('join(",", ["a"])')).toEqual({ unknown: 'join(",", ["a"])' });
    expect(evaluated('merge({ a = 1 }, { a = 2, b = 3 })')).toEqual({ a: 2, b: 3 });
    expect(evaluated('jsondecode("{\\"a\\": 1}")')).toEqual({ a: 1 });
    expect(evaluated('file("x.json")')).toEqual({ unknown: 'file("x.json")' });
    expect(evaluated('-var.x')).toEqual({ unknown: '-var.x' });
    expect(evaluated('"${' + 'var.x}"')).toEqual({ unknown: 'var.x' });
    expect(evaluated('jsonencode({})["a"]')).toEqual({ unknown: 'jsonencode({})["a"]' });
  });

  it('repeats texts over known lists, and makes one of an unknown list', () => {
    const each = (source: string) => `[for x in ${source} : "a-\${x}-b"]`;
    expect(evaluated(each('["1", "2"]'))).toEqual(['a-1-b', 'a-2-b']);
    expect(evaluated(each('values({ k = "1" })'))).toEqual(['a-1-b']);
    expect(evaluated(each('[]'))).toEqual([]);
    expect(evaluated(each('var.list'))).toEqual(['a-$' + '{x}-b']);
    expect(evaluated(each('["1", var.y]'))).toEqual(['a-1-b', 'a-$' + '{x}-b']);
    expect(evaluated('[for i, x in ["1"] : "$' + '{i}$' + '{x}"]')).toEqual(['01']);
    const others = [
      '[for x in var.list : x.id]',
      '[for x in ["1"] : "a" if x]',
      '{for x in ["1"] : "a" => "b"...}',
      '[for x in ["1"] : x + 1]',
    ];
    for (const text of others) expect(evaluated(text)).toMatchObject({ unknown: expect.any(String) });
    expect(evaluated('[for x in ["1"] : "$' + '{x}"]')).toEqual(['1']);
  });

  it('repeats over maps, in each other, and by conditions that are known', () => {
    const map = '{ a = { on = true, roles = ["r", "s"] }, b = { on = false, roles = ["t"] } }';
    expect(evaluated(`[for k, v in ${map} : v.roles[0] if v.on]`)).toEqual(['r']);
    expect(evaluated(`{ for k, v in ${map} : k => v["on"] }`)).toEqual({ a: true, b: false });
    const pairs = `flatten([for k, v in ${map} : [for role in v.roles : { name = k, role = role }]])`;
    expect(evaluated(`{ for p in ${pairs} : "\${p.name}-\${p.role}" => p.role }`)).toEqual({
      'a-r': 'r',
      'a-s': 's',
      'b-t': 't',
    });
    expect(evaluated('distinct(concat(["a"], ["b", "a"]))')).toEqual(['a', 'b']);
    expect(evaluated('keys({ a = 1 })')).toEqual(['a']);
    expect(evaluated('element(concat(["a"], [""]), 0)')).toBe('a');
    expect(evaluated('element([var.x, "a"], 1)')).toMatchObject({ unknown: expect.any(String) });
    expect(evaluated('format("arn:%s:%s", "a", var.x)')).toBe('arn:a:$' + '{var.x}');
    expect(evaluated('format("%d", 1)')).toMatchObject({ unknown: expect.any(String) });
    expect(evaluated('compact(["", "a", null])')).toEqual(['a']);
    expect(evaluated('flatten([["a"], var.x])')).toEqual(['a', { unknown: 'var.x' }]);
  });

  it('keeps both sides of a condition', () => {
    expect(parseValue('!var.a && (var.b) ? ["x"] : var.c ? [] : null')).toMatchObject({
      kind: 'expression',
      choice: {
        condition: '!var.a && (var.b)',
        yes: { kind: 'list' },
        no: { choice: { condition: 'var.c', yes: { kind: 'list' }, no: { kind: 'null' } } },
      },
    });
    expect(parseValue('(var.a)')).toMatchObject({ kind: 'reference', path: ['var', 'a'] });
    expect(parseValue('f(var.a ? 1 : 2, (var.b ? 3 : 4))')).toMatchObject({
      args: [{ choice: { no: { value: 2 } } }, { choice: { no: { value: 4 } } }],
    });
  });

  const OPENED = ['(', 'a ? ', '[for x in y : ', '{for x in y : x => ', '[for x in [for y in '];

  it('reads what is opened again and again', () => {
    for (const part of OPENED) expect(readHcl(`a = ${part.repeat(2_000)}`).problems.length, part).toBeGreaterThan(0);
  });

  itRarely('reads what is opened again and again in linear time', () => {
    for (const part of OPENED) {
      const text = `a = ${part.repeat(50_000)}`;
      const started = performance.now();
      readHcl(text);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });

  it('reads escapes, and leaves escaped interpolations alone', () => {
    expect(evaluated('"a\\n\\t\\"\\\\\\u00e9\\U0001F600"')).toBe('a\n\t"\\é😀');
    expect(evaluated('"$${aws:username}"')).toBe('$' + '{aws:username}');
    expect(evaluated('"x$y%z"')).toBe('x$y%z');
    expect(parseValue('"%{ if true }a%{ endif }"').kind).toBe('expression');
  });

  it('takes the common indentation off <<-', () => {
    expect(evaluated('<<-X\n    a\n      b\n\n    c\n  X')).toBe('a\n  b\n\nc\n');
    expect(evaluated('<<X\n    a\nX')).toBe('    a\n');
  });

  it('gives the position of an error and what was readable', () => {
    const broken = 'resource "a" "b" {\n  x = 1\n  y = [1, 2\n}\n\nresource "a" "c" {\n  z = "ok"\n}\n';
    const result = readHcl(broken);
    expect(result.problems).toEqual([{ message: 'a "}" has no opening bracket', line: 4, column: 1 }]);
    expect(result.body.blocks.map((block) => block.labels)).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
    expect(result.body.blocks[0]?.body.attributes.map((attribute) => attribute.name)).toEqual(['x']);
    expect(readHcl('a "b" {').problems).toEqual([{ message: 'a block is not closed', line: 1, column: 8 }]);
    expect(readHcl('a = "b\n').problems[0]).toMatchObject({ message: 'a string is not closed', line: 1, column: 5 });
    expect(readHcl('a = <<E\nb\n').problems[0]).toMatchObject({ message: 'the heredoc E is not closed' });
  });

  it('bounds depth and length', () => {
    const deep = `x = ${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(readHcl(deep).problems[0]?.message).toMatch(/nested deeper than 100 levels/);
    expect(readHcl('a {'.repeat(5000)).problems[0]?.message).toMatch(/nested deeper/);
    const spread = `x = ${'merge('.repeat(45)}y${'...)'.repeat(45)}`;
    expect(readHcl(spread).problems).toEqual([]);
    const interpolated = `x = "${'${"'.repeat(5000)}`;
    expect(readHcl(interpolated).problems[0]?.message).toMatch(/nested deeper/);
    expect(readHcl('x', { length: 0, depth: 1, problems: 1 }).problems[0]?.message).toMatch(/longer than 0/);
  });

  it('takes time in proportion to hostile input', () => {
    const started = performance.now();
    for (const piece of ['<<A\n', 'a = <<A\n', '"${', 'x = "', 'a {\nb\n', '/*', '[{(', 'a=!', '%{', 'a=[for ']) {
      readHcl(piece.repeat(200_000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('readHclJson', () => {
  const text = `{
  "resource": {"aws_iam_user": {"bot": {"name": "\${var.n}-bot", "tags": {"owner": "x"}}}},
  "data": {"aws_iam_policy_document": {"d": [{"statement": [{"actions": ["*"]}, {"actions": ["s3:*"]}]}]}},
  "provider": {"aws": [{"region": "a"}, {"alias": "b"}]},
  "locals": {"a": 1}
}`;

  it('reads the JSON form into the same shape', () => {
    const file = readHclJson(text);
    expect(file.problems).toEqual([]);
    expect(file.body.blocks.map((block) => [block.type, ...block.labels].join('.'))).toEqual([
      'resource.aws_iam_user.bot',
      'data.aws_iam_policy_document.d',
      'provider.aws',
      'provider.aws',
      'locals',
    ]);
    const document = file.body.blocks[1]?.body;
    expect(childBodies(document ?? { attributes: [], blocks: [] }, 'statement')).toHaveLength(2);
    const name = attributeNamed(file.body.blocks[0]?.body ?? { attributes: [], blocks: [] }, 'name')?.value;
    expect(name?.kind).toBe('template');
    expect(file.positionAt(name?.start ?? 0)).toEqual({ line: 2, column: 49 });
  });

  it('reports where JSON is broken', () => {
    expect(readHclJson('{\n "a": tru }').problems).toEqual([
      { message: 'a JSON value is expected here', line: 2, column: 7 },
    ]);
    expect(readHclJson('[').problems).toHaveLength(1);
    expect(readHclJson('{"a": "\\x"}').problems[0]?.message).toMatch(/escape/);
  });
});

const FRAGMENTS = [
  'resource "a" "b" {',
  '}',
  'x = ',
  '"',
  '${',
  '%{ if }',
  '<<-E\n',
  'E\n',
  '[',
  ']',
  '(',
  ')',
  '{',
  ',',
  '\n',
  '# c\n',
  '/*',
  '*/',
  'for ',
  'a.b[0].c',
  'jsonencode(',
  '\\',
  '\\u00',
  '-1.5e3',
  'true',
  ' ? : ',
  '~}',
  '=',
  ':',
  '"k" : 1',
  'é\ud83d',
];

describe('hostile input', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((all) => all.join('')),
  );

  it('never throws, ends, and every position lies inside the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const file of [readHcl(text), readHclJson(text)]) {
          checkFile(file, text);
        }
      }),
      tries(3_000),
    );
  });

  itRarely('reads a damaged real file without throwing', () => {
    fc.assert(
      fc.property(fc.nat(EXAMPLE.length), fc.nat(20), texts, (at, cut, put) => {
        const text = EXAMPLE.slice(0, at) + put + EXAMPLE.slice(at + cut);
        checkFile(readHcl(text), text);
      }),
      tries(1_000),
    );
  });
});

function checkFile(file: HclFile, text: string): void {
  const lines = text.split('\n');
  for (const problem of file.problems) {
    expect(problem.line).toBeLessThanOrEqual(lines.length);
    expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] as string).length + 1);
  }
  checkSpans(file.body, text.length);
}

/** Every object with a start has 0 <= start <= end <= length, and evaluation never throws. */
function checkSpans(node: unknown, length: number): void {
  if (typeof node !== 'object' || node === null) return;
  if ('start' in node && 'end' in node) {
    expect(node.start).toBeGreaterThanOrEqual(0);
    expect(node.start).toBeLessThanOrEqual(node.end as number);
    expect(node.end).toBeLessThanOrEqual(length);
  }
  if ('kind' in node) evaluate(node as HclValue, OPTIONS);
  for (const child of Object.values(node)) checkSpans(child, length);
}
