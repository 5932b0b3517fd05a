import { messageFiles } from '../message-log/message-log.js';
import { listMessages, type MessageInput, type MessageView } from '../operations/record/message.js';

/** The communication log without a server: its files need neither the store nor its lock. */
export function listLocalMessages(
  dataDir: string,
  input: MessageInput,
  signal: AbortSignal,
): AsyncIterable<readonly MessageView[]> {
  return listMessages(messageFiles(dataDir), input, signal);
}
