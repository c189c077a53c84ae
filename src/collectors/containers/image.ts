import { isCredentialFile, isLiteralSecret, isSecretName } from '../shared/secret-words.ts';
import { type Instruction, instructionsOf, wordsOf } from './instructions.ts';

/** What a Dockerfile does with credentials. Names only. */
export interface ImageFacts {
  /** Variables and build arguments with a secret as their value. */
  readonly literalSecrets: readonly string[];
  /** Build arguments that take a secret: their values stay in the history of the image. */
  readonly buildArgumentSecrets: readonly string[];
  /** Files of credentials that are copied into the image that is shipped. */
  readonly credentialFiles: readonly string[];
}

/** What a Dockerfile says. */
export interface Image {
  readonly facts: ImageFacts;
  /** Names of those who keep it. */
  readonly maintainers: readonly string[];
  /** True: it has more lines than are read. */
  readonly cut: boolean;
}

/** Reads a Dockerfile. */
export function readImage(text: string): Image {
  const { instructions, cut } = instructionsOf(text);
  const shipped = instructions.filter(isShipped(instructions));
  const literal = instructions
    .flatMap(variablesOf)
    .filter(({ name, value }) => isSecretName(name) && isLiteralSecret(value ?? ''));
  const taken = shipped.flatMap((instruction) =>
    instruction.name === 'ARG'
      ? variablesOf(instruction).flatMap(({ name, value }) => (value === undefined && isSecretName(name) ? [name] : []))
      : [],
  );
  const facts = {
    literalSecrets: unique(literal.map(({ name }) => name)),
    buildArgumentSecrets: unique(taken),
    credentialFiles: unique(shipped.flatMap(copiedFiles).filter(isCredentialFile)),
  };
  return { facts, maintainers: maintainersOf(instructions), cut };
}

const MAINTAINER =
  /(?:^|\s)["']?(?:maintainer|org\.opencontainers\.image\.authors)["']?[ \t]{0,4}=[ \t]{0,4}(?:"([^"]*)"|'([^']*)'|(\S+))/gi;
const LONGEST_NAME = 100;

/** Who keeps an image. An address in angle brackets beside a name is left out. */
function maintainersOf(instructions: readonly Instruction[]): readonly string[] {
  const written = instructions.flatMap(({ name, rest }) => {
    if (name === 'MAINTAINER') return [rest.replace(/^["']|["']$/g, '')];
    if (name !== 'LABEL') return [];
    return [...rest.matchAll(MAINTAINER)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
  });
  const names = written.flatMap((value) => value.split(',')).map((value) => value.replace(/<[^<>]*>?/g, '').trim());
  const known = names.filter((name) => /\p{L}/u.test(name) && !/[$"'\\]/.test(name) && name.length <= LONGEST_NAME);
  return unique(known);
}

/** An instruction of the last stage, or of a stage that it is made from: only those are in the image. */
function isShipped(instructions: readonly Instruction[]): (instruction: Instruction) => boolean {
  const stages = stagesOf(instructions);
  const kept = new Set<Instruction>();
  const names = new Map(stages.map((stage) => [stage.name, stage]));
  const seen = new Set<Stage>();
  for (let stage = stages.at(-1); stage !== undefined && !seen.has(stage); stage = names.get(stage.base)) {
    seen.add(stage);
    for (const instruction of stage.instructions) kept.add(instruction);
  }
  return (instruction) => kept.has(instruction);
}

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: Instruction[];
}

function stagesOf(instructions: readonly Instruction[]): readonly Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const words = wordsOf(instruction.rest).filter((word) => !word.startsWith('--'));
      const [base = '', as = '', name = ''] = words.map((word) => word.toLowerCase());
      stages.push({ name: as === 'as' ? name : `${stages.length}`, base, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function variablesOf({ name: instruction, rest }: Instruction): readonly { name: string; value: string | undefined }[] {
  if (instruction !== 'ENV' && instruction !== 'ARG') return [];
  const words = wordsOf(rest);
  const [first = '', ...others] = words;
  if (instruction === 'ENV' && !first.includes('=')) return [{ name: first, value: others.join(' ') }];
  return words.map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? { name: word, value: undefined } : { name: word.slice(0, at), value: word.slice(at + 1) };
  });
}

/** Sources of COPY and ADD out of the folder that is built: not out of another stage. */
function copiedFiles({ name, rest }: Instruction): readonly string[] {
  if ((name !== 'COPY' && name !== 'ADD') || /--from=/.test(rest)) return [];
  const listed = /^(?:--\S+\s+)*\[(.*)\]\s*$/s.exec(rest)?.[1];
  const words = listed === undefined ? wordsOf(rest) : wordsOf(listed.replaceAll(',', ' '));
  return words.filter((word) => !word.startsWith('--')).slice(0, -1);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
