import { describe, expect, it } from 'vitest';
import { runBowerbird } from './run-either.ts';

describe('--threads', () => {
  it.each(['0', '65', '999999999', '-1', '2.5', 'many'])('refuses %s', async (count) => {
    const { code, stderr } = await runBowerbird(['scan', '.', '--threads', count], { cwd: '.' });
    expect(code).toBe(2);
    expect(stderr).toContain('Write a whole number from 1 to 64.');
  });
});
