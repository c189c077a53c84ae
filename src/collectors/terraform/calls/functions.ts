import type { HclEntry, HclValue } from '../../../lib/hcl/index.ts';

/** What a call passes, by variable. */
type Variables = ReadonlyMap<string, HclValue | undefined>;
/** A function that only models of registry modules use. Undefined: not known. */
export type ModelFunction = (args: readonly HclValue[], variables: Variables) => HclValue | undefined;

const AT = { start: 0, end: 0 };

/** What models cannot say in Terraform's own words that are evaluated here. */
export const MODEL_FUNCTIONS: ReadonlyMap<string, ModelFunction> = new Map<string, ModelFunction>([
  ['model_addons', (_args, variables) => number([...variables].some(isAddon) ? 1 : 0)],
  ['model_any', (args) => number(args.some((value) => !isNothing(value)) ? 1 : 0)],
  ['model_irsa_trust', ([providers]) => irsaTrust(providers)],
  ['model_first', (args) => args.find((value) => !isNothing(value)) ?? { kind: 'null', ...AT }],
]);

/** `attach_ebs_csi_policy = true` and its like attach a policy that the module holds. */
function isAddon([name, value]: [string, HclValue | undefined]): boolean {
  if (!/^attach_\w+_policy$/.test(name) || value === undefined) return false;
  return !(value.kind === 'bool' && !value.value) && value.kind !== 'null';
}

function isNothing(value: HclValue): boolean {
  if (value.kind === 'null') return true;
  if (value.kind === 'bool') return !value.value;
  if (value.kind === 'string') return value.value === '';
  if (value.kind === 'object') return value.entries.length === 0;
  return value.kind === 'list' && value.items.length === 0;
}

/** One statement for each provider: its ARN, and the service accounts that it lists. */
function irsaTrust(providers: HclValue | undefined): HclValue | undefined {
  if (providers?.kind !== 'object') return undefined;
  const statements = providers.entries.map(({ value }) => irsaStatement(value));
  return object({ Statement: { kind: 'list', items: statements, ...AT } });
}

function irsaStatement(provider: HclValue): HclValue {
  const entries = provider.kind === 'object' ? provider.entries : [];
  const arn = entryOf(entries, 'provider_arn') ?? { kind: 'expression', text: 'provider_arn', ...AT };
  const accounts = entryOf(entries, 'namespace_service_accounts');
  const items = accounts?.kind === 'list' ? accounts.items : [];
  const subjects = items.map((item): HclValue => {
    const prefix = text('system:serviceaccount:');
    if (item.kind === 'string') return text(`${prefix.value}${item.value}`);
    return { kind: 'template', parts: [prefix, item], text: 'service account', ...AT };
  });
  return object({
    Effect: text('Allow'),
    Action: text('sts:AssumeRoleWithWebIdentity'),
    Principal: object({ Federated: arn }),
    Condition: object({
      StringEquals: object({
        'oidc:aud': text('sts.amazonaws.com'),
        'oidc:sub': accounts?.kind === 'list' ? { kind: 'list', items: subjects, ...AT } : unknown('accounts'),
      }),
    }),
  });
}

function entryOf(entries: readonly HclEntry[], name: string): HclValue | undefined {
  return entries.find(({ key }) => key.kind === 'string' && key.value === name)?.value;
}

function object(values: Readonly<Record<string, HclValue>>): HclValue {
  return { kind: 'object', entries: Object.entries(values).map(([key, value]) => ({ key: text(key), value })), ...AT };
}

function text(value: string): HclValue & { readonly kind: 'string' } {
  return { kind: 'string', value, ...AT };
}

function number(value: number): HclValue {
  return { kind: 'number', value, ...AT };
}

function unknown(name: string): HclValue {
  return { kind: 'expression', text: name, ...AT };
}
