import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** One identity of the connection, in the form that is fit to be shown: the user, not the secret. */
export interface ClientInfo {
  readonly authScheme: string;
  readonly user: string;
}

/** The identities of the connection; the request has no body. */
export function readWhoAmIResponse(reader: RecordReader): ClientInfo[] | null {
  const count = reader.readInt();
  if (count === -1) return null;
  const infos: ClientInfo[] = [];
  for (let index = 0; index < count; index += 1) {
    infos.push({ authScheme: reader.readString() ?? '', user: reader.readString() ?? '' });
  }
  return infos;
}

export function writeWhoAmIResponse(writer: RecordWriter, infos: readonly ClientInfo[] | null): void {
  if (infos === null) {
    writer.writeInt(-1);
    return;
  }
  writer.writeInt(infos.length);
  for (const info of infos) {
    writer.writeString(info.authScheme);
    writer.writeString(info.user);
  }
}
