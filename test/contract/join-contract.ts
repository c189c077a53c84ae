import { describe, expect, it } from 'vitest';
import type { Join, JoinInput, JoinOutput } from '../../src/correlate/contract.ts';
import { edgeLines, joinInputOf } from '../correlate/build.ts';

/**
 * The suite that every join passes. `input` is a sample in which it has something to say: it says nothing of nothing, names
 * only identities and secrets that are there, gives a reason for all that it adds, changes nothing, and does not depend on
 * the order of identities.
 */
export function joinContract(join: Join, input: JoinInput): void {
  describe(`join ${join.id}`, () => {
    it('says something about the sample', () => {
      const { edges, attributes } = join.join(input);
      const advice = `give joinContract a sample in which ${join.id} adds an edge or an attribute`;
      expect(edges.length + attributes.size, advice).toBeGreaterThan(0);
    });

    it('says nothing of nothing', () => {
      const { edges, attributes } = join.join(joinInputOf());
      expect(edges.length + attributes.size, `${join.id} adds something where there are no identities`).toBe(0);
    });

    it('names only identities and secrets that are there, with evidence', () => {
      const { edges, attributes } = join.join(input);
      const ids = endsOf(input);
      for (const { from, kind, to, evidence } of edges) {
        const edge = `${join.id}: ${from} ${kind} ${to}`;
        expect(ids, `${edge}: there is no ${from} in the input`).toContain(from);
        expect(ids, `${edge}: there is no ${to} in the input`).toContain(to);
        expect(Array.isArray(evidence), `${edge}: evidence must be a list`).toBe(true);
      }
      for (const [id, added] of attributes) {
        expect(ids, `${join.id} adds attributes to ${id}, which is not in the input`).toContain(id);
        for (const [name, { source }] of Object.entries(added)) {
          expect(source, `${join.id}: write where the attribute ${name} comes from`).not.toBe('');
        }
      }
    });

    it('changes nothing of the input, and says the same whatever the order of identities', () => {
      const before = JSON.stringify(input);
      const forwards = sorted(join.join(input));
      const identities = [...input.identities].reverse();
      const backwards = sorted(join.join({ ...input, identities }));
      expect(JSON.stringify(input), `${join.id} changes its input`).toBe(before);
      expect(backwards, `${join.id} depends on the order of identities`).toEqual(forwards);
    });
  });
}

function endsOf(input: JoinInput): ReadonlySet<string> {
  const secrets = input.findings.map(({ fingerprint }) => `secret:${fingerprint}`);
  return new Set([...input.identities.map(({ id }) => id as string), ...secrets]);
}

/** The edges as lines, and the attributes by id and name. */
function sorted({ edges, attributes }: JoinOutput): readonly string[] {
  const facts = [...attributes].flatMap(([id, added]) =>
    Object.entries(added).map(([name, { value }]) => `${id} ${name} ${JSON.stringify(value)}`),
  );
  return [...edgeLines(edges), ...facts.sort()];
}
