import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRegex } from '../../../src/lib/linear/parse-regex.ts';
import { loadRe2, renderRe2 } from '../../../src/lib/linear/re2.ts';

describe('without re2', () => {
  it('says that it is not there', () => {
    expect(loadRe2(join(tmpdir(), 'nowhere'))).toBeUndefined();
  });

  it('takes none that does not tell where groups stand', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bowerbird-old-re2-'));
    try {
      const packaged = join(folder, 'node_modules', 're2');
      mkdirSync(packaged, { recursive: true });
      const old = "module.exports = class extends RegExp { constructor(s, f) { super(s, f.replace('d', '')); } };";
      writeFileSync(join(packaged, 'index.js'), old);
      expect(loadRe2(join(folder, 'dist'))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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
