import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/containers/index.ts';
import { instructionsOf } from '../../src/collectors/containers/instructions.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { itRarely } from '../it-rarely.ts';
import { declare, declaredCase } from './declared.ts';
import { failedRules } from './failed-rules.ts';

const SECRET = 'abcdefgh12-value';
const image = async (text: string) => (await declare(collector, { Dockerfile: text })).facts('Dockerfile');
const service = async (text: string) =>
  (await declare(collector, { 'compose.yml': `services:\n  web: ${text}\n` })).facts('web');

const DOCKERFILE = `# syntax=docker/dockerfile:1
FROM node:22 AS build
COPY .npmrc ./
ARG NPM_TOKEN
RUN --mount=type=secret,id=npm npm ci
FROM node:22
ARG GITHUB_TOKEN
ENV API_TOKEN=${SECRET} \\
    PORT=80
COPY --chown=app .env id_rsa ./
COPY --from=build /app/.npmrc ./
RUN <<EOF
ENV DB_PASSWORD=${SECRET}
EOF
`;
const COMPOSE = `services:
  web:
    image: web
    environment:
      DB_PASSWORD: ${SECRET}
      API_TOKEN: \${API_TOKEN}
      API_TOKEN_FILE: /run/secrets/api-token
    env_file: [.env.shared]
    secrets: [api, { source: db }]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock", "~/.aws:/root/.aws:ro", "data:/data"]
  job:
    environment: ["JOB_PASSWORD=${SECRET}", "HOST_TOKEN"]
    privileged: true
    volumes: [{ type: bind, source: ./certs/server.key, target: /k }]
secrets:
  api: { external: true }
  db: { file: ./db.txt }
`;

describe('containers', () => {
  it.each([
    ['MAINTAINER Jo Doe <jo@acme.io>', ['Jo Doe']],
    ['LABEL maintainer="Jo Doe" version=1', ['Jo Doe']],
    ["LABEL version=1 \\\n  org.opencontainers.image.authors = 'a team, jo@acme.io'", ['a team', 'jo']],
    ['LABEL maintainer=$WHO owner=x', []],
    ['RUN echo maintainer=jo', []],
  ])('names who keeps an image: %s', async (line, owners) => {
    const { identities, edges } = await declare(collector, { Dockerfile: `FROM node:22\n${line}\n` });
    const people = identities.filter(({ type }) => ['person', 'team'].includes(type)).map(({ name }) => name);
    expect(people).toEqual(owners);
    expect(edges.filter(({ kind }) => kind === 'owns')).toHaveLength(owners.length);
  });

  it.each([
    ['Dockerfile', true],
    ['app/Dockerfile.prod', true],
    ['web.dockerfile', true],
    ['Containerfile', true],
    ['Dockerfile.md', false],
    ['Dockerfile.j2.license', false],
    ['compose.yaml', true],
    ['docker-compose.prod.yml', true],
    ['.devcontainer/devcontainer.json', true],
    ['decompose.yml', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads what an image that is shipped holds', async () => {
    expect(await image(DOCKERFILE)).toEqual({
      literalSecrets: ['API_TOKEN'],
      buildArgumentSecrets: ['GITHUB_TOKEN'],
      credentialFiles: ['.env', 'id_rsa'],
    });
  });

  it.each([
    ['ENV API_TOKEN abcdefgh12 value', []],
    [`ENV API_TOKEN ${SECRET}`, ['API_TOKEN']],
    [`ENV A="b c" DB_PASSWORD='${SECRET}'`, ['DB_PASSWORD']],
    ['ENV DB_PASSWORD=$DB TOKEN_FILE=/run/secrets/token-value', []],
    ['ARG API_KEY=<your-key-here>', []],
    [`# ENV API_TOKEN=${SECRET}`, []],
    ['COPY ["package.json", ".npmrc", "./"]', []],
  ])('%s holds %j', async (text, names) => {
    expect((await image(`FROM x\n${text}\n`))['literalSecrets']).toEqual(names);
  });

  it.each([
    ['COPY ["package.json", ".npmrc", "./"]', ['.npmrc']],
    ['COPY .env.example certs/ca.pem server.key ./', ['server.key']],
    ['ADD https://example.com/x.tgz /', []],
  ])('%s copies %j', async (text, files) => {
    expect((await image(`FROM x\n${text}\n`))['credentialFiles']).toEqual(files);
  });

  it('places a secret that another file declares where the service names it', async () => {
    const text = 'services:\n  web:\n    image: web\n    secrets:\n      - api\n      - source: db\n';
    const { identities } = await declare(collector, { 'compose.yml': text });
    const lines = identities.map(({ name, evidence }) => `${name} ${evidence[0]?.location?.startLine}`);
    expect(lines.sort()).toEqual(['api 5', 'db 6', 'web 2']);
  });

  it('reads services, what they hold, mount and use', async () => {
    const all = await declare(collector, { 'compose.yml': COMPOSE });
    expect(all.facts('web')).toEqual({
      literalSecrets: ['DB_PASSWORD'],
      lateralActions: ['socket of the container engine'],
      credentialFiles: ['~/.aws'],
    });
    expect(all.facts('job')).toMatchObject({
      literalSecrets: ['JOB_PASSWORD'],
      lateralActions: ['privileged container'],
      credentialFiles: ['./certs/server.key'],
    });
    expect(all.facts('api')).toEqual({ storage: 'vault' });
    expect(all.facts('db')).toEqual({});
    expect(all.edges.map(({ from, toKey }) => `${from} ${toKey.value}`)).toEqual([
      'compose:acme/shop:compose.yml#web compose:acme/shop:compose.yml#secrets/api',
      'compose:acme/shop:compose.yml#web compose:acme/shop:compose.yml#secrets/db',
      'compose:acme/shop:compose.yml#web env-file:acme/shop:.env.shared',
    ]);
    expect(all.named('web').evidence[0]?.location).toMatchObject({ startLine: 2 });
  });

  it.each([
    ['{ cap_add: [SYS_ADMIN], pid: host }', ['capability SYS_ADMIN', 'processes of the host']],
    ['{ volumes: ["/:/host"] }', ['file system of the host']],
    ['{ user: root, cap_add: [NET_ADMIN] }', []],
  ])('a service %s reaches %j', async (text, ways) => {
    expect((await service(text))['lateralActions']).toEqual(ways);
  });

  it('reads a development container', async () => {
    const settings = `{
  // tools
  "containerEnv": { "GITHUB_TOKEN": "\${localEnv:GITHUB_TOKEN}", "API_TOKEN": "${SECRET}" },
  "features": { "ghcr.io/devcontainers/features/docker-outside-of-docker:1": {} },
  "mounts": ["source=\${localEnv:HOME}/.aws,target=/home/vscode/.aws,type=bind"],
}`;
    const { facts, gaps } = await declare(collector, { '.devcontainer/devcontainer.json': settings });
    expect(gaps).toEqual([]);
    expect(facts('.devcontainer/devcontainer.json')).toEqual({
      literalSecrets: ['API_TOKEN'],
      lateralActions: ['socket of the container engine'],
      credentialFiles: ['~/.aws'],
      environment: 'development',
    });
  });

  it('knows which environments share a file of variables', async () => {
    const text = (file: string) => `services: { web: { env_file: ${file} } }\n`;
    const all = await declare(collector, {
      'deploy/compose.dev.yml': text('../.env.shared'),
      'deploy/compose.prod.yml': text('[{ path: ../.env.shared }]'),
      'compose.yml': text('$OTHER'),
    });
    expect(all.facts('.env.shared')).toEqual({ environments: ['development', 'production'] });
    const listed = 'services:\n  web:\n    image: web\n    env_file:\n      - a.env\n      - path: b.env\n';
    const { identities } = await declare(collector, { 'compose.yml': listed });
    const lineOf = (name: string) => identities.find((file) => file.name === name)?.evidence[0]?.location?.startLine;
    expect([lineOf('web'), lineOf('a.env'), lineOf('b.env')]).toEqual([2, 5, 6]);
  });

  it.each([
    ['compose.yml', 'services: ['],
    ['devcontainer.json', '{"image": '],
  ])('makes a gap of a broken %s', async (path, text) => {
    expect((await declare(collector, { [path]: text })).gaps).toHaveLength(1);
  });

  itRarely('reads instructions in time, whatever stands in them', () => {
    const start = performance.now();
    for (const piece of ['RUN <<A\n', 'ENV A="', 'COPY \\\n', "'", '# escape=`\n', 'FROM a AS a\n']) {
      expect(instructionsOf(piece.repeat(30_000)).instructions.length).toBeLessThanOrEqual(20_000);
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('says that a file is too long', async () => {
    expect((await declare(collector, { Dockerfile: `FROM x\n${'\n'.repeat(20_001)}` })).gaps).toHaveLength(1);
  });

  it('makes each of its rules fire, and leaves good files alone', async () => {
    const fired = await failedRules(collector, {
      Dockerfile: DOCKERFILE,
      'compose.yml': COMPOSE,
      'compose.dev.yml': 'services: { a: { env_file: .env } }',
      'compose.prod.yml': 'services: { a: { env_file: .env } }',
    });
    expect(fired.filter((id) => /^(?:image|container|env)-/.test(id))).toEqual([
      'container-literal-secret',
      'container-mounts-credentials',
      'container-reaches-host',
      'env-file-shared-across-environments',
      'image-copies-credentials',
      'image-literal-secret',
      'image-secret-in-build-argument',
    ]);
    const good =
      'services:\n  web: { environment: { DB_PASSWORD_FILE: /run/secrets/db }, secrets: [db], env_file: .env.prod, volumes: ["data:/d"] }\nsecrets: { db: { external: true } }\n';
    const built =
      'FROM node AS build\nRUN --mount=type=secret,id=npm npm ci\nFROM node\nCOPY --from=build /app /app\nENV NODE_ENV=production\nUSER node\n';
    expect(await failedRules(collector, { Dockerfile: built, 'compose.prod.yml': good })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('an image', { Dockerfile: DOCKERFILE }, { identities: 1, secrets: [SECRET] }),
  declaredCase(
    'services, and a broken file',
    { 'compose.yml': COMPOSE, 'b/compose.yml': 'services: [' },
    { identities: 4, secrets: [SECRET] },
  ),
  declaredCase(
    'a development container',
    { 'devcontainer.json': '{"containerEnv": {"API_TOKEN": "abcdefgh12-value"}}' },
    { identities: 1, secrets: [SECRET] },
  ),
]);
