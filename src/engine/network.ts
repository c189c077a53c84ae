export type { Network } from '../collectors/contract.ts';
