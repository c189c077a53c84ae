import { checkov } from './checkov.ts';
import { cloudsplaining } from './cloudsplaining.ts';
import { kubiscan } from './kubiscan.ts';
import type { Specialist } from './model.ts';
import { zizmor } from './zizmor.ts';

/** Every specialist that Bowerbird is compared with. */
export const SPECIALISTS: readonly Specialist[] = [checkov, cloudsplaining, kubiscan, zizmor];
