import type { Command } from 'commander';
import { type Diagnosis, diagnose } from '../../engine/ask/doctor.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import type { FlagsOf } from '../../flags/types.ts';
import type { CliIo, Finish } from '../io.ts';
import { declareVerb } from '../program.ts';
import { scanContext } from './scan.ts';

/** `bowerbird doctor [collector or target]`: says what each source needs, and whether it is there. */
export function addDoctor(program: Command, io: CliIo, finish: Finish): void {
  declareVerb(program, 'doctor', io).action(async (target: string | undefined, flags: FlagsOf<'doctor'>) => {
    const diagnosis = await diagnose(target, scanContext(io));
    io.stdout(flags.json === true ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : formatDiagnosis(diagnosis));
    finish(diagnosis.ok ? EXIT.clean : EXIT.incomplete);
  });
}

function formatDiagnosis(diagnosis: Diagnosis): string {
  const lines: string[] = [];
  for (const fact of diagnosis.facts) lines.push(`${mark(fact.state)} ${fact.name}: ${fact.message}`);
  for (const collector of diagnosis.collectors) {
    lines.push('', `${collector.id} - ${collector.title}`);
    if (collector.permissions.length === 0) lines.push('  needs nothing but read access to the files');
    for (const permission of collector.permissions) {
      lines.push(`  ${permission.reads}`, `    needs   ${permission.needs}`, `    without ${permission.without}`);
    }
  }
  if (diagnosis.probes.length > 0) lines.push('', 'Tried now:');
  for (const probe of diagnosis.probes) lines.push(`${mark(probe.state)} ${probe.reads}: ${probe.message}`);
  return `${lines.join('\n')}\n`;
}

function mark(state: string): string {
  return state === 'ok' ? 'ok  ' : state === 'info' ? 'info' : 'FAIL';
}
