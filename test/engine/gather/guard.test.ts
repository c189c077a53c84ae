import { describe, expect, it } from 'vitest';
import { guardItems } from '../../../src/engine/gather/guard.ts';
import { gapOfBug } from '../../../src/model/bug-gap.ts';
import { ConfigError, UsageError } from '../../../src/model/errors.ts';

describe('guards', () => {
  it('make a gap with the plug-in of a bug, without the text of the error', () => {
    const gap = gapOfBug('decoder', 'zip', 'a.zip', new TypeError('the value is secret-value'));
    expect(gap).toMatchObject({ reason: 'bug', subject: 'a.zip' });
    expect(gap.message).toContain('the decoder "zip" failed on it (TypeError)');
    expect(gap.message).not.toContain('secret-value');
  });

  it('pass on what is meant for the user', () => {
    expect(() => gapOfBug('collector', 'x', 'y', new UsageError('write z'))).toThrow('write z');
    expect(() => gapOfBug('collector', 'x', 'y', new ConfigError('write z'))).toThrow('write z');
  });

  it('keep what came before, and end with the failure', async () => {
    async function* late(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('b');
    }
    const items: string[] = [];
    for await (const item of guardItems(late(), (error) => String(error))) items.push(item);
    expect(items).toEqual(['a', 'Error: b']);
  });
});
