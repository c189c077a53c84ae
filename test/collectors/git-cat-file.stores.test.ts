import { historySuite } from './git-history-suite.ts';

historySuite('cat-file');
