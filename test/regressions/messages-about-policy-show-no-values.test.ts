import { describe, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** What an unquoted password looks like to a parser. */
const VALUE = 'Hidden8value-of-someone';

describe('messages about policy files', () => {
  it.each([
    ['an alias', '.bowerbird.yaml', `fingerprint-key: *${VALUE}\n`],
    ['a tag', '.bowerbird.yaml', `fingerprint-key: !<${VALUE}> x: y\n`],
    ['a text that is not closed', '.bowerbird.yaml', `fingerprint-key: "${VALUE}\n`],
    ['two values on a line', '.bowerbird.yaml', `fingerprint-key: a: ${VALUE}\n`],
    ['a key', '.bowerbird.yaml', `rules: { ${VALUE} }\n`],
    ['a key above a wrong value', '.bowerbird.yaml', `thresholds: { ${VALUE}: x }\n`],
    ['a key of a rule', '.bowerbird/rules/a.yaml', `rules: [{ ${VALUE} }]\n`],
    ['a wrong value', '.bowerbird.yaml', `exposure: ${VALUE}\n`],
    ['a date', '.bowerbirdignore', `s-0123456789abcdef0123 reason="x" expires=${VALUE}\n`],
    ['no entry', '.bowerbirdignore', `${VALUE}\n`],
    ['an alias in a rule', '.bowerbird/rules/a.yaml', `rules: *${VALUE}\n`],
    ['a text of TOML that is not closed', '.gitleaks.toml', `[[rules]]\nid = "x"\nregex = "${VALUE}\n`],
    ['an expression of TOML', '.gitleaks.toml', `[[rules]]\nid = "x"\nregex = "${VALUE}("\n`],
    ['a report of gitleaks', '.bowerbird-baseline', `[{"Secret": "${VALUE}"`],
  ])('%s', async (_what, file, text) => {
    const { folder, remove } = await makeFolder({ [file]: text, 'a.txt': 'x\n' });
    const result = await runBowerbird(['scan', '.'], { cwd: folder }).finally(remove);
    expect(result.stdout + result.stderr).not.toContain(VALUE);
    expect(result.code).toBe(2);
  });
});
