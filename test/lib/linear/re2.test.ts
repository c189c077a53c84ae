import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRegex } from '../../../src/lib/linear/parse-regex.ts';
import { loadRe2, renderRe2 } from '../../../src/lib/linear/re2.ts';

describe('without re2', () => {
  it('says that it is not there', () => {
    expect(loadRe2(join(tmpdir(), 'nowhere'))).toBeUndefined();
  });

  it('renders every class as bytes, and leaves what re2 would match otherwise', () => {
    const render = (source: string, ignoreCase = false) => {
      const part = parseRegex(source, ignoreCase);
      return part && renderRe2(part);
    };
    expect(render('a|[^\\0-\\xff]')).toBe('(?:[\\x{61}-\\x{61}]|[^\\x{0}-\\x{10FFFF}])');
    expect(render('k', true)).toBe('[\\x{4b}-\\x{4b}\\x{6b}-\\x{6b}]');
    expect(render('(?<g>a)?')).toBe('(?:(?<g>[\\x{61}-\\x{61}])){0,1}');
    expect(render('(?:(?<g>a)|b)*')).toBeUndefined();
  });
});
