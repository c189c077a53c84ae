const RUNNERS = new Set(['npx', 'uvx', 'bunx', 'pnpx', 'pipx', 'dlx']);
const VERSION = /(?:@\d|==\d|@[0-9a-f]{40}$)/;

/** Packages and arguments that give a server far more than one service: a shell, the whole disk, a container engine. */
const BROAD: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['shell', /(?:^|[-/@])(?:shell|terminal|bash|commander|command-runner)(?:$|[-@])/i],
  ['filesystem', /^(?:\/|~|\$HOME|\$\{HOME\}|[A-Z]:\\)$/i],
  [
    'database as administrator',
    /^(?:postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|mongodb(?:\+srv)?):\/\/(?:root|postgres|admin|sa)[:@]/i,
  ],
  ['container engine', /docker\.sock|^--privileged$/i],
  ['kubernetes', /(?:^|[-/@])(?:kubernetes|kubectl)(?:$|[-@])/i],
];

/**
 * True if the program can change without a change of this file: a package without a version, or the image tag `latest`.
 */
export function isUnpinned(command: readonly string[]): boolean {
  const [program = ''] = command;
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/\.(?:cmd|exe)$/i, '');
  if (RUNNERS.has(name)) return !VERSION.test(firstPackage(command.slice(1)) ?? '@0');
  if (name !== 'docker' && name !== 'podman') return false;
  const image = command.slice(1).find((argument) => /^[a-z0-9][\w.-]*(?:\/|:)[\w./:@-]+$/.test(argument));
  return image !== undefined && !image.includes('@sha256:') && !/:(?!latest$)[\w.-]+$/.test(image);
}

function firstPackage(args: readonly string[]): string | undefined {
  return args.find((argument) => !argument.startsWith('-') && !['dlx', 'run', 'exec'].includes(argument));
}

/** Returns the names of the broad tools of a server, sorted. */
export function broadTools(command: readonly string[]): readonly string[] {
  const broad = BROAD.filter(([, pattern]) => command.some((argument) => pattern.test(argument)));
  return broad.map(([name]) => name).sort();
}
