import { checkInstanceId, checkServiceName, limits } from '@corral/registry';
import type { PipeTransform } from '@nestjs/common';

/** Checks the service in the path of a request. @throws InvalidInstanceError */
export class ServicePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return checkServiceName(value);
  }
}

/** Checks the instance in the path of a request. @throws InvalidInstanceError */
export class InstancePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return checkInstanceId(value);
  }
}

/** Whether a value can be the name of a service or the id of an instance: any script, but no path and no control character. */
export function isPathPart(value: unknown): value is string {
  try {
    checkServiceName(value);
    return true;
  } catch {
    return false;
  }
}

/** The rule, as errors say it. */
export const PATH_PART_RULE = `must be 1 to ${limits.textLengthMax} printable characters without a slash, and neither . nor ..`;
