/** What a file declares: an image, services, or a development container. */
export type ContainerFile = 'image' | 'compose' | 'devcontainer';

const IMAGE = /^(?:(?:dockerfile|containerfile)(?:[.-][\w.-]+)?|[\w.-]+\.(?:dockerfile|containerfile))$/i;
const NO_IMAGE = /\.(?:md|dockerignore|txt|sh|ya?ml|json|[jt]s|py|go|j2|erb|tmpl|tpl|license)$/i;
const COMPOSE = /^(?:docker-|podman-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;

/** Tells by a path what a file declares. Undefined: none of these. */
export function kindOf(path: string): ContainerFile | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'devcontainer.json' || name === '.devcontainer.json') return 'devcontainer';
  if (COMPOSE.test(name)) return 'compose';
  return IMAGE.test(name) && !NO_IMAGE.test(name) ? 'image' : undefined;
}

/** The environment that a name tells, such as `compose.prod.yml`, `.env.staging`. */
export function environmentOf(path: string): string | undefined {
  if (/(?:^|[/._-])(?:prod|production|live)(?:[/._-]|$)/i.test(path)) return 'production';
  if (/(?:^|[/._-])(?:stage|staging|preprod|uat)(?:[/._-]|$)/i.test(path)) return 'staging';
  if (/(?:^|[/._-])(?:test|tests|testing|ci|e2e|qa)(?:[/._-]|$)/i.test(path)) return 'test';
  return /(?:^|[/._-])(?:dev|develop|development|local)(?:[/._-]|$)/i.test(path) ? 'development' : undefined;
}
