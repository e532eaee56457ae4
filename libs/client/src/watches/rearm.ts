import type { SetWatchesRequest } from '@corral/model';
import type { Zxid } from '@corral/primitives';

/** The paths under each kind of watch. */
export interface WatchedPaths {
  readonly data: Iterable<string>;
  readonly exists: Iterable<string>;
  readonly children: Iterable<string>;
  readonly persistent: Iterable<string>;
  readonly recursive: Iterable<string>;
}

/** A request of this size is taken by every server, whatever its `jute.maxbuffer` is set to in practice. */
export const REARM_SIZE_BYTES_MAX = 128 * 1024;

/** The most UTF-8 bytes that one UTF-16 code unit can need, and the length in front of each string. */
const BYTES_PER_UNIT = 3;
const LENGTH_SIZE_BYTES = 4;

const LISTS = {
  data: 'dataWatches',
  exists: 'existWatches',
  children: 'childWatches',
  persistent: 'persistentWatches',
  recursive: 'persistentRecursiveWatches',
} as const;

type Lists = Record<(typeof LISTS)[keyof typeof LISTS], string[]>;

/**
 * The requests that set all watches anew on a new connection, none larger than a server takes. The server compares each path with
 * `relativeZxid`, the newest transaction that this client has seen, and tells at once what was missed.
 */
export function rearmRequests(
  watched: WatchedPaths,
  relativeZxid: Zxid,
  sizeBytesMax: number = REARM_SIZE_BYTES_MAX,
): SetWatchesRequest[] {
  const requests: SetWatchesRequest[] = [];
  let lists = emptyLists();
  let sizeBytes = 0;
  for (const kind of Object.keys(LISTS) as (keyof typeof LISTS)[]) {
    for (const path of watched[kind]) {
      const pathSizeBytes = LENGTH_SIZE_BYTES + path.length * BYTES_PER_UNIT;
      if (sizeBytes > 0 && sizeBytes + pathSizeBytes > sizeBytesMax) {
        requests.push({ relativeZxid, ...lists });
        lists = emptyLists();
        sizeBytes = 0;
      }
      lists[LISTS[kind]].push(path);
      sizeBytes += pathSizeBytes;
    }
  }
  if (sizeBytes > 0) requests.push({ relativeZxid, ...lists });
  return requests;
}

/** Whether the request needs setWatches2, which servers know from 3.6 on. */
export function needsSetWatches2(request: SetWatchesRequest): boolean {
  return request.persistentWatches.length > 0 || request.persistentRecursiveWatches.length > 0;
}

function emptyLists(): Lists {
  return {
    dataWatches: [],
    existWatches: [],
    childWatches: [],
    persistentWatches: [],
    persistentRecursiveWatches: [],
  };
}
