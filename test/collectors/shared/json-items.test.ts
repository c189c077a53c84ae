import { expect, it } from 'vitest';
import { type ItemChoice, readJsonItems } from '../../../src/collectors/shared/json-items.ts';

const read = (text: string, choice?: ItemChoice) =>
  [...readJsonItems(Buffer.from(text), choice)].map((item) =>
    'problem' in item ? item : { value: item.value, line: item.line, list: item.list },
  );

it('reads items one by one, with their lines and what the list says of them', () => {
  const text =
    '{"kind": "PodList", "apiVersion": "v1",\n"items": [{"a": "}]\\""},\n {"b": [1, {"c": null}]}], "metadata": {}}\n';
  const list = { kind: 'PodList', apiVersion: 'v1' };
  expect(read(text)).toEqual([
    { value: { a: '}]"' }, line: 2, list },
    { value: { b: [1, { c: null }] }, line: 3, list },
  ]);
  expect(read('{"x": 1}\n{"y": true}')).toMatchObject([{ value: { x: 1 } }, { value: { y: true }, line: 2 }]);
});

it('reads what stands before a problem', () => {
  for (let length = 1; length < 40; length += 1) {
    const items = read('{"items": [{"a": 1}, {"b": "x, y"}]}'.slice(0, length));
    expect(items.filter((item) => 'problem' in item).length, String(length)).toBeLessThanOrEqual(1);
    if (length > 18 && length < 35) expect(items[0]).toMatchObject({ value: { a: 1 } });
  }
  expect(read('{"items": [{"a": 1}, {b}, {"c": 1}]}')).toMatchObject([
    { line: 1 },
    { problem: 'not JSON' },
    { value: { c: 1 } },
  ]);
});

it('agrees with JSON.parse on made texts', () => {
  let seed = 7;
  const draw = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const make = (level: number): unknown => {
    const kind = draw(level > 3 ? 3 : 5);
    if (kind === 0) return draw(1000) - 500;
    if (kind === 1) return ['a"b', '\\', '{[', '\n', ''][draw(5)];
    if (kind === 2) return [null, true, false][draw(3)];
    const parts = Array.from({ length: draw(4) }, () => make(level + 1));
    return kind === 3 ? parts : Object.fromEntries(parts.map((part, index) => [`k${index}`, part]));
  };
  for (let round = 0; round < 200; round += 1) {
    const items = Array.from({ length: draw(5) }, () => ({ v: make(0) }));
    const text = JSON.stringify({ kind: 'List', items, more: make(0) }, null, draw(3));
    expect(read(text).map((item) => ('value' in item ? item.value : item))).toEqual(items);
  }
});

it('tells how many damaged items it does not name', () => {
  const list = (damaged: number) => `{"items": [${[...Array(damaged).fill('{b}'), '{"a": 1}'].join(',')}]}`;
  expect(read(list(100)).filter((item) => 'problem' in item)).toHaveLength(100);
  const items = read(`${list(103)}\n${list(2)}`);
  expect(items.filter((item) => 'problem' in item && item.problem === 'not JSON')).toHaveLength(102);
  expect(items).toContainEqual({ problem: '3 more items are not JSON', line: 1 });
});

it('keeps the items that are wanted, and tells some of their problems', () => {
  const items = [
    '{"kind": "Pod", "a": {"kind": "Not"}}',
    '{"a": {"kind": "Pod"}}',
    '{"kind": "Not"}',
    '{"k\\u0069nd": "Pod"}',
  ];
  const choice: ItemChoice = { fields: ['kind'], keeps: (item) => item.field('kind') === 'Pod' };
  const lists = `{"items": [${items.join()}, 1, "Pod", {"kind": "Pod", x}], "kind": "List"}`;
  expect(read(lists, choice)).toEqual([
    { value: { kind: 'Pod', a: { kind: 'Not' } }, line: 1, list: { kind: 'List' } },
    { value: { kind: 'Pod' }, line: 1, list: { kind: 'List' } },
    { problem: 'not JSON', line: 1 },
  ]);
  const damaged = `{"items": [${'{x},'.repeat(1000)}{"kind": "Pod"}]}`;
  expect(read(damaged, choice)).toHaveLength(102);
});
