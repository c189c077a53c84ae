import type { OwnInput } from './definition.ts';

/** Inputs of the Action that the command line has no flag for: what an event means, and what GitHub shows. */
export const OWN_INPUTS = [
  {
    name: 'scan',
    kind: 'choice',
    choices: ['auto', 'changes', 'tree', 'history'],
    default: 'auto',
    help: 'What to look at. "changes": every commit that the pull request, merge group or push adds. "tree": the files that are checked out. "history": the files and the whole history. "auto": changes where the event has a range, else history.',
  },
  {
    name: 'path',
    kind: 'text',
    default: '.',
    help: 'Folder of the checked-out repository, relative to the workspace.',
  },
  { name: 'annotations', kind: 'switch', default: 'true', help: 'Show findings beside the code.' },
  { name: 'summary', kind: 'switch', default: 'true', help: 'Write the job summary.' },
  {
    name: 'comment',
    kind: 'choice',
    choices: ['auto', 'never'],
    default: 'auto',
    help: 'Comment on pull requests. "auto": one comment, kept up to date, where there are findings. Needs "permissions: pull-requests: write"; without it, and on pull requests from forks, a notice says why there is none. "never": no comment.',
  },
  { name: 'report-json', kind: 'text', help: 'Write the whole report as JSON to this file.' },
  {
    name: 'report-sarif',
    kind: 'text',
    help: 'Write SARIF to this file. It describes the whole tree, as code scanning needs it, also when only changes were judged.',
  },
  {
    name: 'upload-sarif',
    kind: 'switch',
    help: 'Upload SARIF to code scanning. Needs "permissions: security-events: write". Left out, with a notice, for merge groups and pull requests from forks.',
  },
  {
    name: 'token',
    kind: 'text',
    fromRunner: '${{ github.token }}',
    help: 'Token to fetch missing commits, to upload SARIF and to write the comment.',
  },
] as const satisfies readonly OwnInput[];
