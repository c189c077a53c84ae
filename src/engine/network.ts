import type { Network } from '../collectors/contract.ts';

export type { Network } from '../collectors/contract.ts';
