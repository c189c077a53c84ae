import { checks } from '../../../src/detect/checks/index.generated.ts';
import { checkContract } from '../../contract/check-contract.ts';

// What the suite asks of a check needs no sample of its own, so the list itself is walked: no check can be forgotten.
for (const check of checks) checkContract(check);
