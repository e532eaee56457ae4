import { Member, type MemberOptions, type MemberPorts } from '@corral/member';
import { FileTransactionLog, LmdbTreeStore } from '@corral/storage';
import type { Logger } from '../logging/line-logger.js';
import type { ServedMember } from './served-member.js';
import { HmacSessionPasswords } from './session-passwords.js';
import type { StorageLayout } from './storage-layout.js';

/** What a member works with that is the same whether it is alone or not. */
export type SharedPorts = Omit<MemberPorts, 'log' | 'store' | 'passwords'>;

/** Opens a member that stands alone over its files. */
export async function openLoneMember(
  options: MemberOptions,
  layout: StorageLayout,
  ports: SharedPorts,
  storageLogger: Logger,
): Promise<ServedMember> {
  let member: Member | undefined = undefined as Member | undefined;
  const store = LmdbTreeStore.open({
    file: layout.treeFile,
    logger: storageLogger,
    // Flushes end in a later turn of the loop, when the member is there.
    onFlushed: (durationMs, records) => member?.treeFlushed(durationMs, records),
    onFailed: (error) => member?.treeFailed(error),
  });
  const log = FileTransactionLog.open({
    directory: layout.logDirectory,
    appliedZxid: store.flushedZxid,
    logger: storageLogger,
  });
  const opened = new Member(options, {
    ...ports,
    log,
    store,
    passwords: HmacSessionPasswords.open(layout.homeDirectory),
  });
  member = opened;
  // The first start leaves a whole tree on disk, for whoever looks into the directory.
  if (store.flushedZxid === 0) await store.flushAll();
  return {
    status: opened.status,
    isServing: true,
    get requestsReceived() {
      return opened.requestsReceived;
    },
    open: (channel) => opened.open(channel),
    tick: () => {
      opened.tick();
    },
    stop: async () => {
      await opened.stop();
      log.close();
      await store.close();
    },
  };
}
