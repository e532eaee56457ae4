import { ROOT_PATH } from '@corral/model';
import { QUOTA_ROOT } from './quotas.js';

/** Where ZooKeeper keeps its own znodes. */
export const SYSTEM_ROOT = '/zookeeper';
/** The ensemble's configuration; empty while a member is alone. */
export const CONFIG_PATH = '/zookeeper/config';

/** Whether the znode is the system's own, which no client can delete. */
export function isSystemPath(path: string): boolean {
  return path === ROOT_PATH || path === SYSTEM_ROOT || path === QUOTA_ROOT || path === CONFIG_PATH;
}
