import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** What the settings of an agent let it do. Absent: they do not say. */
export interface AgentPrivileges {
  /** True: tools run without anybody's approval. */
  readonly autoApprove: boolean;
  /** Tools that run any command or change any file, and that need no approval. */
  readonly broadTools: readonly string[];
  /** False: commands run outside any sandbox. */
  readonly sandboxed?: boolean;
}

/** A setting at a path, and the values that switch approval off. */
const APPROVES: readonly (readonly [path: readonly string[], values: readonly string[]])[] = [
  [
    ['permissions', 'defaultMode'],
    ['bypassPermissions', 'dontAsk'],
  ],
  [['permissionMode'], ['bypassPermissions']],
  [['trust'], ['true']],
  [['yolo'], ['true']],
  [['enableAllProjectMcpServers'], ['true']],
  [['chat.tools.autoApprove'], ['true']],
  [['chat.tools.global.autoApprove'], ['true']],
  [['agent', 'always_allow_tool_actions'], ['true']],
  [['agent', 'tool_permissions', 'default'], ['allow']],
  [['amp.dangerouslyAllowAll'], ['true']],
  [['GOOSE_MODE'], ['auto']],
  [['approval_policy'], ['never']],
  [['permission'], ['allow']],
  [['permission', '*'], ['allow']],
  [['general', 'defaultApprovalMode'], ['yolo']],
  [['approvalMode'], ['yolo']],
];

const UNSANDBOXED: readonly (readonly [path: readonly string[], values: readonly string[]])[] = [
  [['sandbox_mode'], ['danger-full-access']],
  [['sandbox', 'enabled'], ['false']],
  [['tools', 'sandbox'], ['false']],
  [['sandbox'], ['false']],
];

/** Lists of tools that need no approval. */
const LISTS: readonly (readonly string[])[] = [
  ['autoApprove'],
  ['alwaysAllow'],
  ['allow'],
  ['permissions', 'allow'],
  ['permissions', 'allowed_tools'],
  ['allowedTools'],
  ['tools', 'allowed'],
];

/** `Bash`, `Bash(*)`, `Bash(sudo:*)`, `Shell(*)`, `run_shell_command`: any command. `Write(*)`: any file. */
const BROAD =
  /^(?:bash|shell|powershell|execute_bash|run_shell_command|terminal|computer)(?:\((?:\*|:\*|sudo[ :].*)?\))?$/i;
const BROAD_WRITE = /^(?:write|edit)\(\*{1,2}(?:\/\*{1,2})?\)$/i;

/** Reads the settings of an agent, or of one of its servers. */
export function privilegesOf(settings: Loose): AgentPrivileges {
  const lists = LISTS.flatMap((path) => asTexts(at(settings, path)));
  const switches = APPROVES.some(([path, values]) => holds(settings, path, values));
  const sandboxed = UNSANDBOXED.some(([path, values]) => holds(settings, path, values)) ? { sandboxed: false } : {};
  return {
    autoApprove: switches || lists.includes('*') || lists.includes('mcp__*'),
    broadTools: [
      ...new Set([...lists.filter((tool) => BROAD.test(tool) || BROAD_WRITE.test(tool)), ...wordy(settings)]),
    ].sort(),
    ...sandboxed,
  };
}

function at(settings: Loose, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => asObject(value)[key], settings);
}

function holds(settings: Loose, path: readonly string[], values: readonly string[]): boolean {
  const text = asText(at(settings, path));
  return text !== undefined && values.includes(text);
}

/** Settings that are maps: patterns of commands in VS Code, tools of OpenCode. */
function wordy(settings: Loose): string[] {
  const terminal = Object.entries(asObject(settings['chat.tools.terminal.autoApprove']));
  const commands = terminal.filter(
    ([pattern, value]) => value === true && /^(?:\*|\/\^?\.\*\$?\/[a-z]*)$/.test(pattern),
  );
  const bash = at(settings, ['permission', 'bash']);
  const open = asText(bash) === 'allow' || asText(asObject(bash)['*']) === 'allow';
  return [...(commands.length > 0 ? ['terminal'] : []), ...(open ? ['bash'] : [])];
}

/** Names of prompts for secrets whose text is shown while it is typed (VS Code). */
export function openInputs(settings: Loose): readonly string[] | undefined {
  const inputs = asList(settings['inputs'] ?? at(settings, ['mcp', 'inputs'])).map(asObject);
  if (inputs.length === 0) return undefined;
  const prompts = inputs.filter((input) => asText(input['type']) === 'promptString' && input['password'] !== true);
  return prompts.flatMap((input) => asText(input['id']) ?? []).filter((id) => SECRET.test(id));
}

const SECRET = /token|secret|passw|api[-_]?key|credential/i;
