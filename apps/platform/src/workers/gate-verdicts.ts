/** What gates make of what they see. */
import type { GateVerdict } from '@corral/live-config';

/** What of an instance counts for a gate. */
export interface CheckedInstance {
  readonly id: string;
  readonly health: 'passing' | 'failing' | 'unknown';
  readonly status: string;
  readonly check?: unknown;
}

/**
 * What the checks of a service say: of the instances that run the release when their ids are known as subscribers, else of all.
 * One that fails, fails it; one whose check has not answered yet leaves it open, and so does having none.
 */
export function registryVerdict(instances: readonly CheckedInstance[], onRelease: ReadonlySet<string>): GateVerdict {
  const concerned = instances.filter(({ id }) => onRelease.has(id));
  const judged = concerned.length > 0 ? concerned : instances;
  if (judged.some(({ health }) => health === 'failing')) return 'fail';
  const isOpen = judged.some(({ health, check }) => check !== undefined && health === 'unknown');
  return judged.length === 0 || isOpen ? 'unknown' : 'pass';
}

/** What the answer of a probe says. */
export function httpVerdict(status: number): GateVerdict {
  return status >= 200 && status < 300 ? 'pass' : 'fail';
}

/** The bounds of a metric. */
export interface MetricBounds {
  readonly min?: number;
  readonly max?: number;
}

/** What Prometheus's answer to an instant query says: every value must be within the bounds; without a value it is open. */
export function prometheusVerdict(answer: unknown, { min = -Infinity, max = Infinity }: MetricBounds): GateVerdict {
  const values = valuesOf(answer);
  if (values.length === 0 || values.some((value) => Number.isNaN(value))) return 'unknown';
  return values.every((value) => value >= min && value <= max) ? 'pass' : 'fail';
}

/** The values of a scalar or a vector; nothing for any other answer. */
function valuesOf(answer: unknown): number[] {
  const { data } = recordOf(answer);
  const { resultType, result } = recordOf(data);
  if (resultType === 'scalar' && Array.isArray(result)) return [Number(result[1])];
  if (resultType !== 'vector' || !Array.isArray(result)) return [];
  return result.map((sample: unknown) => {
    const { value } = recordOf(sample);
    return Array.isArray(value) ? Number(value[1]) : NaN;
  });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
