import type { Json } from '../../model/json.ts';
import { DEFAULT_THRESHOLDS } from '../../model/thresholds.ts';
import type { OperatorContext, Truth } from '../contract.ts';

const DAY = 86_400_000;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]|$)/;

export type Scalar = string | number | boolean;

/** Truth of a plain condition. */
export function truthOf(holds: boolean): Truth {
  return holds ? 'true' : 'false';
}

export function isScalar(value: Json | undefined): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Equality of scalars of one type; a comparison across types or with a structure cannot be answered. */
export function compareScalars(value: Json | undefined, operand: Json): Truth {
  if (!isScalar(value) || typeof value !== typeof operand) return 'unknown';
  return truthOf(value === operand);
}

/** Days from a date to now, negative in the future; undefined when the value is no ISO date. */
export function ageInDays(value: Json | undefined, now: Date): number | undefined {
  if (typeof value !== 'string' || !ISO_DATE.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : (now.getTime() - time) / DAY;
}

/** A number, or the value of a named threshold. Undefined when the configuration lacks the name. */
export function amountOf(operand: Json, context: OperatorContext): number | undefined {
  if (typeof operand === 'number') return operand;
  return typeof operand === 'string' ? context.thresholds[operand] : undefined;
}

/** Says what is wrong with an operand that must be a number or the name of a threshold. */
export function checkAmount(operand: Json, unit: string): string | undefined {
  if (typeof operand === 'number' && Number.isFinite(operand) && operand >= 0) return undefined;
  if (typeof operand === 'string' && Object.hasOwn(DEFAULT_THRESHOLDS, operand)) return undefined;
  return `must be a number of ${unit} that is not negative, or the name of a threshold, such as rotation.max_age_days`;
}

export function checkScalar(operand: Json): string | undefined {
  return isScalar(operand) ? undefined : 'must be a text, a number, true or false';
}

export function checkBoolean(operand: Json): string | undefined {
  return typeof operand === 'boolean' ? undefined : 'must be true or false';
}

export function checkScalars(operand: Json): string | undefined {
  const good = Array.isArray(operand) && operand.length > 0 && operand.every((item: Json) => isScalar(item));
  return good ? undefined : 'must be a list with at least one text or number';
}

export function checkText(operand: Json): string | undefined {
  return typeof operand === 'string' && operand !== '' ? undefined : 'must be a text that is not empty';
}

export function checkTexts(operand: Json): string | undefined {
  const good =
    Array.isArray(operand) && operand.length > 0 && operand.every((item: Json) => checkText(item) === undefined);
  return good || checkText(operand) === undefined ? undefined : 'must be a text, or a list of texts';
}

/** The texts of a text or a list of texts; undefined for anything else. */
export function textsOf(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item: Json): item is string => typeof item === 'string');
  return texts.length === value.length ? texts : undefined;
}
