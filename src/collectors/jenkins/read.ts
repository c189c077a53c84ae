import { bindingsAt, plain, textOf } from './bindings.ts';
import type { Token } from './tokens.ts';

/** A credential that a pipeline binds, by its id. */
export interface Binding {
  readonly id: string;
  readonly line: number;
}

/** What stands in one stage, or outside of every stage. */
export interface Part {
  readonly bindings: Binding[];
  readonly texts: Token[];
  /** Variables that hold a secret which is bound here. */
  readonly variables: string[];
}

/** What the tokens of a Jenkinsfile say. */
export class JenkinsFile {
  /** Parts by the name of their stage; undefined: outside of every stage. */
  readonly parts = new Map<string | undefined, Part>();
  /** Names of variables that hold a bound secret. */
  readonly variables = new Set<string>();
  /** First line of each stage, by name. */
  readonly stages = new Map<string, number>();
  /** Variables in capitals whose value is a text. */
  readonly literals: Record<string, string> = {};
  /** Libraries, as `name@version` or a name alone. */
  readonly libraries: string[] = [];
  /** The stage of each open brace. */
  private readonly open: (string | undefined)[] = [];
  /** A stage whose brace has not come yet. */
  private pending: string | undefined;

  /** Reads a token and those that follow it. */
  read(tokens: readonly Token[], index: number): void {
    const token = tokens[index];
    if (token === undefined) return;
    const stage = this.open.at(-1);
    if (token.kind === 'text') this.partOf(stage).texts.push(token);
    else if (token.kind === 'mark') this.readMark(token.value, stage);
    else this.readWord(tokens, index, token, stage);
  }

  /** What stands in a stage. */
  partOf(stage: string | undefined): Part {
    const part = this.parts.get(stage) ?? { bindings: [], texts: [], variables: [] };
    this.parts.set(stage, part);
    return part;
  }

  private addVariable(part: Part, name: string): void {
    this.variables.add(name);
    part.variables.push(name);
  }

  private readMark(mark: string, stage: string | undefined): void {
    if (mark === '{') {
      this.open.push(this.pending ?? stage);
      this.pending = undefined;
    }
    if (mark === '}') this.open.pop();
  }

  private readWord(tokens: readonly Token[], index: number, token: Token, stage: string | undefined): void {
    const { value, line } = token;
    const part = this.partOf(stage);
    for (const id of bindingsAt(tokens, index)) part.bindings.push({ id, line });
    this.readAssignment(part, value, tokens[index + 1], tokens[index + 2]);
    const argument = textOf(tokens, index + 1);
    if (argument === undefined) return;
    if (value === 'stage') {
      this.pending = argument;
      if (!this.stages.has(argument)) this.stages.set(argument, line);
    }
    if (SECRET_VARIABLE.test(value)) this.addVariable(part, argument);
    if (value === 'Library' || value === 'library') this.libraries.push(argument);
  }

  /** `NAME = credentials('x')` makes a variable secret; `NAME = 'text'` gives it a text. */
  private readAssignment(part: Part, name: string, equals: Token | undefined, value: Token | undefined): void {
    if (equals?.kind !== 'mark' || equals.value !== '=' || value === undefined) return;
    if (value.kind === 'word' && value.value === 'credentials') {
      // Of a user name with a password Jenkins makes two further variables.
      this.addVariable(part, name);
      this.addVariable(part, `${name}_PSW`);
    }
    if (value.kind === 'text' && /^[A-Z][A-Z0-9_]*$/.test(name)) this.literals[name] = plain(value) ?? '';
  }
}

/** Arguments that name a variable which then holds a secret. A user name is none. */
const SECRET_VARIABLE =
  /^(?:passwordVariable|variable|keyFileVariable|passphraseVariable|secretKeyVariable|tokenVariable|secretVariable)$/;

/** Reads bindings, stages, variables and texts in one pass. Nested stages count as the inner one. */
export function readTokens(tokens: readonly Token[]): JenkinsFile {
  const file = new JenkinsFile();
  for (let index = 0; index < tokens.length; index += 1) file.read(tokens, index);
  return file;
}
