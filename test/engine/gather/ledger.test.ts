import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/engine/gather/ledger.ts';

const KEY = { collector: 'files', target: '.', scope: 'files' };

describe('Ledger', () => {
  it('reports what was planned and neither scanned, skipped nor missed', () => {
    const ledger = new Ledger();
    ledger.plan(KEY, 'files', 3);
    ledger.scanned(KEY, 1, 10);
    ledger.skip(KEY, { reason: 'symlink', subject: 'a.png' });
    const [line] = ledger.close();
    expect(line).toMatchObject({ planned: 3, scanned: 1, skipped: { symlink: 1 }, state: 'partial' });
    expect(line?.gaps[0]?.message).toBe('1 of 3 planned files were neither scanned nor accounted for');
  });

  it('calls a scope failed by a scope gap, and does not ask for the rest of its plan', () => {
    const ledger = new Ledger();
    ledger.plan(KEY, 'blobs', 9);
    ledger.gap(KEY, { reason: 'shallow', subject: 'r', message: 'shallow', scope: true });
    expect(ledger.close()).toMatchObject([{ state: 'failed', gaps: [{ reason: 'shallow' }] }]);
  });

  it('lists a bounded number of gaps and counts the rest', () => {
    const ledger = new Ledger();
    for (let at = 0; at < 250; at += 1) ledger.gap(KEY, { reason: 'unreadable', subject: String(at), message: 'm' });
    const [line] = ledger.close();
    expect((line?.gaps.length ?? 0) + (line?.moreGaps ?? 0)).toBe(250);
    expect(line?.gaps.length).toBeLessThan(200);
  });

  it('is ok exactly when everything planned is accounted for and nothing was missed', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (scanned, skipped, missed) => {
        const ledger = new Ledger();
        ledger.plan(KEY, 'files', scanned + skipped + missed);
        ledger.scanned(KEY, scanned, 0);
        for (let at = 0; at < skipped; at += 1) ledger.skip(KEY, { reason: 'excluded', subject: 'x' });
        for (let at = 0; at < missed; at += 1) ledger.gap(KEY, { reason: 'corrupt', subject: 'x', message: 'm' });
        expect(ledger.close()[0]?.state).toBe(missed === 0 ? 'ok' : 'partial');
      }),
    );
  });
});
